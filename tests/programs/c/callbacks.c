/* Callbacks through several levels, with contexts on the callers' frames. */
#include "moved.h"

typedef int visit(void *context, int value);

struct filter { visit *next; void *context; int divisor; int dropped; };
struct total { long sum; int n; };

static int count(void *context, int value)
{
	struct total *t = context;

	t->sum += value;
	if (++t->n == 20)
		wait_for_move();
	return t->n < 35;
}

static int filter(void *context, int value)
{
	struct filter *f = context;

	if (value % f->divisor == 0) {
		f->dropped++;
		return 1;
	}
	return f->next(f->context, value);
}

static NOINLINE int each(int from, int to, visit *f, void *context)
{
	for (int i = from; i < to; i++)
		if (!f(context, i))
			return i;
	return -1;
}

/* Continuation-passing, in which each level's state is a local of the level above. */
struct k { void (*f)(struct k *, long); struct k *next; long saved; };

static void finish(struct k *k, long v)
{
	wait_for_move();
	k->saved = v;
}

static void add_saved(struct k *k, long v) { k->next->f(k->next, v * 3 + k->saved); }

static NOINLINE void chain(int depth, struct k *next)
{
	struct k k = { add_saved, next, depth };
	if (depth)
		chain(depth - 1, &k);
	else
		k.f(&k, 1);
	CHECK(k.saved == depth && k.next == next);
}

int main(void)
{
	struct total t = { 0, 0 };
	struct filter by3 = { count, &t, 3, 0 }, by2 = { filter, &by3, 2, 0 };
	struct k end = { finish, NULL, 0 };
	int stopped = each(0, 1000, filter, &by2);

	printf("%ld %d %d %d %d\n", t.sum, t.n, by3.dropped, by2.dropped, stopped);
	chain(20, &end);
	printf("%ld\n", end.saved);
	return done();
}
