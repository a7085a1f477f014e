#include "lib_conformance.h"

extern int n_constructed;
int constructed_in_b;

static __attribute__((constructor)) void build_b(void)
{
	for (int i = 0; i < 5; i++, tick())
		constructed_in_b += i * slowly(2);
	n_constructed++;
}
