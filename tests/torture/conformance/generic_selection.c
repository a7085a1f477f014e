/* C11 6.5.1.1, 6.5.3.4, 6.7.10, 6.2.8, 6.7.5: _Generic, sizeof, _Alignof, _Static_assert, _Alignas. */
#include <stdalign.h>
#include <assert.h>
#include "lib_conformance.h"

struct s { char c; double d; short s; };
struct over { alignas(32) char c; int i; };

_Static_assert(sizeof(struct s) == 24, "padding");
static_assert(_Alignof(struct over) == 32, "over-aligned");

static NOINLINE int of_int(int x) { tick(); return x + 1; }
static NOINLINE double of_double(double x) { tick(); return x * 2; }
static NOINLINE const char *of_pointer(const char *s) { tick(); return s + 1; }
static NOINLINE size_t of_other(struct s s) { tick(); return sizeof s; }

#define CALL(x) _Generic((x), int: of_int, double: of_double, char *: of_pointer, \
	const char *: of_pointer, default: of_other)(x)

static alignas(64) char file_scope[3];
static _Alignas(double) _Alignas(16) int twice;

static NOINLINE int is_aligned(const void *p, size_t n)
{
	tick();
	return (uintptr_t)p % n == 0;
}

static NOINLINE void aligned_locals(int depth)
{
	alignas(16) char a16[5];
	alignas(32) char a32[1];
	alignas(64) double a64;
	alignas(128) char a128;
	struct over over[2] = {{1, 2}, {3, 4}};
	char odd[3] = {1, 2, 3};

	a64 = depth, a128 = (char)depth;
	if (depth)
		aligned_locals(depth - 1);
	printf("%d: %d %d %d %d %d %d %g %d %d\n", depth, is_aligned(a16, 16), is_aligned(a32, 32),
		is_aligned(&a64, 64), is_aligned(&a128, 128), is_aligned(over, 32), is_aligned(&over[1], 32), a64,
		a128, odd[2] + over[1].i);
}

int main(void)
{
	const int ci = 5;
	int array[3] = {1, 2, 3};
	char text[] = "generic";

	for (int i = 0; i < 3; i++) {
		SHOW(CALL(i)), SHOW(CALL(i * .5)), SHOW(CALL(text)), SHOW(CALL("const")), SHOW(CALL(((struct s){0})));
		SHOW(CALL(ci)), SHOW(CALL((short)i + 0)), SHOW(_Generic(array, int *: VIA(i), default: -1));
		SHOW(_Generic(&array, int(*)[3]: 1, default: 0)), SHOW(_Generic(&ci, const int *: 2, int *: 1));
		SHOW(_Generic(main, int (*)(void): VIA(7), default: 0)), SHOW(_Generic('a', char: 1, int: 2));
	}
	SHOW(sizeof(struct s)), SHOW(alignof(struct s)), SHOW(sizeof(struct over)), SHOW(alignof(double));
	SHOW(alignof(long double)), SHOW(alignof(max_align_t)), SHOW(alignof(int[7])), SHOW(alignof(char));
	SHOW(is_aligned(file_scope, 64)), SHOW(is_aligned(&twice, 16)), SHOW(sizeof array), SHOW(sizeof(array + 0));
	SHOW(offsetof(struct s, s)), SHOW(offsetof(struct over, i)), SHOW(sizeof(int (*)(void)));
	aligned_locals(slowly(3));
	return 0;
}
