/* Headers: stdio.h stdarg.h
 * printf and scanf: every conversion, hard decimal cases, what is exact in any long double. */
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include "lib_log.h"

static const double numbers[] = {
	0.0,
	-0.0,
	1,
	-1,
	0.5,
	1.5,
	2.5,
	0.125,
	0.375,
	1e15,
	1e16,
	1e17,
	123456789.987654321,
	9.995,
	9.9995,
	99999.95,
	999999.5,
	0.1,
	0.2,
	0.3,
	1.0 / 3,
	2.0 / 3,
	1e21,
	1e22,
	1e23,
	5e-324,
	2.2250738585072014e-308,
	2.225073858507201e-308,
	DBL_MAX,
	DBL_EPSILON,
	4503599627370496.5,
	9007199254740993.0,
	1e-5,
	1e-4,
	0.00012345,
	123456,
	1234567,
	12345678,
	8.5,
	9.5,
	1e100,
	-1e-100,
	3.14159265358979,
	INFINITY,
	-INFINITY,
};

static const char *const formats[] = {
	"%f",
	"%e",
	"%g",
	"%a",
	"%.0f",
	"%.0e",
	"%.0g",
	"%.0a",
	"%#.0f",
	"%#g",
	"%.1f",
	"%.2f",
	"%.3f",
	"%.17g",
	"%.20e",
	"%.40f",
	"%+.3g",
	"% .3e",
	"%020.5f",
	"%-20.5f|",
	"%F",
	"%E",
	"%G",
	"%A",
	"%.1a",
	"%.5a",
	"%.13a",
	"%.20a",
	"%25a",
	"%-25a|",
	"%025a",
	"%#.3g",
	"%'.2f",
	"%+10.1f",
	"%.15g",
	"%.16g",
};

static void floats(void)
{
	char text[2000];
	size_t i, k;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		for (k = 0; k < sizeof(numbers) / sizeof(*numbers); k++) {
			int n = snprintf(text, sizeof(text), formats[i], numbers[k]);
			uint64_t h = HASH_START;

			if (n < 70)
				SAY("%s: %s", formats[i], text);
			else
				SAY("%s: %d %#llx", formats[i], n,
					(unsigned long long)HASH_STRING(h, text));
		}
}

static void huge(void)
{
	static char text[200000];
	uint64_t h = HASH_START;

	SHOW(snprintf(text, sizeof(text), "%.1074f", 5e-324));
	SHOW(HASH_STRING(h, text));
	SHOW(snprintf(text, sizeof(text), "%.5000f", DBL_MAX));
	SHOW(HASH_STRING(h, text));
	SHOW(snprintf(text, sizeof(text), "%.100000e", 1.0 / 3));
	SHOW(HASH_STRING(h, text));
	SHOW(snprintf(text, sizeof(text), "%100000d", 7));
	SHOW(HASH_STRING(h, text));
	SHOW(snprintf(text, sizeof(text), "%.2000g", 0.1));
	SHOW(HASH_STRING(h, text));
	SHOW(snprintf(text, sizeof(text), "%.2000a", 0.1));
	SHOW(HASH_STRING(h, text));
	SHOW(snprintf(NULL, 0, "%*d", INT_MAX, 1));
	SHOW(snprintf(NULL, 0, "%*d%d", INT_MAX, 1, 1));
	SHOW(snprintf(text, 5, "%s", "123456789"));
	SHOW(text);
}

