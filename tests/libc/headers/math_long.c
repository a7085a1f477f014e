/* Headers: math.h
 * long double is quad in the neutral ABI: its functions check themselves, by identities and
 * against double's, to the precision of a double at least (musl computes some of them so). */
#include <fenv.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include "lib_log.h"
#pragma STDC FENV_ACCESS ON

#define FORMS(name) { #name, name, name##l }

static const struct {
	const char *name;
	double (*f)(double);
	long double (*fl)(long double);
} functions[] = {
	FORMS(acos),
	FORMS(acosh),
	FORMS(asin),
	FORMS(asinh),
	FORMS(atan),
	FORMS(atanh),
	FORMS(cbrt),
	FORMS(ceil),
	FORMS(cos),
	FORMS(cosh),
	FORMS(erf),
	FORMS(erfc),
	FORMS(exp),
	FORMS(exp10),
	FORMS(exp2),
	FORMS(expm1),
	FORMS(fabs),
	FORMS(floor),
	FORMS(lgamma),
	FORMS(log),
	FORMS(log10),
	FORMS(log1p),
	FORMS(log2),
	FORMS(logb),
	FORMS(nearbyint),
	FORMS(pow10),
	FORMS(rint),
	FORMS(round),
	FORMS(sin),
	FORMS(sinh),
	FORMS(sqrt),
	FORMS(tan),
	FORMS(tanh),
	FORMS(tgamma),
	FORMS(trunc),
};

static const double arguments[] = {
	0.001, 0.1, 0.25, 0.5, 0.7, 0.999, 1, 1.001, 1.5, 2, 2.5, 3.3, 5.75, 10, 20.25, 33.3,
};

static int is_near(long double x, long double y)
{
	return (x != x && y != y) || x == y || fabsl(x - y) <= fabsl(y) * 1e-13L + 1e-300L;
}

static void one_argument(void)
{
	size_t f, i;

	for (f = 0; f < sizeof(functions) / sizeof(*functions); f++) {
		int n_bad = 0;

		for (i = 0; i < sizeof(arguments) / sizeof(*arguments); i++) {
			n_bad += !is_near(
				functions[f].fl(arguments[i]), functions[f].f(arguments[i]));
			n_bad += !is_near(
				functions[f].fl(-arguments[i]), functions[f].f(-arguments[i]));
		}
		SAY("%s: %d differ, %d %d", functions[f].name, n_bad,
			functions[f].fl(-0.0L) <= 0 && signbit(functions[f].fl(-0.0L)),
			fpclassify(functions[f].fl(INFINITY)));
	}
}

