/* Complex numbers live, as arguments and returns. */
#include "moved.h"
#include <complex.h>

static NOINLINE double complex work(double complex z, float complex w, int n)
{
	double complex s = 0;
	float complex t = w * w;

	for (int i = 0; i < n; i++) {
		if (i == n / 2)
			wait_for_move();
		s = s * z + t;
	}
	return s + conj(z);
}

static NOINLINE float complex small(float complex a, double complex b)
{
	wait_for_move();
	return a / 2 + (float complex)b * I;
}

int main(void)
{
	double complex z = work(0.3 + 0.4 * I, 1.5f - 2.0f * I, OPAQUE(20));
	float complex f = small(3.0f + 4.0f * I, z);

	printf("%.9f %.9f\n", creal(z), cimag(z));
	printf("%.5f %.5f\n", crealf(f), cimagf(f));
	printf("%.9f\n", cabs(z / (1 + I)));
	return done();
}
