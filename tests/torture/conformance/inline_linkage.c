/* C11 6.2.2, 6.7.4, 6.9.2: linkage over files: inline, extern inline and static inline, tentative
 * definitions, statics of one name in two files, extern arrays, _Noreturn. */
/* with: lib_linkage_b.c */
#include "lib_conformance.h"
#include "lib_linkage.h"

int tentative;
int tentative;
static int private_;
int completed[];
int *to_private(void);
extern inline int external_inline(int x);

static int private_ = 10;
int completed[4];

static NOINLINE int own(int x)
{
	tick();
	return x + private_;
}

static _Noreturn NOINLINE void leave(int n)
{
	printf("leaving with %d\n", n);
	tick();
	exit(n);
}

int main(void)
{
	int (*f)(int) = external_inline, (*g)(int) = other_external_inline();

	for (int i = 0; i < 3; i++) {
		SHOW(plain_inline(i)), SHOW(external_inline(i)), SHOW(f(i)), SHOW(f == g), SHOW(static_inline(i));
		SHOW(other(i)), SHOW(own(i)), SHOW(other_static(i)), SHOW(tentative += VIA(i)), SHOW(read_tentative());
		SHOW(private_++), SHOW(*to_private()), SHOW(table[i]), SHOW(n_table), SHOW(&table[1] == other_table(1));
		SHOW(completed[3] += i), SHOW(static_address() != other_static_address()), SHOW(shared_constant);
		SHOW(weak_default(i)), SHOW(weak_overridden(i)), SHOW(common_data.x), SHOW(inner_static(i));
		common_data.x += VIA(2);
	}
	if (tentative)
		leave(0);
	return 1;
}
