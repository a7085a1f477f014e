/* C11 6.5.2 to 6.5.17: operators in expressions with calls, whose parts have to live across them: order
 * that is defined (&& || ?: ,), results of assignment, increments through pointers, nested calls. */
#include "lib_conformance.h"

static int log_of[32], n_log;

static NOINLINE int note(int n)
{
	log_of[n_log++ % 32] = n;
	tick();
	return n;
}

static NOINLINE double three(int a, double b, long c)
{
	tick();
	return a + b * (double)c;
}

struct point { int x, y; };

static NOINLINE struct point make(int x, int y)
{
	struct point p = {x, y};

	tick();
	return p;
}

int main(void)
{
	int a[6] = {1, 2, 3, 4, 5, 6}, *p = a, i, x = 3;
	long total = 0;
	char c = 100;
	struct point pt = {1, 2}, *pp = &pt;

	for (i = 0; i < 4; i++) {
		SHOW(note(0) && note(1)), SHOW(note(2) || note(3)), SHOW(note(i) ? note(10) : note(11));
		SHOW((note(5), note(6))), SHOW(!note(i - 1) + !!note(i)), SHOW(note(i) && note(0) || note(7));
		SHOW(x = note(4) + x), SHOW((x += note(2)) * x), SHOW(*p++ = note(9)), SHOW(-*p-- - note(1));
		SHOW(++*p), SHOW((*p)++), SHOW(a[note(1)] += a[2]), SHOW(p[note(2) - 1] * a[3] + note(x % 5));
		SHOW(make(i, x).y), SHOW((make(i, 2).x ? pp : &pt)->x = note(i)), SHOW(pp->y++ + note(2) * 2);
		SHOW(three(note(2), three(1, .5, 2), 3)), SHOW(c += note(50)), SHOW(c = (char)note(300));
		SHOW(x << note(2) >> 1), SHOW((x ^ note(6)) & 0xff | note(1)), SHOW(x % 7 == note(3) % 4 != 1);
		SHOW(note(3) - note(2) - note(1)), SHOW(20 / note(4) * 3), SHOW(~x & -x), SHOW(+x > -x == 1);
		total += x, total *= note(3);
	}
	SHOW(total);
	x = 1;
	SHOW(x ? x = 0, note(8) : 1), SHOW(x);
	SHOW((&a[5])[-1]), SHOW(&a[4] - &a[1]), SHOW(&a[4] > &a[1]), SHOW(sizeof(char[note(7)])), SHOW(n_log % 32);
	for (i = 0; i < 32; i++)
		printf("%d ", log_of[i]);
	puts("");
	return 0;
}
