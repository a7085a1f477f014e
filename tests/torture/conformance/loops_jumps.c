/* C11 6.8.2 to 6.8.6: statements: loops of each form with calls in each part, goto into and out of blocks and
 * loops, labels before declarations, irreducible loops, break and continue, empty bodies. */
#include "lib_conformance.h"

static NOINLINE int step(int *n)
{
	tick();
	return (*n)--;
}

static NOINLINE long irreducible(int n, int into)
{
	long h = 1;
	double d = .5;

	if (into)
		goto middle;
top:
	h = h * 3 + n;
	tick();
	if (n < 0)
		goto out;
middle:
	h ^= n << 2, d += n;
	if (--n > 0)
		goto top;
	if (n == 0) {
		n = -5;
		goto middle;
	}
	goto top;
out:
	return h + (long)d;
}

static NOINLINE int into_loop(int n)
{
	int i = 3, s = 0;

	if (n & 1)
		goto inside;
	for (i = 0; i < n; i++) {
		s += i;
inside:
		s += slowly(10);
		if (s > 80)
			goto done;
	}
done:
	return s * 10 + i;
}

static NOINLINE int search(int n)
{
	int a, b, c;

	for (a = 1; a < n; a++)
		for (b = a; b < n; b++)
			for (c = b; c < n; c++, tick())
				if (a * a + b * b == c * c && a > 3)
					goto found;
	return -1;
found:
	return a * 10000 + b * 100 + c;
}

int main(void)
{
	int n = 5, m;

	while (step(&n))
		if (n == 2)
			continue;
		else
			SHOW(n);
	do
		SHOW(VIA(n));
	while (n++ < 2);
	for (m = 3; step(&m) > 0; n += step(&m))
		;
	SHOW(n), SHOW(m);
	for (int i = 0, k = 10; i < VIA(k); i += 3, k--) {
		if (k == 8)
			break;
		SHOW(i * k);
	}
	for (;;) {
		if (VIA(n++) > 9)
			break;
		while (1) {
			tick();
			if (n & 1)
				goto next;
			break;
		}
		SHOW(n);
next:;
	}
	for (int i = 0; i < 6; i++)
		SHOW(irreducible(i, i & 1)), SHOW(into_loop(i));
	SHOW(search(20));
	if (VIA(0))
label:		SHOW(n);
	else if (n == 11) {
		n++;
		goto label;
	}
	return 0;
}
