/* [threads]: prints a line when it begins, and one for each SIGUSR1; with two threads more, one
 * that sleeps and one that computes, or without. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t n_signals;

static void count(int signal)
{
	(void)signal;
	n_signals++;
}

static volatile unsigned n_rounds;

static void *sleep_on(void *arg)
{
	for (;;)
		sleep(1);
	return arg;
}

static void *compute(void *arg)
{
	for (;;) {
		for (int i = 0; i < 100000; i++)
			n_rounds++;
		usleep(5000);
	}
	return arg;
}

static void start_threads(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, sleep_on, NULL)
			|| pthread_create(&thread, NULL, compute, NULL))
		puts("no threads");
}

int main(int argc, char **argv)
{
	int n_seen = 0;
	sigset_t usr1, before;

	(void)argv;
	signal(SIGUSR1, count);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &before);
	if (argc > 1)
		start_threads();
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
