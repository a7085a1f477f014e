/* C11 6.5.2.5: compound literals: of scalars, arrays, structs, in loops (the same object each time round),
 * at file scope, as arguments, modified through pointers, nested. */
#include "lib_conformance.h"

struct node { int value; const struct node *next; };

static int *const file_scope = (int[]){1, 2, 3};
static const struct node chain = {1, &(struct node){2, &(struct node){3, NULL}}};

static NOINLINE int sum(const int *a, int n)
{
	int s = 0;

	for (int i = 0; i < n; i++, tick())
		s += a[i];
	return s;
}

static NOINLINE int length(const struct node *n)
{
	int l = 0;

	for (; n; n = n->next, tick())
		l += n->value;
	return l;
}

int main(void)
{
	int *kept[4], k = slowly(5);
	const char *text = (const char[]){"literal"};

	for (int i = 0; i < 4; i++) {
		int *p = (int[4]){i, i * i, [3] = k};
		SHOW(sum(p, 4)), SHOW(sum((int[]){i, k, VIA(i) + k}, 3));
		SHOW(length(&(struct node){i, &(struct node){k, &chain}}));
		p[2] = VIA(i) + 10;
		kept[0] = p;
		tick();
		SHOW(kept[0][2]), SHOW(++(int){i}), SHOW(((struct node){.value = VIA(k)}).value);
		struct node n = (struct node){i, &n};
		SHOW(n.next == &n), SHOW(n.next->next->value);
		*(int[]){0} = 1;
	}
	int count = 0, *first = NULL;
again:;
	int *here = (int[]){count};
	tick();
	if (first)
		SHOW(here == first);
	first = here;
	if (++count < 3)
		goto again;
	file_scope[1] += slowly(7);
	SHOW(sum(file_scope, 3)), SHOW(length(&chain)), SHOW(VIA(text)), SHOW(sizeof(int[]){1, 2, 3, 4});
	SHOW((union { int i; char c[4]; }){.c = {1, 1}}.i), SHOW(*&(long){VIA(9)});
	return 0;
}
