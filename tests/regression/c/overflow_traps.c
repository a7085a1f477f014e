/* levels: -O1 -O2 */
/* flags: -ftrapv */
/* A trap of the sanitizers' kind (ud1) in the middle of a function: hcc-verify took its operands for the next
 * instruction, and did not see the poll behind it. */
#include "../../programs/c/moved.h"

static NOINLINE int sum(const int *a, int n)
{
	int s = 0;

	for (int i = 0; i < n; i++) {
		if (i == 3)
			wait_for_move();
		s += a[i] * (i + 1);
	}
	return s;
}

int main(void)
{
	int a[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	printf("%d\n", sum(a, OPAQUE(8)));
	return done();
}
