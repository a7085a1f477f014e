/* C11 6.2.4p4, 6.7.1: _Thread_local: static and external, initialised and not, aligned, large, addresses of them kept in
 * memory and across calls, in another file, in inline functions, arrays and structs of them. */
/* with: lib_threads_b.c */
#include "lib_conformance.h"

struct state { char name[12]; double d; struct state *self; _Alignas(32) int aligned; };

extern _Thread_local int external, external_array[];
extern __thread long other_file;
int bump_external(int), *address_of_other(void);

static _Thread_local struct state state = {"state", 1.25, NULL, 5};
static _Thread_local int zero, *to_static, big[500];
static __thread char letters[] = "letters";
static _Thread_local _Bool flag = 1;
static _Thread_local signed char small = -3;
static _Thread_local __int128 wide = 7;
static int ordinary;

static NOINLINE int *counter(void)
{
	static _Thread_local int n = 10;

	n++;
	tick();
	return &n;
}

static inline int inlined(int x)
{
	static _Thread_local int calls;

	tick();
	return x + ++calls;
}

int main(void)
{
	int *c = counter(), *pz = &zero;

	state.self = &state, to_static = &ordinary;
	for (int i = 0; i < 4; i++) {
		*pz += VIA(i), state.d *= 2, state.self->name[i] -= 32, *to_static += 3, big[i * 100] = i;
		tick();
		SHOW(zero), SHOW(state.d), SHOW((char *)state.name), SHOW(ordinary), SHOW(*counter()), SHOW(c == counter());
		SHOW(*c), SHOW(VIA(letters + i)), SHOW(flag = !VIA(flag)), SHOW(small--), SHOW(wide *= VIA(small));
		SHOW(inlined(i)), SHOW(bump_external(i)), SHOW(external), SHOW(&external == external_array - 0 ? 1 : 0);
		SHOW(external_array[VIA(i) % 3]++), SHOW(*address_of_other()), SHOW((long)(other_file += i));
		SHOW((uintptr_t)&state.aligned % 32), SHOW(state.aligned++), SHOW(sum_bytes(big, sizeof big));
		letters[i] ^= 32;
	}
	return 0;
}
