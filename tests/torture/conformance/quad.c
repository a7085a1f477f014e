/* C11 6.2.5p10, F.2: long double: arithmetic, conversions, comparisons, functions of math.h whose results are exact;
 * in structs, arrays, complex; self-checked, as its precision differs between hosts. */
#include <float.h>
#include <math.h>
#include "lib_conformance.h"

struct mix { char c; long double q; int i; long double t[2]; };

static NOINLINE long double sum(const long double *a, int n)
{
	long double s = 0;

	for (int i = 0; i < n; i++) {
		s += a[i];
		tick();
	}
	return s;
}

static NOINLINE long double newton(long double x)
{
	long double r = x / 2;

	for (int i = 0; i < 12; i++) {
		r = (r + x / r) / 2;
		tick();
	}
	return r;
}

static NOINLINE struct mix pass(struct mix m, long double by, float f)
{
	m.q *= by, m.t[1] -= f;
	tick();
	m.i += (int)m.q;
	return m;
}

int main(void)
{
	long double eps = 1, third = 1.L / slowly(3), a[5] = {.5L, 1.25L, -3, 1e10L, 0x1p-40L};
	struct mix m = {'m', 1.5L, 2, {3, 4}};
	int digits = 0;

	while (1 + eps / 2 != 1)
		eps /= 2, digits++, tick();
	SHOW(digits == LDBL_MANT_DIG - 1), SHOW(eps == LDBL_EPSILON), SHOW(third * 3 - 1 < eps);
	SHOW(third != (double)third), SHOW(fabsl(newton(2) * newton(2) - 2) < 4 * eps);
	for (int i = 0; i < 5; i++) {
		SHOW(sum(a, i)), SHOW(VIA(a[i]) > a[(i + 1) % 5]), SHOW((int)VIA(a[i] / 100)), SHOW((double)VIA(a[i]));
		SHOW((float)a[i]), SHOW((long)VIA(a[i] * 1024)), SHOW(floorl(VIA(a[i]))), SHOW(fabsl(a[i]));
		SHOW(ldexpl(a[i], i)), SHOW(-VIA(a[i]) < 0), SHOW(!a[i]), SHOW(a[i] ? 1 : 2), SHOW(VIA(a[i]) == a[i] + 0);
		m = pass(m, a[i % 3], (float)i);
		SHOW(m.q), SHOW(m.i), SHOW(m.t[0] + m.t[1]), SHOW(truncl(a[i] * 3)), SHOW(fmaxl(VIA(a[i]), 1));
	}
	SHOW((long double)VIA(0x7fffffffffffffff) == 0x7fffffffffffffffp0L), SHOW((unsigned long)VIA(0x1p63L));
	SHOW((long double)VIA(-1ul) == 18446744073709551615.L), SHOW((long double)(float).1f == .1f);
	SHOW((__int128)VIA(0x1p100L) == (__int128)1 << 100), SHOW(isnan(VIA(0.L) / 0)), SHOW(isinf(1 / VIA(0.L)));
	SHOW(sqrtl(VIA(6.25L))), SHOW(signbit(VIA(-0.L)) != 0), SHOW(copysignl(2, VIA(-0.L))), SHOW(sizeof m);
	return 0;
}
