/* Headers: ctype.h wctype.h
 * Every class and mapping of each byte and of all of Unicode. */
#include <ctype.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>
#include "lib_log.h"

#define CLASSES(X)                                                                                 \
	X(alnum)                                                                                   \
	X(alpha) X(blank) X(cntrl) X(digit) X(graph) X(lower) X(print) X(punct) X(space) X(upper)  \
		X(xdigit)

static locale_t posix;

#define BYTES(name) \
	static void bytes_##name(void) \
	{ \
		uint64_t h = HASH_START; \
		int c, n = 0; \
 \
		for (c = -1; c < 256; c++) { \
			HASH_LONG(h, !!(is##name)(c)); \
			n += !!(is##name)(c) + !!is##name(c); \
			CHECK(!(is##name)(c) == !is##name##_l(c, posix)); \
		} \
		SAY(#name ": %016llx %d", (unsigned long long)h, n); \
	}
CLASSES(BYTES)

#define WIDE(name)                                                                                 \
	static void wide_##name(void)                                                              \
	{                                                                                          \
		wctype_t class = wctype(#name);                                                    \
		uint64_t h = HASH_START;                                                           \
		long c, n = 0;                                                                     \
                                                                                                   \
		for (c = 0; c < 0x20000; c++) {                                                    \
			HASH_LONG(h, !!(isw##name)(c));                                            \
			n += !!(isw##name)(c);                                                     \
			if (c % 64 == 0) {                                                         \
				CHECK(!(isw##name)(c) == !iswctype(c, class));                     \
				CHECK(!(isw##name)(c) == !isw##name##_l(c, posix));                \
			}                                                                          \
		}                                                                                  \
		SAY("wide " #name ": %016llx %ld %d", (unsigned long long)h, n,                    \
			!!(isw##name)(WEOF));                                                      \
	}
CLASSES(WIDE)

int main(void)
{
	uint64_t h = HASH_START;
	wctrans_t up, down;
	long c, n = 0;

	SHOW(setlocale(LC_CTYPE, "C.UTF-8"));
	posix = newlocale(LC_ALL_MASK, "C.UTF-8", 0);
	up = wctrans("toupper");
	down = wctrans_l("tolower", posix);
#define CALL(name) bytes_##name(); wide_##name();
	CLASSES(CALL)
	for (c = -1; c < 256; c++) {
		HASH_LONG(h, (tolower)(c));
		HASH_LONG(h, (toupper)(c));
		CHECK(tolower_l(c, posix) == tolower(c) && toupper_l(c, posix) == toupper(c));
		HASH_LONG(h, c >= 0 ? isascii(c) + toascii(c) : 0);
	}
	SHOW(h);
	for (c = 0; c < 0x20000; c++) {
		HASH_LONG(h, towlower(c));
		HASH_LONG(h, towupper(c));
		HASH_LONG(h, wcwidth(c));
		n += towlower(c) != c;
		CHECK(c % 64 != 0 || (towctrans(c, up) == towupper(c) &&
					     towctrans_l(c, down, posix) == towlower(c)));
		CHECK(c % 64 != 0 || (towlower_l(c, posix) == towlower(c) &&
					     towupper_l(c, posix) == towupper(c)));
	}
	SHOW(h);
	SHOW(n);
	SHOW(wctype("no such"));
	SHOW(wctype_l("alpha", posix) != 0);
	SHOW(wctrans("no such"));
	SHOW(iswctype_l(L'a', wctype("alpha"), posix) != 0);
	SHOW(towlower(WEOF));
	return 0;
}
