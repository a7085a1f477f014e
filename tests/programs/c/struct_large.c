/* Structures of kilobytes by value, nested by-value calls and returns through memory. */
#include "moved.h"

struct large {
	int id;
	char text[1000];
	double values[50];
	struct large *self;
};

static NOINLINE struct large make(int id, struct large from)
{
	struct large r = from;
	r.id += id;
	snprintf(r.text + strlen(r.text), 20, "/%d", id);
	if (id == 3)
		wait_for_move();
	for (int i = 0; i < 50; i++)
		r.values[i] = from.values[i] + id * i;
	r.self = NULL;
	return r;
}

static NOINLINE double total(struct large a, struct large b, int depth)
{
	double s = 0;
	a.self = &a;
	if (depth) {
		s = total(b, a, depth - 1);
	} else {
		wait_for_move();
	}
	CHECK(a.self == &a);
	for (int i = 0; i < 50; i++)
		s += a.values[i] - b.values[i] / 2;
	return s;
}

int main(void)
{
	struct large zero = { 0 }, r;

	r = make(4, make(3, make(2, make(1, zero))));
	printf("%d %s %g\n", r.id, r.text, r.values[49]);
	printf("%g\n", total(r, make(5, r), 6));
	return done();
}
