#include "lib_conformance.h"

_Thread_local int external = 100, external_array[3] = {7, 8, 9};
__thread long other_file = -5;

int bump_external(int by)
{
	tick();
	external += by;
	tick();
	return external * 2;
}

int *address_of_other(void)
{
	static _Thread_local int here = 40;

	here++;
	return &here;
}
