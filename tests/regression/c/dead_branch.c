/* Calls that a branch on a constant leaves out, where nothing is optimised: code generation for one ISA
 * dropped them, with their records, and the link failed. */
/* levels: -O0 -O2 */
#include "../../programs/c/moved.h"

static int n_calls;

NOINLINE int count(int n)
{
	for (int i = 0; i < n; i++)
		n_calls++;
	return n;
}

int main(void)
{
	int x, y = 3;
	_Bool both;

	if ((x = -1)) {
		count(2);
		wait_for_move();
	} else {
		for (int i = 0; i < y; i++)
			count(i);
	}
	switch ((y = 2)) {
	case 1: count(1); break;
	case 2: count(3); break;
	}
	both = (x = 0) && count(9);
	both |= (y = 1) || count(10);
	if ((x = 5) ? count(4) : count(20))
		wait_for_move();
	printf("%d %d %d %d\n", x, y, both, n_calls);
	return done();
}
