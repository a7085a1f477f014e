/* levels: -O2 */
/* POSIX timers go on after a move, under the number that the program knows: relative and absolute ones,
 * with an interval, with a value, on each clock; those that are not armed, and the deleted, too. */
#include "moved.h"
#include <errno.h>
#include <signal.h>
#include <time.h>

enum { RELATIVE, PERIODIC, MONOTONIC, REALTIME, CPU, SILENT, IDLE, DELETED, N_KINDS };

static volatile int n_fired[N_KINDS], n_wrong;
static timer_t timers[N_KINDS];

static void fired(int signal, siginfo_t *info, void *context)
{
	int kind = info->si_value.sival_int;

	(void)context;
	if (info->si_code != SI_TIMER || kind < 0 || kind >= N_KINDS || signal != SIGRTMIN + kind
			|| info->si_timerid != (int)(intptr_t)timers[kind])
		n_wrong++;
	else
		n_fired[kind]++;
}

static void make(int kind, clockid_t clock, int notify)
{
	struct sigevent event = { .sigev_notify = notify, .sigev_signo = SIGRTMIN + kind,
		.sigev_value.sival_int = kind };
	struct sigaction action = { .sa_sigaction = fired, .sa_flags = SA_SIGINFO | SA_RESTART };

	CHECK(!sigaction(SIGRTMIN + kind, &action, NULL));
	CHECK(!timer_create(clock, &event, &timers[kind]));
}

static void arm(int kind, int flags, struct timespec at, long interval_ns)
{
	struct itimerspec when = { { 0, interval_ns }, at };

	CHECK(!timer_settime(timers[kind], flags, &when, NULL));
}

static struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += ms % 1000 * 1000000;
	time.tv_sec += ms / 1000 + time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

static long left_ms(int kind)
{
	struct itimerspec now;

	CHECK(!timer_gettime(timers[kind], &now));
	return now.it_value.tv_sec * 1000 + now.it_value.tv_nsec / 1000000;
}

static void wait_for(int kind, int n)
{
	for (int i = 0; i < 30000 && n_fired[kind] < n; i++) {
		struct timespec nap = { 0, 1000000 };

		nanosleep(&nap, NULL);
	}
	CHECK(n_fired[kind] >= n);
}

int main(void)
{
	const struct timespec hour = { 3600, 0 }, none = { 0, 0 };
	struct itimerspec now;
	int n;

	make(DELETED, CLOCK_MONOTONIC, SIGEV_SIGNAL);
	make(RELATIVE, CLOCK_MONOTONIC, SIGEV_SIGNAL);
	make(PERIODIC, CLOCK_REALTIME, SIGEV_SIGNAL);
	make(MONOTONIC, CLOCK_MONOTONIC, SIGEV_SIGNAL);
	make(REALTIME, CLOCK_REALTIME, SIGEV_SIGNAL);
	make(CPU, CLOCK_PROCESS_CPUTIME_ID, SIGEV_SIGNAL);
	make(SILENT, CLOCK_MONOTONIC, SIGEV_NONE);
	make(IDLE, CLOCK_MONOTONIC, SIGEV_SIGNAL);
	CHECK(!timer_delete(timers[DELETED]));
	arm(RELATIVE, 0, hour, 0);
	arm(MONOTONIC, TIMER_ABSTIME, in_ms(CLOCK_MONOTONIC, 3600000), 0);
	arm(REALTIME, TIMER_ABSTIME, in_ms(CLOCK_REALTIME, 3600000), 0);
	arm(CPU, 0, hour, 0);
	arm(SILENT, 0, hour, 7000000);
	arm(PERIODIC, 0, (struct timespec){ 0, 5000000 }, 5000000);
	wait_for_move();
	n = n_fired[PERIODIC];
	wait_for(PERIODIC, n + 2);
	for (int kind = RELATIVE; kind <= SILENT; kind++)
		CHECK(kind == PERIODIC || (left_ms(kind) > 3000000 && left_ms(kind) <= 3600000));
	CHECK(!timer_gettime(timers[SILENT], &now) && now.it_interval.tv_nsec == 7000000);
	CHECK(!left_ms(IDLE) && !timer_gettime(timers[PERIODIC], &now)
		&& now.it_interval.tv_nsec == 5000000);
	errno = 0;
	CHECK(timer_gettime(timers[DELETED], &now) == -1 && errno == EINVAL);

	/* They fire at the right time, and can be set anew. */
	arm(PERIODIC, 0, none, 0);
	CHECK(!n_fired[RELATIVE] && !n_fired[MONOTONIC] && !n_fired[REALTIME] && !n_fired[IDLE]);
	arm(RELATIVE, 0, (struct timespec){ 0, 400000000 }, 0);
	arm(MONOTONIC, TIMER_ABSTIME, in_ms(CLOCK_MONOTONIC, 400), 0);
	arm(REALTIME, TIMER_ABSTIME, in_ms(CLOCK_REALTIME, 400), 0);
	arm(IDLE, TIMER_ABSTIME, in_ms(CLOCK_MONOTONIC, 400), 0);
	wait_for_move();
	wait_for(RELATIVE, 1);
	wait_for(MONOTONIC, 1);
	wait_for(REALTIME, 1);
	wait_for(IDLE, 1);
	CHECK(timer_getoverrun(timers[RELATIVE]) == 0);
	make(DELETED, CLOCK_MONOTONIC, SIGEV_SIGNAL);
	CHECK(!n_wrong && n_fired[RELATIVE] == 1 && n_fired[IDLE] == 1);
	for (int kind = 0; kind < N_KINDS; kind++)
		CHECK(!timer_delete(timers[kind]));
	return done();
}
