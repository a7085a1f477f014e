/* Loop-carried values: rotations, swaps, nested loops, moved in the loop by a call. */
#include "moved.h"

static NOINLINE unsigned long fibonacci(int n)
{
	unsigned long a = 0, b = 1;
	for (int i = 0; i < n; i++) {
		unsigned long t = a + b;
		a = b;
		b = t;
		if (i == n / 2)
			wait_for_move();
	}
	return a;
}

static NOINLINE void rotate(int n, long out[4])
{
	long a = 1, b = 20, c = 300, d = 4000;
	for (int i = 0; i < n; i++) {
		long t = a;
		a = b;
		b = c + i;
		c = d;
		d = t;
		if (i == 3)
			wait_for_move();
	}
	out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

static NOINLINE long triangle(int n)
{
	long s = 0;
	for (int i = 0; i < n; i++)
		for (int j = i; j > 0; j--) {
			for (int k = 0; k < j; k += i) {
				s += i * j + k;
				if (s > 20000 && s < 20060)
					wait_for_move();
			}
			if (j & i & 8)
				break;
		}
	return s;
}

static NOINLINE int search(const char *const *table, const char *wanted)
{
	int at;
	for (at = 0; table[at]; at++)
		if (!strcmp(table[at], wanted))
			break;
	wait_for_move();
	return table[at] ? at : -1;
}

static NOINLINE unsigned collatz(unsigned long n, unsigned *most)
{
	unsigned steps = 0;
	do {
		n = n & 1 ? 3 * n + 1 : n / 2;
		if (n > *most)
			*most = n;
		if (++steps == 60)
			wait_for_move();
	} while (n != 1);
	return steps;
}

int main(void)
{
	static const char *const table[] = { "alpha", "beta", "gamma", NULL };
	long out[4];
	unsigned most = 0, steps;

	printf("%lu\n", fibonacci(OPAQUE(90)));
	rotate(OPAQUE(11), out);
	printf("%ld %ld %ld %ld\n", out[0], out[1], out[2], out[3]);
	printf("%ld\n", triangle(OPAQUE(50)));
	printf("%d\n", search(table, "gamma"));
	steps = collatz(OPAQUE(27), &most);
	printf("%u %u\n", steps, most);
	return done();
}
