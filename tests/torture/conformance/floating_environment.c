/* C11 7.6, F.8: rounding modes and exception flags across calls; FENV_ACCESS. */
/* flags: -frounding-math */
#include <fenv.h>
#include <math.h>
#include "lib_conformance.h"

#pragma STDC FENV_ACCESS ON

static NOINLINE double divide(double a, double b)
{
	tick();
	return OPAQUE(a) / OPAQUE(b);
}

static NOINLINE const char *flags(void)
{
	static char text[8];
	int e = fetestexcept(FE_ALL_EXCEPT);

	sprintf(text, "%c%c%c%c%c", e & FE_DIVBYZERO ? 'z' : '-', e & FE_INEXACT ? 'x' : '-', e & FE_INVALID ? 'v' : '-',
		e & FE_OVERFLOW ? 'o' : '-', e & FE_UNDERFLOW ? 'u' : '-');
	return text;
}

int main(void)
{
	static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
	static const char *const names[] = {"nearest", "down", "up", "zero"};
	fenv_t kept;

	for (int i = 0; i < 4; i++) {
		feclearexcept(FE_ALL_EXCEPT);
		fesetround(modes[i]);
		double third = divide(1, 3), minus = divide(-1, 3);
		float f = (float)OPAQUE(third);
		tick();
		SHOW(fegetround() == modes[i]), SHOW(rint(OPAQUE(2.5))), SHOW(nearbyint(OPAQUE(-2.5))), SHOW(lrint(OPAQUE(1.5)));
		long n = (long)OPAQUE(2.9);
		fesetround(FE_TONEAREST);
		printf("%s: %.17g %.17g %.9g %ld %s\n", names[i], third, minus, (double)f, n, flags());
	}
	feclearexcept(FE_ALL_EXCEPT);
	SHOW(divide(1, 0) > 0);
	tick();
	printf("%s\n", flags());
	SHOW(divide(0, 0) == 0);
	tick();
	printf("%s\n", flags());
	feholdexcept(&kept);
	printf("%s\n", flags());
	SHOW(isinf(divide(1e308, 1e-10)) != 0), SHOW(divide(1e-308, 1e10));
	tick();
	printf("%s\n", flags());
	feupdateenv(&kept);
	printf("%s\n", flags());
	feclearexcept(FE_DIVBYZERO);
	feraiseexcept(FE_UNDERFLOW);
	tick();
	printf("%s\n", flags());
	return 0;
}
