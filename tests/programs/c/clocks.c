/* Clocks do not go back; the rounding mode and the floating-point flags come along. */
#include "moved.h"
#include <fenv.h>
#include <time.h>

#pragma STDC FENV_ACCESS ON

static long long read_clock(clockid_t id)
{
	struct timespec t = { 0, 0 };

	CHECK(clock_gettime(id, &t) == 0);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void)
{
	long long monotonic = read_clock(CLOCK_MONOTONIC), real = read_clock(CLOCK_REALTIME);
	long long cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
	volatile double one = 1, three = 3;
	double up, nearest = one / three;

	fesetround(FE_UPWARD);
	feclearexcept(FE_ALL_EXCEPT);
	up = one / three;
	feraiseexcept(FE_DIVBYZERO);
	wait_for_move();
	CHECK(fegetround() == FE_UPWARD);
	CHECK(one / three == up && up != nearest);
	CHECK(fetestexcept(FE_ALL_EXCEPT) == (FE_INEXACT | FE_DIVBYZERO));
	fesetround(FE_TONEAREST);
	CHECK(one / three == nearest);
	wait_for_move();
	CHECK(read_clock(CLOCK_MONOTONIC) > monotonic);
	CHECK(read_clock(CLOCK_MONOTONIC) - monotonic < 600 * 1000000000LL);
	CHECK(read_clock(CLOCK_REALTIME) >= real);
	CHECK(read_clock(CLOCK_PROCESS_CPUTIME_ID) > 0 && cpu > 0);
	return done();
}
