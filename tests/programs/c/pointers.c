/* Pointers to locals: in a struct, an array, the heap, a global, an integer, and each other. */
#include "moved.h"

struct node {
	struct node *outer;
	int *value;
	long depth;
};

struct holder {
	int *first, *last;
	struct holder *self;
};

static int *global_pointer;
static uintptr_t global_integer;
static struct node *innermost;

static NOINLINE int recurse(struct node *outer, int depth)
{
	int value = depth * 3 + 1;
	struct node node = { outer, &value, depth };
	int below;

	innermost = &node;
	if (depth == 60)
		wait_for_move();
	below = depth < 60 ? recurse(&node, depth + 1) : 0;
	if (depth == 60) {
		int n = 0;
		for (struct node *p = innermost; p; p = p->outer) {
			CHECK(*p->value == p->depth * 3 + 1);
			*p->value += 1000;
			n++;
		}
		CHECK(n == 61);
	}
	CHECK(node.value == &value);
	CHECK(value == depth * 3 + 1001);
	return below + value;
}

static NOINLINE void move_with(struct holder *holder, int **heap)
{
	wait_for_move();
	*holder->first += 1;
	*heap[1] += 2;
	*global_pointer += 4;
	*(int *)(global_integer ^ 0x5555) += 8;
}

int main(void)
{
	int array[10] = { 0 }, local = 100, other = 200, hidden = 300;
	struct holder holder = { array, array + 10, &holder };
	int **heap = malloc(2 * sizeof *heap);
	int **indirect = &heap[1];

	heap[0] = &array[5];
	heap[1] = &local;
	global_pointer = &other;
	global_integer = (uintptr_t)&hidden ^ 0x5555;
	move_with(&holder, heap);
	CHECK(array[0] == 1);
	CHECK(local == 102);
	CHECK(other == 204);
	CHECK(hidden == 308);
	CHECK(holder.self == &holder);
	CHECK(holder.first == array && holder.last == &array[10]);
	CHECK(heap[0] - array == 5);
	CHECK(*indirect == &local && indirect == &heap[1]);
	CHECK(global_pointer == &other);
	CHECK((global_integer ^ 0x5555) == (uintptr_t)&hidden);
	printf("%d\n", recurse(NULL, 0));
	return done();
}
