/* __int128 values live across the move. */
#include "moved.h"

typedef unsigned __int128 u128;
typedef __int128 i128;

static void print(const char *name, u128 x)
{
	printf("%s %016llx%016llx\n", name, (unsigned long long)(x >> 64), (unsigned long long)x);
}

static NOINLINE u128 power(u128 base, unsigned n)
{
	u128 r = 1, b = base;
	for (; n; n >>= 1) {
		if (n == 12)
			wait_for_move();
		if (n & 1)
			r *= b;
		b *= b;
	}
	return r;
}

static NOINLINE i128 mixed(int a, i128 b, long c, i128 d, char e, i128 f)
{
	i128 r = a + b * c - d;
	wait_for_move();
	return r / (e + 1) + f % 1000;
}

int main(void)
{
	i128 negative = -(i128)OPAQUE(5) << 100;
	u128 a = power(OPAQUE(0x123456789abcdefULL), OPAQUE(97));
	i128 m;
	static u128 global;

	print("power", a);
	global = a ^ 1;
	m = mixed(OPAQUE(-3), negative, 12, (i128)1 << 90, 'a', -(i128)123456789 * 1000000007 * 1000000007);
	print("mixed", (u128)m);
	print("negative", (u128)negative);
	CHECK(negative < 0 && negative >> 100 == -5);
	CHECK(global == (a ^ 1));
	print("quotient", a / 1000000007);
	print("remainder", a % 1000000007);
	return done();
}
