/* A callee that is one half of what a function returned in a pair of registers: code generation took
 * the other half when only a cast stood between (passes/records.c, safe_callee). */
#include "../../programs/c/moved.h"

struct pair {
	long (*first)(long);
	long (*second)(long);
};

static NOINLINE long left(long x)
{
	wait_for_move();
	return x + 1;
}

static NOINLINE long right(long x)
{
	return x * 3;
}

static NOINLINE struct pair choose(long x)
{
	return x & 1 ? (struct pair){ left, right } : (struct pair){ right, left };
}

int main(void)
{
	printf("%ld %ld\n", choose(1).second(5), choose(2).second(6));
	printf("%ld %ld\n", choose(1).first(7), choose(2).first(8));
	return 0;
}
