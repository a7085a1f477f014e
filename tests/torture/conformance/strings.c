/* C11 6.4.5: string literals of each prefix, escapes, concatenation; as initialisers and as pointers
 * that live across calls. */
#include "lib_conformance.h"
#include <uchar.h>
#include <wchar.h>

#define DUMP(s) dump(#s, s, sizeof(s), sizeof((s)[0]))

static NOINLINE void dump(const char *text, const void *bytes, size_t n, size_t unit)
{
	const unsigned char *b = bytes;

	printf("%s: %zu of %zu:", text, n / unit, unit);
	for (size_t i = 0; i < n; i += unit) {
		unsigned v = 0;
		for (size_t k = unit; k--;)
			v = v << 8 | b[i + k];
		printf(" %x", v);
		tick();
	}
	puts("");
}

static const char *const names[] = {"zero", "one" "two", "th\x72" "ee", "\061\62\0633"};
static const wchar_t *const wide[] = {L"z\xe9ro", L"o\u20acne"};

int main(void)
{
	char a[] = "abc", b[3] = "xyz", c[6] = "de";
	wchar_t w[] = L"w\U0001F600";
	char16_t h[] = u"h\U0001F600\u00e9";
	char32_t f[4] = U"\U0001F600f";
	const char *p = "static", *q = p + 2;

	DUMP(a), DUMP(b), DUMP(c), DUMP(w), DUMP(h), DUMP(f);
	DUMP(u8"\u00e9\u20ac\U0001F600"), DUMP("a\0b"), DUMP(""), DUMP(L"x" "y"), DUMP("p" u8"q");
	DUMP("tab\tquote\"back\\bell\a"), DUMP("\1234"), DUMP("\x41" "B");
	for (unsigned i = 0; i < 4; i++) {
		const char *name = VIA(names[i]);
		tick();
		printf("%s %zu %c %s\n", name, strlen(name), VIA(name)[1], q);
		if (i < 2)
			printf("%d %d\n", (int)VIA(wide[i])[1], (int)wcslen(wide[i]));
	}
	SHOW(__func__), SHOW(VIA(__func__)[0]), SHOW(sizeof __func__);
	b[0] = *VIA("Q");
	printf("%.3s\n", b);
	return 0;
}
