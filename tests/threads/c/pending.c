/* levels: -O2 */
/* Signals that wait for one thread alone come to it on the other side: all of them, in their order, with what
 * they carry; those that are for any thread come after them. */
#include "lib_threads.h"

enum { N = 3, QUEUED = 20, SHARED = 5 };

static pid_t numbers[N], sender;
static atomic_int may_go;
static pthread_barrier_t own_are_taken;

static void send(pid_t thread, int signal, int value)
{
	siginfo_t info;

	memset(&info, 0, sizeof info);
	info.si_signo = signal;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = value;
	CHECK(syscall(SYS_rt_tgsigqueueinfo, getpid(), thread, signal, &info) == 0);
}

static int next(int signal)
{
	const struct timespec now = {0, 0};
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	if (sigtimedwait(&set, &info, &now) != signal)
		return -1;
	CHECK(info.si_code == SI_QUEUE && info.si_pid == sender);
	return info.si_value.sival_int;
}

static void *work(void *arg)
{
	int i = (int)(long)arg;
	sigset_t pending;
	long sum = 0;

	numbers[i] = (pid_t)syscall(SYS_gettid);
	arrive();
	while (!atomic_load(&may_go))
		usleep(1000);
	CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGRTMIN + 3));
	CHECK(sigismember(&pending, SIGUSR2) == (i == 1));
	for (int k = 0; k < QUEUED; k++)
		CHECK(next(SIGRTMIN + 3) == i * 1000 + k);
	if (i == 1)
		CHECK(next(SIGUSR2) == 4711);
	CHECK(next(SIGUSR2) == -1 && next(SIGRTMIN + 4) == (i == 2 ? 99 : -1));
	pthread_barrier_wait(&own_are_taken);
	for (int value; (value = next(SIGRTMIN + 3)) >= 0;)
		sum += value;
	return (void *)sum;
}

int main(void)
{
	pthread_t t[N];
	sigset_t set;
	long sum = 0;

	sender = getpid();
	sigfillset(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_barrier_init(&own_are_taken, NULL, N - 1);
	for (long i = 1; i < N; i++)
		t[i] = start(work, (void *)i);
	wait_arrived(N - 1);
	for (int k = 0; k < QUEUED; k++)
		for (int i = 1; i < N; i++)
			send(numbers[i], SIGRTMIN + 3, i * 1000 + k);
	for (int k = 0; k < SHARED; k++)
		CHECK(sigqueue(getpid(), SIGRTMIN + 3, (union sigval){.sival_int = 1 << k}) == 0);
	send(numbers[1], SIGUSR2, 4711);
	send(numbers[2], SIGRTMIN + 4, 99);
	/* Each has one of its own. */
	send((pid_t)syscall(SYS_gettid), SIGRTMIN + 3, 7);
	wait_for_move();
	wait_for_move();
	CHECK(next(SIGRTMIN + 3) == 7);
	atomic_store(&may_go, 1);
	for (int i = 1; i < N; i++)
		sum += join(t[i]);
	printf("%ld\n", sum);
	return done();
}
