/* Loops in loops, entered in the middle by frames that have arrived: several exits, values that are used
 * after a loop, loops that end by switch, goto and return, with and without calls in them, of one round and
 * of none. Guards passes/natural.c. */
#include <stdint.h>
#include "moved.h"

static volatile int zero;
static uint32_t table[64];
static double grid[12][12];

static __attribute__((noinline)) uint32_t step(uint32_t x)
{
	return x * 1664525u + 1013904223u;
}

/* Leaves the inner loop in three ways; what it has found is used behind. */
static __attribute__((noinline)) int search(const uint32_t *t, int n, uint32_t want, int *where)
{
	int last = -1, i, k = 0;

	for (i = 0; i < n; i++) {
		uint32_t x = t[i] + (uint32_t)zero;

		for (k = 0; k < 32; k++) {
			if (x == want)
				goto found;
			if (!x)
				break;
			if (x % 9973 == 3)
				return -2 - k;
			last = k;
			x = x >> 1 ^ (x & 1 ? 0xedb88320u : 0);
		}
		*where = last + i;
	}
	return last;
found:
	*where = i * 100 + k;
	return last + 1000;
}

static __attribute__((noinline)) uint64_t with_calls(unsigned n)
{
	uint64_t sum = 0;
	uint32_t x = n;

	for (unsigned i = 0; i < n; i++) {
		unsigned k = 0;

		do {
			x = step(x);
			if (x >> 28 == 3)
				continue;
			sum += x >> 20;
		} while (++k < (x & 7));
		for (unsigned j = i; j--; )
			sum = sum * 3 + (j ^ x);
		sum ^= k;
		if (i == 20)
			wait_for_move();
	}
	return sum;
}

static __attribute__((noinline)) unsigned machine(const char *s)
{
	unsigned state = 0, words = 0, digits = 0;

	for (; *s; s++) {
		switch (state) {
		case 0:
			if (*s == ' ')
				continue;
			words++;
			state = 1;
			/* fall through */
		case 1:
			while (*s >= '0' && *s <= '9') {
				digits = digits * 7 + (unsigned)(*s - '0');
				if (!s[1])
					return words * 1000 + digits % 1000;
				s++;
			}
			if (*s == ' ')
				state = 0;
			else if (*s == '#')
				state = 2;
			break;
		default:
			if (*s == ';')
				state = 0;
		}
	}
	return words * 1000 + digits % 1000 + state * 100000;
}

static __attribute__((noinline)) double relax(int rounds)
{
	double most = 0;

	for (int r = 0; r < rounds; r++) {
		most = 0;
		for (int i = 1; i < 11; i++)
			for (int k = 1; k < 11; k++) {
				double was = grid[i][k];

				grid[i][k] = 0.25 * (grid[i - 1][k] + grid[i + 1][k] + grid[i][k - 1]
					+ grid[i][k + 1]);
				if (grid[i][k] - was > most)
					most = grid[i][k] - was;
			}
		for (int i = 0; i < zero; i++)
			most = -1;
		if (r == 4)
			wait_for_move();
	}
	return most;
}

/* Fibonacci by values that change places in each round. */
static __attribute__((noinline)) uint64_t swap(unsigned n)
{
	uint64_t a = 0, b = 1, c = 2;

	while (n--) {
		uint64_t t = a;

		a = b;
		b = t + b;
		for (unsigned i = n & 3; i; i--) {
			t = c;
			c = b ^ i;
			b = t ^ i;
			if (c & 1 && i == 2)
				break;
		}
	}
	return a + b * 31 + c * 37;
}

int main(void)
{
	int where = 0;
	uint32_t x = 1;

	for (int i = 0; i < 64; i++)
		table[i] = x = step(x);
	for (int i = 0; i < 12; i++)
		grid[0][i] = grid[i][0] = i;
	for (uint32_t want = 1; want < 40; want += 13) {
		int found = search(table, 20, want == 27 ? table[3] >> 1 : want, &where);

		printf("%d %d\n", found, where);
	}
	printf("%llu\n", (unsigned long long)with_calls(40));
	printf("%u %u %u\n", machine("12 345#6;7 89"), machine("  #;"), machine("1 22 333 x9"));
	printf("%.9f\n", relax(9));
	printf("%llu\n", (unsigned long long)swap(90));
	return 0;
}
