/* C11 6.2.5p11, 6.3.1.6, 6.3.1.7, 6.5.5, 7.3, G: complex types: conversions, arithmetic, as arguments,
 * results, members and array elements; creal, cimag, conj, CMPLX. */
#include <complex.h>
#include "lib_conformance.h"

#ifndef CMPLX
#define CMPLX(x, y) __builtin_complex((double)(x), (double)(y))
#define CMPLXF(x, y) __builtin_complex((float)(x), (float)(y))
#endif

struct pair { float _Complex f; double _Complex d; };

#define PRINT(z) \
	({ double complex z_ = (z); printf("%s = %.17g %+.17g\n", #z, creal(z_), cimag(z_)); })

static NOINLINE double complex multiply_all(int n, const double complex *z)
{
	double complex r = 1;

	for (int i = 0; i < n; i++) {
		r *= z[i];
		tick();
	}
	return r;
}

static NOINLINE float complex rotate(float complex z, int quarters)
{
	while (quarters-- > 0) {
		tick();
		z *= I;
	}
	return z;
}

static NOINLINE long double complex wide(long double complex z)
{
	tick();
	return z * 2 + 1;
}

static NOINLINE struct pair swap(struct pair p)
{
	struct pair q = {(float complex)p.d, p.f};

	tick();
	return q;
}

int main(void)
{
	double complex z[3] = {1 + 2 * I, -3 + .5 * I, 4};
	float complex f = CMPLXF(OPAQUE(1.5f), -2);
	struct pair p = {f, z[1]};
	int k = OPAQUE(3);

	PRINT(multiply_all(3, z));
	for (int i = 0; i < 5; i++)
		PRINT(rotate(f, i));
	PRINT((double complex)wide(z[0]));
	p = swap(p);
	PRINT(p.f), PRINT(p.d);
	PRINT(VIA(z[0]) + k), PRINT(k - VIA(z[1])), PRINT(-VIA(z[2])), PRINT(conj(VIA(z[0])));
	PRINT(~VIA(z[1])), PRINT(z[0] / VIA(OPAQUE(2.))), PRINT(VIA(f) + z[0]);
	SHOW((double)VIA(z[0])), SHOW((int)VIA(z[1])), SHOW((_Bool)(0 + VIA(1.) * I));
	SHOW(VIA(z[2]) == 4), SHOW(VIA(z[0]) != z[1]);
	SHOW(__real__ VIA(z[1])), SHOW(__imag__ VIA(f));
	__imag__ z[2] = VIA(7);
	PRINT(z[2]);
	z[2] += 1 + VIA(1) * I;
	z[2] *= VIA(2.f);
	PRINT(z[2]);
	SHOW(sizeof(float complex)), SHOW(sizeof(double complex)), SHOW(_Alignof(float complex));
	SHOW(cimag(CMPLX(1, -0.)) == 0), SHOW(__builtin_signbit(cimag(CMPLX(1, VIA(-0.)))) != 0);
	SHOW(_Generic(z[0], double complex: 1, default: 0)), SHOW(_Generic(f + 1., double complex: 1, default: 0));
	return 0;
}
