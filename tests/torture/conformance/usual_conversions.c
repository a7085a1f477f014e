/* C11 6.3.1.8: usual arithmetic conversions; the types of all pairs, and values that show them. */
#include "lib_conformance.h"

#define WITH(a) \
	ROW(a, (char)1) ROW(a, (unsigned char)1) ROW(a, (short)1) ROW(a, (unsigned short)1) ROW(a, 1) \
	ROW(a, 1u) ROW(a, 1l) ROW(a, 1ul) ROW(a, 1ll) ROW(a, 1ull) ROW(a, 1.f) ROW(a, 1.) ROW(a, 1.l)
#define ROW(a, b) printf("%s + %s: %s\n", TYPE(a), TYPE(b), TYPE((a) + (b))); tick();

int main(void)
{
	int minus = OPAQUE(-1);
	unsigned u = OPAQUE(1u);
	long l = OPAQUE(-1l);
	unsigned long ul = OPAQUE(2ul);
	float f = OPAQUE(16777216.f);

	WITH((char)1)
	WITH((unsigned short)1)
	WITH(1)
	WITH(1u)
	WITH(1l)
	WITH(1ul)
	WITH(1ll)
	WITH(1ull)
	WITH(1.f)
	WITH(1.)
	WITH(1.l)
	SHOW(VIA(minus) < u);
	SHOW(minus + VIA(u));
	SHOW(VIA(l) < u);
	SHOW(VIA(l) < ul);
	SHOW(l + VIA(u));
	SHOW(VIA(minus) / ul);
	SHOW(minus / VIA(ul) == -1ul / 2);
	SHOW(VIA(f) + 1 == f);
	SHOW(VIA(f) + 1. == f);
	SHOW(minus * VIA(f));
	SHOW(OPAQUE(1) ? minus : VIA(u));
	SHOW_TYPE(1 ? minus : u);
	SHOW_TYPE(1 ? minus : 1.f);
	SHOW_TYPE(1 ? (short)1 : 'a');
	SHOW_TYPE(1u << 1l);
	SHOW_TYPE((short)1 << 1ull);
	return 0;
}
