/* What must be right when the process moves in place at its polls; moves WHAT checks itself, prints
 * what it finds wrong, and ends with 0.
 *   state      thread-locals, errno, signal mask, alternate stack, timers, rounding, jumps
 *   leak N     N polls; memory must not grow
 *   handler    a handler that polls; a move out of it is declined
 *   threads    polls in two threads
 *   children   polls in the child of a fork, too */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(c) ((c) ? (void)0 : (void)(printf("%d: %s: wrong\n", __LINE__, #c), n_wrong++))

static int n_wrong;
static _Thread_local int local = 7;
static _Thread_local char local_text[40];
static volatile sig_atomic_t n_alarms, n_signals, is_on_alternate;
static char alternate[65536];

static __attribute__((noinline)) void poll_some(int n)
{
	for (int i = 0; i < n; i++)
		__asm__ volatile("");
}

static void on_alarm(int signal)
{
	(void)signal;
	n_alarms++;
}

static void on_signal(int signal)
{
	char here;

	(void)signal;
	is_on_alternate = &here >= alternate && &here < alternate + sizeof alternate;
	poll_some(50);
	n_signals++;
}

/* Jumps to frames that have moved since, again and again, and from deep inside. */
static sigjmp_buf outer_place, inner_place;

static __attribute__((noinline)) void descend(int n, sigjmp_buf place, int value)
{
	char text[64];

	snprintf(text, sizeof text, "%d", n);
	poll_some(3);
	if (!n)
		siglongjmp(place, value);
	descend(n - 1, place, value);
	poll_some(atoi(text));
}

static __attribute__((noinline)) int inner(int rounds)
{
	volatile int n = 0;
	int keep = rounds * 3;

	if (sigsetjmp(inner_place, 1) < rounds) {
		n++;
		poll_some(5);
		descend(n % 7, inner_place, n);
	}
	CHECK(n == rounds);
	CHECK(keep == rounds * 3);
	return n;
}

static void jumps(void)
{
	volatile int rounds = 0;
	int value = sigsetjmp(outer_place, 1);

	poll_some(10);
	rounds++;
	CHECK(rounds == value + 1);
	if (value < 40) {
		CHECK(inner(20) == 20);
		descend(value % 5, outer_place, rounds);
	}
	CHECK(rounds == 41);
}

static void state(void)
{
	struct itimerval timer = {{0, 2000}, {0, 2000}};
	stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, now;
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
	sigset_t set;
	time_t end = time(NULL) + 20;

	strcpy(local_text, "kept with the thread");
	signal(SIGALRM, on_alarm);
	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR2);
	fesetround(FE_UPWARD);
	feraiseexcept(FE_OVERFLOW);
	setitimer(ITIMER_REAL, &timer, NULL);
	errno = 4711;
	local = 8;
	for (int i = 0; i < 3; i++) {
		poll_some(50);
		CHECK(errno == 4711);
		raise(SIGUSR1);
		CHECK(n_signals == i + 1);
		CHECK(is_on_alternate);
		CHECK(!sigaltstack(NULL, &now) && now.ss_sp == alternate && !now.ss_flags);
	}
	CHECK(local == 8);
	CHECK(!strcmp(local_text, "kept with the thread"));
	CHECK(fegetround() == FE_UPWARD);
	CHECK(fetestexcept(FE_ALL_EXCEPT) == FE_OVERFLOW);
	while (n_alarms < 3 && time(NULL) < end)
		poll_some(1);
	CHECK(n_alarms >= 3);
	sigprocmask(SIG_BLOCK, NULL, &set);
	CHECK(sigismember(&set, SIGUSR2) && !sigismember(&set, SIGUSR1));
	sigpending(&set);
	CHECK(sigismember(&set, SIGUSR2));
	jumps();
}

static long resident_pages(void)
{
	long size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	CHECK(f && fscanf(f, "%ld %ld", &size, &resident) == 2);
	if (f)
		fclose(f);
	return size + resident;
}

static __attribute__((noinline)) int leak(int depth, int n)
{
	sigjmp_buf place;
	int value = sigsetjmp(place, 0);

	if (depth && !value)
		return leak(depth - 1, n) + depth;
	poll_some(n);
	if (value < 3)
		siglongjmp(place, value + 1);
	return value;
}

static void *other(void *arg)
{
	poll_some(2000);
	return arg;
}

static void children(void)
{
	int status = -1;
	pid_t pid;

	poll_some(20);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		jumps();
		_exit(n_wrong ? 1 : 9);
	}
	poll_some(20);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 9);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "state")) {
		state();
	} else if (!strcmp(what, "leak")) {
		long before;

		leak(5, 1000);
		before = resident_pages();
		CHECK(leak(5, atoi(argv[2])) == 3 + 15);
		CHECK(resident_pages() - before < 64);
	} else if (!strcmp(what, "handler")) {
		signal(SIGUSR1, on_signal);
		raise(SIGUSR1);
	} else if (!strcmp(what, "threads")) {
		pthread_t thread;

		pthread_create(&thread, NULL, other, NULL);
		poll_some(2000);
		pthread_join(thread, NULL);
		poll_some(100);
	} else if (!strcmp(what, "children")) {
		children();
	}
	return n_wrong != 0;
}
