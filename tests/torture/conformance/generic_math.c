/* C11 7.25: tgmath.h: the function of each argument type; results that are exact. */
#include <tgmath.h>
#include "lib_conformance.h"

int main(void)
{
	float f = OPAQUE(6.25f);
	double d = OPAQUE(2.25);
	long double l = OPAQUE(12.25L);
	int i = OPAQUE(16);

	for (int n = 0; n < 3; n++) {
		SHOW_TYPE(sqrt(f)), SHOW_TYPE(sqrt(d)), SHOW_TYPE(sqrt(l)), SHOW_TYPE(sqrt(i)), SHOW_TYPE(fmax(f, f));
		SHOW_TYPE(fmax(f, d)), SHOW_TYPE(fmax(l, f)), SHOW_TYPE(pow(f, i)), SHOW_TYPE(ldexp(f, 2)), SHOW_TYPE(lround(f));
		SHOW(sqrt(VIA(f))), SHOW(sqrt(VIA(d))), SHOW(sqrt(VIA(l))), SHOW(sqrt(VIA(i))), SHOW(floor(f)), SHOW(ceil(VIA(d)));
		SHOW(trunc(VIA(l))), SHOW(fmax(VIA(f), d)), SHOW(fmin(l, VIA(f))), SHOW(ldexp(VIA(f), n)), SHOW(lround(VIA(l)));
		SHOW(copysign(VIA(f), -1.f)), SHOW(fma(VIA(d), 2., f)), SHOW(fabs(-VIA(l))), SHOW(fmod(VIA(l), 2)), SHOW(round(VIA(f)));
		SHOW(creal(VIA(f))), SHOW(cimag(3. + 4. * I)), SHOW(fabs(VIA(3.f) + 4.f * I)), SHOW(carg(VIA(1.) + 0 * I));
		f += 1, d *= 2, l -= 3, i /= 2;
	}
	return 0;
}
