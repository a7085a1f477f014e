/* Headers: signal.h sys/signal.h ucontext.h sys/ucontext.h setjmp.h
 * Handlers and their flags, queued signals and what they carry, waiting, alternate stacks,
 * jumps. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/signal.h>
#include <sys/time.h>
#include <sys/ucontext.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include "lib_log.h"

static volatile sig_atomic_t n_caught, last_signal;
static siginfo_t last_info;
static char order[100];

static void simple(int signal)
{
	n_caught++;
	last_signal = signal;
}

static void full(int signal, siginfo_t *info, void *context)
{
	n_caught++;
	last_signal = signal;
	last_info = *info;
	CHECK(context != NULL);
}

static void install(int signal, void (*f)(int), int flags)
{
	struct sigaction action = {.sa_handler = f, .sa_flags = flags};

	sigemptyset(&action.sa_mask);
	CHECK(sigaction(signal, &action, NULL) == 0);
}

static void install_full(int signal, void (*f)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {.sa_sigaction = f, .sa_flags = flags | SA_SIGINFO};

	sigemptyset(&action.sa_mask);
	CHECK(sigaction(signal, &action, NULL) == 0);
}

static void sets(void)
{
	sigset_t a, b, c;
	int i, n = 0;

	SHOW(sigemptyset(&a));
	SHOW(sigisemptyset(&a));
	SHOW(sigaddset(&a, SIGUSR1));
	SHOW(sigismember(&a, SIGUSR1));
	SHOW(sigismember(&a, SIGUSR2));
	SHOW(sigaddset(&a, 0));
	SHOW(sigaddset(&a, 65));
	SHOW(sigfillset(&b));
	SHOW(sigdelset(&b, SIGTERM));
	for (i = 1; i < 65; i++)
		n += sigismember(&b, i);
	SHOW(n);
	SHOW(sigandset(&c, &a, &b));
	SHOW(sigismember(&c, SIGUSR1));
	SHOW(sigorset(&c, &a, &b));
	SHOW(sigismember(&c, SIGTERM));
	SHOW(SIGRTMIN);
	SHOW(SIGRTMAX);
	SHOW(NSIG);
}

static void actions(void)
{
	struct sigaction action, old;
	sigset_t mask, pending;

	SHOW(signal(SIGUSR1, simple) == SIG_DFL);
	SHOW(raise(SIGUSR1));
	SHOW(n_caught);
	SHOW(sigaction(SIGUSR1, NULL, &old));
	SHOW(old.sa_handler == simple);
	SHOW(old.sa_flags & (SA_RESTART | SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER));
	SHOW(SA_RESTART == (old.sa_flags & SA_RESTART));
	install(SIGUSR1, simple, SA_RESETHAND);
	SHOW(raise(SIGUSR1));
	SHOW(sigaction(SIGUSR1, NULL, &old));
	SHOW(old.sa_handler == SIG_DFL);
	SHOW(signal(SIGUSR1, SIG_IGN) == SIG_DFL);
	SHOW(raise(SIGUSR1));
	SHOW(n_caught);
	SHOW(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	SHOW(signal(SIGKILL, simple) == SIG_ERR);
	SHOW(errno);
	SHOW(signal(SIGSTOP, SIG_IGN) == SIG_ERR);
	SHOW(sigaction(0, NULL, &old));
	SHOW(sigaction(65, NULL, &old));
	SHOW(sigaction(33, &old, NULL));
	SHOW(bsd_signal(SIGUSR1, simple) == SIG_DFL);
	SHOW(siginterrupt(SIGUSR1, 1));
	SHOW(sigaction(SIGUSR1, NULL, &old));
	SHOW(old.sa_flags & SA_RESTART);
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = full;
	action.sa_flags = SA_SIGINFO | SA_NODEFER;
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaddset(&action.sa_mask, SIGRTMAX);
	SHOW(sigaction(SIGUSR1, &action, NULL));
	SHOW(sigaction(SIGUSR1, NULL, &old));
	SAY("%d %d %d %d %d", old.sa_sigaction == full, (old.sa_flags & SA_SIGINFO) != 0,
		(old.sa_flags & SA_NODEFER) != 0, sigismember(&old.sa_mask, SIGUSR2),
		sigismember(&old.sa_mask, SIGRTMAX));
	SHOW(kill(getpid(), SIGUSR1));
	SAY("%d %d %d %d", last_info.si_signo, last_info.si_code == SI_USER,
		last_info.si_pid == getpid(), last_info.si_uid == getuid());
	SHOW(kill(getpid(), 0));
	SHOW(kill(getpid(), 99));
	SHOW(killpg(getpgrp(), 0));
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	SHOW(sigprocmask(SIG_BLOCK, &mask, &pending));
	SHOW(sigismember(&pending, SIGUSR1));
	n_caught = 0;
	raise(SIGUSR1);
	raise(SIGUSR1);
	SHOW(n_caught);
	SHOW(sigpending(&pending));
	SHOW(sigismember(&pending, SIGUSR1));
	SHOW(sigprocmask(SIG_UNBLOCK, &mask, NULL));
	SHOW(n_caught);
	SHOW(sigprocmask(77, &mask, NULL));
	SHOW(sighold(SIGUSR1));
	raise(SIGUSR1);
	SHOW(n_caught);
	SHOW(sigrelse(SIGUSR1));
	SHOW(n_caught);
	SHOW(sigignore(SIGUSR1));
	SHOW(sigset(SIGUSR1, simple) == SIG_IGN);
	SHOW(sigset(SIGUSR1, SIG_HOLD) == simple);
	SHOW(sigset(SIGUSR1, SIG_DFL) == SIG_HOLD);
}

static void in_order(int signal, siginfo_t *info, void *context)
{
	char text[20];

	(void)context;
	snprintf(text, sizeof(text), "%d:%d ", signal - SIGRTMIN, info->si_value.sival_int);
	strcat(order, text);
}

/* The lowest of the real-time signals comes first, those of one number in the order sent. */
static void queued(void)
{
	struct timespec now = {0, 0};
	union sigval value;
	sigset_t set, before;
	siginfo_t info;
	int i, got;

	sigemptyset(&set);
	for (i = 0; i < 4; i++) {
		install_full(SIGRTMIN + i, in_order, 0);
		sigaddset(&set, SIGRTMIN + i);
	}
	SHOW(sigprocmask(SIG_BLOCK, &set, &before));
	for (i = 0; i < 8; i++) {
		value.sival_int = i;
		SHOW(sigqueue(getpid(), SIGRTMIN + (i * 3 + 1) % 4, value));
	}
	SHOW(sigtimedwait(&set, &info, &now) - SIGRTMIN);
	SAY("%d %d %d %d", info.si_code == SI_QUEUE, info.si_value.sival_int,
		info.si_pid == getpid(), info.si_uid == getuid());
	SHOW(sigwaitinfo(&set, &info) - SIGRTMIN);
	SHOW(info.si_value.sival_int);
	SHOW(sigwait(&set, &got));
	SHOW(got - SIGRTMIN);
	sigprocmask(SIG_SETMASK, &before, NULL);
	/* The kernel stacks the handlers of what is pending: the last delivered runs first. */
	SHOW(strlen(order));
	SHOW(sigtimedwait(&set, &info, &now));
	SHOW(sigqueue(getpid(), 99, value));
	SHOW(sigqueue(999999999, 0, value));
}

