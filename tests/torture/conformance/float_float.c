/* C11 6.3.1.5, 5.2.4.2.2, F: conversions between floating types: ties, subnormals, overflow, NaN,
 * signed zero; and comparisons with them. */
#include "lib_conformance.h"

static NOINLINE float narrow(double x)
{
	float f;

	tick();
	f = (float)x;
	tick();
	return f;
}

static NOINLINE double through_long(double x)
{
	long double l = x;

	for (int i = 0; i < 2; i++)
		tick();
	return (double)(l * 2 / 2);
}

int main(void)
{
	static const double values[] = {1. / 3, 1e-40, 1e-45, 7e-46, 7.1e-46, 3.5e38, -3.5e38, 3.4028235e38,
		3.40282356e38, 16777217., 1.00000005960464477539, 1.0000000596046448, -0., 0., 1e308, 5e-324,
		2.2250738585072011e-308};
	double nan = OPAQUE(__builtin_nan("")), inf = OPAQUE(__builtin_inf());

	for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
		float f = narrow(values[i]);
		double back = f;
		unsigned bits;
		memcpy(&bits, &f, sizeof bits);
		printf("%u: %08x %.17g %d %.17g\n", i, bits, back, back == values[i], through_long(values[i]));
	}
	for (int i = 0; i < 2; i++) {
		SHOW(VIA(nan) == nan), SHOW(VIA(nan) != nan), SHOW(nan < VIA(nan)), SHOW(!(nan >= VIA(1.)));
		SHOW(VIA(inf) > 1e308), SHOW(-VIA(inf) < inf), SHOW(VIA(0.) == -0.);
		SHOW(1 / VIA(OPAQUE(-0.)) < 0), SHOW(narrow(inf) == inf), SHOW(narrow(nan) != narrow(nan));
		SHOW(__builtin_isunordered(VIA(nan), 1.)), SHOW(__builtin_isgreater(nan, VIA(1.)));
		SHOW(__builtin_signbit(VIA(OPAQUE(-0.))) != 0);
		SHOW(VIA(inf) - inf != VIA(inf) - inf);
	}
	SHOW(VIA(OPAQUE(0.1f)) == 0.1);
	SHOW(VIA(OPAQUE(0.1f)) + 0.2f);
	SHOW((float)(VIA(OPAQUE(0.1)) + 0.2));
	return 0;
}
