/* GNU: __builtin_ functions on integers: clz, ctz, ffs, popcount, parity, bswap, rotates by shifts, overflow
 * arithmetic of every type, abs, expect, constant_p, assume. */
#include "lib_conformance.h"

#define OVERFLOW(T, a, b) \
	{ \
		T x = (T)VIA(OPAQUE(a)), y = (T)(b), sum, difference, product; \
		int s = __builtin_add_overflow(x, y, &sum); \
		tick(); \
		int d = __builtin_sub_overflow(x, y, &difference); \
		tick(); \
		int p = __builtin_mul_overflow(x, y, &product); \
		tick(); \
		printf(#T ": %d %llx %d %llx %d %llx\n", s, (long long)sum, d, (long long)difference, p, \
			(long long)product); \
	}

static NOINLINE int constant(int x)
{
	tick();
	return __builtin_constant_p(x) + 2 * __builtin_constant_p(5) + 4 * __builtin_constant_p("s"[0]);
}

static NOINLINE int unlikely(int x)
{
	if (__builtin_expect(x > 5, 0)) {
		tick();
		return 1;
	}
	if (__builtin_expect_with_probability(x == 3, 1, .9))
		return slowly(2);
	switch (x) {
	case 0: return 10;
	case 1: return 11;
	case 2: case 4: case 5: return slowly(12);
	default: __builtin_unreachable();
	}
}

int main(void)
{
	static const unsigned long values[] = {1, 2, 0x80000000, 0xffffffff, 0x100000000, 0x8000000000000000,
		0x123456789abcdef0, -1ul};

	for (int i = 0; i < 8; i++) {
		unsigned long v = values[i];
		unsigned u = (unsigned)v | 1;
		SHOW(__builtin_clzl(VIA(v))), SHOW(__builtin_ctzl(VIA(v))), SHOW(__builtin_ffsl((long)v));
		SHOW(__builtin_popcountl(VIA(v))), SHOW(__builtin_parityl(v)), SHOW(__builtin_bswap64(VIA(v)));
		SHOW(__builtin_clz(VIA(u))), SHOW(__builtin_ctz(u)), SHOW(__builtin_ffs((int)v)), SHOW(__builtin_popcount(u));
		SHOW(__builtin_bswap32(VIA(u))), SHOW(__builtin_bswap16((unsigned short)VIA(v))), SHOW(__builtin_clrsb((int)u));
		SHOW(u << (VIA(i) & 31) | u >> (-i & 31)), SHOW(v >> VIA(i) | v << (-i & 63)), SHOW(__builtin_abs((int)u + i));
		SHOW(__builtin_labs((long)v / 3)), SHOW(unlikely(i)), SHOW(__builtin_bitreverse32(VIA(u)));
	}
	OVERFLOW(signed char, 100, 50) OVERFLOW(unsigned char, 200, 100) OVERFLOW(short, -32000, 1000)
	OVERFLOW(unsigned short, 60000, 6000) OVERFLOW(int, 0x7fffffff, 1) OVERFLOW(int, -5, 7)
	OVERFLOW(unsigned, 5, 7) OVERFLOW(long, 0x7fffffffffffffff, 2) OVERFLOW(unsigned long, -1ul, 2)
	OVERFLOW(__int128, 3, -4)
	int narrow;
	unsigned char small;
	SHOW(__builtin_add_overflow(VIA(0x7fffffffffffl), 1, &narrow)), SHOW(narrow);
	SHOW(__builtin_mul_overflow(VIA(-3), 5u, &small)), SHOW(small);
	SHOW(__builtin_uadd_overflow(VIA(0xffffffffu), 1u, (unsigned *)&narrow)), SHOW(narrow);
	SHOW(constant(7) & 6);
	SHOW(__builtin_types_compatible_p(int, const int)), SHOW(__builtin_types_compatible_p(long, long long));
	SHOW(__builtin_choose_expr(sizeof(long) == 8, VIA(1), "no"));
	__builtin_assume(narrow < 100);
	return 0;
}
