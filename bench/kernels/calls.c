/* Many calls: recursion, mutual recursion, and through pointers, with little to do in each. */
#include "kernel.h"

typedef long operation(long, long);

static __attribute__((noinline)) long plus(long a, long b) { return a + b; }
static __attribute__((noinline)) long minus(long a, long b) { return a - b; }
static __attribute__((noinline)) long mixed(long a, long b) { return a ^ (b << 1); }

static operation *volatile const operations[] = { plus, minus, mixed, plus };

static __attribute__((noinline)) long fib(long n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static __attribute__((noinline)) long ackermann(long m, long n)
{
	return !m ? n + 1 : ackermann(m - 1, n ? ackermann(m, n - 1) : 1);
}

static long odd(long n);

static __attribute__((noinline)) long even(long n)
{
	return n ? odd(n - 1) : 1;
}

static __attribute__((noinline)) long odd(long n)
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

static __attribute__((noinline)) long cut(struct tree *t)
{
	long n = t ? 1 + cut(t->left) + cut(t->right) : 0;

	free(t);
	return n;
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 24);
	long sum = 0;

	for (int round = 0; round < n; round++) {
		sum += fib(27) + ackermann(2, 600) + even(1000 + round) + cut(grow(14));
		for (long i = 0; i < 3000000; i++)
			sum = operations[i & 3](sum, i);
	}
	printf("%ld\n", sum);
	return 0;
}
