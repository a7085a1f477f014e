/* Thread-locals: initialised, zero, aligned; pointers to them kept across the move. */
#include "moved.h"
#include <errno.h>

static __thread int initialised = 42;
static _Thread_local long zero;
static _Thread_local char text[24] = "thread-local text";
static _Thread_local _Alignas(64) unsigned char aligned[64] = { 1, 2, 3 };
static _Thread_local int *into_self;
_Thread_local double exported = 2.5;
static int *global_to_tls;

static NOINLINE int *pointer(void) { return &initialised; }

int main(void)
{
	int *p = pointer();
	char *q = text + 7;

	into_self = &initialised;
	global_to_tls = &initialised;
	zero += OPAQUE(5);
	exported *= 2;
	errno = ERANGE;
	wait_for_move();
	CHECK(errno == ERANGE || errno == ENOENT);
	initialised++;
	CHECK(*p == 43 && p == pointer() && into_self == p && global_to_tls == p);
	CHECK(strcmp(q, "local text") == 0);
	CHECK(((uintptr_t)aligned & 63) == 0 && aligned[2] == 3);
	wait_for_move();
	*p += 10;
	printf("%d %ld %s %g\n", initialised, zero, text, exported);
	return done();
}
