/* The floating-point environment across the move: rounding mode and raised exceptions. */
#include "moved.h"
#include <fenv.h>

static volatile double one = 1, three = 3, zero;
static volatile double result;

int main(void)
{
	static const int modes[] = { FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST };

	for (unsigned i = 0; i < 4; i++) {
		CHECK(fesetround(modes[i]) == 0);
		feclearexcept(FE_ALL_EXCEPT);
		result = i & 1 ? one / zero : one + three;
		wait_for_move();
		CHECK(fegetround() == modes[i]);
		CHECK(!fetestexcept(FE_DIVBYZERO) == !(i & 1));
		result = one / three;
		printf("%a ", result);
		result = -one / three;
		printf("%a\n", result);
	}
	return done();
}
