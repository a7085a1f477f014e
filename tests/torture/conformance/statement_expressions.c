/* GNU: statement expressions with loops, returns and jumps inside, nested in arguments; typeof, __auto_type, ?: without
 * middle, case ranges in them, local functions' declarations, cleanup in them. */
#include "lib_conformance.h"

#define CLAMP(x, low, high) ({ \
	__auto_type x_ = (x); \
	__typeof__(x_) low_ = (low), high_ = (high); \
	tick(); \
	x_ < low_ ? low_ : x_ > high_ ? high_ : x_; })

static NOINLINE int add3(int a, double b, long c)
{
	tick();
	return a + (int)b + (int)c;
}

static NOINLINE int early(int n)
{
	int r = add3(1, ({ if (n == 2) return -2; n * .5; }), ({ long s = 0; for (int i = 0; i < n; i++, tick()) s += i; s; }));

	return r + ({
		__label__ done;
		int k = 0;
		for (;; tick())
			if (++k > n)
				goto done;
done:
		k;
	});
}

static NOINLINE int *or_default(int *p, int *other)
{
	return p ?: ({ tick(); other; });
}

static int n_calls;

static NOINLINE int called(void)
{
	tick();
	return ++n_calls % 3;
}

int main(void)
{
	int a = 5, b = 6, vla[slowly(3)];
	__typeof__(vla) *pv = &vla;
	__typeof__(int (*)(int)) f = early;
	__typeof__(({ double d = 1; d; })) d = 2.5;

	for (int i = 0; i < 4; i++) {
		SHOW(CLAMP(i * 10, 5, 25)), SHOW(CLAMP(VIA(i) - 1.5, -.5, 1.25)), SHOW(f(i)), SHOW(*or_default(i & 1 ? &a : 0, &b));
		SHOW(called() ?: 77), SHOW(add3(({ int t = a; a = b; b = t; t; }), d, ({ tick(); (long)a; })));
		SHOW(({ struct { int x, y; } p = {VIA(i), 2}; p; }).x), SHOW(({ char s[4] = "abc"; tick(); s[i]; }));
		(*pv)[i % 3] = ({ int x = i; while (x < 10) { tick(); x += 4; } x; });
		d += ({ switch (i) { case 0 ... 1: tick(); d = 1; break; default: d = .5; } d; });
		SHOW(d), SHOW(sizeof(__typeof__(vla)) / sizeof(int) == 3), SHOW(vla[i % 3]);
	}
	SHOW(n_calls);
	return 0;
}
