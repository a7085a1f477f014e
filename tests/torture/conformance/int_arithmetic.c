/* C11 6.5: arithmetic of every integer type in loops whose values wrap, with every operator, alive across calls. */
#include "lib_conformance.h"

#define TEST(name, T, U) \
	static NOINLINE void test_##name(T x, T y) \
	{ \
		T a = x, b = y, c = 1; \
		for (int i = 0; i < 6; i++) { \
			a = (T)((U)a + (U)b), c = (T)((U)c * 3u), b = (T)((U)b - (U)c); \
			tick(); \
			a ^= (T)(b << 3), b |= (T)(c >> 1), c = (T)~c; \
			if (a > b) \
				a = (T)((U)a / 3), c++; \
			else if (a == b || b <= c) \
				b = (T)((U)b % 1000u); \
			tick(); \
			a += (T)(b > 0 ? i : -i), b -= (T)!c, c = (T)-c, a &= (T)~(T)i; \
			a <<= 1, b >>= 1, c %= 77, b *= 5; \
		} \
		printf(#name ": %lld %lld %lld %d%d%d\n", (long long)a, (long long)b, (long long)c, a < b, b >= c, a != c); \
	}

TEST(char, signed char, unsigned) TEST(uchar, unsigned char, unsigned) TEST(short, short, unsigned)
TEST(ushort, unsigned short, unsigned) TEST(int, int, unsigned) TEST(uint, unsigned, unsigned)
TEST(long, long, unsigned long) TEST(ulong, unsigned long, unsigned long)
TEST(llong, long long, unsigned long long) TEST(wide, __int128, unsigned __int128)

int main(void)
{
	static const long values[] = {0, 1, -1, 0x7f, 0x8000, -0x7fffffff, 0x123456789abcdef};

	for (int i = 0; i < 7; i++) {
		long x = values[i], y = values[(i + 3) % 7];
		test_char((signed char)x, (signed char)y), test_uchar((unsigned char)x, (unsigned char)y);
		test_short((short)x, (short)y), test_ushort((unsigned short)x, (unsigned short)y), test_int((int)x, (int)y);
		test_uint((unsigned)x, (unsigned)y), test_long(x, y), test_ulong((unsigned long)x, (unsigned long)y);
		test_llong(x, y), test_wide(((__int128)x << 64) + y, y);
	}
	return 0;
}
