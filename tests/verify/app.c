/* A program with a record of each shape, for faults.sh. */
int level;
void *where = &level;

__attribute__((noinline)) long leaf(long x)
{
	return x ^ level;
}

/* Recursive: it polls. Two calls, values of several widths across them. */
__attribute__((noinline)) long walk(int n, long a, double b, short c)
{
	long left, right;

	if (n < 2)
		return leaf(a) + c;
	left = walk(n - 1, a + 1, b, c);
	right = walk(n - 2, left, b * 2, c);
	return left + right + (long)b + a;
}

/* Enough sites for a jump table in the clone. */
__attribute__((noinline)) long many(long a, long (*f)(long))
{
	a += f(a);
	a += f(a + 1);
	a += f(a + 2);
	a += f(a + 3);
	a += f(a + 4);
	a += f(a + 5);
	return a;
}

/* Two values that stay what they are. */
__attribute__((noinline)) long keep(long a, long b, long (*f)(long))
{
	f(a);
	f(b);
	return a - b;
}

int main(void)
{
	level = (int)many(walk(level + 3, 1, 2.0, 3), leaf);
	level += (int)keep(level, 5, leaf);
	return 0;
}
