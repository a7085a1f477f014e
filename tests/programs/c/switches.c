/* Switches that become jump tables, lookup tables and trees, moved inside their cases. */
#include "moved.h"

static NOINLINE long dense(int op, long a, long b)
{
	switch (op) {
	case 0: return a + b;
	case 1: return a - b;
	case 2: return a * b;
	case 3: wait_for_move(); return a ^ b;
	case 4: return a | b;
	case 5: return a & ~b;
	case 6: a += 3; /* fall through */
	case 7: a *= 5; if (a > 1000000) wait_for_move(); return a - b;
	case 8: return a << (b & 7);
	case 9: return a >> 1;
	case 10: return -a;
	case 11: return ~a;
	default: return a;
	}
}

static NOINLINE const char *name(unsigned n)
{
	switch (n) {
	case 0: return "zero";
	case 1: return "one";
	case 2: return "two";
	case 3: return "three";
	case 4: return "four";
	case 5: return "five";
	case 1000: return "thousand";
	case 1u << 31: return "huge";
	}
	return "?";
}

/* Duff's device, the move in the middle of it. */
static NOINLINE void duff(char *to, const char *from, int count)
{
	int n = (count + 7) / 8;
	switch (count % 8) {
	case 0: do { *to++ = *from++; /* fall through */
	case 7: *to++ = *from++; /* fall through */
	case 6: *to++ = *from++; /* fall through */
	case 5: *to++ = *from++; if (n == 2) wait_for_move(); /* fall through */
	case 4: *to++ = *from++; /* fall through */
	case 3: *to++ = *from++; /* fall through */
	case 2: *to++ = *from++; /* fall through */
	case 1: *to++ = *from++;
		} while (--n > 0);
	}
}

int main(void)
{
	long a = OPAQUE(12345);
	const char *kept = name(OPAQUE(3));
	char copy[32] = { 0 };

	for (int i = 0; i < 40; i++) {
		a = dense(i % 13, a, i) % 1000003;
		if (i == 20)
			kept = name(1000);
	}
	printf("%ld %s %s %s\n", a, kept, name(OPAQUE(5)), name(OPAQUE(1u << 31)));
	duff(copy, "copied by duff's device", 23);
	puts(copy);
	return done();
}
