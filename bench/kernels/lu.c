/* LU: factors of dense matrices with pivoting, and their systems solved. */
#include <math.h>

#include "kernel.h"

enum { N = 200 };

static double a[N][N], b[N];

static void factor(void)
{
	for (int k = 0; k < N; k++) {
		int pivot = k;

		for (int i = k + 1; i < N; i++)
			if (fabs(a[i][k]) > fabs(a[pivot][k]))
				pivot = i;
		for (int j = 0; j < N; j++) {
			double t = a[k][j];

			a[k][j] = a[pivot][j];
			a[pivot][j] = t;
		}
		for (int i = k + 1; i < N; i++) {
			double f = a[i][k] / a[k][k];

			a[i][k] = f;
			for (int j = k + 1; j < N; j++)
				a[i][j] -= f * a[k][j];
		}
	}
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 500);
	uint64_t state = 223606797;
	double sum = 0;

	for (int round = 0; round < n; round++) {
		for (int i = 0; i < N; i++) {
			b[i] = i;
			for (int j = 0; j < N; j++)
				a[i][j] = random_real(&state) - 0.5;
		}
		factor();
		for (int i = 0; i < N; i++)
			for (int j = 0; j < i; j++)
				b[i] -= a[i][j] * b[j];
		for (int i = N - 1; i >= 0; i--) {
			for (int j = i + 1; j < N; j++)
				b[i] -= a[i][j] * b[j];
			b[i] /= a[i][i];
		}
		sum += fabs(b[7]) < 1e6 ? b[7] : 0;
	}
	printf("%.6e\n", sum);
	return 0;
}
