/* Loops whose only migration points are their polls: floats, pointers, nests and early exits.
 * Each runs until the file of its wait is there, looked for by a caller now and then. */
#include "moved.h"

static NOINLINE double newton(int n)
{
	double x = 1, y = 0;
	float f = 1;
	for (int i = 0; i < n; i++) {
		x = (x + 2 / x) / 2 + 1e-9 * i;
		y += x * f;
		f = 1 / (1 + f);
		if (x < 0)
			return -1;
	}
	return y;
}

static NOINLINE unsigned sieve(unsigned char *flags, int n)
{
	unsigned count = 0;
	memset(flags, 1, n);
	for (int i = 2; i < n; i++) {
		if (!flags[i])
			continue;
		count++;
		for (long j = (long)i * i; j < n; j += i)
			flags[j] = 0;
	}
	return count;
}

static NOINLINE unsigned list(int n)
{
	struct node { struct node *next; int v; } *head = NULL, *p, *next, *reversed = NULL;
	unsigned s = 0;
	for (int i = 0; i < n; i++) {
		p = malloc(sizeof *p);
		p->v = i;
		p->next = head;
		head = p;
	}
	for (p = head; p; p = next) {
		next = p->next;
		p->next = reversed;
		reversed = p;
	}
	for (p = reversed; p; p = next) {
		next = p->next;
		s = s * 31 + p->v;
		free(p);
	}
	return s;
}

static NOINLINE unsigned matrix(int n)
{
	unsigned a[n][n], b[n][n], s = 0;
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			a[i][j] = i * 3 + j, b[i][j] = i ^ j;
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++) {
			unsigned t = 0;
			for (int k = 0; k < n; k++)
				t += a[i][k] * b[k][j];
			s = s * 17 + t;
		}
	return s;
}

int main(void)
{
	unsigned char *flags = malloc(20000);
	int stay = access("stay", F_OK) == 0, fd;
	double first_newton = newton(3000);
	unsigned first[3] = { sieve(flags, 20000), list(1500), matrix(24) };

	printf("%.9f %u %u %u\n", first_newton, first[0], first[1], first[2]);
	fd = open("ready.1", O_CREAT | O_WRONLY, 0666);
	close(fd);
	while (!stay && access("moved.1", F_OK) != 0) {
		CHECK(newton(3000) == first_newton);
		CHECK(sieve(flags, 20000) == first[0]);
		CHECK(list(1500) == first[1]);
		CHECK(matrix(24) == first[2]);
	}
	return done();
}
