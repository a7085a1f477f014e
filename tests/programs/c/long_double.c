/* long double live in values, memory, arguments and returns. Printed as double: its width is not
 * the same for every compiler. */
#include "moved.h"
#include <math.h>

static NOINLINE long double poly(long double x, long double y, int move)
{
	long double a = x * 3, b = y - 1, c = x / y;
	if (move)
		wait_for_move();
	return a * b + c;
}

static NOINLINE long double harmonic(int n)
{
	long double s = 0;
	for (int i = 1; i <= n; i++) {
		s += 1.0L / i;
		if (i == n / 2)
			wait_for_move();
	}
	return s;
}

static long double table[4] = { 1.5L, -2.25L, 3.125L, 1e30L };

int main(void)
{
	long double x = OPAQUE(1.25L), y = OPAQUE(-8.0L), z = sqrtl(OPAQUE(2.0L));
	long double *heap = malloc(3 * sizeof *heap);
	double before = (double)poly(x, y, 0), after;

	heap[0] = x + y;
	heap[1] = z;
	heap[2] = ldexpl(1.0L, 200);
	after = (double)poly(x, y, 1);
	CHECK(before == after);
	CHECK(heap[0] == x + y && heap[1] == z);
	CHECK(heap[2] == ldexpl(1.0L, 200));
	CHECK(fabsl(z * z - 2) < 1e-17L);
	table[0] += table[1];
	printf("%.6f %.12f %.12f\n", after, (double)z, (double)harmonic(OPAQUE(1000)));
	printf("%g %g %g %g\n", (double)table[0], (double)table[1], (double)table[2], (double)table[3]);
	printf("%d %d %ld\n", x > y, x == 1.25L, (long)(y * 3));
	return done();
}
