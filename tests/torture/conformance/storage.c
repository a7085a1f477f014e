/* C11 6.2.1, 6.2.2, 6.2.4, 6.7.1: scopes and storage durations: static locals, shadowing, register, blocks
 * entered again, recursion with one object a level, extern inside a block, lifetime of a temporary. */
#include "lib_conformance.h"

static int counter = 5;
int shared = 1;
struct wrapped { int a[4]; };

static NOINLINE int count(void)
{
	static int n, *last;
	static struct { int calls; double mean; } s = {.mean = 1.5};
	int here = n;

	tick();
	last = &n;
	s.calls++, s.mean += n;
	tick();
	++*last;
	return here * 100 + s.calls * 10 + (int)s.mean;
}

static NOINLINE struct wrapped wrap(int n)
{
	struct wrapped w = {{n, n + 1, n + 2, n + 3}};

	tick();
	return w;
}

static NOINLINE int levels(int depth, int **outer, int n_outer)
{
	int mine = depth * 3, *all[8], sum = 0;

	memcpy(all, outer, sizeof *outer * (size_t)n_outer);
	all[n_outer] = &mine;
	if (depth)
		sum = levels(depth - 1, all, n_outer + 1);
	for (int i = 0; i <= n_outer; i++, tick())
		sum += ++*all[i];
	return sum + mine;
}

int main(void)
{
	register int r = 7;
	auto int a = 1;
	int *none[1];

	for (int i = 0; i < 3; i++) {
		int counter = i;
		{
			extern int shared;
			int i = counter + 10;
			shared += VIA(i);
			{
				static int counter = 100;
				SHOW(VIA(counter++) + i);
			}
		}
		SHOW(count()), SHOW(counter), SHOW(shared), SHOW(r += VIA(a)), SHOW(wrap(i).a[VIA(2)]);
		for (int i = 0, k = 9; i < 2; i++, k--)
			SHOW(VIA(k) - i);
	}
	SHOW(counter), SHOW(levels(slowly(5), none, 0));
	if (sizeof(struct hidden { int x; }) == 4) {
		struct hidden h = {VIA(3)};
		SHOW(h.x);
	}
	return 0;
}
