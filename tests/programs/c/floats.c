/* Many float and double values live across calls and in loops. */
#include "moved.h"
#include <math.h>

static NOINLINE double live(float a, double b, float c, double d, float e, double f, float g,
	double h, float i, double j, float k, double l)
{
	float p = a * c, q = e - g, r = i / k;
	double s = b * d, t = f + h, u = j - l;

	wait_for_move();
	return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10 + k * 11 + l * 12
		+ p * 13 + q * 14 + r * 15 + s * 16 + t * 17 + u * 18;
}

static NOINLINE float floats(const float *x, int n)
{
	float s = 0, m = 1, least = x[0], most = x[0], prev = 0, diff = 0;
	for (int i = 0; i < n; i++) {
		if (i == n / 3)
			wait_for_move();
		s += x[i];
		m *= 1 + x[i] / 1024;
		least = fminf(least, x[i]);
		most = fmaxf(most, x[i]);
		diff += fabsf(x[i] - prev);
		prev = x[i];
	}
	return s + m + least * most + diff;
}

int main(void)
{
	float x[64];
	double special[6] = { 0.0, -0.0, INFINITY, -INFINITY, 4.9e-324, 1.7976931348623157e308 };
	double nan = OPAQUE(NAN), tiny = OPAQUE(1e-310);

	for (int i = 0; i < 64; i++)
		x[i] = (i * 37 % 64) * 0.25f - 5;
	printf("%.10f\n", live(1.5f, 2.25, 3.75f, 4.125, 5.5f, 6.5, 7.25f, 8.75, 9.5f, 10.25, 11.5f,
		12.125));
	printf("%.6f\n", floats(x, OPAQUE(64)));
	CHECK(nan != nan);
	CHECK(tiny > 0 && tiny < 1e-300);
	CHECK(signbit(special[1]) && !signbit(special[0]));
	for (int i = 0; i < 6; i++)
		printf("%.17g ", special[i]);
	puts("");
	return done();
}
