/* longjmp to old frames: over thousands of frames, and from rebuilt to rebuilt ones. */
/* every: 53 */
#include "moved.h"
#include <setjmp.h>

static jmp_buf far, levels[8];
static volatile int visits;

static NOINLINE int down(int n, int *p)
{
	int local = n + *p;
	int r;

	if (n == 0) {
		wait_for_move();
		longjmp(far, local);
	}
	r = down(n - 1, &local);
	return r + local;
}

static NOINLINE void staircase(int level)
{
	volatile int here = level * 100;
	int r;

	if (level == 8) {
		static int times;
		wait_for_move();
		longjmp(levels[6], times++ ? 3 : 1);
	}
	r = setjmp(levels[level]);
	visits++;
	if (r == 0)
		staircase(level + 1);
	CHECK(here == level * 100);
	if (r == 1 && level == 6) {
		wait_for_move();
		staircase(7);
	}
	if (level > 0)
		longjmp(levels[level - 1], 2);
}

int main(void)
{
	int zero = 0, r;

	r = setjmp(far);
	if (r == 0)
		down(OPAQUE(5000), &zero);
	printf("%d\n", r);
	visits = 0;
	staircase(0);
	printf("%d\n", visits);
	return done();
}
