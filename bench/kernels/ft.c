/* FT: fast Fourier transforms there and back, radix 2 in place. */
#include <math.h>

#include "kernel.h"

enum { LOG_N = 14, N = 1 << LOG_N };

static double re[N], im[N], cosine[N / 2], sine[N / 2];

static void swap(double *a, double *b)
{
	double t = *a;

	*a = *b;
	*b = t;
}

static void transform(int sign)
{
	for (unsigned i = 0, k = 0; i < N; i++) {
		if (i < k) {
			swap(&re[i], &re[k]);
			swap(&im[i], &im[k]);
		}
		for (unsigned bit = N / 2; bit && (k ^= bit, !(k & bit)); bit /= 2)
			;
	}
	for (int half = 1; half < N; half *= 2)
		for (int block = 0; block < N; block += 2 * half)
			for (int i = 0; i < half; i++) {
				double c = cosine[i * (N / 2 / half)];
				double s = sign * sine[i * (N / 2 / half)];
				double *ar = &re[block + i], *ai = &im[block + i];
				double br = ar[half] * c - ai[half] * s;
				double bi = ar[half] * s + ai[half] * c;

				ar[half] = *ar - br;
				ai[half] = *ai - bi;
				*ar += br;
				*ai += bi;
			}
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 500);
	uint64_t state = 161803398;
	double sum = 0;

	for (int i = 0; i < N / 2; i++) {
		cosine[i] = cos(2 * M_PI * i / N);
		sine[i] = sin(2 * M_PI * i / N);
	}
	for (int i = 0; i < N; i++)
		re[i] = random_real(&state);
	for (int round = 0; round < n; round++) {
		transform(1);
		transform(-1);
		for (int i = 0; i < N; i++) {
			re[i] /= N;
			im[i] /= N;
		}
		sum += re[round % N];
	}
	printf("%.9f\n", sum);
	return 0;
}
