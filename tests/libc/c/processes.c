/* Children: fork, posix_spawn, system, popen, exec; and what they leave of the parent. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib_check.h"

static volatile int n_handled;

static void handler(int signal)
{
	(void)signal;
	n_handled++;
}

static int finish(pid_t child)
{
	int status = -1;

	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void spawning(void)
{
	char *argv[] = { "sh", "-c", "echo $WORD >spawned; exit 7", NULL };
	char *none[] = { "none", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char line[50];
	sigset_t set;
	pid_t child;
	FILE *f;

	CHECK(signal(SIGUSR1, handler) == SIG_DFL);
	CHECK(posix_spawn(&child, "/bin/sh", NULL, NULL, argv, environ) == 0);
	CHECK_LONG(finish(child), 7);
	f = fopen("spawned", "r");
	CHECK(f != NULL && fgets(line, sizeof(line), f) != NULL);
	CHECK_STRING(line, "value\n");
	CHECK(posix_spawn(&child, "/no/such/file", NULL, NULL, none, environ) == ENOENT);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawnattr_init(&attr);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	posix_spawnattr_setsigdefault(&attr, &set);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	argv[2] = "echo in file";
	CHECK(posix_spawnp(&child, "sh", &actions, &attr, argv, environ) == 0);
	CHECK_LONG(finish(child), 0);
	f = fopen("out", "r");
	CHECK(f != NULL && fgets(line, sizeof(line), f) != NULL);
	CHECK_STRING(line, "in file\n");
	CHECK(raise(SIGUSR1) == 0 && n_handled == 1);
}

static void shells(void)
{
	char line[50];
	FILE *f;

	CHECK_LONG(WEXITSTATUS(system("exit 3")), 3);
	f = popen("echo from child; echo $((6*7))", "r");
	CHECK(fgets(line, sizeof(line), f) != NULL);
	CHECK_STRING(line, "from child\n");
	CHECK(fgets(line, sizeof(line), f) != NULL);
	CHECK_STRING(line, "42\n");
	CHECK_LONG(pclose(f), 0);
	f = popen("cat >piped", "w");
	fputs("text", f);
	CHECK_LONG(pclose(f), 0);
	f = fopen("piped", "r");
	CHECK(fgets(line, sizeof(line), f) != NULL);
	CHECK_STRING(line, "text");
}

static int cloned(void *arg)
{
	char text[20];

	snprintf(text, sizeof(text), "%d", *(int *)arg);
	return atoi(text);
}

static void *from_thread(void *arg)
{
	pid_t child = fork();

	(void)arg;
	if (child == 0) {
		char text[20];

		snprintf(text, sizeof(text), "%d", 9);
		exit(atoi(text));
	}
	return (void *)(long)finish(child);
}

static void forking(void)
{
	static char stack[65536];
	pthread_t t;
	void *result;
	int value = 12, ends[2];
	char c;
	pid_t child;

	CHECK(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		value = 13;
		_exit(write(ends[1], "x", 1) == 1 && getppid() != getpid() ? 5 : 6);
	}
	CHECK_LONG(finish(child), 5);
	CHECK(read(ends[0], &c, 1) == 1 && c == 'x' && value == 12);
	child = vfork();
	if (child == 0)
		_exit(4);
	CHECK_LONG(finish(child), 4);
	child = clone(cloned, stack + sizeof(stack), SIGCHLD, &value);
	CHECK_LONG(finish(child), 12);
	child = clone(cloned, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, &value);
	CHECK_LONG(finish(child), 12);
	CHECK(clone(cloned, stack + sizeof(stack), CLONE_VM | SIGCHLD, &value) == -1);
	CHECK(pthread_create(&t, NULL, from_thread, NULL) == 0);
	CHECK(pthread_join(t, &result) == 0);
	CHECK_LONG(result, 9);
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", "test \"$WORD\" = value", NULL);
		_exit(1);
	}
	CHECK_LONG(finish(child), 0);
}

int main(void)
{
	spawning();
	shells();
	forking();
	return check_failures();
}
