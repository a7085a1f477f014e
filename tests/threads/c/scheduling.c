/* levels: -O2 */
/* What each thread has set of its scheduling: priority, policy, processors, input and output, timer slack. A
 * thread has what its maker has, also after the move; one whose state was set by another thread, too. */
#include "lib_threads.h"
#include <sys/prctl.h>
#include <sys/resource.h>

#ifndef SCHED_BATCH
#define SCHED_BATCH 3
#endif

enum { N = 4, IO_PROCESS = 1, IO_BEST_EFFORT = 2 << 13 };

static atomic_int may_go;
static pid_t numbers[N];
static int first_cpu;

static int nice_of(pid_t thread)
{
	errno = 0;
	return getpriority(PRIO_PROCESS, (id_t)thread);
}

static int only_cpu(pid_t thread)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CHECK(sched_getaffinity(thread, sizeof set, &set) == 0);
	return CPU_COUNT(&set) == 1 && CPU_ISSET(first_cpu, &set);
}

static void check(int i)
{
	CHECK(nice_of(0) == (i == 0 ? 0 : i + 2));
	CHECK(syscall(SYS_sched_getscheduler, 0) == (i == 2 ? SCHED_BATCH : SCHED_OTHER));
	if (i == 1)
		CHECK(only_cpu(0));
	if (i == 2)
		CHECK(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0) == 77000);
	if (i == 3)
		CHECK(syscall(SYS_ioprio_get, IO_PROCESS, 0) == (IO_BEST_EFFORT | 6));
}

static void *inherits(void *arg)
{
	check((int)(long)arg);
	return arg;
}

static void *work(void *arg)
{
	int i = (int)(long)arg;
	struct sched_param none = {0};
	cpu_set_t set;

	numbers[i] = (pid_t)syscall(SYS_gettid);
	if (i == 1) {
		CPU_ZERO(&set);
		CPU_SET(first_cpu, &set);
		CHECK(sched_setaffinity(0, sizeof set, &set) == 0);
	}
	if (i == 2) {
		CHECK(pthread_setschedparam(pthread_self(), SCHED_OTHER, &none) == 0);
		CHECK(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &none) == 0);
		CHECK(prctl(PR_SET_TIMERSLACK, 77000, 0, 0, 0) == 0);
	}
	if (i == 3)
		CHECK(syscall(SYS_ioprio_set, IO_PROCESS, 0, IO_BEST_EFFORT | 6) == 0);
	arrive();
	while (!atomic_load(&may_go))
		usleep(1000);
	check(i);
	return (void *)(join(start(inherits, arg)) + 1);
}

int main(void)
{
	pthread_t t[N];
	cpu_set_t set;
	long sum = 0;

	CPU_ZERO(&set);
	CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
	while (!CPU_ISSET(first_cpu, &set))
		first_cpu++;
	for (long i = 1; i < N; i++)
		t[i] = start(work, (void *)i);
	wait_arrived(N - 1);
	for (int i = 1; i < N; i++)
		CHECK(setpriority(PRIO_PROCESS, (id_t)numbers[i], i + 2) == 0);
	wait_for_move();
	check(0);
	for (int i = 1; i < N; i++)
		CHECK(nice_of(numbers[i]) == i + 2);
	CHECK(only_cpu(numbers[1]));
	wait_for_move();
	atomic_store(&may_go, 1);
	for (int i = 1; i < N; i++)
		sum += join(t[i]);
	printf("%ld\n", sum);
	return done();
}
