/* GNU and C11 7.12: __builtin_ and math.h functions that are exact: classification, fabs, copysign, floor, ceil, trunc,
 * rint, fma, sqrt, fmin, fmax, ldexp, frexp, modf, scalbn, remainder, nextafter, lround; of float and double. */
#include <math.h>
#include "lib_conformance.h"

static const double values[] = {0., -0., 1.5, -1.5, 2.5, -2.5, .5, 1e300, -1e-310, 4503599627370497.5, 1. / 3, 100.75};
enum { N = sizeof values / sizeof *values };

static NOINLINE void of_double(double x, double y)
{
	int exponent;
	double whole, fraction = modf(x, &whole), mantissa = frexp(x, &exponent);

	tick();
	SHOW(x), SHOW(fraction), SHOW(whole), SHOW(mantissa), SHOW(exponent), SHOW(fabs(x)), SHOW(copysign(x, y));
	SHOW(floor(x)), SHOW(ceil(x)), SHOW(trunc(x)), SHOW(rint(x)), SHOW(round(x)), SHOW(nearbyint(x)), SHOW(fmin(x, y));
	tick();
	SHOW(fmax(x, y)), SHOW(fma(x, y, 1)), SHOW(sqrt(fabs(x))), SHOW(ldexp(x, 3)), SHOW(scalbn(x, -2));
	SHOW(remainder(x, 1.25)), SHOW(fmod(x, .75)), SHOW(nextafter(x, y)), SHOW(isnormal(x)), SHOW(signbit(x) != 0);
	tick();
	SHOW(fdim(x, y)), SHOW(isfinite(x * 1e10)), SHOW(fpclassify(x) == FP_SUBNORMAL), SHOW(fpclassify(x) == FP_ZERO);
	if (fabs(x) < 1e15)
		SHOW(lround(x)), SHOW(lrint(x)), SHOW(llround(x + y * 0)), SHOW(x == 0 ? 0 : ilogb(x)), SHOW(logb(x + 2));
}

static NOINLINE void of_float(float x, float y)
{
	tick();
	SHOW(fabsf(x)), SHOW(copysignf(x, y)), SHOW(floorf(x)), SHOW(ceilf(x)), SHOW(truncf(x)), SHOW(rintf(x)), SHOW(roundf(x));
	tick();
	SHOW(fminf(x, y)), SHOW(fmaf(x, y, .5f)), SHOW(sqrtf(fabsf(x))), SHOW(ldexpf(x, 2)), SHOW(fmodf(x, .3f));
	SHOW(nextafterf(x, y)), SHOW(lroundf(x)), SHOW(x * y + .1f), SHOW((double)x * y + .1);
}

int main(void)
{
	double nan = VIA(OPAQUE(NAN)), inf = VIA(OPAQUE(INFINITY));

	for (int i = 0; i < N; i++) {
		of_double(values[i], values[(i + 5) % N]);
		if (fabs(values[i]) < 1e9)
			of_float((float)values[i], 1.7f);
	}
	SHOW(isnan(nan)), SHOW(isinf(inf)), SHOW(isinf(-inf) != 0), SHOW(fmin(nan, VIA(3.))), SHOW(fmax(VIA(-1.), nan));
	SHOW(isless(VIA(nan), 1)), SHOW(isunordered(1., nan)), SHOW(__builtin_isinf_sign(-inf)), SHOW(hypot(VIA(3.), 4.));
	SHOW(__builtin_huge_val() == inf), SHOW(__builtin_nan("1") != nan), SHOW(sqrt(VIA(OPAQUE(-1.))) != 0);
	return 0;
}
