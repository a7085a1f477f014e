/* The case of struct_sizes_*.c, for structs of each size in the list SIZES. */
#include <stdarg.h>
#include "lib_conformance.h"
#include "lib_sizes.h"

#define STRUCT(n) \
	struct s##n { unsigned char b[n]; }; \
	static NOINLINE struct s##n make##n(int seed) \
	{ \
		struct s##n s; \
		for (int i = 0; i < n; i++) \
			s.b[i] = (unsigned char)(seed + i * 7); \
		tick(); \
		return s; \
	} \
	static NOINLINE struct s##n turn##n(int by, struct s##n a, double d, struct s##n b) \
	{ \
		struct s##n old = a; \
		tick(); \
		for (int i = 0; i < n; i++) \
			a.b[i] = (unsigned char)(b.b[n - 1 - i] + by + (int)d); \
		tick(); \
		a.b[0] ^= old.b[n - 1]; \
		return a; \
	} \
	static NOINLINE unsigned long variadic##n(int count, ...) \
	{ \
		va_list args; \
		unsigned long h = 0; \
		va_start(args, count); \
		for (int i = 0; i < count; i++) { \
			struct s##n s = va_arg(args, struct s##n); \
			tick(); \
			h = h * 31 + sum_bytes(&s, n) + (unsigned long)va_arg(args, int); \
		} \
		va_end(args); \
		return h; \
	} \
	static NOINLINE void test##n(int seed) \
	{ \
		struct s##n (*volatile f)(int, struct s##n, double, struct s##n) = turn##n; \
		struct s##n a = make##n(seed), b = make##n(seed + 100), c = turn##n(1, a, 2.5, b); \
		unsigned long first = sum_bytes(&c, n); \
		c = f(seed, turn##n(2, c, 1, a), .5, make##n(3)); \
		unsigned long v = variadic##n(3, a, 1, b, 2, c, 3); \
		printf("%d: %lx %lx %lx %lx %d\n", n, sum_bytes(&a, n), first, sum_bytes(&c, n), \
			v, \
			turn##n(0, a, 0, b).b[n / 2]); \
	}

SIZES(STRUCT)

#define TEST(n) test##n(n);

int main(void)
{
	SIZES(TEST)
	return 0;
}
