/* Headers: regex.h fnmatch.h
 * Patterns of all kinds against texts, with every submatch. */
#include <fnmatch.h>
#include <locale.h>
#include <regex.h>
#include "lib_log.h"

static void try(const char *pattern, int flags, const char *text, int how)
{
	regmatch_t m[6];
	regex_t r;
	char message[100];
	int i, error = regcomp(&r, pattern, flags);

	printf("/%s/ %d", pattern, flags);
	if (error != 0) {
		size_t n = regerror(error, &r, message, sizeof(message));

		SAY(": %s %zu", message, n);
		return;
	}
	printf(" (%zu) '%s':", r.re_nsub, text);
	error = regexec(&r, text, 6, m, how);
	if (error != 0)
		printf(" %d", error);
	for (i = 0; error == 0 && !(flags & REG_NOSUB) && i < 6; i++)
		printf(" %d-%d", (int)m[i].rm_so, (int)m[i].rm_eo);
	puts("");
	regfree(&r);
}

static const char *const extended[][2] = {
	{"abc", "xabcx"},
	{"a*b+c?", "aabbbc"},
	{"(a|ab)(c|bcd)(d*)", "abcd"},
	{"^$", ""},
	{"^a.c$", "abc"},
	{"[a-c]+[^a-c]", "abcd"},
	{"[[:alpha:]]+([[:digit:]]{2,3})", "..abc1234"},
	{"(a*)*", "aaa"},
	{"(a*)+", "b"},
	{"(|a)+", "aaa"},
	{"a{2}", "aaa"},
	{"a{2,}", "a"},
	{"a{,2}", "aaa"},
	{"(foo|foobar)(bar)?", "foobar"},
	{"x*", "aaa"},
	{"()", "a"},
	{"(a)(b)(c)(d)(e)(f)", "abcdef"},
	{"[]a]+", "]a"},
	{"[^]a]", "]ab"},
	{"[a\\]+", "a\\"},
	{"\\.\\*\\[", ".*["},
	{"a|b|", "c"},
	{"(a|b)*abb", "ababaabb"},
	{"[[.a.]-[.c.]]", "b"},
	{"[[=a=]]", "a"},
	{"\\bword\\b", "a word b"},
	{"\\<w", "a word"},
	{"d\\>", "a word b"},
	{"\\w+\\W\\w+", "one two"},
	{"\\s\\S", "a b"},
	{"(^a|b$)", "cb"},
	{"(([a-z]+)=([0-9]*);?)+", "ab=12;c=3"},
	{"\xc3\xa9+", "caf\xc3\xa9\xc3\xa9"},
	{"c.f.$", "caf\xc3\xa9"},
	{"[\xc3\xa0-\xc3\xbc]", "\xc3\xa9"},
	{"(", "x"},
	{")", "x"},
	{"[a", "x"},
	{"a{1", "x"},
	{"a{2,1}", "x"},
	{"*a", "x"},
	{"a**", "aa"},
	{"[[:none:]]", "x"},
	{"[b-a]", "x"},
	{"a{256}", "x"},
	{"\\", "x"},
	{"(a)\\1", "aa"},
	{"a+?", "aaa"},
	{"^*", "*"},
	{"a\\{2", "a{2"},
	{"(a{1,2}){1,3}", "aaaaa"},
	{"((a)|(b))*", "ab"},
};

static const char *const basic[][2] = {
	{"a\\{2,3\\}", "aaaa"},
	{"\\(a*\\)b\\1", "aabaa"},
	{"a\\|b", "b"},
	{"a\\+", "aaa"},
	{"*a", "*a"},
	{"^*ab", "*ab"},
	{"a^b", "a^b"},
	{"a$b", "a$b"},
	{"\\(^a\\)", "a"},
	{"\\(", "x"},
	{"\\)", "x"},
	{"\\{", "x"},
	{"a\\{1", "x"},
	{"\\(a\\)\\(b\\)*", "abb"},
	{"\\2", "x"},
	{"[a-]", "-"},
	{"a(b)", "a(b)"},
	{"\\(\\(a\\)*\\)*x\\2", "aaxa"},
	{"x\\?y", "y"},
};

static void matches(void)
{
	size_t i;

	for (i = 0; i < sizeof(extended) / sizeof(*extended); i++) {
		try(extended[i][0], REG_EXTENDED, extended[i][1], 0);
		try(extended[i][0], REG_EXTENDED | REG_ICASE | REG_NEWLINE, "B\nABC\n\nab", 0);
	}
	for (i = 0; i < sizeof(basic) / sizeof(*basic); i++)
		try(basic[i][0], 0, basic[i][1], 0);
	try("^a", REG_EXTENDED, "a", REG_NOTBOL);
	try("a$", REG_EXTENDED, "a", REG_NOTEOL);
	try("(a)b", REG_EXTENDED | REG_NOSUB, "ab", 0);
	try("A[B-D]", REG_ICASE, "xaCx", 0);
	try("\xc3\x89", REG_ICASE, "\xc3\xa9", 0);
	for (i = 0; i < 16; i++) {
		char message[60];

		regerror((int)i, NULL, message, sizeof(message));
		SHOW(message);
	}
}

static const char *const globs[][2] = {
	{"*", ""},
	{"*", "a/b"},
	{"*", ".a"},
	{"?", "a"},
	{"?", ""},
	{"a*b*c", "aXbYc"},
	{"[a-c]x", "bx"},
	{"[!a-c]x", "bx"},
	{"[^a-c]x", "dx"},
	{"[]]", "]"},
	{"[[:upper:]]*", "Abc"},
	{"a\\*", "a*"},
	{"a\\*", "a\\b"},
	{"*/b", "a/b"},
	{"*/b", "a/c/b"},
	{"a/*", "a/.b"},
	{"**", "x"},
	{"[a", "[a"},
	{"\\", "\\"},
	{"*.c", "x.C"},
	{"\xc3\xa9?", "\xc3\xa9\xc3\xa9"},
	{"[\xc3\xa0-\xc3\xbc]", "\xc3\xa9"},
	{"a", "a/b"},
	{"*a*a*a*b", "aaaaaaaaaaaaaaaaaac"},
	{"[a-]", "-"},
	{"", ""},
	{"[[.a.]]", "a"},
	{"[[=a=]]", "a"},
	{"?*?", "ab"},
	{"a[/]b", "a/b"},
	{".*", ".x"},
	{"x/.*", "x/.y"},
};

static void names(void)
{
	static const int flags[] = {0, FNM_PATHNAME, FNM_PERIOD, FNM_NOESCAPE, FNM_CASEFOLD,
		FNM_LEADING_DIR, FNM_PATHNAME | FNM_PERIOD};
	size_t i, k;

	for (i = 0; i < sizeof(globs) / sizeof(*globs); i++) {
		printf("%s %s:", globs[i][0], globs[i][1]);
		for (k = 0; k < sizeof(flags) / sizeof(*flags); k++)
			printf(" %d", fnmatch(globs[i][0], globs[i][1], flags[k]));
		puts("");
	}
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	matches();
	names();
	return 0;
}
