/* Numbers to text and back: long double is IEEE quad on every ISA. Expected values: exact, or by
 * the definition of the format. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "lib_check.h"

static char text[400];

static const char *format(const char *f, ...)
{
	va_list ap, again;

	va_start(ap, f);
	va_copy(again, ap);
	vsnprintf(text, sizeof(text), f, ap);
	vsnprintf(text, sizeof(text), f, again);
	va_end(again);
	va_end(ap);
	return text;
}

static void to_text(void)
{
	CHECK_STRING(format("%d %i %u %x %X %o", -1, 2, 3u, 0xbeefu, 0xBEEFu, 8u), "-1 2 3 beef BEEF 10");
	CHECK_STRING(format("%hhd %hd %ld %lld %zu %jd %td", 300, 70000, -5L, 1LL << 62, (size_t)7,
		(intmax_t)-8, (ptrdiff_t)9), "44 4464 -5 4611686018427387904 7 -8 9");
	CHECK_STRING(format("[%5d|%-5d|%05d|%+d|% d|%#x|%.3d]", 42, 42, 42, 42, 42, 42, 4),
		"[   42|42   |00042|+42| 42|0x2a|004]");
	CHECK_STRING(format("[%s|%10s|%-10s|%.2s|%c|%%]", "abc", "abc", "abc", "abc", 'x'),
		"[abc|       abc|abc       |ab|x|%]");
	CHECK_STRING(format("%f %e %g %G %a", 0.1, 12345.678, 1e100, 1e-10, 1.0),
		"0.100000 1.234568e+04 1e+100 1E-10 0x1p+0");
	CHECK_STRING(format("%.17g %.0f %.3f %10.2f|%-10.2f|", 0.1, 2.5, 2.0005, 3.14159, 3.14159),
		"0.10000000000000001 2 2.001       3.14|3.14      |");
	CHECK_STRING(format("%.50f", 0.1), "0.10000000000000000555111512312578270211815834045410");
	CHECK_STRING(format("%f %F %g %g", INFINITY, -INFINITY, NAN, -0.0), "inf -INF nan -0");
	CHECK_STRING(format("%.0f", DBL_MAX),
		"179769313486231570814527423731704356798070567525844996598917476803157260780028"
		"538760589558632766878171540458953514382464234321326889464182768467546703537516"
		"986049910576551282076245490090389328944075868508455133942304583236903222948165"
		"808559332123348274797826204144723168738177180919299881250404026184124858368");
	CHECK_STRING(format("%Lf %Le %.36Lg", 1.5L, 1e4000L, 0.1L),
		"1.500000 1.000000e+4000 0.100000000000000000000000000000000005");
	CHECK_STRING(format("%La", 1.0L), "0x1p+0");
	CHECK_STRING(format("%d %Lf %d %Lg %s", 1, 2.5L, 3, 4.25L, "end"), "1 2.500000 3 4.25 end");
	CHECK_STRING(format("%2$s %1$s", "a", "b"), "b a");
}

static void from_text(void)
{
	char *end;
	int i;
	double d;
	long double q;
	char word[10];

	CHECK(strtod("0.1", NULL) == 0.1);
	CHECK(strtod("1.7976931348623157e308", NULL) == DBL_MAX);
	CHECK(strtod("4.9406564584124654e-324", NULL) == DBL_TRUE_MIN);
	CHECK(strtod("0x1.8p3", &end) == 12 && *end == 0);
	CHECK(strtod("1e400", NULL) == HUGE_VAL);
	CHECK(isnan(strtod("nan", NULL)));
	CHECK(strtold("0.1", NULL) == 0.1L && strtold("0.1", NULL) != (long double)0.1);
	CHECK(strtold("1.18973149535723176508575932662800702e+4932", NULL) == LDBL_MAX);
	CHECK(strtof("3.4028235e38", NULL) == FLT_MAX);
	CHECK(strtol("-0x7f", &end, 16) == -127 && *end == 0);
	CHECK(strtoull("18446744073709551615", NULL, 10) == UINT64_MAX);
	CHECK(sscanf("12 3.5 0.1 word", "%d %lf %Lf %9s", &i, &d, &q, word) == 4);
	CHECK(i == 12 && d == 3.5 && q == 0.1L && strcmp(word, "word") == 0);
}

static void arithmetic(void)
{
	volatile long double a = 1, b = 3;
	volatile double x = 2;
	volatile float f = 2;

	CHECK_STRING(format("%.33Lf", a / b), "0.333333333333333333333333333333333");
	CHECK(sizeof(long double) == 16 && LDBL_MANT_DIG == 113);
	CHECK((a / b) * b == 1.0L);
	CHECK((double)(a / b) == 1.0 / 3 && (int64_t)(b * 1e10L) == 30000000000);
	CHECK_STRING(format("%.17g", sqrt(x)), "1.4142135623730951");
	CHECK_STRING(format("%.9g", sqrtf(f)), "1.41421354");
	CHECK_STRING(format("%.34Lg", sqrtl(2.0L)), "1.414213562373095048801688724209698");
	CHECK_STRING(format("%.17g %.17g", sin(1.0), cos(1.0)),
		"0.8414709848078965 0.54030230586813977");
	CHECK_STRING(format("%.17g %.17g", exp(1.0), log(10.0)), "2.7182818284590451 2.3025850929940459");
	CHECK_STRING(format("%.17g", pow(2.0, 0.5)), "1.4142135623730951");
	CHECK(floor(-1.5) == -2 && ceil(-1.5) == -1 && trunc(-1.5) == -1 && round(-1.5) == -2);
	CHECK(rint(2.5) == 2 && lrint(3.5) == 4 && fmod(7, 3) == 1 && fma(2, 3, 4) == 10);
	CHECK(fabs(-x) == 2 && isnan(sqrt(-x)) && copysign(1, -x) == -1);
}

int main(void)
{
	to_text();
	from_text();
	arithmetic();
	return check_failures();
}
