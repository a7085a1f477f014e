/* va_list live across the move: half read, copied, passed on by pointer, kept on the heap. */
#include "moved.h"
#include <stdarg.h>

struct pair { long a; double b; };
struct big { char text[40]; };

static NOINLINE long by_pointer(va_list *ap, int n)
{
	long s = 0;
	for (int i = 0; i < n; i++) {
		if (i == n / 2)
			wait_for_move();
		s = s * 3 + va_arg(*ap, int);
	}
	return s;
}

static NOINLINE void mixed(const char *kinds, ...)
{
	va_list ap, copy;

	va_start(ap, kinds);
	va_copy(copy, ap);
	for (const char *k = kinds; *k; k++) {
		if (*k == '!') {
			wait_for_move();
			continue;
		}
		switch (*k) {
		case 'i': printf("%d ", va_arg(ap, int)); break;
		case 'l': printf("%ld ", va_arg(ap, long)); break;
		case 'd': printf("%.3f ", va_arg(ap, double)); break;
		case 's': printf("%s ", va_arg(ap, char *)); break;
		case 'L': printf("%.3f ", (double)va_arg(ap, long double)); break;
		case 'x': {
			unsigned __int128 x = va_arg(ap, unsigned __int128);
			printf("%llx:%llx ", (long long)(x >> 64), (long long)x);
			break;
		}
		case 'p': {
			struct pair p = va_arg(ap, struct pair);
			printf("%ld/%.1f ", p.a, p.b);
			break;
		}
		case 'b': printf("%s ", va_arg(ap, struct big).text); break;
		}
	}
	va_end(ap);
	for (const char *k = kinds; *k == 'i' || *k == '!'; k++)
		if (*k == 'i')
			printf("again %d ", va_arg(copy, int));
	va_end(copy);
	puts("");
}

static NOINLINE void formatted(char *out, size_t bytes, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	wait_for_move();
	vsnprintf(out, bytes, format, ap);
	va_end(ap);
}

static NOINLINE int sum_to_zero(int first, ...)
{
	va_list ap;
	int s = first;

	va_start(ap, first);
	for (int v; (v = va_arg(ap, int)) != 0;)
		s += v;
	va_end(ap);
	return s;
}

static NOINLINE long start_pointer(int n, ...)
{
	va_list ap;
	long s;

	va_start(ap, n);
	s = by_pointer(&ap, n - 2);
	s = s * 5 + va_arg(ap, int);
	s = s * 5 + va_arg(ap, int);
	va_end(ap);
	return s;
}

int main(void)
{
	struct pair p = { -7, 2.5 };
	struct big b = { "a structure of forty bytes" };
	unsigned __int128 x = (unsigned __int128)0x123456789abcdef0 << 64 | 0xfedcba9876543210;
	char text[200];
	int (*sum)(int, ...) = OPAQUE(sum_to_zero);

	mixed("ii!iid!slLx!pbLi", 1, -2, 3, 4, 5.5, "six", 7L, (long double)8.25, x, p, b,
		(long double)-1.5, 99);
	mixed("!Lxd", (long double)3, x, 4.0);
	mixed("iiiiiiiiiiii!", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
	mixed("dddddddddd!dd", .1, .2, .3, .4, .5, .6, .7, .8, .9, 1.0, 1.1, 1.2);
	formatted(text, sizeof text, "%d %s %5.2f %c %lld %x %zu|%-6s|%06d", -5, "str", 3.14159, 'c',
		-123456789012LL, 0xbeefu, (size_t)77, "ab", 42);
	puts(text);
	printf("%ld\n", start_pointer(9, 1, 2, 3, 4, 5, 6, 7, 8, 9));
	printf("%d\n", sum(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0));
	return done();
}
