/* Headers: string.h strings.h memory.h
 * Each function over lengths and alignments; the sign of a comparison, never its size. */
#include <locale.h>
#include <memory.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib_log.h"

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

/* Blocks that end where memory ends: nothing may be read behind. */
static char *at_end(size_t n)
{
	static char *end;
	long page = sysconf(_SC_PAGESIZE);

	if (end == NULL) {
		char *base = mmap(
			NULL, page * 5, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		munmap(base + page * 4, page);
		end = base + page * 4;
	}
	return end - n;
}

static void blocks(void)
{
	static char a[600], b[600];
	uint64_t h = HASH_START;
	int from, to, n, i;

	for (i = 0; i < 600; i++)
		a[i] = i * 7 + i / 256;
	for (n = 0; n < 300; n += n < 70 ? 1 : 37)
		for (from = 0; from < 17; from += 3)
			for (to = 0; to < 17; to += 5) {
				memset(b, to, sizeof(b));
				CHECK(memcpy(b + to, a + from, n) == b + to);
				HASH_BYTES(h, b, n + to + 20);
				CHECK(mempcpy(b, a, n) == b + n);
				CHECK(memmove(b + from, b + to, n) == b + from);
				HASH_BYTES(h, b, n + 40);
				CHECK(memset(b + from, n, n) == b + from);
				HASH_BYTES(h, b, n + 40);
				HASH_LONG(h, sign(memcmp(a + from, b + to, n)));
				memcpy(b, a + from, n + 1);
				CHECK(memcmp(b, a + from, n) == 0 && bcmp(b, a + from, n) == 0);
				b[n] ^= 1;
				HASH_LONG(h, sign(memcmp(b, a + from, n + 1)));
			}
	SHOW(h);
	for (n = 0; n < 200; n++) {
		char *e = at_end(n);

		memset(e, 'x', n);
		CHECK(memchr(e, 'y', n) == NULL && memrchr(e, 'y', n) == NULL);
		CHECK(strnlen(e, n) == (size_t)n);
		memcpy(a, e, n);
		CHECK(memcmp(a, e, n) == 0);
		memmove(e, a, n);
		if (n == 0)
			continue;
		e[n - 1] = '\0';
		CHECK(strlen(e) == (size_t)n - 1 && strchr(e, 'y') == NULL && strcmp(e, a) <= 0);
		CHECK(strspn(e, "x") == (size_t)n - 1 && strcspn(e, "z") == (size_t)n - 1);
		CHECK(strstr(e, "xy") == NULL && strchrnul(e, 'q') == e + n - 1);
		CHECK(strcpy(a, e) == a && stpcpy(a, e) == a + n - 1 && strncmp(a, e, n + 5) == 0);
	}
	bzero(a, 5);
	SHOW(a[4]);
	bcopy("abc", a, 4);
	SHOW(a);
	explicit_bzero(a, 2);
	SHOW(a[1]);
	SHOW((char *)memccpy(b, "hello", 'l', 6) - b);
	SHOW(memccpy(b, "hello", 'z', 6));
	SHOW((char *)memmem("needle in hay", 13, "in", 2));
	SHOW(memmem("needle", 6, "need to", 7));
	SHOW((char *)memmem("aaaaaaaaaaaaaaaaaaaaaaaab", 25, "aaaaaaaab", 9));
	SHOW((char *)memrchr("abcabc", 'b', 6));
	swab("badcfe", b, 6);
	b[6] = 0;
	SHOW(b);
}

static void texts(void)
{
	char a[100] = "one", b[100], *save = NULL, *p, list[] = "a,b;;c", fields[] = "x::y",
	     again[] = " p  q ";
	uint64_t h = HASH_START;
	int i;

	SHOW(strcat(a, "two"));
	SHOW(strncat(a, "three", 3));
	SHOW(strncpy(b, "abc", 6));
	SHOW(b[5]);
	SHOW(stpncpy(b, "abcdef", 3) - b);
	SHOW(strlcpy(b, "truncated", 5));
	SHOW(b);
	SHOW(strlcat(b, "more", 7));
	SHOW(b);
	SHOW(strlcat(b, "more", 2));
	for (i = -300; i < 300; i++)
		HASH_LONG(h, (uintptr_t)strchr("abc\xff", i) != 0);
	SHOW(h);
	SHOW(strrchr("a/b/c", '/'));
	SHOW(strchr("abc", 0));
	SHOW(index("abc", 'b'));
	SHOW(rindex("abcb", 'b'));
	SHOW(strpbrk("key=value", ":="));
	SHOW(strpbrk("key", ""));
	SHOW(strspn("aabbc", "ab"));
	SHOW(strcspn("aabbc", "c"));
	SHOW(strstr("haystack with a needle", "needle"));
	SHOW(strstr("abc", ""));
	SHOW(strstr("abababac", "ababac"));
	SHOW(strstr("mississippi", "issip"));
	SHOW(strstr("mississippi", "sippix"));
	SHOW(strcasestr("MixedCase", "edca"));
	SHOW(strtok(list, ",;"));
	SHOW(strtok(NULL, ",;"));
	SHOW(strtok(NULL, ",;"));
	SHOW(strtok(NULL, ",;"));
	SHOW(strtok_r(again, " ", &save));
	SHOW(strtok_r(NULL, " ", &save));
	SHOW(strtok_r(NULL, " ", &save));
	p = fields;
	SHOW(strsep(&p, ":"));
	SHOW(strsep(&p, ":"));
	SHOW(strsep(&p, ":"));
	SHOW(strsep(&p, ":"));
	SHOW(p = strdup("copy"));
	free(p);
	SHOW(p = strndup("copy", 2));
	free(p);
	SHOW(sign(strcmp("a", "b")));
	SHOW(sign(strcmp("\xff", "a")));
	SHOW(sign(strncmp("abc", "abd", 2)));
	SHOW(sign(strcasecmp("HELLO", "hello")));
	SHOW(sign(strncasecmp("HELLa", "helLB", 5)));
	SHOW(sign(strcasecmp_l("A", "b", newlocale(LC_ALL_MASK, "C", 0))));
	SHOW(sign(strncasecmp_l("A", "a", 1, newlocale(LC_ALL_MASK, "C", 0))));
	SHOW(sign(strcoll("a", "B")));
	SHOW(sign(strcoll_l("a", "B", newlocale(LC_ALL_MASK, "C", 0))));
	SHOW(strxfrm(b, "text", sizeof(b)));
	SHOW(strxfrm_l(b, "text", 2, newlocale(LC_ALL_MASK, "C", 0)));
	SHOW(sign(strverscmp("file10", "file9")));
	SHOW(sign(strverscmp("a000", "a00")));
	SHOW(sign(strverscmp("1.01", "1.1")));
	SHOW(ffs(0) + ffs(8) * 10 + ffs(-1) * 1000);
	SHOW(ffsl(1L << 40));
	SHOW(ffsll(1LL << 62));
}

static void errors(void)
{
	char text[100];
	int i;

	for (i = -2; i < 140; i++)
		SAY("%d: %s", i, strerror(i));
	SHOW(strerror_r(ENOENT, text, sizeof(text)));
	SHOW(text);
	SHOW(strerror_r(ENOENT, text, 5));
	SHOW(strerror_l(EINTR, newlocale(LC_ALL_MASK, "C", 0)));
	for (i = -1; i < 70; i++)
		SAY("%d: %s", i, strsignal(i));
}

int main(void)
{
	blocks();
	texts();
	errors();
	return 0;
}
