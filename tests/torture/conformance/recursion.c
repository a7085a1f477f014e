/* C11 6.5.2.2p11: recursion: deep, mutual, through pointers, with structs, VLAs and addresses of locals of outer
 * frames; Ackermann, permutations, trees, tail calls. */
#include "lib_conformance.h"

struct tree { int key; struct tree *left, *right; };
struct list { int value; struct list *outer; double *shared; };

static NOINLINE unsigned ackermann(unsigned m, unsigned n)
{
	return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static NOINLINE int permute(char *s, int from, int n, unsigned long *h)
{
	int count = from == n;

	if (from == n)
		*h = *h * 131 + sum_bytes(s, (size_t)n);
	for (int i = from; i < n; i++) {
		char c = s[from];
		s[from] = s[i], s[i] = c;
		count += permute(s, from + 1, n, h);
		s[i] = s[from], s[from] = c;
	}
	return count;
}

static NOINLINE struct tree *insert(struct tree *t, struct tree *node)
{
	if (!t)
		return node;
	if (node->key < t->key)
		t->left = insert(t->left, node);
	else
		t->right = insert(t->right, node);
	return t;
}

static NOINLINE int visit(const struct tree *t, int (*f)(int, void *), void *data)
{
	return t ? visit(t->left, f, data) + f(t->key, data) + visit(t->right, f, data) : 0;
}

static NOINLINE int print_key(int key, void *data)
{
	tick();
	return printf("%d ", key) + (*(int *)data += key);
}

static NOINLINE double chain(int n, struct list *outer)
{
	double here = n / 4.;
	struct list l = {n, outer, outer ? outer->shared : &here};
	double r = 0;

	*l.shared += .5;
	if (n > 0)
		r = chain(n - 1, &l);
	for (struct list *p = &l; p; p = p->outer)
		p->value++, r += p->value * *p->shared;
	tick();
	return r + here;
}

static NOINLINE int is_even(unsigned n);

static NOINLINE int is_odd(unsigned n)
{
	return n == 0 ? 0 : is_even(n - 1);
}

static NOINLINE int is_even(unsigned n)
{
	int r = n == 0 ? 1 : is_odd(n - 1);

	return r;
}

static NOINLINE long deep(int n, long a, double d, char c)
{
	long b = a ^ n, r;

	if (n == 0)
		return a;
	r = deep(n - 1, b * 3, d / 2, (char)(c + 1));
	return r + b + (long)(d * 100) + c;
}

int main(void)
{
	struct tree nodes[12], *root = NULL;
	char letters[] = "torture";
	unsigned long h = 1;
	int sum = 0;

	SHOW(ackermann(2, (unsigned)slowly(6))), SHOW(permute(letters, 0, 5, &h)), SHOW(h);
	for (int i = 0; i < 12; i++) {
		nodes[i] = (struct tree){i * 7 % 13, NULL, NULL};
		root = insert(root, &nodes[i]);
	}
	SHOW(visit(root, print_key, &sum)), SHOW(sum), SHOW(chain(slowly(12), NULL));
	SHOW(is_even((unsigned)slowly(301))), SHOW(is_odd((unsigned)slowly(77))), SHOW(deep(slowly(500), 1, 3.5, 'a'));
	return 0;
}
