/* C11 7.22.5, 7.22.4.2, 7.13: frames of libc between those of the program: qsort, bsearch and atexit with callbacks that
 * have many values alive, sort inside sort, longjmp out of a comparison, snprintf results alive. */
#include <setjmp.h>
#include "lib_conformance.h"

struct record { char name[10]; double weight; int id; };

static jmp_buf out;
static int n_compared, limit = 1000000, exits;

static int by_name(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	tick();
	return strcmp(x->name, y->name);
}

static int by_digits(const void *a, const void *b)
{
	int digits[2][3], sums[2] = {0, 0};
	const int *v[2] = {a, b};

	if (++n_compared > limit)
		longjmp(out, 1);
	for (int k = 0; k < 2; k++) {
		for (int i = 0, n = *v[k]; i < 3; i++, n /= 10)
			digits[k][i] = -(n % 10);
		qsort(digits[k], 3, sizeof(int), ({ int compare(const void *, const void *); compare; }));
		for (int i = 0; i < 3; i++)
			sums[k] = sums[k] * 10 - digits[k][i];
	}
	return (sums[0] > sums[1]) - (sums[0] < sums[1]) ?: *v[0] - *v[1];
}

int compare(const void *a, const void *b)
{
	tick();
	return *(const int *)a - *(const int *)b;
}

static void at_exit(void)
{
	tick();
	printf("exit %d\n", ++exits);
}

int main(void)
{
	struct record records[9], key = {.name = "n3"}, *found;
	volatile int sorted = 0;
	static int numbers[30];

	atexit(at_exit), atexit(at_exit);
	for (int i = 0; i < 9; i++) {
		snprintf(records[i].name, sizeof records[i].name, "n%d", i * 7 % 9);
		records[i].weight = i / 4., records[i].id = i;
	}
	qsort(records, 9, sizeof *records, by_name);
	for (int i = 0; i < 9; i++)
		printf("%s %g %d\n", records[i].name, records[i].weight, records[i].id);
	found = bsearch(&key, records, 9, sizeof *records, by_name);
	SHOW(found ? found->id : -1);
	for (volatile int round = 0; round < 3; round++) {
		for (int i = 0; i < 30; i++)
			numbers[i] = (i * 37 + 11) % 500;
		if (setjmp(out) == 0) {
			qsort(numbers, 30, sizeof *numbers, by_digits);
			sorted++;
			for (int i = 0; i < 30; i++)
				printf("%d ", numbers[i]);
			puts("");
			limit = 10, n_compared = 0;
		} else
			printf("out after %d\n", n_compared), limit = round == 1 ? 1000000 : 5, n_compared = 0;
	}
	SHOW(sorted);
	return 0;
}
