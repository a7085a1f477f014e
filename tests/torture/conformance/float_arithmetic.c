/* C11 6.5, F.3: arithmetic of float and double in loops, rounded once an operation, reductions in order, mixed, with
 * values alive across calls; Kahan sums, polynomials, matrices, conversions in between. */
#include "lib_conformance.h"

static NOINLINE float kahan(const float *a, int n)
{
	float sum = 0, lost = 0;

	for (int i = 0; i < n; i++) {
		float y = a[i] - lost, t = sum + y;
		tick();
		lost = (t - sum) - y;
		sum = t;
	}
	return sum;
}

static NOINLINE double polynomial(double x)
{
	static const double c[] = {1, -.5, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800};
	double r = 0;

	for (int i = 5; i >= 0; i--) {
		r = r * x * x + c[i];
		tick();
	}
	return r;
}

static NOINLINE void multiply(int n, double a[n][n], double b[n][n], double c[n][n])
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < n; k++) {
			double s = 0;
			for (int m = 0; m < n; m++)
				s += a[i][m] * b[m][k];
			tick();
			c[i][k] = s;
		}
}

static NOINLINE float mixed(int i, float f, double d, long l, unsigned char c)
{
	for (int k = 0; k < 4; k++) {
		f += (float)i * .1f, d = d * f - l, l = (long)(d / 3) % 1000, c = (unsigned char)(c + (int)f % 10);
		tick();
		i -= c, f = (float)(d / 1e3) + l;
		d = (float)d;
	}
	return f + (float)d;
}

int main(void)
{
	float a[20];
	double m[3][3] = {{1, .1, 1. / 3}, {2, -1, .7}, {1e-3, 1e3, 3}}, sq[3][3];

	for (int i = 0; i < 20; i++)
		a[i] = 1.f / (float)(i * i + 1) * (i & 1 ? 1e4f : 1);
	for (int i = 0; i < 4; i++) {
		SHOW(kahan(a, 5 * i + 5)), SHOW(polynomial(i * .3)), SHOW(mixed(i, .7f * i, 3.3, 12 * i, 200));
		multiply(3, m, m, sq);
		memcpy(m, sq, sizeof m);
		SHOW(m[0][1]), SHOW(m[1][2]), SHOW(m[2][0]);
		SHOW(VIA(a[i]) * a[i + 1] + a[i + 2]), SHOW(a[i] / VIA(a[i + 3]) - .1f), SHOW((VIA(a[2]) + 1e8f) - 1e8f);
		SHOW(1e16 + VIA(1.) + i), SHOW(.1 + VIA(.2) == .3), SHOW((float)VIA(.1) == .1f), SHOW(-VIA(0.) + 0);
	}
	return 0;
}
