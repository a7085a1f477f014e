/* timed OUTPUT COMMAND ARG...: run a command with its standard output in a file, and print its processor
 * seconds, its seconds by the clock and the most memory that was resident, in KiB. The exit status is the
 * command's. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	int error, status;
	double began;
	pid_t child;

	if (argc < 3) {
		fprintf(stderr, "usage: timed OUTPUT COMMAND ARG...\n");
		return 2;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	began = now();
	error = posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error) {
		fprintf(stderr, "timed: error: %s: %s\n", argv[2], strerror(error));
		return 127;
	}
	if (wait4(child, &status, 0, &usage) != child) {
		perror("timed: error: wait4");
		return 127;
	}
	printf("%.6f %.6f %ld\n", seconds(usage.ru_utime) + seconds(usage.ru_stime), now() - began,
	       usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
