/* atexit handlers, registered before the move, running after it, and moved inside one. */
#include "moved.h"

static int order;

static void first(void)
{
	printf("first %d\n", ++order);
	puts(n_failed_checks ? "FAILED" : "ok");
}

static void second(void)
{
	printf("second %d\n", ++order);
	wait_for_move();
	CHECK(order == 2);
}

static void late(void)
{
	printf("late %d\n", ++order);
}

static void third(void)
{
	int local = ++order;
	int *p = &local;

	wait_for_move();
	printf("third %d\n", *p);
}

static __attribute__((destructor)) void destructor(void)
{
	printf("destructor %d\n", order);
}

int main(void)
{
	atexit(first);
	atexit(late);
	atexit(second);
	wait_for_move();
	atexit(third);
	exit(0);
}
