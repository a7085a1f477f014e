/* Registers saved behind a first test, in a block that code generation for aarch64 placed twice: .eh_frame was
 * wrong behind the second, and the link failed. */
/* levels: -O2 */
#include "../../programs/c/moved.h"

static unsigned data[64], sums[2];

#define SWAPPED(x) (((x) & 0xff) << 24 | ((x) & 0xff00) << 8 | ((x) >> 8 & 0xff00) | (x) >> 24)

NOINLINE void add(int as_is, const unsigned *p, const unsigned *end, const unsigned *from, unsigned *to)
{
	unsigned a = 0, b = 0;

	if (from) {
		a = from[0];
		b = from[1];
	}
	if (as_is) {
		do {
			a += *p++ + b;
			b += *p++ + a;
		} while (p < end);
	} else {
		do {
			a += SWAPPED(p[0]) + b;
			b += SWAPPED(p[1]) + a;
			p += 2;
		} while (p < end);
	}
	to[0] = a;
	to[1] = b;
}

int main(void)
{
	for (unsigned i = 0; i < 64; i++)
		data[i] = i * 77;
	add(1, data, data + 64, NULL, sums);
	wait_for_move();
	add(0, data, data + 64, sums, sums);
	printf("%u %u\n", sums[0], sums[1]);
	return done();
}
