/* C11 6.7.3, 5.1.2.3: const, volatile and restrict: volatile accesses are all made, in order; volatile
 * locals, members, parameters; restrict pointers over calls. */
#include "lib_conformance.h"

struct device { volatile unsigned status; const int id; volatile struct { char a; short b; } port; };

static volatile int reads, sink;
static const volatile long clock_ = 77;

static NOINLINE long copy(long *restrict to, const long *restrict from, int n)
{
	long sum = 0;

	for (int i = 0; i < n; i++) {
		to[i] = from[i] * 2;
		tick();
		sum += from[i];
	}
	return sum;
}

static NOINLINE int wait(volatile struct device *d)
{
	int n = 0;

	while ((d->status & 8) == 0) {
		d->status += 3;
		tick();
		n++;
	}
	return n;
}

static NOINLINE double keep(volatile double x, volatile char c)
{
	volatile float f = (float)x;
	volatile long double l = x;

	for (volatile int i = 0; i < 3; i++) {
		x += c;
		f *= 2;
		tick();
		l += f;
	}
	return x + (double)l;
}

int main(void)
{
	long from[5] = {1, 2, 3, 4, 5}, to[5];
	struct device d = {1, 42, {'x', 3}};
	volatile int local = 4, *pl = &local;

	for (int i = 0; i < 3; i++) {
		SHOW(copy(to, from, 5)), SHOW(to[4 - i]), SHOW(wait(&d)), SHOW((int)d.status), SHOW(d.id);
		d.status = (unsigned)i, d.port.b += i, d.port.a--;
		SHOW(d.port.b), SHOW(d.port.a), SHOW(keep(i * .5, 'a')), SHOW(*pl += VIA(i)), SHOW(local);
		reads, reads, sink = reads++;
		SHOW(sink + reads), SHOW(clock_);
		const int ci = i, *const pc = &ci;
		SHOW(*VIA(pc));
	}
	return 0;
}