static void waiting(void)
{
	struct itimerval timer = {.it_value.tv_usec = 1000};
	struct timespec half = {1000, 0}, rest;
	sigset_t none, before;
	char byte;
	int ends[2];

	install(SIGALRM, simple, 0);
	sigemptyset(&none);
	n_caught = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(nanosleep(&half, &rest));
	CHECK(rest.tv_sec >= 900);
	SHOW(pipe(ends));
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(read(ends[0], &byte, 1));
	SHOW(n_caught);
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(pause());
	sigprocmask(SIG_SETMASK, NULL, &before);
	sigaddset(&before, SIGALRM);
	sigprocmask(SIG_SETMASK, &before, NULL);
	raise(SIGALRM);
	SHOW(n_caught);
	SHOW(sigsuspend(&none));
	SHOW(n_caught);
	raise(SIGALRM);
	SHOW(sigpause(SIGALRM));
	SHOW(n_caught);
	sigdelset(&before, SIGALRM);
	sigprocmask(SIG_SETMASK, &before, NULL);
	/* With SA_RESTART the read goes on until the child writes. */
	install(SIGALRM, simple, SA_RESTART);
	fflush(stdout);
	if (fork() == 0) {
		usleep(30000);
		_exit(write(ends[1], "c", 1) != 1);
	}
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(read(ends[0], &byte, 1));
	SHOW(byte);
	SHOW(n_caught);
	wait(NULL);
	close(ends[0]);
	install(SIGPIPE, simple, 0);
	SHOW(write(ends[1], "x", 1));
	SHOW(last_signal == SIGPIPE);
	close(ends[1]);
}

static char *alternate;
static volatile int was_on_alternate, was_on_stack;

static void on_alternate(int signal)
{
	stack_t state;
	char here;

	(void)signal;
	was_on_alternate = &here >= alternate && &here < alternate + 65536;
	sigaltstack(NULL, &state);
	was_on_stack = state.ss_flags & SS_ONSTACK;
}

