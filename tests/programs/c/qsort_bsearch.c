/* Moved inside comparators that libc calls. */
#include "moved.h"
#define N 500

struct item { int key; char name[12]; };

static int calls, move_at;

static int compare(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int r = (x->key > y->key) - (x->key < y->key);

	if (++calls == move_at)
		wait_for_move();
	return r;
}

static int find(const void *key, const void *element)
{
	const struct item *x = element;

	if (++calls == move_at)
		wait_for_move();
	return *(const int *)key - x->key;
}

int main(void)
{
	struct item *items = malloc(N * sizeof *items), *hit;
	unsigned h = 0;
	int key = 3 * 77;

	for (int i = 0; i < N; i++) {
		items[i].key = i * 7919 % N * 3;
		snprintf(items[i].name, sizeof items[i].name, "n%d", items[i].key);
	}
	move_at = 700;
	qsort(items, N, sizeof *items, compare);
	for (int i = 0; i < N; i++) {
		CHECK(items[i].key == i * 3);
		h = h * 31 + items[i].name[1] + items[i].name[2];
	}
	CHECK(calls > 700);
	calls = 0;
	move_at = 4;
	hit = bsearch(&key, items, N, sizeof *items, find);
	CHECK(hit == &items[77]);
	CHECK(calls >= 4);
	key++;
	CHECK(bsearch(&key, items, N, sizeof *items, find) == NULL);
	printf("%08x %s\n", h, hit->name);
	return done();
}
