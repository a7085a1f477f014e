/* C11 6.8.1, 6.8.4.2: switch: fallthrough, default anywhere, Duff's device, nested, ranges (GNU), sparse and
 * dense, long, unsigned and char controls, declarations inside, cases in inner blocks. */
#include "lib_conformance.h"

static NOINLINE int duff(char *to, const char *from, int n)
{
	int rounds = (n + 3) / 4, moved = 0;

	switch (n % 4) {
	case 0: do { *to++ = *from++; moved++;
		tick(); /* fall through */
	case 3: *to++ = *from++; moved++; /* fall through */
	case 2: *to++ = *from++; moved++;
		tick(); /* fall through */
	case 1: *to++ = *from++; moved++;
		} while (--rounds > 0);
	}
	return moved;
}

static NOINLINE int ranges(long v)
{
	int r = 0;

	switch (v) {
	default: r = -1; break;
	case -5 ... -1: r += 10; tick(); /* fall through */
	case 0: r += 1; break;
	case 'a' ... 'z': r = 26; tick(); break;
	case 1000000000000 ... 1000000000099: r = 99; break;
	case 5: case 7: case 9: r = (int)v * slowly(2);
	}
	return r;
}

static NOINLINE int dense(unsigned char c, int x)
{
	switch (c) {
	case 0: return x;
	case 1: tick(); return x + 1;
	case 2: return x * 2;
	case 3: x = slowly(x); break;
	case 4: return -x;
	case 5: tick(); /* fall through */
	case 6: return x ^ 5;
	case 7: { int y; case 8: y = x; return y + slowly(8); }
	case 255: return 255;
	}
	return x - 100;
}

static NOINLINE int nested(int a, unsigned long b)
{
	int r = 0;

	for (int i = 0; i < 3; i++)
		switch (a) {
		case 1:
			switch (b) {
			case 0xffffffffffffffff: r += 1; tick(); break;
			case 1: r += 2; continue;
			default: r += 4;
			}
			r += 8;
			break;
		case 2:
			if (b) {
			case 3: r += slowly(16);
			} else
				r += 32;
		}
	return r;
}

int main(void)
{
	static const char text[] = "a text of some length";
	static const long values[] = {-6, -5, -1, 0, 1, 5, 7, 'a', 'm', 'z', 'z' + 1, 1000000000000, 1000000000099,
		1000000000100, -999999999999};
	char to[32];

	for (int n = 1; n < 20; n += 3) {
		memset(to, 0, sizeof to);
		printf("%d %s\n", duff(to, text, n), to);
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		printf("%d ", ranges(values[i]));
	for (int c = 0; c < 11; c++)
		printf("%d ", dense((unsigned char)c, c * 3));
	printf("%d\n", dense(255, 1));
	for (int a = 0; a < 4; a++)
		printf("%d %d %d %d\n", nested(a, 0), nested(a, 1), nested(a, -1ul), nested(a, 7));
	switch (slowly(1)) { }
	switch (slowly(1)) default: puts("only");
	return 0;
}
