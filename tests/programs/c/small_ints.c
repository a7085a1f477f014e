/* Signed char, small integers whose upper register bits are undefined, and bool. */
#include "moved.h"
#include <stdbool.h>

static signed char sc[8];
static volatile unsigned noise = 0xfedcba98;

static NOINLINE int work(char c, unsigned char uc, short s, unsigned short us, bool b, int i,
	unsigned u)
{
	char c2 = c + noise;
	unsigned char uc2 = uc * noise;
	short s2 = s - noise;
	unsigned short us2 = us ^ noise;
	bool b2 = (noise >> 3) & 1;
	int i2 = i * noise;
	unsigned u2 = u + noise;

	wait_for_move();
	printf("%d %d %d %d %d %d %u\n", c2, uc2, s2, us2, b2, i2, u2);
	printf("%ld %ld %ld %ld %ld %ld %ld\n", (long)c, (long)uc, (long)s, (long)us, (long)b, (long)i,
		(long)u);
	return c2 < 0 ? -1 : us2 > 40000 && s2 / 2 != us2 / 2 && !(b2 & !b);
}

static NOINLINE long counters(void)
{
	unsigned char a = 0;
	signed char b = 0;
	unsigned short c = 0;
	short d = 0;
	bool odd = false;
	long s = 0;

	for (int i = 0; i < 100000; i++) {
		a += 7;
		b -= 3;
		c += 1001;
		d -= 999;
		odd = !odd;
		if (i == 50000)
			wait_for_move();
		s += a + b + c + d + odd;
	}
	return s;
}

int main(void)
{
	char plain = OPAQUE((char)200);

	CHECK(plain < 0);
	for (int i = 0; i < 8; i++)
		sc[i] = 100 + i * 20;
	printf("%d\n", work('\xf0', 250, -30000, 65000, true, -2000000000, 4000000000u));
	printf("%ld\n", counters());
	for (int i = 0; i < 8; i++)
		printf("%d ", sc[i]);
	puts("");
	CHECK(plain == (char)200 && (plain >> 1) == -28);
	return done();
}
