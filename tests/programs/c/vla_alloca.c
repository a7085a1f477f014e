/* Variable-length arrays and alloca, alone, in loops and in recursion, live across the move. */
#include "moved.h"

static NOINLINE long sum(const int *a, int n)
{
	long s = 0;
	for (int i = 0; i < n; i++)
		s += a[i];
	return s;
}

static NOINLINE long vla(int n, int m)
{
	int rows[n][m];
	char tail[n * 3 + 1];
	int (*row)[m] = &rows[n / 2];

	for (int i = 0; i < n; i++)
		for (int j = 0; j < m; j++)
			rows[i][j] = i * 100 + j;
	memset(tail, 'x', sizeof tail);
	tail[n * 3] = 0;
	wait_for_move();
	CHECK(sizeof rows == n * m * sizeof(int));
	CHECK(strlen(tail) == (size_t)n * 3);
	CHECK((*row)[1] == n / 2 * 100 + 1);
	CHECK(row == &rows[n / 2]);
	return sum(&rows[0][0], n * m);
}

static NOINLINE long with_alloca(int n)
{
	char *chain = NULL;
	long s = 0;

	for (int i = 1; i <= n; i++) {
		char *p = __builtin_alloca(i * 8 + sizeof chain);
		memcpy(p, &chain, sizeof chain);
		memset(p + sizeof chain, i, i * 8);
		chain = p;
		if (i == n / 2)
			wait_for_move();
	}
	for (int i = n; i >= 1; i--) {
		for (int j = 0; j < i * 8; j++)
			CHECK(chain[sizeof chain + j] == (char)i);
		s += chain[sizeof chain] * i;
		chain = *(char **)chain;
	}
	CHECK(chain == NULL);
	return s;
}

static NOINLINE long vla_in_loop(int n)
{
	long s = 0;
	for (int i = 1; i <= n; i++) {
		short a[i];
		for (int j = 0; j < i; j++)
			a[j] = j;
		if (i == 7)
			wait_for_move();
		for (int j = 0; j < i; j++)
			s += a[j];
	}
	return s;
}

static NOINLINE long nested(int depth)
{
	long long a[depth + 1];
	long below;

	for (int i = 0; i <= depth; i++)
		a[i] = depth * 1000 + i;
	if (depth == 0)
		wait_for_move();
	below = depth ? nested(depth - 1) : 0;
	for (int i = 0; i <= depth; i++)
		below += a[i];
	return below;
}

int main(void)
{
	printf("%ld\n", vla(OPAQUE(9), OPAQUE(13)));
	printf("%ld\n", with_alloca(OPAQUE(20)));
	printf("%ld\n", vla_in_loop(OPAQUE(12)));
	printf("%ld\n", nested(OPAQUE(25)));
	return done();
}
