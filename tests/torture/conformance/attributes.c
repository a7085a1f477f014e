/* GNU attributes: packed, aligned, constructor and destructor with priorities, weak, alias, section, cleanup, noinline,
 * always_inline, noreturn, pure, const, used, unused, visibility, deprecated, may_alias, transparent_union. */
#include "lib_conformance.h"

#define A(...) __attribute__((__VA_ARGS__))

struct A(packed) packed { char c; int i; short s; double d; long l : 37; };
struct inner_packed { char c; int i A(packed); long l; };
struct A(aligned(64)) wide { int x; };
typedef int A(may_alias) any_int;
typedef union A(transparent_union) { int *i; const char *s; } either;

static int order[8], n_order, variable A(section("my_data")) = 5;
static char page[100] A(aligned(256));
static const int constant A(section("my_rodata"), used) = 6;

static A(constructor(102)) void second(void) { order[n_order++] = 2; tick(); }
static A(constructor(101)) void first(void) { order[n_order++] = 1; tick(); }
static A(constructor) void third(void) { order[n_order++] = 3; tick(); }
static A(destructor(101)) void last(void) { printf("last %d\n", n_order); tick(); }
static A(destructor) void before(void) { puts("before"); tick(); }

A(noinline) int original(int x) { tick(); return x * 2; }
int renamed(int) A(alias("original"));
extern int object A(alias("target"));
int target = 9;
int missing(int) A(weak);
A(weak) int present(int x) { tick(); return x + 5; }
static A(noinline, pure) int pure(const int *p) { tick(); return *p; }
static A(noinline, const) int square(int x) { return x * x; }
static inline A(always_inline) int inlined(int x) { tick(); return x ^ 3; }
static A(noinline, section("my_text")) int elsewhere(int x) { tick(); return x - 1; }
static A(noinline) int of_either(either e) { tick(); return *(const char *)e.s; }
static A(noinline, cold) int cold(int x) { tick(); return x; }
static A(noinline, optnone) int unoptimised(int x) { int y = x; tick(); return y * 3; }
static A(noinline, returns_nonnull, malloc) int *allocated(void) { tick(); return calloc(1, sizeof(int)); }

static void cleaned(int *p)
{
	tick();
	printf("cleanup %d\n", *p);
}

static NOINLINE int with_cleanup(int n)
{
	A(cleanup(cleaned)) int a = n;

	for (int i = 0; i < 3; i++) {
		A(cleanup(cleaned)) int b = n * 10 + i;
		if (i == n)
			continue;
		if (i == 2)
			return a += slowly(100);
		if (n == 5)
			goto out;
		b++;
	}
out:
	tick();
	return a;
}

int main(void)
{
	struct packed p = {1, 2, 3, 4.5, -5}, *pp = &p;
	struct wide w[2] = {{1}, {2}};
	float f = 1;
	int *heap = allocated();

	printf("%d %d %d\n", order[0], order[1], order[2]);
	for (int i = 0; i < 3; i++) {
		pp->i += VIA(i), pp->d *= 2, pp->l -= 1;
		SHOW(p.i), SHOW(p.d), SHOW(p.l), SHOW(sum_bytes(pp, offsetof(struct packed, s))), SHOW(renamed(i)), SHOW(object++);
		SHOW(target), SHOW(missing != NULL), SHOW(present(i)), SHOW(pure(&variable) + square(i)), SHOW(inlined(i));
		SHOW(elsewhere(variable++)), SHOW(constant), SHOW(of_either("text")), SHOW(of_either(&i)), SHOW(cold(i));
		SHOW(unoptimised(i)), SHOW(with_cleanup(i * 2 + (i == 2))), SHOW(*(any_int *)&f), SHOW(w[1].x), SHOW(*heap += i);
	}
	SHOW(sizeof(struct packed)), SHOW(sizeof(struct inner_packed)), SHOW(offsetof(struct inner_packed, l));
	SHOW(sizeof(struct wide)), SHOW((uintptr_t)page % 256), SHOW((uintptr_t)&w[1] % 64), SHOW(renamed == original);
	free(heap);
	return 0;
}