static void stacks(void)
{
	stack_t stack, old;

	alternate = malloc(65536);
	stack.ss_sp = alternate;
	stack.ss_size = 65536;
	stack.ss_flags = 0;
	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_flags == SS_DISABLE);
	SHOW(sigaltstack(&stack, NULL));
	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_sp == alternate && old.ss_size == 65536 && old.ss_flags == 0);
	install(SIGUSR1, on_alternate, SA_ONSTACK);
	raise(SIGUSR1);
	SAY("%d %d", was_on_alternate, was_on_stack);
	install(SIGUSR1, on_alternate, 0);
	raise(SIGUSR1);
	SAY("%d %d", was_on_alternate, was_on_stack);
	stack.ss_size = 100;
	SHOW(sigaltstack(&stack, NULL));
	stack.ss_flags = SS_DISABLE;
	SHOW(sigaltstack(&stack, NULL));
	free(alternate);
}

static sigjmp_buf back;
static char *volatile fault_at;

static void on_fault(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	fault_at = info->si_addr;
	last_info = *info;
	CHECK(!sigismember(&uc->uc_sigmask, SIGUSR2));
	siglongjmp(back, signal);
}

static void faults(void)
{
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r;

	install_full(SIGSEGV, on_fault, 0);
	install_full(SIGBUS, on_fault, 0);
	r = sigsetjmp(back, 1);
	if (r == 0)
		*(volatile char *)(page + 5) = 1;
	SAY("%d %d %d", r, fault_at == page + 5, last_info.si_code == SEGV_ACCERR);
	munmap(page, 4096);
	r = sigsetjmp(back, 1);
	if (r == 0)
		r = *(volatile char *)(page + 6);
	SAY("%d %d %d", r, fault_at == page + 6, last_info.si_code == SEGV_MAPERR);
	{
		FILE *f = tmpfile();

		page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(f), 0);
		r = sigsetjmp(back, 1);
		if (r == 0)
			r = *(volatile char *)page;
		SAY("!%d %d %d", r, fault_at == page, last_info.si_code == BUS_ADRERR);
		munmap(page, 4096);
		fclose(f);
	}
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
}

static void children(void)
{
	int i, status;
	pid_t pid;

	install_full(SIGCHLD, full, 0);
	for (i = 0; i < 4; i++) {
		static const int ends[] = {0, 0, SIGTERM, SIGKILL};

		n_caught = 0;
		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			if (ends[i] != 0)
				raise(ends[i]);
			_exit(i * 5);
		}
		while (n_caught == 0)
			usleep(100);
		SAY("%d %d %d %d %d", last_info.si_signo == SIGCHLD, last_info.si_pid == pid,
			last_info.si_status,
			last_info.si_code == (ends[i] ? CLD_KILLED : CLD_EXITED),
			last_info.si_uid == getuid());
		SHOW(waitpid(pid, &status, 0) == pid);
		SAY("%d %d", WIFSIGNALED(status) ? WTERMSIG(status) : -1,
			WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	}
	signal(SIGCHLD, SIG_DFL);
}

static jmp_buf plain;
static volatile int depth;

static void dive(int n)
{
	volatile char room[100];

	room[n] = (char)n;
	depth = n;
	if (n == 0)
		longjmp(plain, 0);
	dive(n - 1);
	room[0] = room[n];
}

static void jumps(void)
{
	volatile int n = 0;
	sigset_t set, now;
	int r;

	r = setjmp(plain);
	SAY("%d %d %d", r, n, depth);
	if (++n < 4) {
		if (n == 2)
			longjmp(plain, 17);
		dive(n * 10);
	}
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	if (sigsetjmp(back, 1) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(back, 1);
	}
	sigprocmask(SIG_SETMASK, NULL, &now);
	SHOW(sigismember(&now, SIGUSR2));
	if (sigsetjmp(back, 0) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(back, 1);
	}
	sigprocmask(SIG_SETMASK, NULL, &now);
	SHOW(sigismember(&now, SIGUSR2));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void *sleeper(void *arg)
{
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	CHECK(sigwait(&set, &got) == 0);
	return (void *)(long)(got == SIGUSR2 ? (long)arg + 1 : 0);
}

static void threads(void)
{
	sigset_t set;
	pthread_t t;
	void *result;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	SHOW(pthread_sigmask(SIG_BLOCK, &set, NULL));
	SHOW(pthread_create(&t, NULL, sleeper, (void *)41L));
	SHOW(pthread_kill(t, SIGUSR2));
	SHOW(pthread_join(t, &result));
	SHOW((long)result);
	SHOW(pthread_kill(pthread_self(), 0));
	SHOW(pthread_kill(pthread_self(), 99));
}

int main(void)
{
	sets();
	actions();
	queued();
	waiting();
	stacks();
	faults();
	children();
	jumps();
	threads();
	return 0;
}
