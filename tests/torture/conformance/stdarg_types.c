/* C11 7.16: va_arg of every kind of type, many of each so that registers run out; va_copy, va_list as argument
 * and through a pointer, restarted, in loops with calls between. */
#include <complex.h>
#include <stdarg.h>
#include "lib_conformance.h"

typedef int v4 __attribute__((vector_size(16)));
#define CMPLXF_(x, y) __builtin_complex((float)(x), (float)(y))

struct s1 { char c; };
struct s5 { char c[5]; };
struct s12 { int i[3]; };
struct s16 { long a; double b; };
struct s17 { char c[17]; };
struct hfa { float x, y, z, w; };
union u { double d; long l; };
enum e { E0, E1 = 300 };

#define CASE(letter, T, ...) \
	case letter: { \
		T v = va_arg(*args, T); \
		tick(); \
		printf(" " __VA_ARGS__); \
		break; \
	}

static NOINLINE void one(char letter, va_list *args)
{
	switch (letter) {
	CASE('i', int, "%d", v)
	CASE('u', unsigned, "%u", v)
	CASE('l', long, "%ld", v)
	CASE('d', double, "%g", v)
	CASE('q', long double, "%g", (double)v)
	CASE('w', __int128, "%lx:%lx", (long)(v >> 64), (long)v)
	CASE('s', char *, "%s", v)
	CASE('f', int *, "%d", *v)
	CASE('z', double complex, "%g%+gi", creal(v), cimag(v))
	CASE('Z', float complex, "%g%+gi", (double)crealf(v), (double)cimagf(v))
	CASE('1', struct s1, "{%d}", v.c)
	CASE('5', struct s5, "{%d %d}", v.c[0], v.c[4])
	CASE('c', struct s12, "{%d %d %d}", v.i[0], v.i[1], v.i[2])
	CASE('g', struct s16, "{%ld %g}", v.a, v.b)
	CASE('h', struct s17, "{%d %d}", v.c[0], v.c[16])
	CASE('4', struct hfa, "{%g %g}", (double)v.x, (double)v.w)
	CASE('U', union u, "{%g}", v.d)
	CASE('e', enum e, "%d", v)
	CASE('v', v4, "<%d %d>", v[0], v[3])
	}
}

static NOINLINE void list(const char *types, va_list args)
{
	va_list copy;

	va_copy(copy, args);
	for (const char *t = types; *t; t++)
		one(*t, &copy);
	va_end(copy);
}

static NOINLINE void show(const char *types, ...)
{
	va_list args;

	va_start(args, types);
	list(types, args);
	printf(" |");
	for (; *types; types++)
		one(*types, &args);
	va_end(args);
	puts("");
}

static NOINLINE double sum(int n, double first, ...)
{
	va_list args;
	double s = first;

	for (int round = 0; round < 2; round++) {
		va_start(args, first);
		for (int i = 1; i < n; i++) {
			s += va_arg(args, double);
			tick();
		}
		va_end(args);
	}
	return s;
}

static NOINLINE int formatted(char *to, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, 100, format, args);
	tick();
	va_end(args);
	return n;
}

int main(void)
{
	int n = 42;
	char text[100];
	struct s1 a = {7};
	struct s5 b = {{1, 2, 3, 4, 5}};
	struct s12 c = {{10, 20, 30}};
	struct s16 g = {-9, 2.25};
	struct s17 h = {{1, [16] = 17}};
	struct hfa f = {1, 2, 3, 4};

	for (int i = 0; i < 2; i++) {
		show("iuldsf", i, 4000000000u, -1l, .5, "text", &n);
		show("iiiiiiiiiiii", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, i);
		show("dddddddddddd", 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., (double)i);
		show("idildidildi", 1, 2., 3, 4l, 5., 6, 7., 8, 9l, 10., 11);
		show("qiqdq", 1.5L, 2, 3.5L, 4., 5.5L);
		show("wiw", (__int128)1 << 100, 3, -(__int128)5);
		show("zZdz", 1. + 2 * I, CMPLXF_(3, 4), 5., 6. - 7 * I);
		show("15cgh4", a, b, c, g, h, f);
		show("i1i5icigihi4i", 1, a, 2, b, 3, c, 4, g, 5, h, 6, f, 7);
		show("UevUiv", (union u){1.5}, E1, (v4){1, 2, 3, 4}, (union u){.d = 3}, 5, (v4){6, 7, 8, 9});
		show("ccccgggg", c, c, c, c, g, g, g, g);
		show("");
		SHOW(sum(5, 1., 2., 3., 4., VIA(5.))), SHOW(sum(1, .5));
		SHOW(formatted(text, "%d %s %.2f %c %ld %x", i, "s", 1.25, 'c', -5l, 255u)), SHOW((char *)text);
	}
	show("ic", (int)(char)-5, c), show("i", 'c'), show("dd", (double)1.5f, 2.5f), show("ii", (short)-3, (_Bool)1);
	return 0;
}
