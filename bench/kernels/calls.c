/* Many calls: recursion, mutual recursion, and through pointers, with little to do in each. */
#include "kernel.h"

typedef int64_t operation(int64_t, int64_t);

static __attribute__((noinline)) int64_t plus(int64_t a, int64_t b) { return a + b; }
static __attribute__((noinline)) int64_t minus(int64_t a, int64_t b) { return a - b; }
static __attribute__((noinline)) int64_t mixed(int64_t a, int64_t b) { return a ^ (b << 1); }

static operation *volatile const operations[] = { plus, minus, mixed, plus };

static __attribute__((noinline)) int64_t fib(int64_t n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static __attribute__((noinline)) int64_t ackermann(int64_t m, int64_t n)
{
	return !m ? n + 1 : ackermann(m - 1, n ? ackermann(m, n - 1) : 1);
}

static int64_t odd(int64_t n);

static __attribute__((noinline)) int64_t even(int64_t n)
{
	return n ? odd(n - 1) : 1;
}

static __attribute__((noinline)) int64_t odd(int64_t n)
{
	return n ? even(n - 1) : 0;
}

struct tree {
	struct tree *left, *right;
};

static __attribute__((noinline)) struct tree *grow(int depth)
{
	struct tree *t = malloc(sizeof *t);

	t->left = depth ? grow(depth - 1) : NULL;
	t->right = depth ? grow(depth - 1) : NULL;
	return t;
}

static __attribute__((noinline)) int64_t cut(struct tree *t)
{
	int64_t n = t ? 1 + cut(t->left) + cut(t->right) : 0;

	free(t);
	return n;
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 24);
	int64_t sum = 0;

	for (int round = 0; round < n; round++) {
		sum += fib(27) + ackermann(2, 600) + even(1000 + round) + cut(grow(14));
		for (int64_t i = 0; i < 3000000; i++)
			sum = operations[i & 3](sum, i);
	}
	printf("%lld\n", (long long)sum);
	return 0;
}
