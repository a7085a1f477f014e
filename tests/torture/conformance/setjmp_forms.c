/* C11 7.13: setjmp in each context it may stand in, longjmp(0), nested, from deep frames, in loops, values that
 * must be kept, jump buffers in arrays, structs and the heap, jumping twice to one. */
#include <setjmp.h>
#include "lib_conformance.h"

struct handler { struct handler *outer; jmp_buf buf; int code; };

static struct handler *top;

static NOINLINE void raise_(int code)
{
	tick();
	top->code = code;
	longjmp(top->buf, code);
}

static NOINLINE int deep(int n, int code)
{
	char frame[16 + n];

	memset(frame, n, sizeof frame);
	tick();
	if (n == 0)
		raise_(code);
	return deep(n - 1, code) + frame[n];
}

static NOINLINE int try(int n, int inner)
{
	struct handler h = {.outer = top};
	volatile int tries = 0;
	double kept = n * 1.5;
	long also = n * 7;
	int r = 0;

	top = &h;
	if (setjmp(h.buf) == 0)
		r = deep(n, n + 1);
	else {
		tick();
		if (++tries < 3)
			deep(2, 9);
		if (inner && tries < 4)
			r = try(n + 1, inner - 1);
	}
	top = h.outer;
	if (h.outer && inner == 0)
		raise_(n);
	return r + (int)kept + (int)also * 10 + tries * 100 + h.code * 1000;
}

static NOINLINE void contexts(void)
{
	jmp_buf b[3], *heap = malloc(sizeof *heap);
	volatile int n = 0;

	if (!setjmp(b[0])) {
		tick();
		longjmp(b[0], 0);
	}
	puts("not");
	while (setjmp(b[1]) < 3) {
		tick();
		longjmp(b[1], ++n);
	}
	SHOW(n);
	switch (setjmp(*heap)) {
	case 0: tick(); longjmp(*heap, 7);
	case 7: puts("seven"); longjmp(*heap, 8);
	case 8: puts("eight"); tick(); longjmp(*heap, -1);
	default: puts("other");
	}
	for (int i = 0; i < 3; i++) {
		(void)setjmp(b[2]);
		tick();
		if (n++ % 3 != 0)
			longjmp(b[2], 1);
		SHOW(n);
	}
	if (setjmp(b[0]) != 5) {
		int local = n;
		tick();
		if (local == n)
			longjmp(b[0], 5);
	} else
		puts("five");
	free(heap);
}

static jmp_buf ping, pong;

static NOINLINE int between(int n)
{
	volatile int rounds = 0;

	if (setjmp(ping) < n) {
		tick();
		rounds++;
		if (setjmp(pong) == 0)
			longjmp(ping, rounds);
		tick();
	}
	return rounds;
}

int main(void)
{
	contexts();
	for (int i = 0; i < 4; i++) {
		SHOW(try(i, 0)), SHOW(try(i, 2));
		SHOW(between(i));
	}
	return 0;
}
