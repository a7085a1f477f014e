/* Headers: wchar.h wctype.h uchar.h iconv.h
 * UTF-8 at its edges, wide strings and streams, conversions between character sets. */
#include <iconv.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <time.h>
#include <uchar.h>
#include <wchar.h>
#include <wctype.h>
#include "lib_log.h"

static const char *const sequences[] = {
	"",
	"a",
	"\x7f",
	"\x80",
	"\xbf",
	"\xc0\x80",
	"\xc1\xbf",
	"\xc2\x80",
	"\xc2\xc0",
	"\xdf\xbf",
	"\xe0\x80\x80",
	"\xe0\x9f\xbf",
	"\xe0\xa0\x80",
	"\xed\x9f\xbf",
	"\xed\xa0\x80",
	"\xee\x80\x80",
	"\xef\xbf\xbf",
	"\xf0\x80\x80\x80",
	"\xf0\x8f\xbf\xbf",
	"\xf0\x90\x80\x80",
	"\xf4\x8f\xbf\xbf",
	"\xf4\x90\x80\x80",
	"\xf5\x80\x80\x80",
	"\xff",
	"\xe2\x82",
	"\xe2\x82\xac",
	"\xf0\x9f",
	"\xf0\x9f\x98\x80",
	"\xfc\x80\x80\x80\x80\x80",
};

static void decode(void)
{
	size_t i, k;

	for (i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
		const char *s = sequences[i];
		size_t n = strlen(s);
		mbstate_t state = {0};
		wchar_t w = 0;
		char16_t h = 0;
		char32_t c = 0;
		long r;

		r = mbrtowc(&w, s, n, &state);
		SAY("%zu: mbrtowc %ld %x", i, r, (unsigned)w);
		memset(&state, 0, sizeof(state));
		for (k = 0; k < n; k++) {
			r = mbrtowc(&w, s + k, 1, &state);
			SAY("  byte %zu: %ld %x %d", k, r, (unsigned)w, !!mbsinit(&state));
			if (r == -1)
				break;
		}
		mblen(NULL, 0);
		SAY("  mblen %d mbtowc %d mbrlen %ld", mblen(s, n), mbtowc(&w, s, n),
			(long)mbrlen(s, n, NULL));
		mbrlen(NULL, 0, NULL);
		memset(&state, 0, sizeof(state));
		r = mbrtoc16(&h, s, n, &state);
		SAY("  c16 %ld %x", r, (unsigned)h);
		r = mbrtoc16(&h, s + n, 0, &state);
		SAY("  c16 %ld %x", r, (unsigned)h);
		memset(&state, 0, sizeof(state));
		r = mbrtoc32(&c, s, n, &state);
		SAY("  c32 %ld %x", r, (unsigned)c);
	}
}

static void encode(void)
{
	static const unsigned characters[] = {
		0,
		0x41,
		0x7f,
		0x80,
		0x7ff,
		0x800,
		0xd7ff,
		0xd800,
		0xdfff,
		0xe000,
		0xffff,
		0x10000,
		0x10ffff,
		0x110000,
		0xffffffff,
	};
	char s[MB_LEN_MAX + 1];
	mbstate_t state = {0};
	size_t i;

	for (i = 0; i < sizeof(characters) / sizeof(*characters); i++) {
		memset(s, 0, sizeof(s));
		SAY("%x: %ld", characters[i], (long)wcrtomb(s, characters[i], &state));
		SHOW(s);
		SAY("%d %ld %d", wctomb(s, characters[i]), (long)c32rtomb(s, characters[i], NULL),
			wctob(characters[i]));
	}
	SHOW(c16rtomb(s, 0xd83d, &state));
	SHOW(c16rtomb(s, 0xde00, &state));
	SHOW(c16rtomb(s, 0xde00, &state));
	SHOW(btowc('a'));
	SHOW(btowc(0xe9));
	SHOW(btowc(EOF) == (wint_t)WEOF);
}

