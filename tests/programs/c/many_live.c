/* Forty values of mixed types live in a loop across the move. */
#include "moved.h"

static NOINLINE double work(const int *in, int n)
{
	int a0 = in[0], a1 = in[1], a2 = in[2], a3 = in[3], a4 = in[4], a5 = in[5], a6 = in[6], a7 = in[7];
	long b0 = a0, b1 = a1, b2 = a2, b3 = a3, b4 = a4, b5 = a5, b6 = a6, b7 = a7;
	float c0 = a0, c1 = a1, c2 = a2, c3 = a3, c4 = a4, c5 = a5, c6 = a6, c7 = a7;
	double d0 = a0, d1 = a1, d2 = a2, d3 = a3, d4 = a4, d5 = a5, d6 = a6, d7 = a7;
	short e0 = a0, e1 = a1;
	unsigned char f0 = a0, f1 = a1;
	__int128 g0 = a0, g1 = a1;
	const int *p0 = in, *p1 = in + 1;

	for (int i = 0; i < n; i++) {
		a0 += a7; a1 ^= a0; a2 -= a1; a3 += a2 * 3; a4 ^= a3 >> 1; a5 += a4; a6 -= a5; a7 += a6;
		b0 += b7; b1 ^= b0; b2 -= b1; b3 += b2 * 3; b4 ^= b3 >> 1; b5 += b4; b6 -= b5; b7 += b6;
		c0 = c7 * 0.5f + 1; c1 = c0 - c1 * 0.25f; c2 = c1 + c2 * 0.125f; c3 = c2 - c3 * 0.5f;
		c4 = c3 + c4 * 0.5f; c5 = c4 - c5 * 0.5f; c6 = c5 + c6 * 0.25f; c7 = c6 - c7 * 0.25f;
		d0 = d7 * 0.5 + 1; d1 = d0 - d1 * 0.25; d2 = d1 + d2 * 0.125; d3 = d2 - d3 * 0.5;
		d4 = d3 + d4 * 0.5; d5 = d4 - d5 * 0.5; d6 = d5 + d6 * 0.25; d7 = d6 - d7 * 0.25;
		e0 += e1 * 3; e1 ^= e0; f0 += f1 + 1; f1 *= f0;
		g0 = g0 * 3 + g1; g1 ^= g0 >> 7;
		a0 += p0[i % 4]; b0 += p1[i % 4];
		if (i == n / 2)
			wait_for_move();
	}
	printf("%d %d %d %d %d %d %d %d\n", a0, a1, a2, a3, a4, a5, a6, a7);
	printf("%ld %ld %ld %ld %ld %ld %ld %ld\n", b0, b1, b2, b3, b4, b5, b6, b7);
	printf("%d %d %d %d %016llx %016llx\n", e0, e1, f0, f1, (long long)(g0 >> 64), (long long)g1);
	return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + d0 + d1 + d2 + d3 + d4 + d5 + d6 + d7;
}

int main(void)
{
	int in[8];

	for (int i = 0; i < 8; i++)
		in[i] = OPAQUE(i * 3 - 7);
	printf("%.6f\n", work(in, OPAQUE(40)));
	return done();
}
