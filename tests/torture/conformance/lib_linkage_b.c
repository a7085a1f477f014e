#include "lib_conformance.h"
#include "lib_linkage.h"

extern inline int plain_inline(int x);
static int private_ = 1000;
int table[] = {9, 8, 7}, n_table = sizeof table / sizeof *table;
const double shared_constant = 2.75;
struct common common_data = {4};

int other(int x)
{
	return plain_inline(x) + external_inline(x);
}

static NOINLINE int own(int x)
{
	tick();
	return x - private_;
}

int other_static(int x)
{
	return own(x) + static_inline(x);
}

int read_tentative(void)
{
	return tentative;
}

int *to_private(void)
{
	private_ += 1;
	return &private_;
}

int (*other_external_inline(void))(int)
{
	return external_inline;
}

const void *other_static_address(void)
{
	return static_address();
}

int *other_table(int i)
{
	return table + i;
}

__attribute__((weak)) int weak_default(int x)
{
	tick();
	return x + 1;
}

int weak_overridden(int x)
{
	tick();
	return x + 2;
}

int inner_static(int x)
{
	extern int n_table;
	int helper = 0;

	for (int i = 0; i < x; i++, tick())
		helper += n_table;
	return helper;
}
