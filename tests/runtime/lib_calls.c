/* Functions that call each other, with values that live across each call; reads a number. */
#include <stdio.h>

static int fib(int n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static __attribute__((noinline)) long middle(int n, const char *text)
{
	long sum = n * 1000L;

	for (int i = 0; i < 3; i++)
		sum += fib(n - i) + text[i];
	return sum;
}

static __attribute__((noinline)) double outer(int n, double factor)
{
	long a = middle(n, "abc"), b = middle(n - 1, "xyz");

	return (double)(a - b) * factor;
}

int main(int argc, char **argv)
{
	int n = 0;

	printf("%s\n", argc > 1 ? argv[1] : "none");
	if (scanf("%d", &n) != 1)
		return 1;
	printf("%d\n", fib(n / 2));
	printf("%g\n", outer(n, 0.5));
	return scanf("%d", &n) == 1 ? n : 2;
}
