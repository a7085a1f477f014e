/* C11 6.3.2.1, 6.3.2.3: arrays and functions decay; pointers to void, to integers and back, to other
 * types, to functions and back; null pointers of each kind. */
#include "lib_conformance.h"

static int table[4][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {10, 11, 12}};

static NOINLINE int add(int a, int b)
{
	tick();
	return a + b;
}

static NOINLINE int sum(const void *p, size_t n)
{
	const int *a = p;
	int s = 0;

	for (; n--; tick())
		s += *a++;
	return s;
}

int main(void)
{
	int local[5] = {10, 20, 30, 40, 50}, *p = local, (*row)[3] = table;
	int (*f)(int, int) = add, (*g)(int, int) = &add;
	void (*any)(void) = (void (*)(void))add;
	void *v = local;
	char *bytes = (char *)local;
	uintptr_t u = (uintptr_t)(local + 2);

	for (int i = 0; i < 3; i++) {
		SHOW(sum(p + i, 2)), SHOW(sum(row[i], 3)), SHOW(*(int *)VIA(u));
		SHOW(((int (*)(int, int))VIA(any))(i, 1)), SHOW((*VIA(f))(i, 2)), SHOW((***VIA(g))(i, 3));
		SHOW((VIA(row) + 1)[0][i]), SHOW(*(*(row + i) + 1)), SHOW(i[VIA(p)]);
		SHOW((int)((char *)(VIA(p) + i) - bytes)), SHOW(VIA(v) == (void *)local);
		u += sizeof(int);
	}
	SHOW(VIA((void *)0) == (int *)0), SHOW((uintptr_t)VIA((char *)0)), SHOW(VIA(f) == g), SHOW(!VIA(f));
	SHOW((int *)(void *)VIA(bytes) == local);
	SHOW(sizeof local / sizeof *local), SHOW(sizeof table), SHOW(sizeof *row), SHOW(sizeof &local);
	SHOW(&local[5] - local), SHOW(VIA(&table[3][0]) - &table[0][0] == 9);
	SHOW(VIA(&table[1]) - table), SHOW((char *)VIA(&table + 1) - (char *)table);
	const int *const volatile cv = VIA(p);
	SHOW(*cv);
	SHOW(sizeof "abc"), SHOW((*VIA(&"xyz"))[1]), SHOW("hello"[VIA(4)]);
	return 0;
}
