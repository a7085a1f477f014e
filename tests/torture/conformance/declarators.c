/* C11 6.7.6, 6.7.7, 6.7.8: declarators of every shape, typedef names hidden and reused, functions returning pointers to
 * arrays and functions, parameters adjusted, unnamed parameters, identifiers with universal names. */
#include "lib_conformance.h"

typedef int word, table_t[3], *pointer_t, function_t(word);
typedef const table_t *(*getter_t)(void);
typedef struct T T;
struct T { T *T; int value; };

static table_t rows[2] = {{1, 2, 3}, {4, 5, 6}};
static int (*matrix(void))[3];
static function_t twice, *choose(int), *const both[2];
static int (*(*array_of_makers[2])(int))(word);
static int sum_array(int a[restrict const 3], int (*f)(int), int g(int), int[*], pointer_t const p);
static int h\u00e9llo = 3;
static char *(*const (*deep)[2])(char *const *);

static NOINLINE int twice(word w) { tick(); return w * 2; }
static NOINLINE int thrice(word w) { tick(); return w * 3; }
static NOINLINE function_t *choose(int n) { tick(); return n ? thrice : twice; }
static NOINLINE int (*matrix(void))[3] { tick(); return rows + 1; }
static NOINLINE const table_t *get(void) { tick(); return &rows[0]; }
static function_t *const both[2] = {twice, thrice};
static char *first(char *const *words) { tick(); return words[0]; }
static char *second(char *const *words) { tick(); return words[1]; }
static char *(*const pair[2])(char *const *) = {first, second};

static NOINLINE int sum_array(int a[restrict const 3], int (*f)(int), int g(int), int b[], pointer_t const p)
{
	int sum = 0;

	for (int i = 0; i < 3; i++)
		sum += f(a[i]) * g(b[i]) + p[0];
	return sum;
}

static NOINLINE int unnamed(int, double x, char)
{
	tick();
	return (int)x;
}

int main(void)
{
	getter_t g = get;
	T t = {&t, 5};
	char *words[] = {"alpha", "beta"};

	array_of_makers[0] = choose, array_of_makers[1] = &choose;
	deep = &pair;
	for (int i = 0; i < 3; i++) {
		word table_t = i;
		{
			typedef long word;
			word w = VIA(1l) << 40;
			SHOW(w), SHOW(sizeof(word)), SHOW(table_t + i);
		}
		SHOW((*matrix())[i]), SHOW(matrix()[-1][i]), SHOW((*g())[i]), SHOW(array_of_makers[i & 1](i)(7)), SHOW((*choose(i))(i));
		SHOW(both[i & 1](9)), SHOW(sum_array(rows[0], twice, *thrice, rows[1], &t.value)), SHOW(t.T->T->value++);
		SHOW(h\u00e9llo += i), SHOW((*deep)[i & 1](words)), SHOW(unnamed(1, i * 2.5, 'c'));
	}
	return 0;
}
