/* Headers: search.h
 * Trees, hash tables, lists and arrays that are searched. */
#include <search.h>
#include <stdlib.h>
#include "lib_log.h"

static uint64_t visited;

static int compare(const void *a, const void *b)
{
	long x = (long)a, y = (long)b;

	HASH_LONG(visited, x * 1000 + y);
	return (x > y) - (x < y);
}

static void visit(const void *node, VISIT order, int depth)
{
	HASH_LONG(visited, *(const long *)node * 100 + order * 10 + depth);
}

static long n_freed;

static void release(void *key)
{
	n_freed += (long)key;
}

static void trees(void)
{
	void *root = NULL;
	long i, x = 1;

	visited = HASH_START;
	for (i = 0; i < 500; i++) {
		x = x * 48271 % 2147483647;
		CHECK(**(long **)tsearch((void *)(x % 1000 + 1), &root, compare) != 0 || 1);
	}
	twalk(root, visit);
	SHOW(visited);
	for (i = 0; i < 1000; i += 3)
		SAY("%ld %d %d", i, tfind((void *)i, &root, compare) != NULL,
			tdelete((void *)i, &root, compare) != NULL);
	visited = HASH_START;
	twalk(root, visit);
	SHOW(visited);
	SHOW(tdelete((void *)5000L, &root, compare));
	tdestroy(root, release);
	SHOW(n_freed);
	SHOW(tfind((void *)1, NULL, compare));
}

static void tables(void)
{
	static char keys[300][8];
	struct hsearch_data table = {0};
	ENTRY item, *found;
	int i, n = 0;

	SHOW(hcreate(100));
	for (i = 0; i < 300; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%d", i * 7 % 300);
		item.key = keys[i];
		item.data = (void *)(long)i;
		found = hsearch(item, ENTER);
		n += found != NULL && found->data == item.data;
	}
	SHOW(n);
	item.key = "k14";
	SHOW((long)hsearch(item, FIND)->data);
	item.key = "none";
	SHOW(hsearch(item, FIND));
	hdestroy();
	SHOW(hcreate_r(10, &table));
	item.key = "a";
	item.data = &n;
	SHOW(hsearch_r(item, ENTER, &found, &table));
	SHOW(hsearch_r(item, FIND, &found, &table));
	SHOW(found->data == &n);
	item.key = "b";
	SHOW(hsearch_r(item, FIND, &found, &table));
	hdestroy_r(&table);
}

static int compare_int(const void *a, const void *b)
{
	return *(const int *)a != *(const int *)b;
}

struct node {
	struct node *next, *prev;
	int n;
};

static void lists(void)
{
	int array[10] = {5, 3, 8}, key = 3;
	size_t n = 3;
	struct node a = {.n = 1}, b = {.n = 2}, c = {.n = 3}, *p;

	SHOW((int *)lfind(&key, array, &n, sizeof(int), compare_int) - array);
	key = 9;
	SHOW(lfind(&key, array, &n, sizeof(int), compare_int));
	SHOW((int *)lsearch(&key, array, &n, sizeof(int), compare_int) - array);
	SHOW(n);
	insque(&a, NULL);
	insque(&c, &a);
	insque(&b, &a);
	for (p = &a; p != NULL; p = p->next)
		SHOW(p->n);
	remque(&b);
	for (p = &a; p != NULL; p = p->next)
		SHOW(p->n);
}

int main(void)
{
	trees();
	tables();
	lists();
	return 0;
}
