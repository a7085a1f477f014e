/* EP: pairs of Gaussian deviates by the polar method, counted by the square ring that they fall in. */
#include <math.h>

#include "kernel.h"

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 300) * 100000;
	uint64_t state = 271828183;
	double sum_x = 0, sum_y = 0;
	long ring[10] = { 0 };

	for (int i = 0; i < n; i++) {
		double x = 2 * random_real(&state) - 1, y = 2 * random_real(&state) - 1;
		double t = x * x + y * y;

		if (t > 1 || t == 0)
			continue;
		t = sqrt(-2 * log(t) / t);
		x = fabs(x * t);
		y = fabs(y * t);
		sum_x += x;
		sum_y += y;
		ring[(int)(x > y ? x : y)]++;
	}
	printf("%.6f %.6f %ld %ld %ld\n", sum_x, sum_y, ring[0], ring[1], ring[2]);
	return 0;
}
