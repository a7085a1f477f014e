/* MG: smoothing on a cube and on the one half as fine, by the seven neighbours. */
#include "kernel.h"

enum { N = 66, HALF = N / 2 + 1 };

static double fine[N][N][N], other[N][N][N], coarse[HALF][HALF][HALF];

static void smooth(void)
{
	for (int i = 1; i < N - 1; i++)
		for (int j = 1; j < N - 1; j++)
			for (int k = 1; k < N - 1; k++)
				other[i][j][k] = 0.4 * fine[i][j][k] + 0.1 * (
					fine[i - 1][j][k] + fine[i + 1][j][k] +
					fine[i][j - 1][k] + fine[i][j + 1][k] +
					fine[i][j][k - 1] + fine[i][j][k + 1]);
}

static void restrict_and_prolong(void)
{
	for (int i = 1; i < HALF - 1; i++)
		for (int j = 1; j < HALF - 1; j++)
			for (int k = 1; k < HALF - 1; k++)
				coarse[i][j][k] = 0.5 * other[2 * i][2 * j][2 * k] +
					0.25 * (other[2 * i - 1][2 * j][2 * k] +
					other[2 * i][2 * j - 1][2 * k]);
	for (int i = 1; i < N - 1; i++)
		for (int j = 1; j < N - 1; j++)
			for (int k = 1; k < N - 1; k++)
				fine[i][j][k] = other[i][j][k] +
					0.01 * coarse[i / 2][j / 2][k / 2];
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 1000);
	uint64_t state = 173205080;

	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			for (int k = 0; k < N; k++)
				fine[i][j][k] = random_real(&state);
	for (int round = 0; round < n; round++) {
		smooth();
		restrict_and_prolong();
	}
	printf("%.9f %.9f\n", fine[3][4][5], fine[N / 2][N / 2][N / 2]);
	return 0;
}
