/* levels: -O2 */
/* What each thread has for itself: thread-locals, number, mask, waiting signals, alternate stack,
 * floating-point environment, name, places to jump to, a stack of its own size and making. */
#include "lib_threads.h"
#include <fenv.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define N 6

static _Thread_local int local = 40;
static _Thread_local char text[100];
static _Thread_local sig_atomic_t n_got[NSIG];
static _Thread_local int is_on_alternate;
static _Thread_local char *alternate;
static sem_t gone;
static atomic_int may_go;
static pthread_t threads[N];
static pid_t numbers[N];
static pthread_barrier_t all;

static void on_signal(int signal)
{
	char here;

	n_got[signal]++;
	is_on_alternate = alternate && &here >= alternate && &here < alternate + 65536;
}

static int deep(int n, jmp_buf place)
{
	char c[64];

	snprintf(c, sizeof c, "%d", n);
	if (n == 0)
		longjmp(place, 7);
	return deep(n - 1, place) + atoi(c);
}

static void wait_go(void)
{
	arrive();
	while (!atomic_load(&may_go))
		;
}

static void *work(void *arg)
{
	int i = (int)(long)arg;
	volatile int n_jumps = 0;
	stack_t stack = {.ss_size = 65536};
	sigset_t set, now;
	jmp_buf place;
	char name[16];
	double third = 1.0;

	local += i;
	snprintf(text, sizeof text, "thread %d", i);
	numbers[i] = (pid_t)syscall(SYS_gettid);
	snprintf(name, sizeof name, "worker %d", i);
	CHECK(prctl(PR_SET_NAME, name) == 0);
	fesetround(i % 2 ? FE_UPWARD : FE_TOWARDZERO);
	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(i % 3 ? FE_INEXACT : FE_UNDERFLOW);
	stack.ss_sp = alternate = malloc(65536);
	CHECK(sigaltstack(&stack, NULL) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (i % 2)
		sigaddset(&set, SIGUSR2);
	CHECK(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	CHECK(pthread_kill(pthread_self(), SIGUSR1) == 0);
	errno = 100 + i;
	if (setjmp(place) == 0)
		wait_go();
	n_jumps++;
	CHECK(errno == 100 + i);
	if (n_jumps == 1)
		deep(i + 1, place);
	CHECK(n_jumps == 2);

	CHECK(local == 40 + i && atoi(text + 7) == i);
	CHECK(numbers[i] == (pid_t)syscall(SYS_gettid));
	CHECK(fegetround() == (i % 2 ? FE_UPWARD : FE_TOWARDZERO));
	CHECK(fetestexcept(FE_ALL_EXCEPT) == (i % 3 ? FE_INEXACT : FE_UNDERFLOW));
	third = OPAQUE(third) / OPAQUE(3.0);
	CHECK((third * 3 > 1.0) == (i % 2));
	fesetround(FE_TONEAREST);
	memset(name, 0, sizeof name);
	CHECK(prctl(PR_GET_NAME, name) == 0 && atoi(name + 7) == i && !strncmp(name, "worker ", 7));
	CHECK(pthread_sigmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, SIGUSR1) &&
		sigismember(&now, SIGUSR2) == i % 2);
	CHECK(sigpending(&now) == 0 && sigismember(&now, SIGUSR1) == 1);
	CHECK(n_got[SIGUSR1] == 0 && n_got[SIGUSR2] == 0);
	pthread_barrier_wait(&all);
	/* Each signals the next, by its number and by its handle. */
	CHECK(syscall(SYS_tkill, numbers[(i + 1) % N], SIGURG) == 0);
	CHECK(pthread_kill(threads[(i + 1) % N], SIGUSR2) == 0);
	pthread_barrier_wait(&all);
	CHECK(pthread_sigmask(SIG_UNBLOCK, &set, NULL) == 0);
	CHECK(n_got[SIGUSR1] == 1 && n_got[SIGUSR2] == 1 && n_got[SIGURG] == 1 && is_on_alternate);
	stack.ss_flags = SS_DISABLE;
	CHECK(sigaltstack(&stack, NULL) == 0);
	free(alternate);
	return (void *)(long)local;
}

/* Waits for a signal of the whole process, which is blocked everywhere. */
static void *taker(void *arg)
{
	sigset_t set;
	int signal = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	arrive();
	CHECK(sigwait(&set, &signal) == 0 && signal == SIGHUP);
	return arg;
}

static void *late(void *arg)
{
	pid_t own = (pid_t)syscall(SYS_gettid);

	for (int i = 0; i < N; i++) {
		struct sched_param param;
		struct timespec used;
		clockid_t clock;
		int policy;

		CHECK(numbers[i] != own);
		CHECK(pthread_getschedparam(threads[i], &policy, &param) == 0 && policy == SCHED_OTHER);
		CHECK(pthread_getcpuclockid(threads[i], &clock) == 0);
		CHECK(clock_gettime(clock, &used) == 0 && used.tv_sec < 600);
	}
	CHECK(syscall(SYS_tkill, own, 0) == 0);
	sem_post(&gone);
	return arg;
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_RESTART};
	pthread_attr_t attr;
	sigset_t hup;
	pthread_t t;
	long sum = 0;
	char *stack = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	sigemptyset(&hup);
	sigaddset(&hup, SIGHUP);
	sigaddset(&hup, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &hup, NULL);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGURG, &action, NULL);
	sem_init(&gone, 0, 0);
	pthread_barrier_init(&all, NULL, N);
	for (int i = 0; i < N; i++) {
		pthread_attr_init(&attr);
		if (i == 1)
			pthread_attr_setstacksize(&attr, 8 << 20);
		if (i == 2)
			pthread_attr_setstack(&attr, stack, 1 << 20);
		if (i == 3)
			pthread_attr_setguardsize(&attr, 0);
		CHECK(pthread_create(&threads[i], &attr, work, (void *)(long)i) == 0);
	}
	t = start(taker, NULL);
	wait_arrived(N + 1);
	kill(getpid(), SIGTERM); /* stays waiting */
	wait_for_move();
	CHECK(sigpending(&hup) == 0 && sigismember(&hup, SIGTERM) == 1);
	kill(getpid(), SIGHUP);
	CHECK(join(t) == 0);
	t = start(late, NULL);
	while (sem_wait(&gone))
		;
	join(t);
	atomic_store(&may_go, 1);
	for (int i = 0; i < N; i++)
		sum += join(threads[i]);
	printf("%ld %d %d\n", sum, n_got[SIGUSR1], local);
	return done();
}