static void strings(void)
{
	const char *from = "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80 end";
	const wchar_t *wide_from = L"wide \x20ac text";
	wchar_t w[50], v[50];
	char s[50];
	mbstate_t state = {0};

	SHOW(mbstowcs(NULL, from, 0));
	SHOW(mbstowcs(w, from, 50));
	SHOW(w);
	SHOW(mbsrtowcs(w, &from, 4, &state));
	SHOW(from);
	SHOW(mbsnrtowcs(v, &from, 3, 50, &state));
	SHOW(from);
	SHOW(mbstowcs(w, "bad \xff", 50));
	SHOW(wcstombs(NULL, wide_from, 0));
	SHOW(wcstombs(s, wide_from, 50));
	SHOW(s);
	SHOW(wcstombs(s, wide_from, 7));
	SHOW(wcsrtombs(s, &wide_from, 7, &state));
	SHOW(wide_from);
	SHOW(wcsnrtombs(s, &wide_from, 2, 50, &state));
	SHOW(wcstombs(s, L"\xd800", 50));
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

static void functions(void)
{
	wchar_t a[50] = L"one", b[50], list[] = L"a,b;c", *save = NULL, *end = NULL;
	locale_t posix = newlocale(LC_ALL_MASK, "C.UTF-8", 0);

	SHOW(wcslen(a));
	SHOW(wcsnlen(a, 2));
	SHOW(wcscpy(b, a));
	SHOW(wcscat(b, L"two"));
	SHOW(wcsncat(b, L"three", 2));
	SHOW(wcsncpy(b, L"abc", 5));
	SHOW(wcpcpy(b, L"pp") - b);
	SHOW(wcpncpy(b, L"pppp", 2) - b);
	SHOW(sign(wcscmp(L"a", L"b")));
	SHOW(sign(wcsncmp(L"ab", L"ac", 1)));
	SHOW(sign(wcscasecmp(L"ABC", L"abd")));
	SHOW(sign(wcsncasecmp(L"ABC", L"abd", 2)));
	SHOW(sign(wcscasecmp_l(L"\xc9", L"\xe9", posix)));
	SHOW(sign(wcsncasecmp_l(L"X", L"x", 1, posix)));
	SHOW(sign(wcscoll(L"a", L"b")));
	SHOW(sign(wcscoll_l(L"a", L"b", posix)));
	SHOW(wcsxfrm(b, L"text", 50));
	SHOW(wcsxfrm_l(b, L"text", 3, posix));
	SHOW(wcschr(L"a/b", L'/'));
	SHOW(wcsrchr(L"a/b/c", L'/'));
	SHOW(wcspbrk(L"k=v", L":="));
	SHOW(wcsspn(L"aab", L"a"));
	SHOW(wcscspn(L"aab", L"b"));
	SHOW(wcsstr(L"haystack needle", L"need"));
	SHOW(wcswcs(L"abc", L"x"));
	SHOW(wcstok(list, L",;", &save));
	SHOW(wcstok(NULL, L",;", &save));
	SHOW(wmemchr(L"abc", L'c', 3));
	SHOW(sign(wmemcmp(L"abc", L"abd", 3)));
	SHOW(wmemcpy(b, L"xyz", 4));
	SHOW(wmemmove(b + 1, b, 4));
	SHOW(wmemset(b, L'm', 3));
	SHOW(wcswidth(L"wide \x4e00\x0301", 10));
	SHOW(wcwidth(L'\t'));
	SHOW(wcstol(L" -0x1fg", &end, 16));
	SHOW(end);
	SHOW(wcstoul(L"077", NULL, 0));
	SHOW(wcstoll(L"-9223372036854775809", NULL, 10));
	SHOW(wcstoull(L"18446744073709551615", NULL, 10));
	SHOW(wcstod(L"  1.5e3x", &end));
	SHOW(end);
	SHOW(wcstof(L"0x1p-3", NULL));
	CHECK(wcstold(L"2.5", NULL) == 2.5L);
	{
		wchar_t *copy = wcsdup(L"copy");

		SHOW(copy);
		free(copy);
	}
	SHOW(wcsftime(b, 50, L"%Y-%m-%d %H:%M", gmtime(&(time_t){1000000000})));
	SHOW(b);
	SHOW(wcsftime_l(b, 50, L"%A %B", gmtime(&(time_t){0}), posix));
	SHOW(b);
}

static void streams(void)
{
	FILE *f = tmpfile();
	wchar_t w[50];
	int n = 0;
	double d = 0;

	SHOW(fwide(f, 0));
	SHOW(fwide(f, 1));
	SHOW(fputwc(L'\x20ac', f));
	SHOW(putwc(L'x', f));
	SHOW(fputws(L"wide\nline\n", f));
	SHOW(fwprintf(f, L"%d %ls %s %5.2f\n", 42, L"ls", "s", 2.5));
	rewind(f);
	SHOW(fgetwc(f));
	SHOW(getwc(f));
	SHOW(ungetwc(L'\xe9', f));
	SHOW(fgetws(w, 50, f));
	SHOW(fgetws(w, 3, f));
	SHOW(fgetws(w, 50, f));
	SHOW(fwscanf(f, L"%d %ls %*s %lf", &n, w, &d));
	SAY("%d %a", n, d);
	SHOW(w);
	SHOW(ftell(f));
	SHOW(fgetc(f));
	SHOW(fclose(f));
	SHOW(swprintf(w, 50, L"%5d|%-5ls|%.2s|%lc", 7, L"ab", "xyz", (wint_t)0xe9));
	SHOW(w);
	SHOW(swprintf(w, 3, L"%s", "too long"));
	SHOW(swscanf(L"12 \xe9t\xe9 0x10", L"%d %ls %i", &n, w, &n));
	SHOW(w);
	SHOW(n);
	f = fopen("bad", "w+");
	fputs("ok\xff", f);
	rewind(f);
	SHOW(fgetwc(f));
	SHOW(fgetwc(f));
	SHOW(fgetwc(f));
	SHOW(ferror(f) != 0);
	SHOW(fclose(f));
	remove("bad");
	{
		wchar_t *text = NULL;
		size_t size = 0;

		f = open_wmemstream(&text, &size);
		fputws(L"in memory", f);
		SHOW(fclose(f));
		SHOW(text);
		SHOW(size);
		free(text);
	}
}

static void convert(const char *to, const char *from, const char *bytes, size_t n)
{
	char buffer[200], *out = buffer, *in = (char *)bytes;
	size_t n_out = sizeof(buffer), n_in = n, i;
	iconv_t cd = iconv_open(to, from);
	long r;

	if (cd == (iconv_t)-1) {
		SAY("%s to %s: %s", from, to, strerror(errno));
		return;
	}
	errno = 0;
	r = iconv(cd, &in, &n_in, &out, &n_out);
	printf("%s to %s: %ld %d, %zu left:", from, to, r, errno, n_in);
	for (i = 0; i < sizeof(buffer) - n_out; i++)
		printf(" %02x", (unsigned char)buffer[i]);
	puts("");
	SHOW(iconv(cd, NULL, NULL, NULL, NULL));
	SHOW(iconv_close(cd));
}

static void sets(void)
{
	static const char *const names[] = {
		"UTF-8",
		"UTF-16",
		"UTF-16LE",
		"UTF-16BE",
		"UTF-32",
		"UTF-32LE",
		"UCS-2",
		"UCS2",
		"ASCII",
		"ISO-8859-1",
		"ISO-8859-15",
		"LATIN1",
		"CP1252",
		"KOI8-R",
		"WCHAR_T",
		"SHIFT_JIS",
		"EUC-JP",
		"GB18030",
		"BIG5",
		"EUC-KR",
		"ISO-2022-JP",
		"UTF-7",
		"none",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		convert(names[i], "UTF-8",
			"A\xc3\xa9\xe2\x82\xac\xd0\x96\xe4\xb8\x80\xf0\x9f\x98\x80", 15);
		convert("UTF-8", names[i], "A\xe9\xa4\xb0\xa1\x41\x42", 7);
	}
	convert("UTF-16LE", "utf8", "x\xe2\x82", 3);
	convert("UTF-8", "UTF-16", "\xfe\xff\0A\xd8\x3d\xde\0", 8);
	convert("ISO-8859-1//TRANSLIT", "UTF-8", "\xe2\x82\xac", 3);
}

int main(void)
{
	SHOW(setlocale(LC_ALL, ""));
	SHOW(setlocale(LC_ALL, "C.UTF-8"));
	SHOW((int)MB_CUR_MAX);
	decode();
	encode();
	strings();
	functions();
	streams();
	sets();
	SHOW(setlocale(LC_ALL, "C"));
	SHOW((int)MB_CUR_MAX);
	SHOW(mbtowc(&(wchar_t){0}, "\xe9", 1));
	SHOW(btowc(0xe9));
	SHOW(wctob(0xdfe9));
	SHOW(wctomb((char[8]){0}, 0xe9));
	return 0;
}
