/* C11 6.2.5: many values of every type alive across calls and loops at once; more than there are registers of
 * each kind; in loops with several polls, with exits in the middle. */
#include "lib_conformance.h"

#define LIVE(name, T, format, P, make) \
	static NOINLINE T of_##name(int k) \
	{ \
		tick(); \
		return make; \
	} \
	static NOINLINE void live_##name(int n) \
	{ \
		T a = of_##name(n), b = of_##name(n + 1), c = a + b, d = b - a, e = of_##name(2), f = e + c, g = f - d, \
			h = of_##name(n * 2), i = h + a, j = i + b, k_ = j - c, l = of_##name(5), m = l + i, o = m + k_, \
			p = of_##name(7), q = p + o, r = q - l, s = r + p, t = s + a; \
		for (int round = 0; round < 3; round++) { \
			tick(); \
			a = a + t, b = b + s, c = c + r, d = d + q; \
			tick(); \
			e = e + p, f = f + o, g = g + m, h = h + l; \
			if (round == n) \
				break; \
			i = i + of_##name(round), j = j + k_, t = t + j, s = s + i; \
		} \
		T sum = a + b + c + d + e + f + g + h; \
		T rest = i + j + k_ + l + m + o + p + q + r + s + t; \
		printf(#name " %d: " format " " format "\n", n, (P)sum, (P)rest); \
	}

LIVE(char, signed char, "%d", int, (signed char)(k * 37))
LIVE(short, unsigned short, "%d", int, (unsigned short)(k * 12345))
LIVE(int, unsigned, "%u", unsigned, (unsigned)k * 0x9e3779b9u)
LIVE(long, unsigned long, "%lx", unsigned long, (unsigned long)k * 0x9e3779b97f4a7c15u)
LIVE(float, float, "%.9g", double, (float)k * 1.25f + .1f)
LIVE(double, double, "%.17g", double, k * 1.25 + .1)
LIVE(quad, long double, "%.17g", double, k * 1.25L + 3)

typedef unsigned __int128 wide;
LIVE(wide, wide, "%lx", unsigned long, ((wide)k << 64 | 0x123456789) * 0x9e3779b97f4a7c15u >> 13)

static NOINLINE void pointers(int n)
{
	int a[8] = {1, 2, 3, 4, 5, 6, 7, 8}, *p[8], *moving = a, **pp = p, sum = 0;
	const char *text = "pointers", *end = text + 8;
	int (*f)(int) = slowly;

	for (int i = 0; i < 8; i++)
		p[i] = &a[(i * 3 + n) % 8];
	for (; text < end; text++, moving++, pp++) {
		tick();
		sum = sum * 3 + *moving + **pp + *text;
		**pp += f(1);
	}
	printf("pointers %d: %d %d\n", n, sum, a[0] * 100 + a[7]);
}

static NOINLINE void all_kinds(int n)
{
	_Bool b = n & 1;
	signed char c = (signed char)(n - 100);
	short s = (short)(n * -3000);
	int i = n * 70000;
	long l = n * -70000000000;
	wide w = (wide)n << 90;
	float f = (float)n / 3;
	double d = n / 7.;
	long double q = n / 8.L;
	const char *text = &"0123456789"[n];
	struct { char c; double d; } st = {(char)('a' + n), d}, copy;

	do {
		tick();
		b = !b, c++, s = (short)(s - c), i ^= s, l += i, w += (wide)l;
		copy = st;
		tick();
		f += c, d -= f, q += 1, text += b, st.d += copy.c, st.c++;
	} while (++n < 6);
	printf("all: %d %d %d %d %ld %lx %lx %.9g %.17g %.17g %s %c %.17g\n", b, c, s, i, l, (long)(w >> 64), (long)w,
		(double)f, d, (double)q, text, st.c, copy.d);
}

int main(void)
{
	for (int n = 0; n < 4; n++) {
		live_char(n), live_short(n), live_int(n), live_long(n), live_float(n), live_double(n), live_quad(n);
		live_wide(n), pointers(n), all_kinds(n);
	}
	return 0;
}
