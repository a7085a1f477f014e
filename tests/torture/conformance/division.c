/* C11 6.5.5, 6.5.7: division and remainder for each sign and width, shifts of each width by each count. */
#include "lib_conformance.h"

#define DIVIDE(T, format, P) \
	static NOINLINE void divide_##T(T a, T b) \
	{ \
		T q = a / b; \
		tick(); \
		T r = a % b; \
		tick(); \
		printf(#T " " format " " format ": " format " " format " %d\n", (P)a, (P)b, (P)q, (P)r, \
			q * b + r == a); \
	}
#define SHIFT(T) \
	static NOINLINE void shift_##T(T v, int n) \
	{ \
		T left = (T)(v << n); \
		tick(); \
		T right = v >> n; \
		tick(); \
		printf(#T " %d: %llx %llx\n", n, (unsigned long long)left, (unsigned long long)right); \
	}

typedef signed char i8;
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned u32;
typedef unsigned long u64;
typedef __int128 i128;
typedef unsigned __int128 u128;

DIVIDE(i8, "%d", int) DIVIDE(short, "%d", int) DIVIDE(int, "%d", int) DIVIDE(long, "%ld", long)
DIVIDE(u8, "%d", int) DIVIDE(u16, "%d", int) DIVIDE(u32, "%u", u32) DIVIDE(u64, "%lu", u64)
DIVIDE(i128, "%ld", long) DIVIDE(u128, "%lu", u64)
SHIFT(i8) SHIFT(u8) SHIFT(short) SHIFT(u16) SHIFT(int) SHIFT(u32) SHIFT(long) SHIFT(u64) SHIFT(i128)
SHIFT(u128)

int main(void)
{
	static const int values[] = {7, -7, 100, -100, 1, -1, 127, -128};

	for (int i = 0; i < 8; i++) {
		int a = values[i], b = values[(i + 1) % 8] / 9 * 2 + 3;
		divide_i8((i8)a, (i8)b), divide_short((short)a, (short)-b), divide_int(a, b), divide_int(a, -b);
		divide_long(a * 10000000000l, b), divide_u8((u8)a, (u8)b), divide_u16((u16)a, (u16)b);
		divide_u32((u32)a, (u32)b), divide_u64((u64)a, (u64)b), divide_i128((i128)a * a, b);
		divide_u128((u128)(u64)a << 70, (u128)1 << 60 | (u64)values[i]);
		tick();
	}
	divide_i128(-((i128)1 << 100), ((i128)1 << 90) + 1);
	divide_long(-0x7fffffffffffffffl - 1, 2), divide_int(-0x7fffffff - 1, 3);
	for (int n = 0; n < 8; n++) {
		shift_i8((i8)-77, n), shift_u8(0xa5, n), shift_short(-12345, n), shift_u16(0xbeef, n);
		shift_int(0x12345678 >> 8, n), shift_u32(0xdeadbeef, n * 4), shift_long(0x123456789abc >> 4, n * 2);
		shift_u64(0xfedcba9876543210, n * 9), shift_i128((i128)0x7edcba9876543210, n * 9);
		shift_u128((u128)0xfedcba9876543210 << 64 | 0x0f1e2d3c4b5a6978, n * 18);
	}
	SHOW(VIA(OPAQUE(-1)) >> 31), SHOW(VIA(OPAQUE(1u)) << 31), SHOW(1ul << VIA(63));
	SHOW(VIA(OPAQUE(-5)) / 4), SHOW(VIA(OPAQUE(-5)) % 4), SHOW(VIA(OPAQUE(-5)) / 4u), SHOW(5 / VIA(-4));
	SHOW(VIA(OPAQUE(-8)) / 8), SHOW(VIA(OPAQUE(1000000007)) % 1000), SHOW(VIA(OPAQUE(-1l)) % 4294967296l);
	return 0;
}
