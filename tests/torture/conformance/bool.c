/* C11 6.3.1.2, 6.2.5: _Bool: conversions to it, its values, its arithmetic, bit-fields and pointers. */
#include "lib_conformance.h"

struct flags { _Bool a : 1, b : 1; unsigned c : 2; _Bool d; };

static NOINLINE _Bool from_double(double x)
{
	tick();
	return x;
}

static NOINLINE _Bool both(_Bool a, _Bool b, long c)
{
	_Bool r = a && b;

	for (int i = 0; i < 2; i++)
		tick();
	return r ^ (c != 0);
}

int main(void)
{
	struct flags f = {0};
	_Bool all[5], *p = all;
	int n = 0;

	all[0] = OPAQUE(256);
	all[1] = OPAQUE(0.25f);
	all[2] = OPAQUE((void *)0);
	all[3] = OPAQUE(&n) != 0;
	all[4] = (_Bool)OPAQUE(1ull << 63);
	for (int i = 0; i < 5; i++)
		printf("%d %d\n", i, VIA(p[i]));
	SHOW(from_double(OPAQUE(1e-300)));
	SHOW(from_double(OPAQUE(-0.)));
	SHOW(from_double(OPAQUE(__builtin_nan(""))));
	SHOW(both(1, OPAQUE(5) > 4, OPAQUE(1l << 40)));
	SHOW(both(1, 0, 0));
	f.a = OPAQUE(2);
	f.b = f.a + f.a;
	f.c = OPAQUE(6);
	f.d = VIA(+f.c);
	SHOW(f.a);
	SHOW(f.b);
	SHOW(f.c);
	SHOW(f.d);
	for (_Bool b = 0; n < 6; n++) {
		b++;
		printf("%d", VIA(b));
		b--;
		printf("%d", b);
		b--;
		printf("%d ", VIA(b));
		b ^= 1;
	}
	puts("");
	SHOW(sizeof(_Bool));
	SHOW((_Bool)0.5 + (_Bool)2);
	SHOW(-(_Bool)OPAQUE(9));
	return 0;
}