/* Widths, flags and sizes of integers. */
static void integers(void)
{
	char text[300];
	signed char hh = -128;
	long n_long = 0;
	signed char n_char = 0;
	int n_int = 0;

	SHOW(snprintf(text, sizeof(text), "%d %5d %-5d| %05d %+d % d %.3d %.0d|%i", 42, 42, 42, 42,
		42, 42, 7, 0, INT_MIN));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%u %x %X %o %#x %#X %#o %#x %#o %08x %#010x %.0x|",
		UINT_MAX, 48879u, 48879u, 8u, 48879u, 48879u, 8u, 0u, 0u, 48879u, 48879u, 0u));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%hhd %hhu %hd %hu %ld %lu %lld %llu %zd %zu %td %jd %ju",
		hh, hh, (short)-32768, (unsigned short)65535, LONG_MIN, ULONG_MAX, LLONG_MIN,
		ULLONG_MAX, (ssize_t)-1, (size_t)-1, (ptrdiff_t)-5, INTMAX_MIN, UINTMAX_MAX));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%c%c %lc %s %.3s %10s %-10s| %ls %.4ls %%", 'a', 0x41,
		(wint_t)0xe9, "text", "abcdef", "right", "left", L"wide", L"widely"));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%2$s %1$d %2$.2s %1$+d %3$*4$d", 5, "second", 9, 6));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%*.*f|%-*d|%*d", 10, 2, 3.14159, 6, 1, -6, 2));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%s", (char *)NULL));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%p %p", NULL, (void *)0x1234));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "12345%n678%hhn9%ln", &n_int, &n_char, &n_long));
	SAY("%d %d %ld", n_int, n_char, n_long);
	SHOW((errno = ENOENT, snprintf(text, sizeof(text), "%m")));
	SHOW(text);
	SHOW(snprintf(text, sizeof(text), "%lc", (wint_t)0x110000));
	SHOW(snprintf(text, sizeof(text), "%5%|%-5c|%05s", 'x', "s"));
}

/* In long double, values that every format holds exactly. */
static void long_doubles(void)
{
	static const char *const spelled[] = {
		"%Lf", "%Le", "%Lg", "%La", "%.25Lf", "%.0Lf", "%.30Lg", "%30.3Lf"};
	char text[500];
	size_t i, k;

	for (i = 0; i < sizeof(spelled) / sizeof(*spelled); i++)
		for (k = 0; k < sizeof(numbers) / sizeof(*numbers); k++) {
			uint64_t h = HASH_START;

			snprintf(text, sizeof(text), spelled[i], (long double)numbers[k]);
			SAY("%s: %#llx", spelled[i], (unsigned long long)HASH_STRING(h, text));
		}
#if LDBL_MANT_DIG == 113
	snprintf(text, sizeof(text), "%.40Lg", 1.0L / 3);
	CHECK(strcmp(text, "0.3333333333333333333333333333333333172839") == 0);
	snprintf(text, sizeof(text), "%La", LDBL_MAX);
	CHECK(strcmp(text, "0x1.ffffffffffffffffffffffffffffp+16383") == 0);
	snprintf(text, sizeof(text), "%.36Le", LDBL_TRUE_MIN);
	CHECK(strcmp(text, "6.475175119438025110924438958227646552e-4966") == 0);
	CHECK(snprintf(NULL, 0, "%.0Lf", LDBL_MAX) == 4933);
	CHECK(strtold("1.18973149535723176508575932662800702e4932", NULL) == LDBL_MAX);
	CHECK(strtold("0x1.ffffffffffffffffffffffffffff8p0", NULL) == 2);
	CHECK(strtold("6.5e-4966", NULL) == LDBL_TRUE_MIN);
	CHECK(sscanf("3.6e-4951", "%Lf", &(long double){0}) == 1);
#endif
}

static int vshow(const char *format, ...)
{
	char text[100], *made = NULL;
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	SHOW(vsnprintf(text, sizeof(text), format, args));
	va_end(args);
	SHOW(text);
	SHOW(n = vasprintf(&made, format, again));
	va_end(again);
	SHOW(made);
	free(made);
	return n;
}

static int vscan(const char *text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsscanf(text, format, args);
	va_end(args);
	return n;
}

