/* String literals and constant tables have one address for good. */
#include "moved.h"

struct row { const char *name; const int *values; const struct row *next; };

static const int primes[] = { 2, 3, 5, 7, 11 };
static const struct row last = { "last", primes + 3, NULL };
static const struct row first = { "first", primes, &last };
static const struct row *writable = &first;
static const char *const names[] = { "ab", "xab" };
static char array[] = "writable text";

extern const char alias_target[];
const char alias_target[] = "aliased";
extern const char alias_of[8] __attribute__((alias("alias_target")));

static NOINLINE const char *literal(void) { return "a literal"; }

int main(void)
{
	const char *a = literal(), *b = names[OPAQUE(1)] + 1, **heap = malloc(3 * sizeof *heap);
	const struct row *r = writable;

	heap[0] = a;
	heap[1] = array + 9;
	heap[2] = alias_of;
	array[0] = 'W';
	wait_for_move();
	CHECK(a == literal() && heap[0] == literal());
	CHECK(strcmp(b, names[0]) == 0);
	CHECK(heap[2] == alias_target);
	CHECK(r->next == &last && r->next->values == &primes[3]);
	CHECK(writable == &first);
	printf("%s %s %s %s %d\n", heap[0], heap[1], heap[2], r->next->name, r->next->values[1]);
	puts(array);
	return done();
}
