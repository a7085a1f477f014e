/* Constructors with priorities, moved inside one of them, and destructors. */
#include "moved.h"

static char trace[64];
static int state;

static void note(const char *s) { strcat(trace, s); }

static __attribute__((constructor(201))) void b(void) { note("b"); state += 10; }
static __attribute__((constructor(101))) void a(void) { note("a"); state = 1; }

static __attribute__((constructor(301))) void c(void)
{
	int local = state;
	int *p = &local;

	note("c");
	wait_for_move();
	state = *p * 2;
}

static __attribute__((constructor)) void last(void) { note("d"); }

static __attribute__((destructor)) void end(void)
{
	wait_for_move();
	printf("end %s %d\n", trace, state);
}

static void in_array(int argc, char **argv, char **envp)
{
	(void)argv;
	(void)envp;
	note("i");
	state += 100 * (argc != -5);
}
static __attribute__((section(".init_array"), used)) void (*entry)(int, char **, char **) = in_array;

int main(void)
{
	printf("%d %d\n", (int)strlen(trace), state);
	CHECK(strncmp(trace, "abc", 3) == 0);
	CHECK(strlen(trace) == 5);
	wait_for_move();
	return done();
}
