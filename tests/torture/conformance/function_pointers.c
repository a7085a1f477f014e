/* C11 6.5.2.2, 6.7.6.3: pointers to functions: tables, as members, returned, compared, casts, callbacks through
 * libc, functions of every result type, chosen by conditions, pointers to pointers. */
#include "lib_conformance.h"

typedef int binary(int, int);
typedef binary *chooser(char);
struct ops { const char *name; binary *run; struct ops *(*next)(struct ops *); };

static binary add, subtract, multiply;

static NOINLINE int add(int a, int b) { tick(); return a + b; }
static NOINLINE int subtract(int a, int b) { tick(); return a - b; }
static NOINLINE int multiply(int a, int b) { tick(); return a * b; }

static NOINLINE binary *choose(char c)
{
	static binary *const table[256] = {['+'] = add, ['-'] = subtract, ['*'] = multiply};

	tick();
	return table[(unsigned char)c];
}

static NOINLINE int (*(*twice(chooser *f))(char))(int, int)
{
	tick();
	return f;
}

static NOINLINE struct ops *following(struct ops *o)
{
	tick();
	return o + 1;
}

static NOINLINE int fold(binary f, const int *a, int n, int start)
{
	while (n-- > 0)
		start = (*f)(start, *a++);
	return start;
}

static int descending(const void *a, const void *b)
{
	tick();
	return *(const int *)b - *(const int *)a;
}

static NOINLINE float of_float(float x) { tick(); return x / 3; }
static NOINLINE long double of_long_double(long double x) { tick(); return x / 4; }
static NOINLINE _Bool of_bool(_Bool x) { tick(); return !x; }
static NOINLINE signed char of_char(signed char x) { tick(); return (signed char)(x - 100); }
static NOINLINE __int128 of_wide(__int128 x) { tick(); return x * x; }
static NOINLINE void of_void(int *x) { tick(); ++*x; }
static NOINLINE const char *of_string(const char *s) { tick(); return s + 2; }

int main(void)
{
	struct ops table[] = {{"add", add, following}, {"subtract", &subtract, following}, {"last", multiply, NULL}};
	int numbers[] = {3, 9, 1, 7, 5}, key = 7, count = 0;
	binary *f = NULL, **pf = &f, *stored[3] = {add, multiply, subtract};
	float (*ff)(float) = OPAQUE(of_float);
	long double (*fl)(long double) = OPAQUE(of_long_double);
	_Bool (*fb)(_Bool) = OPAQUE(of_bool);
	signed char (*fc)(signed char) = OPAQUE(of_char);
	__int128 (*fw)(__int128) = OPAQUE(of_wide);
	void (*fv)(int *) = OPAQUE(of_void);
	const char *(*fs)(const char *) = OPAQUE(of_string);

	for (struct ops *o = table; o; o = o->next ? o->next(o) : NULL)
		printf("%s %d\n", o->name, o->run(slowly(6), 4));
	for (int i = 0; i < 3; i++) {
		*pf = stored[i];
		SHOW(fold(f, numbers, 5, i)), SHOW(choose("+-*"[i])(8, 3)), SHOW(twice(choose)("*+-"[i])(5, 6));
		SHOW(f == add), SHOW((i ? add : subtract)(9, i)), SHOW((*pf)(VIA(i), (*pf)(i, 2)));
		SHOW(ff((float)i)), SHOW(fl(i)), SHOW(fb(i)), SHOW(fc((signed char)(i * -50))), SHOW(fw((__int128)i << 60));
		fv(&count);
		SHOW(count), SHOW(fs("abcdef" + i));
		SHOW(((long (*)(long, long))(void *)(long (*)(void))0 == NULL)), SHOW(choose('?') == NULL);
	}
	qsort(numbers, 5, sizeof *numbers, descending);
	SHOW(numbers[0] * 10000 + numbers[1] * 1000 + numbers[2] * 100 + numbers[3] * 10 + numbers[4]);
	SHOW((int *)bsearch(&key, numbers, 5, sizeof *numbers, descending) - numbers);
	return 0;
}
