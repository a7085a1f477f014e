/* C11 6.7.9: initialisers: designated, nested, overridden, ranges (GNU), partial, unions, strings,
 * automatic aggregates with calls inside, order, static zero. */
#include "lib_conformance.h"

struct leaf { short a; char s[5]; };
struct tree { int n; struct leaf leaves[3]; union { double d; long l[2]; } u; struct { int x, y; } p; };

static struct tree global = {.leaves[1] = {.s = "abcd", .a = 7}, .n = 1, .leaves[2].s[2] = 'z',
	.leaves[0] = {1, {'q'}}, .u.l = {5, 6}, .p.y = 9, .p = {.x = 3}};
static int ranges[12] = {[0 ... 3] = 1, [2] = 5, [6 ... 9] = 8, 4}, sparse[] = {[7] = 1, 2, [3] = 3};
static struct tree zero;
static int grid[][3] = {{1}, {2, 3}, 4, 5, 6, {[2] = 7}};
static const char *words[] = {[2] = "two", [0] = "zero"};

static NOINLINE int next(int *n)
{
	tick();
	return ++*n;
}

static NOINLINE void dump(const struct tree *t)
{
	printf("%d | %d %s | %d %s | %d %d | %ld %ld | %d %d\n", t->n, t->leaves[0].a, t->leaves[0].s,
		t->leaves[1].a, t->leaves[1].s, t->leaves[2].a, t->leaves[2].s[2], t->u.l[0], t->u.l[1], t->p.x,
		t->p.y);
	tick();
}

int main(void)
{
	dump(&global), dump(&zero);
	for (int i = 0; i < 3; i++) {
		int n = i * 10;
		struct tree t = {next(&n), {{next(&n), "ab"}, [2] = {.a = next(&n)}}, {.l = {next(&n)}}, {i, next(&n)}};
		struct leaf l = t.leaves[0], copy[2] = {l, {.s = "xyz"}};
		struct tree part = {.leaves[1] = l, .leaves[1].a = 99};
		int array[4] = {next(&n), [3] = next(&n)}, all[3][2] = {{1, next(&n)}, {i}};
		char text[8] = "auto", letters[4] = {'n', next(&n) > 3 ? 'y' : 'n'};
		dump(&t), dump(&part);
		copy[1].s[0] += VIA(i);
		printf("%d %s %s %d %d %d %d %s %s\n", l.a, copy[0].s, copy[1].s, array[0] + array[1] + array[2], array[3],
			all[0][1], all[1][0] + all[1][1] + all[2][0], text, letters);
		global.leaves[1].s[i] = 'A';
	}
	dump(&global);
	for (int i = 0; i < 12; i++, tick())
		printf("%d ", ranges[i]);
	for (size_t i = 0; i < sizeof sparse / sizeof *sparse; i++, tick())
		printf("%d ", sparse[i]);
	for (size_t i = 0; i < sizeof grid / sizeof *grid; i++, tick())
		printf("(%d %d %d) ", grid[i][0], grid[i][1], grid[i][2]);
	printf("%s %d %s\n", words[0], !words[1], words[2]);
	return 0;
}
