/* IS: sorting of small integers by counting, and of records by quicksort through a pointer to a function. */
#include "kernel.h"

enum { N = 1 << 18, KEYS = 1 << 11 };

static uint32_t key[N], rank[KEYS + 1], sorted[N];

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 200);
	uint64_t state = 141421356, sum = 0;

	for (int round = 0; round < n; round++) {
		for (int i = 0; i < N; i++)
			key[i] = (uint32_t)(random_bits(&state) % KEYS);
		for (int k = 0; k <= KEYS; k++)
			rank[k] = 0;
		for (int i = 0; i < N; i++)
			rank[key[i] + 1]++;
		for (int k = 0; k < KEYS; k++)
			rank[k + 1] += rank[k];
		for (int i = 0; i < N; i++)
			sorted[rank[key[i]]++] = key[i];
		qsort(key, 4096, sizeof *key, compare);
		sum = sum * 31 + sorted[N / 3] + key[1000];
	}
	printf("%llu\n", (unsigned long long)sum);
	return 0;
}
