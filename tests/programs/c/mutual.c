/* Mutual recursion, Ackermann, Hofstadter, and a recursive-descent evaluator. */
#include "moved.h"

static int calls, move_at;
static NOINLINE int odd(unsigned n);

static void tick(void)
{
	if (++calls == move_at)
		wait_for_move();
}

static NOINLINE int even(unsigned n) { tick(); return n == 0 ? 1 : odd(n - 1) + 0 * calls; }
static NOINLINE int odd(unsigned n) { tick(); return n == 0 ? 0 : even(n - 1) + 0 * calls; }

static NOINLINE int ackermann(int m, int n)
{
	tick();
	if (m == 0)
		return n + 1;
	return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static NOINLINE int male(int n);
static NOINLINE int female(int n) { tick(); return n == 0 ? 1 : n - male(female(n - 1)); }
static NOINLINE int male(int n) { tick(); return n == 0 ? 0 : n - female(male(n - 1)); }

static const char *s;
static double sum(void);

static double atom(void)
{
	double v = 0;

	if (*s == '(') {
		s++;
		v = sum();
		s++;
	} else if (*s == '-') {
		s++;
		v = -atom();
	} else if (*s == '?') {
		s++;
		wait_for_move();
		v = 7;
	} else {
		v = strtod(s, (char **)&s);
	}
	return v;
}

static double product(void)
{
	double v = atom();
	while (*s == '*' || *s == '/')
		v = *s++ == '*' ? v * atom() : v / atom();
	return v;
}

static double sum(void)
{
	double v = product();
	while (*s == '+' || *s == '-')
		v = *s++ == '+' ? v + product() : v - product();
	return v;
}

int main(void)
{
	move_at = 700;
	printf("%d\n", even(OPAQUE(1001)));
	calls = 0;
	move_at = 3000;
	printf("%d\n", ackermann(2, OPAQUE(40)));
	calls = 0;
	move_at = 900;
	printf("%d %d\n", male(OPAQUE(30)), female(OPAQUE(31)));
	s = "2*(3+4*(5-?/2))-(1.5*(2-(3-(4-?*(1+1)))))/-4";
	printf("%.9f\n", sum());
	return done();
}
