/* What a program finds when it starts: arguments, environment, auxiliary vector, and all of it in
 * the arena below 2^38. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>
#include "lib_check.h"

#define ARENA_LOWEST 0x1000000000ul
#define ARENA_END 0x4000000000ul

static int n_constructed;
static _Thread_local int local = 42;
static _Thread_local int zeroes[100];
static _Thread_local struct { char c; int i __attribute__((aligned(64))); } aligned = { 1, 2 };

__attribute__((constructor)) static void construct(void)
{
	n_constructed++;
}

static void destruct(void)
{
	if (n_constructed != 1)
		_exit(99);
}

static int in_arena(const void *p)
{
	return (uintptr_t)p >= ARENA_LOWEST && (uintptr_t)p < ARENA_END;
}

int main(int argc, char **argv, char **envp)
{
	int on_stack = 0;

	CHECK_LONG(argc, 3);
	CHECK_STRING(argv[1], "one");
	CHECK_STRING(argv[2], "two words");
	CHECK(argv[3] == NULL);
	CHECK(envp == environ && envp == argv + argc + 1);
	CHECK_STRING(getenv("WORD"), "value");
	CHECK(n_constructed == 1);
	CHECK(in_arena(argv) && in_arena(argv[1]) && in_arena(envp[0]));
	CHECK(in_arena(&on_stack) && in_arena(&local) && in_arena(malloc(1)));
	CHECK(in_arena(malloc(1 << 24)) && in_arena(&errno));
	CHECK_LONG(getauxval(AT_PAGESZ), sysconf(_SC_PAGESIZE));
	CHECK(in_arena((void *)getauxval(AT_RANDOM)));
	CHECK(in_arena((void *)getauxval(AT_EXECFN)));
	CHECK_LONG(getauxval(AT_SYSINFO_EHDR), 0);
	CHECK(local == 42 && zeroes[0] == 0 && zeroes[99] == 0);
	CHECK(aligned.c == 1 && aligned.i == 2 && (uintptr_t)&aligned.i % 64 == 0);
	CHECK(setenv("ANOTHER", "1", 1) == 0);
	CHECK_STRING(getenv("ANOTHER"), "1");
	atexit(destruct);
	return check_failures();
}
