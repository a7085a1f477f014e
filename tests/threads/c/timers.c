/* levels: -O2 */
/* Timers that begin a thread's function, or signal one thread, go off on the other side; so does one
 * whose thread waits for it now. */
#include "lib_threads.h"
#include <sys/time.h>

#ifndef SIGEV_THREAD_ID
#define SIGEV_THREAD_ID 4
#endif
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static atomic_int n_called, n_ticks;
static sem_t called;
static pthread_t ticked;

/* Its thread is used again for each call, with thread-locals as new; and is captured in it. */
static void call(union sigval value)
{
	static _Thread_local int n_here = 7;

	CHECK(n_here++ == 7);
	for (int i = 0; i < 100; i++)
		__asm__ volatile("");
	CHECK(value.sival_int == 4711);
	atomic_fetch_add(&n_called, 1);
	sem_post(&called);
}

static void on_tick(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	CHECK(info->si_code == SI_TIMER && info->si_value.sival_int == 42);
	CHECK(pthread_equal(pthread_self(), ticked));
	atomic_fetch_add(&n_ticks, 1);
}

static timer_t make(int notify, int signal, int value)
{
	struct sigevent event = {.sigev_notify = notify, .sigev_signo = signal};
	struct itimerspec often = {{0, 20000000}, {0, 500000000}};
	timer_t timer;

	event.sigev_value.sival_int = value;
	if (notify == SIGEV_THREAD)
		event.sigev_notify_function = call;
	else
		event.sigev_notify_thread_id = (int)syscall(SYS_gettid);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &often, NULL) == 0);
	return timer;
}

static void *with_timer(void *arg)
{
	timer_t timer = make(SIGEV_THREAD_ID, SIGUSR2, 42);
	int n;

	arrive();
	while (!atomic_load((atomic_int *)arg))
		usleep(1000);
	n = atomic_load(&n_ticks);
	while (atomic_load(&n_ticks) < n + 3)
		pause();
	CHECK(timer_delete(timer) == 0);
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
	atomic_int has_moved = 0;
	timer_t timer;
	int n;

	sem_init(&called, 0, 0);
	sigaction(SIGUSR2, &action, NULL);
	ticked = start(with_timer, &has_moved);
	timer = make(SIGEV_THREAD, 0, 4711);
	wait_arrived(1);
	wait_for_move();
	n = atomic_load(&n_called);
	while (sem_wait(&called) || atomic_load(&n_called) < n + 3)
		;
	atomic_store(&has_moved, 1);
	join(ticked);
	CHECK(timer_delete(timer) == 0);
	return done();
}
