/* The floating-point environment, in the neutral constants of <fenv.h>. */
#include <fenv.h>
#include <math.h>
#include "lib_check.h"

static volatile double zero = 0, one = 1, ten = 10, big = 1e308, tiny = 1e-308;
static volatile double result;

static double third(void)
{
	return one / 3;
}

int main(void)
{
	int (*volatile indirect)(void) = fegetround;
	volatile double near, up, down;
	fexcept_t flags;
	fenv_t saved;

	CHECK(fegetround() == FE_TONEAREST && indirect() == FE_TONEAREST);
	near = third();
	CHECK(fesetround(FE_UPWARD) == 0 && fegetround() == FE_UPWARD);
	up = third();
	CHECK(fesetround(FE_DOWNWARD) == 0 && fegetround() == FE_DOWNWARD);
	down = third();
	CHECK(rint(2.5 * one) == 2 && rint(-2.5 * one) == -3);
	CHECK(fesetround(FE_TOWARDZERO) == 0 && fegetround() == FE_TOWARDZERO);
	CHECK(third() == down && fesetround(FE_TONEAREST) == 0);
	CHECK(down < up && (near == down || near == up));
	CHECK(fesetround(77) != 0);
	feclearexcept(FE_ALL_EXCEPT);
	result = one / ten;
	CHECK_LONG(fetestexcept(FE_ALL_EXCEPT), FE_INEXACT);
	result = one / zero;
	CHECK_LONG(fetestexcept(FE_ALL_EXCEPT), FE_INEXACT | FE_DIVBYZERO);
	fegetenv(&saved);
	fegetexceptflag(&flags, FE_DIVBYZERO);
	feclearexcept(FE_ALL_EXCEPT);
	result = zero / zero;
	CHECK(fetestexcept(FE_INVALID) && !fetestexcept(FE_DIVBYZERO));
	result = big * big;
	result = tiny * tiny;
	CHECK(fetestexcept(FE_OVERFLOW) && fetestexcept(FE_UNDERFLOW));
	fesetenv(&saved);
	CHECK_LONG(fetestexcept(FE_ALL_EXCEPT), FE_INEXACT | FE_DIVBYZERO);
	fesetenv(FE_DFL_ENV);
	CHECK_LONG(fetestexcept(FE_ALL_EXCEPT), 0);
	feraiseexcept(FE_OVERFLOW);
	CHECK(fetestexcept(FE_OVERFLOW) != 0);
	return check_failures();
}
