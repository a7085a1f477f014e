/* GNU: vector types of each size and element: arithmetic, comparison, shifts, subscripts, shuffles, conversion, as
 * arguments and results, in structs and arrays, alive across calls, through pointers. */
#include "lib_conformance.h"

#define VECTOR(name, E, n) typedef E name __attribute__((vector_size(n * sizeof(E))));
VECTOR(b16, signed char, 16) VECTOR(h8, unsigned short, 8) VECTOR(i4, int, 4) VECTOR(l2, long, 2)
VECTOR(f4, float, 4) VECTOR(d2, double, 2) VECTOR(i2, int, 2) VECTOR(f2, float, 2) VECTOR(b8, unsigned char, 8)
VECTOR(i8, int, 8) VECTOR(d4, double, 4) VECTOR(l8, long, 8)

struct holds { char c; i4 v; f2 f; };

#define TEST(T, n, format, P) \
	static NOINLINE T make_##T(int k) \
	{ \
		T v; \
		for (int i = 0; i < n; i++, tick()) \
			v[i] = (__typeof__(v[0]))(k * (i + 1) - i * i); \
		return v; \
	} \
	static NOINLINE T mix_##T(T a, int k, T b, T c, T d, T e, T f, T g, T h, T i, T j) \
	{ \
		T r = a + b * c - d; \
		tick(); \
		if (k > 0) \
			r = mix_##T(b, k - 1, a, d, c, f, e, h, g, j, i) - r; \
		tick(); \
		return r + e - f + g - h + i - j; \
	} \
	static NOINLINE void show_##T(const T *p) \
	{ \
		for (int i = 0; i < n; i++) \
			printf(format " ", (P)(*p)[i]); \
		tick(); \
	} \
	static NOINLINE void test_##T(void) \
	{ \
		T a = make_##T(3), b = make_##T(5), all[2] = {a, b}; \
		T c = mix_##T(a, 2, b, a, b, a, b, a, b, a, make_##T(2)); \
		printf(#T ": "); \
		show_##T(&c); \
		for (int i = 0; i < 3; i++) { \
			tick(); \
			all[i & 1] += c, c = -c + b, c[i % n] = (__typeof__(c[0]))i; \
		} \
		__typeof__(a < b) less = a < all[0], equal = c == b; \
		show_##T(&all[0]), show_##T(&all[1]), show_##T(&c); \
		printf("%d %d %zu\n", (int)less[1], (int)equal[n - 1], sizeof(T)); \
	}

TEST(b16, 16, "%d", int) TEST(h8, 8, "%d", int) TEST(i4, 4, "%d", int) TEST(l2, 2, "%ld", long)
TEST(f4, 4, "%g", double) TEST(d2, 2, "%g", double) TEST(i2, 2, "%d", int) TEST(f2, 2, "%g", double)
TEST(b8, 8, "%d", int) TEST(i8, 8, "%d", int) TEST(d4, 4, "%g", double) TEST(l8, 8, "%ld", long)

static NOINLINE struct holds pass(struct holds h, i4 by)
{
	tick();
	h.v ^= by, h.f += 1, h.c++;
	return h;
}

int main(void)
{
	test_b16(), test_h8(), test_i4(), test_l2(), test_f4(), test_d2(), test_i2(), test_f2(), test_b8(), test_i8();
	test_d4(), test_l8();
	i4 a = make_i4(7), b = make_i4(2);
	f4 f = make_f4(3);
	struct holds h = {'h', a, {1, 2}};

	for (int i = 0; i < 3; i++) {
		a = __builtin_shufflevector(a, b, 0, 5, 2, 7), b = a << (b & 3) | a >> 1, f = __builtin_convertvector(b, f4);
		h = pass(h, VIA(b));
		show_i4(&a), show_i4(&b), show_f4(&f), show_i4(&h.v), show_f2(&h.f);
		a = (i4)((f4)a), b = ~b % 7, f = f / 3 - 1, a[VIA(i)]++;
		printf("%c %d\n", h.c, VIA(a == b)[1]);
	}
	show_i4(&a), show_i4(&b), show_f4(&f);
	puts("");
	return 0;
}
