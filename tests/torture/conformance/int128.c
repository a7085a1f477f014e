/* GNU: __int128: literals by shifts, arithmetic with carries, division, comparison, shifts by any count,
 * conversions, in structs, arrays, bit-precise loops, as loop counters, variadic, atomically free. */
#include "lib_conformance.h"

typedef __int128 i128;
typedef unsigned __int128 u128;

struct holds { char tag; i128 w; short s; };

static NOINLINE u128 power(u128 base, unsigned n)
{
	u128 r = 1;

	for (; n; n >>= 1, tick()) {
		if (n & 1)
			r *= base;
		base *= base;
	}
	return r;
}

static NOINLINE int decimal(char *to, u128 v)
{
	char digits[40];
	int n = 0, k = 0;

	do {
		digits[n++] = (char)('0' + (int)(v % 10));
		tick();
	} while (v /= 10);
	while (n)
		to[k++] = digits[--n];
	to[k] = 0;
	return k;
}

static NOINLINE i128 gcd(i128 a, i128 b)
{
	while (b) {
		i128 t = a % b;
		tick();
		a = b, b = t;
	}
	return a < 0 ? -a : a;
}

static NOINLINE struct holds hold(struct holds h, i128 by)
{
	h.w -= by;
	tick();
	h.s += (short)h.w;
	return h;
}

int main(void)
{
	i128 a = (i128)1 << 100, b = -a + 12345;
	u128 u = ~(u128)0, table[3] = {1, u, (u128)1 << 64};
	char text[41];
	struct holds h = {'h', 5, 6};

	for (int i = 0; i < 4; i++) {
		SHOW(power(3, (unsigned)(20 * i + 1))), SHOW(decimal(text, u >> (i * 9))), SHOW((char *)text);
		SHOW(gcd(a, b + i)), SHOW(a > b), SHOW(VIA(u) > (u128)a), SHOW(a * (i + 2) + VIA(b)), SHOW(b / (7 + i));
		SHOW(VIA(b) % (1000 + i)), SHOW(u / (VIA((u128)i) + 3)), SHOW(VIA(a) >> (i * 33)), SHOW(b >> (i * 33 + 1));
		SHOW(u << VIA(i * 41)), SHOW((long)VIA(b)), SHOW((double)VIA(a)), SHOW((unsigned char)b), SHOW(!VIA(a));
		SHOW(a & ~b ^ (i128)i << 64), SHOW(table[VIA(i) % 3] + 1), SHOW((h = hold(h, a)).w), SHOW(h.s);
		SHOW(__builtin_popcountll((unsigned long long)(u >> i)) + __builtin_clzll((unsigned long long)(u >> 64) >> i));
		a += (i128)0xffffffffffffffff * i, b -= a >> 3, u -= (u128)b;
		for (i128 k = (i128)1 << 64; k > ((i128)1 << 64) - 3; k--)
			SHOW(VIA(k));
	}
	SHOW(sizeof(i128)), SHOW(_Alignof(i128)), SHOW(sizeof h), SHOW((i128)-1 < 0), SHOW((u128)-1 > 0);
	SHOW((u128)1e30), SHOW((i128)-1e20f), SHOW((float)(u128)VIA(a)), SHOW(a == a + 0 && a != b);
	return 0;
}
