/* What the C cases share. A case computes something, calls wait_for_move() while the state it is
 * about is live, goes on, verifies that state and prints a result. Its driver (./each) runs it with a
 * file "stay" present, where wait_for_move() polls a little and returns (by runtime/switches.c the
 * process moves at such polls), and then moves it from outside: it makes the file moved.N when the
 * N-th wait may end. */
#ifndef MOVED_H
#define MOVED_H
#define _GNU_SOURCE

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

/* A value the optimiser knows nothing about. */
#define OPAQUE(x) ({ __auto_type volatile opaque_ = (x); opaque_; })

#define CHECK(condition) \
	((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))

static int n_failed_checks;

static NOINLINE __attribute__((unused)) void check_failed(const char *file, int line,
	const char *what)
{
	const char *base = strrchr(file, '/');
	printf("%s:%d: %s: wrong\n", base ? base + 1 : file, line, what);
	n_failed_checks++;
}

static NOINLINE __attribute__((unused)) void wait_for_move(void)
{
	static int n_waits;
	char ready[32], moved[32];
	int fd;

	n_waits++;
	for (int i = 0; i < 100; i++)
		__asm__ volatile("");
	if (access("stay", F_OK) == 0)
		return;
	snprintf(ready, sizeof ready, "ready.%d", n_waits);
	snprintf(moved, sizeof moved, "moved.%d", n_waits);
	fd = open(ready, O_CREAT | O_WRONLY, 0666);
	if (fd >= 0)
		close(fd);
	while (access(moved, F_OK) != 0)
		for (int i = 0; i < 1000; i++)
			__asm__ volatile("");
}

/* Ends main(): prints the verdict. */
static __attribute__((unused)) int done(void)
{
	puts(n_failed_checks ? "FAILED" : "ok");
	return n_failed_checks != 0;
}

#endif
