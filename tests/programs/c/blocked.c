/* levels: -O2 */
/* signal: USR1 */
/* Moved while it waits in a system call: each call is made again on the other side, and ends there by a
 * signal. The driver's signal may come before the call has begun again: it starts a timer, whose
 * signals go on until the call has ended. */
#include "moved.h"
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static int n_waits;
static volatile sig_atomic_t n_ticks;

static void tick(int signal)
{
	(void)signal;
	n_ticks++;
}

static void set_timer(long us)
{
	struct itimerval timer = { { 0, us }, { 0, us } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void start_timer(int signal)
{
	tick(signal);
	set_timer(20000);
}

/* Tell the driver that the process waits from now on. */
static void begin(void)
{
	char name[32];
	int fd;

	if (!access("stay", F_OK)) {
		set_timer(20000);
		return;
	}
	snprintf(name, sizeof name, "ready.%d", ++n_waits);
	fd = open(name, O_WRONLY | O_CREAT, 0666);
	close(fd);
}

static void ended(const char *name, long result, int error)
{
	set_timer(0);
	CHECK(n_ticks > 0);
	n_ticks = 0;
	printf("%s: %ld %s\n", name, result, error == EINTR ? "EINTR" : error ? "another error" : "");
}

#define WAIT(name, call) do { \
		long result_; \
		begin(); \
		errno = 0; \
		result_ = (call); \
		ended(name, result_, errno); \
	} while (0)

int main(void)
{
	struct sigaction action = { .sa_handler = tick };
	struct timespec hour = { 3600, 0 }, rest = { 0, 0 }, at;
	struct timeval tv = { 3600, 0 };
	int word = 7;
	sigset_t none;
	sem_t sem;

	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = start_timer;
	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&none);
	sem_init(&sem, 0, 0);

	WAIT("pause", pause());
	WAIT("nanosleep", nanosleep(&hour, &rest));
	CHECK(rest.tv_sec > 3500);
	WAIT("sleep", sleep(3600) > 3500);
	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += 3600;
	WAIT("clock_nanosleep", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL));
	WAIT("poll", poll(NULL, 0, -1));
	WAIT("poll for an hour", poll(NULL, 0, 3600000));
	WAIT("ppoll", ppoll(NULL, 0, &hour, &none));
	WAIT("select", select(0, NULL, NULL, NULL, NULL));
	WAIT("select for an hour", select(0, NULL, NULL, NULL, &tv));
	WAIT("pselect", pselect(0, NULL, NULL, NULL, &hour, &none));
	WAIT("sigsuspend", sigsuspend(&none));
	WAIT("sem_wait", sem_wait(&sem));
	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_sec += 3600;
	WAIT("sem_timedwait", sem_timedwait(&sem, &at));
	printf("%d %d\n", word, n_failed_checks);
	return n_failed_checks != 0;
}
