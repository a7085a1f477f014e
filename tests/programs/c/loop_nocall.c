/* A while (1) loop without calls: the only migration point is the poll at its header. */
#include "moved.h"

#define A 6364136223846793005u
#define C 1442695040888963407u

/* Step n of the generator in log n steps. */
static uint64_t jump(uint64_t x, uint64_t n)
{
	uint64_t a = A, c = C;
	for (; n; n >>= 1) {
		if (n & 1)
			x = x * a + c;
		c *= a + 1;
		a *= a;
	}
	return x;
}

int main(void)
{
	uint64_t limit = OPAQUE(150000000ull), n = 0, x = 1;
	double d = 0;
	int fd;

	if (access("stay", F_OK) == 0)
		limit = 1000;
	fd = open("ready.1", O_CREAT | O_WRONLY, 0666);
	close(fd);
	while (1) {
		x = x * A + C;
		d += 0.5;
		if (++n == limit)
			break;
	}
	CHECK(n == limit);
	CHECK(x == jump(1, limit));
	CHECK(d == limit * 0.5);
	return done();
}
