/* C11 5.1.2, 7.22.4: what runs before main and after it: constructors in files, atexit, at_quick_exit, exit from a depth,
 * exit status, buffered output at the end, destructors. */
/* with: lib_constructors_b.c */
#include "lib_conformance.h"

int n_constructed;
extern int constructed_in_b;
static char built[20];

static __attribute__((constructor)) void build(void)
{
	for (int i = 0; i < 10; i++, tick())
		built[i] = (char)('a' + i);
	n_constructed++;
}

static __attribute__((destructor)) void unbuild(void)
{
	for (int i = 0; i < 3; i++, tick())
		printf("after main %d %s\n", i, built);
}

static void first(void)
{
	tick();
	puts("registered first");
}

static void nested(void)
{
	tick();
	puts("registered while exiting");
}

static void second(void)
{
	tick();
	puts("registered second");
	atexit(nested);
}

static NOINLINE int deep(int n)
{
	tick();
	if (n == 0)
		exit(0);
	return deep(n - 1) + n;
}

int main(void)
{
	atexit(first), atexit(second);
	SHOW((char *)built), SHOW(n_constructed), SHOW(constructed_in_b);
	printf("no newline at the end, and a buffer:");
	for (int i = 0; i < 20; i++, tick())
		printf(" %d", i);
	return deep(slowly(9));
}
