/* C11 6.8.6.4, 6.5.2.2: calls in tail position: to itself, mutual, through pointers, with more and fewer arguments than the
 * caller's, of void functions, with locals whose address was taken, chained continuations. */
#include "lib_conformance.h"

typedef long step(long acc, int n);

static NOINLINE long count(int n, long acc)
{
	if (n == 0)
		return acc;
	return count(n - 1, acc * 3 + n);
}

static NOINLINE long pong(int n, long a, long b, long c, long d, long e, long f, long g, long h);

static NOINLINE long ping(int n, long a)
{
	tick();
	if (n <= 0)
		return a;
	return pong(n - 1, a, 1, 2, 3, 4, 5, 6, a ^ 5);
}

static NOINLINE long pong(int n, long a, long b, long c, long d, long e, long f, long g, long h)
{
	tick();
	return n <= 0 ? g : ping(n - 1, a + b * c - d + e * f - g + h);
}

static NOINLINE long minus(long acc, int n) { tick(); return acc - n; }
static NOINLINE long times(long acc, int n) { return minus(acc * n, n + 1); }
static step *const steps[] = {minus, times};

static NOINLINE long dispatch(long acc, int n)
{
	return steps[n & 1](acc + n, n);
}

static int n_void;
static NOINLINE void last(int n) { tick(); n_void += n; }
static NOINLINE void first(int n) { if (n & 1) return last(n * 2); last(n); }

static NOINLINE int uses(int *p, int n) { tick(); return *p + n; }
static NOINLINE int escapes(int n) { int local = n * 5; return uses(&local, n); }

struct list { int value; struct list *next; };

static NOINLINE int visit(const struct list *l, int (*k)(int, void *), void *data, int acc)
{
	if (!l)
		return k(acc, data);
	tick();
	return visit(l->next, k, data, acc * 2 + l->value);
}

static NOINLINE int finish(int acc, void *data) { tick(); return acc - *(int *)data; }
static NOINLINE double mixed(double d, int n) { return n ? mixed(d / 2 + n, n - 1) : d; }
static NOINLINE int even(unsigned n);
static NOINLINE int odd(unsigned n) { return n ? even(n - 1) : 0; }
static NOINLINE int even(unsigned n) { return n ? odd(n - 1) : 1; }

int main(void)
{
	struct list l[3] = {{1, l + 1}, {2, l + 2}, {3, NULL}};

	for (int i = 0; i < 4; i++) {
		SHOW(count(slowly(i * 50), i)), SHOW(ping(i * 7, i)), SHOW(dispatch(i, i + 2)), SHOW((first(i), n_void));
		SHOW(escapes(i)), SHOW(visit(l, finish, &l[i % 3].value, i)), SHOW(mixed(1, 20 + i)), SHOW(even((unsigned)(100 + i)));
	}
	return 0;
}
