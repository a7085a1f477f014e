/* CG: conjugate gradients on a sparse, diagonally dominant matrix in compressed rows. */
#include "kernel.h"

enum { N = 4000, PER_ROW = 12 };

static int start[N + 1], column[N * (PER_ROW + 1)];
static double value[N * (PER_ROW + 1)], x[N], r[N], p[N], q[N];

static void make(void)
{
	uint64_t state = 314159265;
	int at = 0;

	for (int i = 0; i < N; i++) {
		start[i] = at;
		for (int k = 0; k < PER_ROW; k++) {
			column[at] = (int)(random_bits(&state) % N);
			value[at++] = -random_real(&state);
		}
		column[at] = i;
		value[at++] = 2 * PER_ROW;
	}
	start[N] = at;
}

static void multiply(double *out, const double *in)
{
	for (int i = 0; i < N; i++) {
		double sum = 0;

		for (int k = start[i]; k < start[i + 1]; k++)
			sum += value[k] * in[column[k]];
		out[i] = sum;
	}
}

static double dot(const double *a, const double *b)
{
	double sum = 0;

	for (int i = 0; i < N; i++)
		sum += a[i] * b[i];
	return sum;
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 600);
	double norm = 0;

	make();
	for (int round = 0; round < n; round++) {
		double rho;

		for (int i = 0; i < N; i++) {
			x[i] = 0;
			r[i] = p[i] = 1 + (i + round) % 7;
		}
		rho = dot(r, r);
		for (int step = 0; step < 25; step++) {
			double alpha, beta, before = rho;

			multiply(q, p);
			alpha = rho / dot(p, q);
			for (int i = 0; i < N; i++) {
				x[i] += alpha * p[i];
				r[i] -= alpha * q[i];
			}
			rho = dot(r, r);
			beta = rho / before;
			for (int i = 0; i < N; i++)
				p[i] = r[i] + beta * p[i];
		}
		norm += dot(x, x);
	}
	printf("%.9e\n", norm);
	return 0;
}
