/* What the conformance cases share. A case prints what it computes; the program that clang makes for
 * the host says what is right. Its calls of tick() are where it can be moved: what is alive there has
 * to survive. SHOW prints an expression and its value, by its type. */
#ifndef LIB_CONFORMANCE_H
#define LIB_CONFORMANCE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
#define UNUSED __attribute__((unused))

/* A value the optimiser knows nothing about. */
#define OPAQUE(x) ({ __auto_type volatile opaque_ = (x); opaque_; })
/* The value of x, alive while the process may be moved. */
#define VIA(x) ({ __auto_type via_ = (x); tick(); via_; })

static unsigned n_ticks;

static NOINLINE UNUSED void tick(void)
{
	for (unsigned i = OPAQUE(2u); i-- > 0;)
		n_ticks += OPAQUE(i);
}

/* n, by way of a loop. */
static NOINLINE UNUSED int slowly(int n)
{
	int sum = 0;

	for (int i = OPAQUE(3); i-- > 0;)
		sum += OPAQUE(i) == 1 ? n : 0;
	return sum;
}

static NOINLINE UNUSED void show_signed(const char *text, long long v)
{
	printf("%s = %lld\n", text, v);
}

static NOINLINE UNUSED void show_unsigned(const char *text, unsigned long long v)
{
	printf("%s = %llu\n", text, v);
}

static NOINLINE UNUSED void show_double(const char *text, double v)
{
	if (v != v)
		printf("%s = nan\n", text);
	else
		printf("%s = %.17g\n", text, v);
}

static NOINLINE UNUSED void show_float(const char *text, float v)
{
	printf("%s = %.9g\n", text, (double)v);
}

/* Of a long double what every host's has: what a double holds of it. */
static NOINLINE UNUSED void show_long_double(const char *text, long double v)
{
	show_double(text, (double)v);
}

static NOINLINE UNUSED void show_string(const char *text, const char *v)
{
	printf("%s = \"%s\"\n", text, v ? v : "(null)");
}

static NOINLINE UNUSED void show_int128(const char *text, __int128 v)
{
	printf("%s = 0x%016llx%016llx\n", text, (unsigned long long)(v >> 64), (unsigned long long)v);
}

static NOINLINE UNUSED void show_unsigned_int128(const char *text, unsigned __int128 v)
{
	show_int128(text, (__int128)v);
}

#define SHOW(...) \
	_Generic((__VA_ARGS__), \
		_Bool: show_unsigned, char: show_signed, signed char: show_signed, unsigned char: show_unsigned, \
		short: show_signed, unsigned short: show_unsigned, int: show_signed, unsigned: show_unsigned, \
		long: show_signed, unsigned long: show_unsigned, long long: show_signed, \
		unsigned long long: show_unsigned, __int128: show_int128, \
		unsigned __int128: show_unsigned_int128, float: show_float, double: show_double, \
		long double: show_long_double, char *: show_string, const char *: show_string)(#__VA_ARGS__, (__VA_ARGS__))

/* The name of an expression's type. */
#define TYPE(x) \
	_Generic((x), \
		_Bool: "_Bool", char: "char", signed char: "signed char", unsigned char: "unsigned char", \
		short: "short", unsigned short: "unsigned short", int: "int", unsigned: "unsigned", \
		long: "long", unsigned long: "unsigned long", long long: "long long", \
		unsigned long long: "unsigned long long", __int128: "__int128", \
		unsigned __int128: "unsigned __int128", float: "float", double: "double", \
		long double: "long double", char *: "char *", const char *: "const char *", \
		void *: "void *", const void *: "const void *", int *: "int *", default: "other")

#define SHOW_TYPE(x) printf("%s is %s\n", #x, TYPE(x))

/* A number of n bytes, whatever they mean. */
static NOINLINE UNUSED unsigned long sum_bytes(const void *bytes, size_t n)
{
	const unsigned char *b = bytes;
	unsigned long h = 5381;

	for (size_t i = 0; i < n; i++)
		h = h * 33 ^ b[i];
	return h;
}

#endif
