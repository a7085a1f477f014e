/* C11 6.2.4p7, 6.8.6.1: VLAs whose lifetime ends by goto, break, continue, return, at the end of a block, in
 * switch and in recursion; alloca between them: memory does not grow without bound. */
#include <alloca.h>
#include "lib_conformance.h"

static NOINLINE unsigned long use(char *p, size_t n, int c)
{
	memset(p, c, n);
	tick();
	return sum_bytes(p, n);
}

static NOINLINE long jumps(int n)
{
	long h = 0;
	int round = 0;
again:;
	char first[n + round];
	h += (long)use(first, sizeof first, round);
	if (++round < n)
		goto again;
	for (int i = 0; i < n; i++) {
		char a[i * 7 + 1];
		h ^= (long)use(a, sizeof a, i);
		if (i == 1)
			continue;
		{
			char b[2 * i + 3], (*p)[2 * i + 3] = &b;
			h += (long)use(*p, sizeof *p, 9);
			if (i == 3)
				break;
			if (i == 2)
				goto out;
			h += b[VIA(i)];
		}
		h += a[i];
	}
out:
	return h + first[0];
}

static NOINLINE long in_switch(int n)
{
	long h = 1;

	while (n >= 0)
		switch (n--) {
		case 3: {
			char a[n + 4];
			h = h * 7 + (long)use(a, sizeof a, 3);
			break;
		}
		case 2: {
			char a[n + 40];
			h += (long)use(a, 5, 2);
			a[0]++;
			return h + in_switch(n) + a[0] + (long)use(a, sizeof a, 1);
		}
		default:
			h++;
		}
	return h;
}

static NOINLINE long mixed(int n)
{
	char *kept[8];
	long h = 0;

	for (int i = 0; i < n; i++) {
		kept[i] = alloca((size_t)(i + 1) * 11);
		tick();
	}
	for (int i = 0; i < n; i++) {
		char v[100 * i + 1];
		h += (long)use(v, sizeof v, i);
		h ^= (long)use(kept[i], (size_t)(i + 1) * 11, i);
	}
	return h;
}

static NOINLINE long many(int rounds)
{
	long h = 0;

	/* 100 MB if they were not given back */
	for (int i = 0; i < rounds; i++) {
		char big[100000 + i];
		big[i] = (char)i, big[99999] = 1;
		if (i % 100 == 0)
			tick();
		h += big[i] + big[99999];
	}
	return h;
}

int main(void)
{
	for (int n = 1; n < 6; n++)
		SHOW(jumps(n)), SHOW(in_switch(n)), SHOW(mixed(n));
	SHOW(many(slowly(1000)));
	return 0;
}
