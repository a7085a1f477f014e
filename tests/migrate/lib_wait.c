/* Prints a line when it begins, and one for each SIGUSR1. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t n_signals;

static void count(int signal)
{
	(void)signal;
	n_signals++;
}

int main(void)
{
	int n_seen = 0;
	sigset_t usr1, before;

	signal(SIGUSR1, count);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &before);
	puts("ready");
	for (;;) {
		fflush(stdout);
		sigsuspend(&before);
		if (n_signals == n_seen)
			continue;
		n_seen = n_signals;
		printf("here %d\n", n_seen);
	}
}
