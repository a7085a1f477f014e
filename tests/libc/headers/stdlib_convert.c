/* Headers: stdlib.h inttypes.h stdint.h
 * Numbers from text: strtod at round-half cases, denormals, overflow; strtol and its kin. */
#include <fenv.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <wchar.h>
#include "lib_log.h"

static const char *const texts[] = {
	"0",
	"-0",
	"1",
	"1.",
	".5",
	".",
	"",
	" +7",
	"- 1",
	"1e5",
	"1e+5",
	"1e-5",
	"1e",
	"1e+",
	"1E400",
	"-1e400",
	"1e-400",
	"9007199254740993",
	"9007199254740993.00000000000000000000000000000000000000000001",
	"9007199254740992.99999999999999999999999999999999999",
	"9007199254740991.5",
	"9007199254740995",
	"2.2250738585072011e-308",
	"2.2250738585072012e-308",
	"2.2250738585072014e-308",
	"4.9406564584124654e-324",
	"2.4703282292062327208e-324",
	"2.4703282292062327209e-324",
	"2.47032822920623272088284396434110686182e-324",
	"2.47032822920623272088284396434110686183e-324",
	"7.4109846876186981626485318930233205854e-324",
	"1.7976931348623157e308",
	"1.7976931348623158e308",
	"1.7976931348623159e308",
	"1.797693134862315807e308",
	"1.7976931348623158079372897140530341507993413271003782693617377898044e308",
	"1.7976931348623158079372897140530341507993413271003782693617377898045e308",
	"0.500000000000000166533453693773481063544750213623046875",
	"0.50000000000000016653345369377348106354475021362304687",
	"3.518437208883201171875e13",
	"62.5364939768271845828",
	"8.10109172351e-10",
	"1.50000000000000011102230246251565",
	"1.00000000000000011102230246251565404236316680908203125",
	"1.00000000000000011102230246251565404236316680908203124",
	"1.00000000000000011102230246251565404236316680908203126",
	"8.5e22",
	"1e23",
	"123456789012345678901234567890",
	"6929495644600919.5",
	"3.4028234e38",
	"3.4028235e38",
	"3.40282357e38",
	"1.17549435e-38",
	"1.4e-45",
	"7e-46",
	"7.1e-46",
	"0.000000000000000000000000000000000000000000000000000000000000000000000000000001e78",
	"inf",
	"INFINITYx",
	"-infi",
	"nan",
	"NaN(0x12)",
	"nan(",
	"nan(a-b)",
	"0x1p0",
	"0x.8",
	"0x1.8p1",
	"0x",
	"0x.",
	"0x1p",
	"0xp1",
	"0x1.fffffffffffff8p0",
	"0x1.fffffffffffff7p0",
	"0x1.00000000000008p0",
	"0x1.00000000000018p0",
	"0x1.000000000000080000000000000000001p0",
	"0x1p-1074",
	"0x1p-1075",
	"0x1.8p-1075",
	"0x0.0000000000001p-1022",
	"0x1p1024",
	"0x1.fffffffffffffp1023",
	"0x1.fffffffffffff8p1023",
	"0x1p99999999999999999999",
	"0x1p-99999999999999999999",
	"1e99999999999999999999",
	"1e-99999999999999999999",
	"0e99999999999999999999",
	"\t\n\v\f\r 12",
	"1,5",
	"1_0",
	"--1",
	"+-1",
	"e5",
	"0b11",
};

static void floats(void)
{
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char *end, *end_f, *end_l;
		double d;
		float f;
		long double l;
		int error;

		errno = 0;
		d = strtod(texts[i], &end);
		error = errno;
		f = strtof(texts[i], &end_f);
		l = strtold(texts[i], &end_l);
		if (d != d)
			SAY("%s: nan %d %d", texts[i], (int)(end - texts[i]), error);
		else
			SAY("%s: %a %d %d; %a %d; %d", texts[i], d, (int)(end - texts[i]), error, f,
				(int)(end_f - texts[i]), (int)(end_l - texts[i]));
		CHECK(l != l || fabs(d) <= DBL_MIN || isinf(d) ||
			fabsl(l - d) <= fabsl(l) * DBL_EPSILON);
	}
	SHOW(atof("2.5x"));
}

/* Random digits, printed and read again, in each rounding mode. */
static void round_trips(void)
{
	static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
	uint64_t x = 88172645463325252u;
	int i, k;

	for (k = 0; k < 4; k++) {
		uint64_t h = HASH_START, hf = h;

		SHOW(fesetround(modes[k]));
		for (i = 0; i < 3000; i++) {
			char text[400];
			double d;

			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			memcpy(&d, &x, sizeof(d));
			if (d != d || isinf(d))
				continue;
			snprintf(text, sizeof(text), "%.*g", (int)(x % 25), d);
			HASH_STRING(h, text);
			HASH_DOUBLE(h, strtod(text, NULL));
			if (modes[k] == FE_TONEAREST)
				HASH_DOUBLE(h, strtof(text, NULL));
			else
				HASH_DOUBLE(hf, strtof(text, NULL));
			if (modes[k] == FE_TONEAREST) {
				snprintf(text, sizeof(text), "%.17g", d);
				CHECK(strtod(text, NULL) == d);
			}
			snprintf(text, sizeof(text), "%d.%de%d", (int)(x & 0xffff), (int)(x >> 36),
				(int)(x % 600) - 300);
			HASH_DOUBLE(h, strtod(text, NULL));
		}
		SHOW(h);
		/* Beyond the range of float the rounding of quad is to nearest. */
		SAY("~strtof: %llx", (unsigned long long)hf);
		fesetround(FE_TONEAREST);
	}
}

