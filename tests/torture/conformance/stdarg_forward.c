/* C11 7.16, 6.5.2.2p6: variadic functions calling each other with their lists, by pointers, with none given, with
 * more arguments than are read, recursive; jumps out of them. */
#include <setjmp.h>
#include <stdarg.h>
#include "lib_conformance.h"

static jmp_buf out;

static NOINLINE long vcount(int n, va_list args)
{
	long s = 0;

	while (n-- > 0) {
		s = s * 10 + va_arg(args, int);
		tick();
	}
	return s;
}

static NOINLINE long count(int n, ...)
{
	va_list args, second;
	long r;

	va_start(args, n);
	va_copy(second, args);
	r = vcount(n / 2, args);
	va_end(args);
	r = r * 1000000 + vcount(n, second);
	va_end(second);
	return r;
}

static NOINLINE long deep(int depth, ...)
{
	va_list args;
	long a, b;

	va_start(args, depth);
	a = va_arg(args, long);
	if (depth > 0)
		a += deep(depth - 1, a, (double)depth, "x");
	b = (long)va_arg(args, double);
	tick();
	b += va_arg(args, char *)[0];
	va_end(args);
	return a * 3 + b;
}

static NOINLINE long apply(long (*f)(int, ...), int n)
{
	long r = f(n, 1, 2, 3, 4, 5, 6, 7, 8, 9);

	tick();
	return r + f(0);
}

static NOINLINE void throw(int code, ...)
{
	va_list args;

	va_start(args, code);
	for (int i = 0; i < code; i++) {
		tick();
		if (va_arg(args, int) == 0)
			longjmp(out, i + 1);
	}
	va_end(args);
}

static NOINLINE int unused(const char *s, ...)
{
	tick();
	return s[0];
}

struct reader { va_list args; int left; };

static NOINLINE int read(struct reader *r)
{
	tick();
	return r->left-- > 0 ? va_arg(r->args, int) : -1;
}

static NOINLINE int held(int n, ...)
{
	struct reader r = {.left = n};
	int sum = 0, v;

	va_start(r.args, n);
	while ((v = read(&r)) >= 0)
		sum = sum * 3 + v;
	va_end(r.args);
	return sum;
}

int main(void)
{
	for (volatile int i = 0; i < 4; i++) {
		SHOW(count(6, i, 2, 3, 4, 5, 6)), SHOW(deep(i, 5l, 2.5, "abc")), SHOW(apply(count, 7 + (i & 1)));
		SHOW(unused("k", 1.5, i, "more", 2l)), SHOW(held(5, i, 1, 2, 3, 4)), SHOW(held(0));
		switch (setjmp(out)) {
		case 0: throw(5, 1, 2, i & 1, 1, 0); puts("no throw"); break;
		case 3: puts("three"); break;
		case 5: puts("five"); break;
		}
	}
	return 0;
}
