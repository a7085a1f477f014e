/* Locals that only parts of a function need, with polls and calls in and around them: frames that are taken
 * and given back on the way, within each other and in cycles, and those of calls that never return. */
#include "moved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf out;
static int sum;

/* Looks at memory below and above, so that a frame taken twice shows. */
static __attribute__((noinline)) void fill(int *a, int n, int value)
{
	for (int i = 0; i < n; i++)
		a[i] = value + i;
}

static __attribute__((noinline)) int total(const int *a, int n)
{
	int s = 0;

	for (int i = 0; i < n; i++)
		s += a[i];
	return s;
}

static __attribute__((noinline, noreturn)) void fail(const char *format, ...)
{
	char text[64];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	printf("%s\n", text);
	longjmp(out, 1);
}

static __attribute__((noinline)) int rare(int n, int *kept)
{
	if (n % 3 == 0) {
		int a[5];

		fill(a, 5, n);
		*kept += total(a, 5);
	}
	if (n % 7 == 0) {
		int b[70];

		for (int i = 0; i < 3; i++) {
			int c[3];

			fill(c, 3, n + i);
			if (n == 14 && i == 1)
				wait_for_move();
			fill(b, 70, total(c, 3));
		}
		*kept += total(b, 70);
	}
	if (n == 20)
		fail("%d %s", n, "is the end");
	return *kept ^ n;
}

static __attribute__((noinline)) int escapes(int n)
{
	static int *kept;
	int own = n;

	if (n & 1) {
		kept = &own;
		fill(kept, 1, n * 2);
	}
	return own + (n & 1 ? *kept : 0);
}

static __attribute__((noinline)) int chosen(int kind, int n)
{
	int r = 0;

	switch (kind) {
	case 0: { int a[4]; fill(a, 4, n); r = total(a, 4); break; }
	case 1: { int a[40]; fill(a, 40, n); r = total(a, 40); break; }
	case 2: printf("%d %d\n", n, kind); break;
	default: r = -1;
	}
	return r + n;
}

int main(void)
{
	volatile int rounds = 0;

	if (!setjmp(out))
		for (int i = 1;; i++) {
			int kept = i;

			sum += rare(i, &kept) + escapes(i) + chosen(i % 4, i);
			rounds = i;
		}
	printf("%d %d\n", sum, rounds);
	return 0;
}
