/* Calls with more arguments than registers, moved in callee and argument expressions. */
#include "moved.h"

static NOINLINE long many(int a, long b, char c, short d, long e, int f, long g, int h, char i, long j,
	int k, short l, float m, double n, float o, double p, float q, double r, float s, double t,
	float u, double v, int *w, __int128 x)
{
	long before = a + b * 2 + c * 3 + d * 4;

	wait_for_move();
	*w += k;
	return before + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10 + k * 11 + l * 12 +
		(long)(m + n * 2 + o * 3 + p * 4 + q * 5 + r * 6 + s * 7 + t * 8 + u * 9 + v * 10) +
		*w + (long)(x >> 60);
}

static NOINLINE int moving(int x)
{
	if (x == 5)
		wait_for_move();
	return x * 2;
}

static NOINLINE int nine(int a, int b, int c, int d, int e, int f, int g, int h, int i)
{
	return a + b * 10 + c * 100 + d - e * 7 + f + g * 3 - h + i * 9;
}

int main(void)
{
	int w = 1000;

	printf("%ld\n", many(1, -2, 'c', -4, 5, 6, 7, 8, -9, 10, 11, 12, 1.5f, 2.5, 3.5f, 4.5, 5.5f, 6.5,
		7.5f, 8.5, 9.5f, 10.5, &w, (__int128)77 << 61));
	CHECK(w == 1011);
	printf("%d\n", nine(moving(1), moving(2), moving(3), moving(4), moving(5), moving(6), moving(7),
		moving(8), moving(9)));
	return done();
}
