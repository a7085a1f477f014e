/* Small structs by value, as the ABI passes them in pairs of registers, live across calls that move: as parameters, from
 * calls, chosen, round loops, and across setjmp. */
#include "moved.h"

#include <setjmp.h>

struct words { long a, b; };
struct reals { double a, b; };
struct floats { float a, b; };
struct mixed { int i; double d; };
struct bytes { char c[9]; };
struct value { unsigned char kind, pad; unsigned short at; int size; union { void *p; double d; } u; };

static jmp_buf buf;

static NOINLINE long count(long x)
{
	wait_for_move();
	return x + 1;
}

static NOINLINE struct words words(struct words w)
{
	count(w.a);
	return (struct words){ w.b, w.a + 1 };
}

static NOINLINE struct reals reals(struct reals r, struct floats f)
{
	count(1);
	return (struct reals){ r.b + f.a, r.a * f.b };
}

static NOINLINE struct floats floats(struct floats f)
{
	count(2);
	return (struct floats){ f.b, f.a + 1 };
}

static NOINLINE struct mixed mixed(struct mixed m, struct bytes b)
{
	long n = count(b.c[8]);

	return (struct mixed){ m.i + b.c[0] + (int)n, m.d / 2 };
}

static NOINLINE int kind(struct value v)
{
	return v.kind;
}

static NOINLINE void push(struct value *at, struct value v)
{
	if (!kind(v))
		count(0);
	count(v.at);
	*at = v;
}

/* One of two, and what it was the last time round. */
static NOINLINE long round(struct words one, struct words two, int n)
{
	struct words last = { 0, 0 };
	long sum = 0;

	for (int i = 0; i < n; i++) {
		struct words now = i & 1 ? one : two;

		count(i);
		sum = sum * 7 + last.a + now.b;
		last = words(now);
		one.b += last.a;
	}
	return sum;
}

/* Both halves change hands through a pointer to a function. */
static NOINLINE long through(struct words (*f)(struct words), struct words w)
{
	struct words x = f(w), y = f(x);

	count(x.a);
	return w.a + 3 * x.b + 5 * y.a + 7 * y.b;
}

static NOINLINE long jump(struct words w)
{
	struct words x = words(w);

	if (!setjmp(buf)) {
		count(x.a);
		longjmp(buf, 1);
	}
	return x.a * 100 + x.b * 10 + w.a;
}

static NOINLINE long checked(long a, long b)
{
	long sum;
	int over = __builtin_add_overflow(a, b, &sum);

	count(a);
	return over ? -1 : sum;
}

int main(void)
{
	struct words w = { 3, 4 };
	struct reals r = { 1.5, 2.25 };
	struct floats f = { 0.5f, 4.0f };
	struct mixed m = { 7, 9.0 };
	struct bytes b = { "abcdefgh" };
	struct value v = { 1, 0, 5, 77, { .d = 2.5 } }, got = { 0 };

	r = reals(r, f);
	f = floats(f);
	m = mixed(m, b);
	push(&got, v);
	printf("%g %g %g %g %d %g\n", r.a, r.b, (double)f.a, (double)f.b, m.i, m.d);
	printf("%d %d %d %g\n", got.kind, got.at, got.size, got.u.d);
	printf("%ld %ld %ld\n", round(w, (struct words){ 10, 20 }, 5), through(words, w), jump(w));
	printf("%ld %ld\n", checked(1, 2), checked(__LONG_MAX__, 1));
	return 0;
}
