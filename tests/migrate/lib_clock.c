/* Prints `ready`, then for each SIGUSR1 whether its clocks of boot have gone on: not back, and by no more than a
 * minute; and whether times on them that have come are so. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_MONOTONIC_RAW,
	CLOCK_MONOTONIC_COARSE};
static volatile sig_atomic_t n_asked;

static void ask(int signal)
{
	(void)signal;
	n_asked++;
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* A thread that waits until 0.2 s from now, by the program's clock; returns whether it did. */
static void *wait_until(void *arg)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_condattr_t attr;
	pthread_cond_t c;
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += 200000000;
	at.tv_sec += at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c, &attr);
	pthread_mutex_lock(&m);
	while (pthread_cond_timedwait(&c, &m, &at) == 0)
		;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	return arg;
}

int main(void)
{
	int64_t last[4];
	int n_seen = 0;

	signal(SIGUSR1, ask);
	for (int i = 0; i < 4; i++)
		last[i] = now_ns(clocks[i]);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int is_right = 1;
		pthread_t t;

		while (n_asked == n_seen)
			poll(NULL, 0, 20);
		n_seen = n_asked;
		for (int i = 0; i < 4; i++) {
			int64_t now = now_ns(clocks[i]);

			is_right &= now >= last[i] && now < last[i] + INT64_C(60000000000);
			last[i] = now;
		}
		pthread_create(&t, NULL, wait_until, NULL);
		pthread_join(t, NULL);
		is_right &= now_ns(CLOCK_MONOTONIC) < last[0] + INT64_C(20000000000);
		puts(is_right ? "on" : "back");
		fflush(stdout);
	}
}
