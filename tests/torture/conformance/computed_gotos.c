/* GNU: labels as values: interpreters, tables, differences of labels kept as ints, local labels, labels stored
 * in memory across calls, several tables in a function. */
#include "lib_conformance.h"

static NOINLINE long interpret(const unsigned char *pc, long acc)
{
	static const void *const ops[] = {&&halt, &&add, &&multiply, &&negate, &&loop, &&call, &&push, &&pop};
	long stack[8], *sp = stack;
	int count = 3;
	double sum = .25;

	goto *ops[*pc++];
add:
	acc += *pc++;
	tick();
	goto *ops[*pc++];
multiply:
	acc *= *pc++;
	goto *ops[*pc++];
negate:
	acc = -acc;
	sum += (double)acc;
	goto *ops[*pc++];
loop:
	if (count-- > 0)
		pc -= *pc;
	else
		pc++;
	tick();
	goto *ops[*pc++];
call:
	acc = slowly((int)acc);
	goto *ops[*pc++];
push:
	*sp++ = acc;
	goto *ops[*pc++];
pop:
	acc ^= *--sp;
	goto *ops[*pc++];
halt:
	return acc + (long)sum;
}

static NOINLINE int states(const char *s)
{
	const void *state = &&space, *saved[2] = {&&space, &&word};
	int words = 0;

	for (; *s; s++) {
		tick();
		goto *state;
space:
		if (*s != ' ')
			words++, state = saved[1];
		continue;
word:
		if (*s == ' ')
			state = saved[0];
	}
	return words;
}

static NOINLINE int locals(int n)
{
	int r = 0;

	for (int i = 0; i < n; i++) {
		__label__ even, odd, out;
		void *to = i & 1 ? &&odd : &&even;
		tick();
		goto *to;
even:
		r += i;
		goto out;
odd:
		r -= 2 * i;
out:
		tick();
	}
	return r;
}

int main(void)
{
	/* 6 8 is the way back to the first instruction */
	static const unsigned char code[] = {1, 5, 2, 3, 6, 3, 7, 4, 8, 3, 0};
	static const unsigned char straight[] = {1, 9, 2, 2, 5, 1, 1, 0};

	for (int i = 0; i < 3; i++) {
		SHOW(interpret(straight, i)), SHOW(locals(i * 3));
		SHOW(states("  some words  and more"));
	}
	SHOW(interpret(code, 2));
	return 0;
}
