/* C11 6.7.6.2: variable length arrays: of one and more dimensions, pointers to them, as parameters, typedefs
 * of them, sizeof with side effects, in loops, [static n], [*]. */
#include "lib_conformance.h"

static NOINLINE long total(int rows, int columns, const int (*m)[columns]);
static NOINLINE long star(int n, int m, long a[n][*]);

static NOINLINE long total(int rows, int columns, const int (*m)[columns])
{
	long s = 0;

	for (int i = 0; i < rows; i++)
		for (int k = 0; k < columns; k++, tick())
			s = s * 3 + m[i][k];
	return s + (long)(sizeof *m);
}

static NOINLINE long star(int n, int m, long a[n][m])
{
	tick();
	return a[n - 1][m - 1] + (long)sizeof a[0];
}

static NOINLINE int at_least(int a[static 3], int n, char text[n++])
{
	tick();
	return a[2] + n + text[0];
}

static NOINLINE void transpose(int n, double (*a)[n][n])
{
	double copy[n][n];

	memcpy(copy, a, sizeof copy);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < n; k++, tick())
			(*a)[i][k] = copy[k][i];
}

int main(void)
{
	for (int n = 1; n < 5; n++) {
		int m[n][n + 1], (*rows)[n + 1] = m, (*whole)[n][n + 1] = &m, count = n;
		typedef char line[count++];
		line text, more[2];
		double square[n][n];
		long cells[n][count];
		struct { int k; char bytes[4]; } s[n];

		memset(text, 'x', sizeof text);
		for (int i = 0; i < n; i++) {
			s[i].k = VIA(i), s[i].bytes[3] = (char)n;
			for (int k = 0; k <= n; k++, tick())
				m[i][k] = i * 10 + k, cells[i][k % count] = k + i, square[i][k % n] = i - k * .5;
		}
		SHOW(total(n, n + 1, rows)), SHOW(total(1, n + 1, *whole + (n - 1))), SHOW(star(n, count, cells));
		SHOW((*whole)[n - 1][n]), SHOW(sizeof m), SHOW(sizeof *rows), SHOW(sizeof text), SHOW(sizeof more);
		SHOW(count), SHOW(sizeof(int[count++])), SHOW(count), SHOW(&rows[n] - &rows[0]), SHOW(s[n - 1].bytes[3]);
		transpose(n, &square);
		SHOW(square[n - 1][0]), SHOW(sizeof s), SHOW((char *)(whole + 1) - (char *)m == (long)sizeof m);
		SHOW(at_least((int[]){1, 2, 3, 4}, n, text)), SHOW(text[VIA(n) - 1]);
	}
	return 0;
}
