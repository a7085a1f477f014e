/* 50,000 frames, moved at the bottom. */
/* every: 1009 */
/* levels: -O1 -O2 */
#include "moved.h"

#ifndef DEPTH
#define DEPTH 50000
#endif

static NOINLINE unsigned long down(int n, unsigned long a, double b)
{
	unsigned long below;

	if (n == 0) {
		wait_for_move();
		return a;
	}
	below = down(n - 1, a * 6364136223846793005u + n, b + 0.5);
	return below ^ (a + n) ^ (unsigned long)b;
}

int main(void)
{
	printf("%016lx\n", down(OPAQUE(DEPTH), 1, 0));
	return done();
}