#define INTEGER(f, text, base) \
	do { \
		char *end_; \
		errno = 0; \
		__typeof__(f(text, NULL, base)) value_ = f(text, &end_, base); \
		SAY("%s(\"%s\", %d): %" PRIdMAX " %d %d", #f, text, base, (intmax_t)value_, \
			(int)(end_ - (text)), errno); \
	} while (0)

static void integers(void)
{
	static char *const words[] = {
		"0",
		"10",
		"-10",
		"+10",
		"  42abc",
		"0x",
		"0x1F",
		"-0x80",
		"077",
		"08",
		"zz",
		"",
		"-",
		"+",
		"2147483647",
		"2147483648",
		"-2147483649",
		"9223372036854775807",
		"9223372036854775808",
		"-9223372036854775808",
		"-9223372036854775809",
		"18446744073709551615",
		"18446744073709551616",
		"-1",
		"-18446744073709551615",
		"99999999999999999999999",
		"0b101",
		" \t\n-7",
		"1e5",
	};
	static const int bases[] = {0, 2, 8, 10, 16, 36};
	size_t i, k;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		for (k = 0; k < 6; k++) {
			INTEGER(strtol, words[i], bases[k]);
			INTEGER(strtoul, words[i], bases[k]);
			INTEGER(strtoll, words[i], bases[k]);
			INTEGER(strtoull, words[i], bases[k]);
			INTEGER(strtoimax, words[i], bases[k]);
			INTEGER(strtoumax, words[i], bases[k]);
		}
	INTEGER(strtol, "1", 1);
	INTEGER(strtol, "1", 37);
	SHOW(atoi(" -12x"));
	SHOW(atol("2147483648"));
	SHOW(atoll("-9223372036854775808"));
}

static void division(void)
{
	div_t d = div(-7, 2);
	ldiv_t l = ldiv(7, -2);
	lldiv_t ll = lldiv(LLONG_MIN, 3);
	imaxdiv_t m = imaxdiv(INTMAX_MAX, -10);

	SAY("%d %d %ld %ld %lld %lld", d.quot, d.rem, l.quot, l.rem, ll.quot, ll.rem);
	SAY("%" PRIdMAX " %" PRIdMAX, m.quot, m.rem);
	SHOW(abs(-5));
	SHOW(labs(LONG_MIN + 1));
	SHOW(llabs(-5));
	SHOW(imaxabs(INTMAX_MIN + 1));
	SHOW(wcstoimax(L"-123x", NULL, 10));
	SHOW(wcstoumax(L"0x10", NULL, 0));
	SAY("%" PRId8 " %" PRIu16 " %" PRIx32 " %" PRIo64 " %" PRIXPTR " %" PRIdFAST16
	    " %" PRIuLEAST8,
		INT8_MIN, UINT16_MAX, UINT32_MAX, UINT64_MAX, (uintptr_t)0xabc, (int_fast16_t)-3,
		(uint_least8_t)200);
	{
		int8_t a;
		int16_t b;
		int64_t c;

		SHOW(sscanf("-5 0x10 99", "%" SCNd8 " %" SCNi16 " %" SCNd64, &a, &b, &c));
		SAY("%d %d %" PRId64, a, b, c);
	}
	SHOW(INT64_C(-5) / 2);
	SHOW(UINT64_C(0xffffffffffffffff));
	SHOW(SIZE_MAX);
	SHOW(PTRDIFF_MIN);
	SHOW(WCHAR_MIN);
	SHOW(WCHAR_MAX);
	SHOW(WINT_MAX);
	SHOW(SIG_ATOMIC_MAX);
	SHOW(sizeof(int_fast16_t) + sizeof(int_fast32_t) + sizeof(intmax_t));
}

static void old_forms(void)
{
	char buffer[50];
	int point = 0, sign = 0;

	SHOW(ecvt(1234.5678, 6, &point, &sign));
	SAY("%d %d", point, sign);
	SHOW(fcvt(-0.000123456, 6, &point, &sign));
	SAY("%d %d", point, sign);
	SHOW(gcvt(1e10 / 3, 10, buffer));
	SHOW(l64a(1234567));
	SHOW(a64l("5dRG2"));
	SHOW(l64a(0));
}

int main(void)
{
	floats();
	round_trips();
	integers();
	division();
	old_forms();
	return 0;
}
