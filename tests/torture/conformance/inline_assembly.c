/* GNU: inline assembly that is valid everywhere: empty templates with operands in registers, in memory, matched, early
 * clobbered and read-write, of each type, between calls; barriers; assembler names. */
#include "lib_conformance.h"

static NOINLINE int named(int x) __asm__("another_name");
extern int aliased(int x) __asm__("another_name_too");

static NOINLINE int named(int x)
{
	tick();
	return x + 3;
}

int aliased(int x)
{
	tick();
	return x * 4;
}

static NOINLINE long through(long a, double d, float f, char *p, short s)
{
	long copy, other = a;
	double same = d;

	for (int i = 0; i < 3; i++) {
		__asm__ volatile("" : "=r"(copy) : "0"(a + i));
		tick();
		__asm__ volatile("" : "+r"(other), "+m"(d), "+r"(s));
		__asm__("" : "+m"(f));
		tick();
		__asm__ volatile("" : : "r"(p), "m"(*p), "i"(42) : "memory");
		other += copy, d += same, f *= 2, s++, p[0]++;
		__asm__ volatile("" : "+r"(p) : : "memory", "cc");
		tick();
	}
	return other + (long)d + (long)f + p[0] + s;
}

static NOINLINE int barriers(int *shared)
{
	int sum = 0;

	for (int i = 0; i < 4; i++) {
		*shared = i;
		__asm__ volatile("" ::: "memory");
		tick();
		sum = sum * 10 + *shared;
		__sync_synchronize();
	}
	return sum;
}

int main(void)
{
	char text[] = "asm";
	int shared = 0;

	for (int i = 0; i < 3; i++) {
		SHOW(through(i, 2.5, .5f, text, (short)i)), SHOW(barriers(&shared)), SHOW(named(i)), SHOW(aliased(i));
		SHOW((char *)text);
	}
	return 0;
}