static void exact(void)
{
	long double whole, x = 2 - LDBL_EPSILON;
	int e, sign;

	CHECK(frexpl(x, &e) == x / 2 && e == 1);
	CHECK(frexpl(LDBL_TRUE_MIN, &e) == 0.5L && e == LDBL_MIN_EXP - LDBL_MANT_DIG + 1);
	CHECK(ldexpl(1, LDBL_MAX_EXP) == HUGE_VALL && ldexpl(x, LDBL_MAX_EXP - 1) == LDBL_MAX);
	CHECK(scalbnl(LDBL_MIN, -3) == LDBL_MIN / 8 && scalblnl(1, -LONG_MAX) == 0);
	CHECK(modfl(-2.75L, &whole) == -0.75L && whole == -2);
	CHECK(modfl(x, &whole) == x - 1 && whole == 1);
	CHECK(fmodl(0x1p60L + 7, 11) == 8 && remainderl(0x1p60L + 7, 11) == -3);
	CHECK(remquol(29, 3, &sign) == -1 && (sign & 7) == 2);
	CHECK(nextafterl(1, 2) == 1 + LDBL_EPSILON && nexttowardl(0, -1) == -LDBL_TRUE_MIN);
	CHECK(ilogbl(0.75L) == -1 && ilogbl(LDBL_TRUE_MIN) == LDBL_MIN_EXP - LDBL_MANT_DIG);
	CHECK(logbl(8) == 3 && copysignl(1, -0.0L) == -1 && fdiml(3, 5) == 0 && fdiml(5, 3) == 2);
	CHECK(fmaxl(NAN, 1) == 1 && fminl(2, 1) == 1 && hypotl(3, 4) == 5 && nanl("") != 0);
	CHECK(fmal(x, x, -(x * x)) != 0 && fmal(2, 3, 4) == 10);
	CHECK(sqrtl(6.25L) == 2.5L && cbrtl(-27) == -3);
	CHECK(lrintl(2.5L) == 2 && llrintl(-3.5L) == -4 && lroundl(2.5L) == 3 &&
		llroundl(-2.5L) == -3);
	CHECK(rintl(1 / LDBL_EPSILON + 1) == 1 / LDBL_EPSILON + 1);
	CHECK(floorl(-0.5L) == -1 && ceill(x) == 2 && truncl(-x) == -1 &&
		roundl(0.5L - LDBL_EPSILON / 4) == 0);
	CHECK(powl(2, 0.5L) * powl(2, 0.5L) - 2 < 1e-9L && powl(-2, 3) == -8);
	CHECK(atan2l(1, -1) > 2.35L && lgammal_r(-0.5L, &sign) > 1.26L && sign == -1);
	{
		long double s, c;

		sincosl(0.5L, &s, &c);
		CHECK(s == sinl(0.5L) && c == cosl(0.5L) && fabsl(s * s + c * c - 1) < 1e-15L);
	}
	CHECK(isinf(LDBL_MAX * 2) && fpclassify(LDBL_TRUE_MIN) == FP_SUBNORMAL && signbit(-0.0L));
	CHECK((double)(1 + LDBL_EPSILON) == 1 && (float)(LDBL_MIN) == 0 && (long)x == 1 &&
		(unsigned)-0.5L == 0);
	CHECK((long double)UINT64_MAX == 0x1p64L - 1 && (uint64_t)(0x1p64L - 1) == UINT64_MAX);
	CHECK((long double)(__int128)1e30 > 0.99e30L && (__int128)-1e10L == -10000000000);
#if LDBL_MANT_DIG == 113
	CHECK(fmodl(0x1p90L + 7, 11) == 8 && remainderl(0x1p90L + 7, 11) == -3);
	CHECK(LDBL_DIG == 33 && LDBL_DECIMAL_DIG == 36 && LDBL_MAX_10_EXP == 4932);
	CHECK(sqrtl(2) == 0x1.6a09e667f3bcc908b2fb1366ea95p+0L);
	CHECK(1 / 3.0L == 0x1.5555555555555555555555555555p-2L);
	CHECK(1.0L + 0x1p-112L != 1 && 1.0L + 0x1p-114L == 1);
	CHECK(fabsl(expl(1) - 2.718281828459045235360287471352662498L) < 1e-15L);
#endif
}

/* Sums in software honour the rounding mode, and so do decimal conversions, which are made of them.
 * (Products and quotients of quad are rounded to nearest in any mode: compiler-rt.) */
static void rounded(void)
{
	static volatile long double tiny = LDBL_EPSILON / 3, one = 1;
	volatile long double up, down, near, zero;
	char text[60];

	near = one + tiny;
	fesetround(FE_UPWARD);
	up = one + tiny;
	CHECK(one + LDBL_TRUE_MIN > 1);
	snprintf(text, sizeof(text), "%.3Lf", (long double)0.0625L);
	SHOW(text);
	SHOW(strtold("0.1", NULL) > 0.1L);
	fesetround(FE_DOWNWARD);
	down = one + tiny;
	CHECK(one - LDBL_TRUE_MIN < 1);
	SHOW(rintl(-2.5L) == -3);
	fesetround(FE_TOWARDZERO);
	zero = one + tiny;
	SHOW(nearbyintl(-2.5L) == -2);
	fesetround(FE_TONEAREST);
	CHECK(up > down && zero == down && (near == up || near == down));
	feclearexcept(FE_ALL_EXCEPT);
	near = one + tiny;
	SHOW(!!fetestexcept(FE_INEXACT));
	feclearexcept(FE_ALL_EXCEPT);
	near = one + one;
	SHOW(!!fetestexcept(FE_INEXACT));
}

int main(void)
{
	one_argument();
	exact();
	rounded();
	return 0;
}
