/* An integer of a width that no record can name, of which only a part lives across a poll: to make the
 * part again behind the poll, the whole was kept. */
#include "../../programs/c/moved.h"

typedef _BitInt(96) odd;

NOINLINE long parts(const odd *from, int n)
{
	odd whole = *from * 3;
	int low = (int)whole, middle = (int)(whole >> 40);
	long sum = 0;

	for (int i = 0; i < n; i++) {
		if (i == 1)
			wait_for_move();
		sum += low / (i + 1) - middle;
	}
	return sum + low;
}

int main(void)
{
	odd from = OPAQUE((odd)0x123456789abcdef << 20 | 0x54321);

	printf("%ld\n", parts(&from, 4));
	return done();
}
