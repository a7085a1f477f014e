/* A 128-bit integer that came on the stack and lives across a poll: its record named the place as if
 * the address were the value, and every frame of the function declined. */
#include "../../programs/c/moved.h"

static int n_frames;

NOINLINE double after_five(int n, int a, int b, int c, int d, __int128 wide)
{
	double inner = n > 0 ? after_five(n - 1, a, b, c, d, wide) : 0;

	if (n == 0)
		wait_for_move();
	n_frames++;
	return inner + (double)(wide >> 64) + a + b - c - d;
}

/* On aarch64 eight registers come first. */
NOINLINE double after_eight(int n, long a, long b, long c, long d, long e, long f, long g, __int128 wide)
{
	double inner = n > 0 ? after_eight(n - 1, a, b, c, d, e, f, g, wide) : 0;

	if (n == 0)
		wait_for_move();
	n_frames++;
	return inner + (double)(wide >> 64) + (double)(a + b + c + d + e + f + g);
}

int main(void)
{
	__int128 wide = OPAQUE((__int128)5 << 64);

	CHECK(after_five(3, 1, 2, 2, 1, wide) == 20);
	CHECK(after_eight(3, 1, 2, 3, 4, 5, 6, 7, wide) == 132);
	CHECK(n_frames == 8);
	return done();
}
