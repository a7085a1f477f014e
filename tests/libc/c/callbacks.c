/* Functions that call the program back. */
#define _GNU_SOURCE
#include <ftw.h>
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "lib_check.h"

#define N 5000

static int values[N];
static int n_compared, n_visited, n_entries;

static int compare(const void *a, const void *b)
{
	const int *x = a, *y = b;

	n_compared++;
	return (*x > *y) - (*x < *y);
}

static int compare_to(const void *a, const void *b, void *sign)
{
	const int *x = a, *y = b;

	return *(int *)sign * ((*x > *y) - (*x < *y));
}

static void visit(const void *node, VISIT order, int depth)
{
	(void)node;
	(void)depth;
	if (order == postorder || order == leaf)
		n_visited++;
}

static int entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)path;
	(void)status;
	(void)type;
	(void)at;
	n_entries++;
	return 0;
}

int main(void)
{
	uint32_t random = 1;
	int i, key, minus = -1;
	size_t n = 0;
	void *root = NULL;

	for (i = 0; i < N; i++) {
		random = random * 1664525 + 1013904223;
		values[i] = (int)(random >> 8) % 100000;
	}
	qsort(values, N, sizeof(values[0]), compare);
	for (i = 1; i < N; i++)
		CHECK(values[i - 1] <= values[i]);
	CHECK(n_compared > N);
	key = values[1234];
	CHECK(*(int *)bsearch(&key, values, N, sizeof(values[0]), compare) == key);
	key = -1;
	CHECK(bsearch(&key, values, N, sizeof(values[0]), compare) == NULL);
	qsort_r(values, N, sizeof(values[0]), compare_to, &minus);
	for (i = 1; i < N; i++)
		CHECK(values[i - 1] >= values[i]);

	int found[10];
	for (i = 0; i < 20; i++) {
		key = i % 5;
		lsearch(&key, found, &n, sizeof(found[0]), compare);
	}
	CHECK_LONG(n, 5);
	for (i = 0; i < 100; i++)
		CHECK(tsearch(&values[i], &root, compare) != NULL);
	CHECK(tfind(&values[50], &root, compare) != NULL);
	twalk(root, visit);
	CHECK(n_visited > 90);
	CHECK(mkdir("d", 0777) == 0 && mkdir("d/e", 0777) == 0 && mkdir("d/f", 0777) == 0);
	CHECK(nftw("d", entry, 10, FTW_PHYS) == 0);
	CHECK_LONG(n_entries, 3);
	return check_failures();
}
