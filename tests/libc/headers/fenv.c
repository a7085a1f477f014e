/* Headers: fenv.h
 * Rounding modes and exceptions of arithmetic, conversions and functions; the constants' values
 * differ. */
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include "lib_log.h"
#pragma STDC FENV_ACCESS ON

static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

static const char *raised(void)
{
	static char text[50];

	snprintf(text, sizeof(text), "%s%s%s%s%s", fetestexcept(FE_INVALID) ? "invalid " : "",
		fetestexcept(FE_DIVBYZERO) ? "divbyzero " : "",
		fetestexcept(FE_OVERFLOW) ? "overflow " : "",
		fetestexcept(FE_UNDERFLOW) ? "underflow " : "",
		fetestexcept(FE_INEXACT) ? "inexact" : "");
	feclearexcept(FE_ALL_EXCEPT);
	return text;
}

static int mode_number(void)
{
	int i;

	for (i = 0; i < 4 && modes[i] != fegetround(); i++)
		;
	return i;
}

#define OP(type, e) \
	do { \
		volatile type r_; \
		feclearexcept(FE_ALL_EXCEPT); \
		r_ = (e); \
		SAY("%s: %s %a", #e, raised(), r_ != r_ ? 0.0 : (double)r_); \
	} while (0)

static volatile double zero = 0, one = 1, three = 3, big = 1e308, tiny = 1e-308,
		       infinite = INFINITY;
static volatile float f_one = 1, f_three = 3, f_big = 3e38f, f_tiny = 1e-38f;
static volatile long double l_one = 1, l_three = 3;
static volatile long n_long = 0x7ffffffffffffc01;

static void arithmetic(void)
{
	OP(double, one / three);
	OP(double, -one / three);
	OP(double, one / zero);
	OP(double, zero / zero);
	OP(double, infinite - infinite);
	OP(double, infinite * zero);
	OP(double, big * big);
	OP(double, -big * big);
	OP(double, tiny * tiny);
	OP(double, tiny / three);
	OP(double, one + tiny);
	OP(double, one - tiny);
	OP(double, sqrt(-one));
	OP(double, sqrt(three));
	OP(float, f_one / f_three);
	OP(float, f_big * f_big);
	OP(float, f_tiny * f_tiny);
	OP(float, (float)(one / three));
	OP(float, (float)big);
	OP(float, (float)tiny);
	OP(double, (double)n_long);
	OP(float, (float)n_long);
	OP(double, (double)(unsigned long)n_long);
	OP(double, rint(2.5 * one));
	OP(double, rint(-2.5 * one));
	OP(double, nearbyint(2.5 * one));
	OP(double, (double)lrint(1.5 * one));
	OP(double, (double)llrint(-1.2 * one));
	OP(double, fma(one / three, three, -one));
	OP(double, exp(1000 * one));
	OP(double, exp(-1000 * one));
	OP(double, log(zero));
	OP(double, log(-one));
	OP(double, pow(zero, -one));
	OP(double, fmod(one, zero));
	OP(double, remainder(infinite, one));
	OP(double, tgamma(-one));
	OP(double, lgamma(zero));
	OP(double, ldexp(one, 5000));
	OP(double, ldexp(three, -1075));
	OP(double, (double)ilogb(zero) * 0);
	OP(double, strtod("0.1", NULL));
	OP(double, (double)(l_one / 4));
	CHECK(l_one / l_three != 0 && (feclearexcept(FE_ALL_EXCEPT), 1));
}

int main(void)
{
	fenv_t saved, held;
	fexcept_t flags;
	volatile double r;
	int i;

	SHOW(mode_number());
	for (i = 0; i < 4; i++) {
		SHOW(fesetround(modes[i]));
		SHOW(mode_number());
		arithmetic();
	}
	SHOW(fesetround(12345));
	SHOW(mode_number());
	SHOW(fesetround(FE_TONEAREST));
	SHOW(feraiseexcept(FE_DIVBYZERO | FE_INEXACT));
	SHOW(fegetenv(&saved));
	SHOW(fesetround(FE_UPWARD));
	SHOW(raised());
	SHOW(fesetenv(&saved));
	SHOW(mode_number());
	SHOW(raised());
	feraiseexcept(FE_OVERFLOW);
	SHOW(feholdexcept(&held));
	SHOW(raised());
	r = one / zero;
	SHOW(feupdateenv(&held));
	SHOW(raised());
	feraiseexcept(FE_INVALID | FE_UNDERFLOW);
	SHOW(fegetexceptflag(&flags, FE_INVALID));
	SHOW(feclearexcept(FE_ALL_EXCEPT));
	SHOW(fesetexceptflag(&flags, FE_ALL_EXCEPT));
	SHOW(raised());
	feraiseexcept(FE_ALL_EXCEPT);
	SHOW(feclearexcept(FE_INVALID | FE_OVERFLOW));
	SHOW(raised());
	fesetround(FE_DOWNWARD);
	SHOW(fesetenv(FE_DFL_ENV));
	SHOW(mode_number());
	(void)r;
	return 0;
}
