/* setjmp and longjmp over 40 frames, the move between them. */
#include "moved.h"
#include <setjmp.h>

static jmp_buf top;
static jmp_buf *heap_buffer;
static int calls;

static NOINLINE int descend(int depth, int value)
{
	int local = depth * 10, r;
	int *p = &local;

	calls++;
	if (depth == 40) {
		wait_for_move();
		longjmp(top, value);
	}
	r = descend(depth + 1, value) + *p;
	puts("not reached");
	return r;
}

/* Values that change after setjmp must be volatile; those that do not, need not. */
static NOINLINE int simple(int value)
{
	int kept = OPAQUE(77);
	double real = OPAQUE(2.5);
	volatile int changed = 1;
	int r;

	changed = 2;
	r = setjmp(top);
	if (r == 0) {
		changed = 3;
		descend(0, value);
	}
	CHECK(kept == 77 && real == 2.5 && changed == 3);
	return r;
}

/* An inner setjmp before the move, an outer one after it; both are jumped to. */
static NOINLINE void inner(jmp_buf *outer)
{
	jmp_buf in;
	volatile int n = 0;
	int r = setjmp(in);

	if (r == 0)
		wait_for_move();
	n++;
	if (r < 5)
		longjmp(in, r + 1);
	CHECK(n == 6);
	longjmp(*outer, 42);
}

static NOINLINE int nested(void)
{
	jmp_buf out;
	int r = setjmp(out);

	if (r == 0)
		inner(&out);
	return r;
}

/* A buffer on the heap, set in a loop; a jump after every move. */
static NOINLINE int loop(int n)
{
	volatile int rounds = 0, jumps = 0;

	heap_buffer = malloc(sizeof *heap_buffer);
	for (int i = 0; i < n; i++) {
		int r = setjmp(*heap_buffer);
		if (r == 0) {
			if (i == 2)
				wait_for_move();
			longjmp(*heap_buffer, i + 10);
		}
		CHECK(r == i + 10);
		rounds = rounds + 1;
		jumps = jumps + r;
	}
	free(heap_buffer);
	return rounds * 1000 + jumps;
}

/* longjmp of 0 is 1; a frame that was itself rebuilt sets a new buffer. */
static NOINLINE int zero(void)
{
	jmp_buf b;
	int r;

	wait_for_move();
	r = setjmp(b);
	if (r == 0)
		longjmp(b, OPAQUE(0));
	return r;
}

static NOINLINE int vla(int n)
{
	jmp_buf b;
	volatile int a[n];

	for (int i = 0; i < n; i++)
		a[i] = i;
	if (setjmp(b) == 0) {
		int more[n * 2];
		memset(more, 1, sizeof more);
		wait_for_move();
		a[0] = more[n];
		longjmp(b, 1);
	}
	return a[0] + a[n - 1];
}

static NOINLINE int with_signals(void)
{
	sigjmp_buf b;
	int r = sigsetjmp(b, 1);

	if (r == 0) {
		wait_for_move();
		siglongjmp(b, 9);
	}
	return r;
}

int main(void)
{
	printf("%d %d\n", simple(OPAQUE(5)), calls);
	printf("%d %d\n", simple(OPAQUE(-1)), calls);
	printf("%d\n", nested());
	printf("%d\n", loop(OPAQUE(6)));
	printf("%d\n", zero());
	printf("%d\n", vla(OPAQUE(17)));
	printf("%d\n", with_signals());
	return done();
}
