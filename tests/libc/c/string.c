/* Copies, fills and comparisons of every size, alignment and overlap, against plain loops. */
/* every: 1009 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "lib_check.h"

#define ROOM 1000
#define MOST 300

static unsigned char got[ROOM], expected[ROOM], original[ROOM];


static void reset(unsigned seed)
{
	int i;

	for (i = 0; i < ROOM; i++) {
		seed = seed * 1664525 + 1013904223;
		got[i] = expected[i] = original[i] = (unsigned char)(seed >> 24);
	}
}

static void copies(size_t n)
{
	size_t to, from, i;

	for (to = 100; to < 117; to += 3)
		for (from = 500; from < 517; from += 5) {
			reset((unsigned)(n + to + from));
			for (i = 0; i < n; i++)
				expected[to + i] = original[from + i];
			CHECK(memcpy(got + to, got + from, n) == got + to);
			CHECK(memcmp(got, expected, ROOM) == 0);
		}
}

static void moves(size_t n)
{
	static const size_t starts[] = { 0, 1, 7, 16, 33, 64, 65, 100, 129, 255 };
	size_t a, b, i;

	for (a = 0; a < 10; a++)
		for (b = 0; b < 10; b++) {
			size_t to = 200 + starts[a], from = 200 + starts[b];

			reset((unsigned)(n + a + b));
			for (i = 0; i < n; i++)
				expected[to + i] = original[from + i];
			CHECK(memmove(got + to, got + from, n) == got + to);
			CHECK(memcmp(got, expected, ROOM) == 0);
		}
}

static void fills(size_t n)
{
	size_t to, i;

	for (to = 100; to < 117; to++) {
		reset((unsigned)(n + to));
		for (i = 0; i < n; i++)
			expected[to + i] = 0xa5;
		CHECK(memset(got + to, 0x7a5, n) == got + to);
		for (i = 0; i < ROOM; i++)
			CHECK(got[i] == expected[i]);
	}
}

static void comparisons(size_t n)
{
	size_t i;

	reset((unsigned)n);
	CHECK(memcmp(got + 3, expected + 3, n) == 0);
	for (i = 0; i < n; i++) {
		expected[3 + i] = (unsigned char)(got[3 + i] + 1);
		CHECK((memcmp(got + 3, expected + 3, n) < 0) == (got[3 + i] < expected[3 + i]));
		CHECK((memcmp(got + 3, expected + 3, n) > 0) == (got[3 + i] > expected[3 + i]));
		expected[3 + i] = got[3 + i];
	}
}

static void strings(void)
{
	char text[100] = "alpha,beta,,gamma", *rest = text;

	CHECK_LONG(strlen(text), 17);
	CHECK_STRING(strchr(text, 'b'), "beta,,gamma");
	CHECK_STRING(strrchr(text, ','), ",gamma");
	CHECK_STRING(strstr(text, "a,,"), "a,,gamma");
	CHECK(strcmp("a", "b") < 0 && strncmp("abc", "abd", 2) == 0 && strcasecmp("AbC", "aBc") == 0);
	CHECK_STRING(strsep(&rest, ","), "alpha");
	CHECK_STRING(rest, "beta,,gamma");
	CHECK_LONG(strspn("112233x", "123"), 6);
	CHECK_LONG(strcspn("abc,d", ",;"), 3);
	CHECK(memchr("abcdefghijklm", 0x6c, 13) != NULL &&
		memmem("abcde", 5, "cd", 2) != NULL);
	CHECK_STRING(strcat(strcpy(text, "one"), "two"), "onetwo");
	CHECK(strverscmp("f9", "f10") < 0 && strnlen("abc", 2) == 2);
}

int main(void)
{
	size_t n;

	for (n = 0; n < MOST; n++) {
		copies(n);
		moves(n);
		fills(n);
		comparisons(n);
	}
	strings();
	return check_failures();
}