static void scans(void)
{
	int a = 0, b = 0, n = 0;
	unsigned u = 0;
	signed char hh = 0;
	short h = 0;
	long l = 0;
	long long ll = 0;
	uintmax_t j = 0;
	size_t z = 0;
	float f = 0;
	double d = 0;
	long double ld = 0;
	char s[50] = "", t[50] = "", *made = NULL;
	wchar_t w[50] = L"", *wide = NULL;
	void *p = NULL;

	SHOW(sscanf("12 -34", "%d%d", &a, &b));
	SAY("%d %d", a, b);
	SHOW(sscanf("0x1f 017 0b1", "%i %i %i", &a, &b, &n));
	SAY("%d %d %d", a, b, n);
	SHOW(sscanf(
		"300 70000 5000000000 9223372036854775807", "%hhd %hd %ld %lld", &hh, &h, &l, &ll));
	SAY("%d %d %ld %lld", hh, h, l, ll);
	SHOW(sscanf("ff FF 777 18446744073709551615", "%x %zx %o %ju", &u, &z, &a, &j));
	SAY("%u %zu %d %ju", u, z, a, j);
	SHOW(sscanf("1.5e3 -0x1.8p1 inf", "%f %lf %Lf", &f, &d, &ld));
	SAY("%a %a %Lf", f, d, ld);
	SHOW(sscanf("nan(123) x", "%lf %s", &d, s));
	SHOW(d != d);
	SHOW(sscanf("1e", "%lf", &d));
	SHOW(sscanf("1e+x", "%lf%s", &d, s));
	SHOW(sscanf("0xg", "%x%s", &u, s));
	SHOW(sscanf("infinit", "%lf", &d));
	SHOW(sscanf("  word next", "%3s%s", s, t));
	SAY("%s %s", s, t);
	SHOW(sscanf("abc123def", "%[a-c]%[^d]%n", s, t, &n));
	SAY("%s %s %d", s, t, n);
	SHOW(sscanf("]x^-", "%[]x]%[-^]", s, t));
	SAY("%s %s", s, t);
	SHOW(sscanf(" a b", "%c%2c", s, t));
	SAY("%d %d %d", s[0], t[0], t[1]);
	SHOW(sscanf("10%20", "%d%%%d", &a, &b));
	SHOW(sscanf("skip 5", "%*s %d", &a));
	SHOW(sscanf("", "%d", &a));
	SHOW(sscanf("x", "%d", &a));
	SHOW(sscanf("made of pieces", "%ms %m[^p]", &made, (char **)&p));
	SHOW(made);
	SHOW((char *)p);
	free(made);
	free(p);
	SHOW(sscanf("wide \xc3\xa9t\xc3\xa9", "%ls %mls", w, &wide));
	SHOW(w);
	SHOW(wide);
	free(wide);
	SHOW(sscanf("0x1234", "%p", &p));
	SHOW((long)p);
	SHOW(sscanf("9 8 7", "%3$d %1$d %2$d", &a, &b, &n));
	SAY("%d %d %d", a, b, n);
	SHOW(sscanf("99999999999999999999", "%ld", &l));
	SHOW(l);
	SHOW(vscan("7,8", "%d,%d", &a, &b));
}

static void streams(void)
{
	FILE *f = tmpfile();
	char *made = NULL, buffer[10];
	int a = 0;

	SHOW(f);
	SHOW(fprintf(f, "%s %d\n%a", "line", 12, 0.1));
	rewind(f);
	SHOW(fscanf(f, "%*s%d", &a));
	SHOW(a);
	SHOW(fgetc(f));
	SHOW(dprintf(fileno(f), "%s", "x"));
	fclose(f);
	SHOW(asprintf(&made, "%d-%s", 5, "five"));
	SHOW(made);
	free(made);
	SHOW(sprintf(buffer, "%.3s", "abcdef"));
	SHOW(vshow("%d %s %g %lld", 1, "two", 3.5, 4LL));
	SHOW(printf("%s%c", "to stdout", '\n'));
	SHOW(vshow("%hhx %5.1f%%", 511, 99.95));
}

int main(void)
{
	SHOW(setlocale(LC_ALL, "C.UTF-8"));
	floats();
	huge();
	integers();
	long_doubles();
	scans();
	streams();
	return 0;
}
