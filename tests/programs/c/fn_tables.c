/* Function pointers: in constant and writable tables, on the heap, compared and called after. */
#include "moved.h"

typedef long op(long, long);

static long add(long a, long b) { return a + b; }
static long sub(long a, long b) { return a - b; }
static long mul(long a, long b) { return a * b; }
static long moving(long a, long b) { wait_for_move(); return a ^ b; }

static op *const constant[] = { add, sub, mul, moving };
static op *writable[] = { mul, moving, add, sub };
static const struct entry { const char *name; op *f; int arity; } entries[] = {
	{ "add", add, 2 }, { "moving", moving, 2 }, { "mul", mul, 2 },
};

static NOINLINE long fold(op *const *f, int n, long a)
{
	for (int i = 0; i < n; i++)
		a = f[i](a, i + 2);
	return a;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
	op **heap = malloc(4 * sizeof *heap), *local = OPAQUE(moving), *kept = constant[OPAQUE(2)];
	int (*puts_pointer)(const char *) = OPAQUE(puts);
	void *(*malloc_pointer)(size_t) = OPAQUE(malloc);
	const char *names[] = { "z", "b", "k" };

	memcpy(heap, writable, 4 * sizeof *heap);
	printf("%ld\n", fold(constant, 4, 10));
	printf("%ld\n", fold(heap, 4, 20));
	writable[0] = local;
	printf("%ld\n", fold(writable, 4, 30));
	CHECK(kept == mul && local == moving && heap[3] == sub);
	for (int i = 0; i < 3; i++)
		printf("%s %ld\n", entries[i].name, entries[i].f(7, entries[i].arity));
	qsort(names, 3, sizeof *names, compare);
	puts_pointer(names[0]);
	CHECK(malloc_pointer == malloc);
	CHECK(malloc_pointer(10) != NULL);
	return done();
}
