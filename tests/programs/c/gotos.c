/* goto out of, into and between nested loops, the move at awkward places. */
#include "moved.h"

static NOINLINE int nested(int n)
{
	int i, j, k, steps = 0;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			for (k = 0; k < n; k++) {
				steps++;
				if (steps == 100)
					wait_for_move();
				if (i * j * k == 120)
					goto out;
			}
	return -1;
out:
	return i * 10000 + j * 100 + k + steps * 1000000;
}

/* An irreducible region: two ways into the loop. */
static NOINLINE int irreducible(int n)
{
	int a = 0, rounds = 0;

	if (n & 1)
		goto middle;
top:
	a += 3;
	if (rounds == 4)
		wait_for_move();
middle:
	a ^= rounds * 5;
	if (++rounds < n)
		goto top;
	return a;
}

static NOINLINE int state_machine(const char *s)
{
	int words = 0, digits = 0;

start:
	if (!*s) goto end;
	if (*s == ' ') { s++; goto start; }
	if (*s >= '0' && *s <= '9') goto number;
	words++;
word:
	if (*s == '!') wait_for_move();
	if (*++s == ' ' || !*s) goto start;
	goto word;
number:
	digits = digits * 10 + *s++ - '0';
	if (*s >= '0' && *s <= '9') goto number;
	goto start;
end:
	return words * 10000 + digits;
}

int main(void)
{
	printf("%d\n", nested(OPAQUE(9)));
	printf("%d %d\n", irreducible(OPAQUE(9)), irreducible(OPAQUE(10)));
	printf("%d\n", state_machine("two words! and 12 numbers 34"));
	return done();
}
