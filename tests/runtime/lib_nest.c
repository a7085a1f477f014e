/* nest PROGRAM: run a program that sends itself SIGUSR1 and then SIGUSR2, for ever. The first is delivered;
 * a number of instructions later, one more each time, SIGUSR2 arrives too. The program's own SIGUSR2 is
 * dropped: it says that handlers are done. Ends well when that was so before the instructions were. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEAST = 100 };

static pid_t child;

/* Returns the signal with which the program has stopped; ends the process if it did not. */
static int go_on(enum __ptrace_request how, int signal_number)
{
	int status;

	if (ptrace(how, child, NULL, (void *)(long)signal_number) || waitpid(child, &status, 0) != child
			|| !WIFSTOPPED(status)) {
		fprintf(stderr, "nest: the program has ended\n");
		_exit(1);
	}
	return WSTOPSIG(status);
}

int main(int argc, char **argv)
{
	int got, n_steps, status;

	if (argc != 2 || (child = fork()) < 0)
		return 2;
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		return 2;
	for (int n = 0;; n++) {
		if ((got = go_on(PTRACE_CONT, 0)) != SIGUSR1)
			break;
		got = go_on(PTRACE_SINGLESTEP, SIGUSR1);
		for (n_steps = 0; got == SIGTRAP && n_steps < n; n_steps++)
			got = go_on(PTRACE_SINGLESTEP, 0);
		if (got == SIGUSR2 && n >= LEAST) {
			kill(child, SIGKILL);
			return 0;
		}
		if (got != SIGTRAP || (got = go_on(PTRACE_CONT, SIGUSR2)) != SIGUSR2) {
			fprintf(stderr, "nest: %s after %d instructions of a handler\n", strsignal(got), n);
			break;
		}
	}
	kill(child, SIGKILL);
	return 1;
}
