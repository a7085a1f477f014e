/* Handlers run on the portable stack, get neutral structures, and leave no trace when they return. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include "lib_check.h"

static volatile int n_calls, last_code, last_value, nested;
static void *volatile where, *volatile address;
static char alternate[65536];
static sigjmp_buf back;

static void count(int signal)
{
	int local = signal;

	where = &local;
	n_calls++;
}

static void with_info(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	int local = signal;

	where = &local;
	n_calls++;
	last_code = info->si_code;
	last_value = info->si_value.sival_int;
	address = info->si_addr;
	CHECK(info->si_signo == signal);
	CHECK(!sigismember(&uc->uc_sigmask, SIGUSR2));
}

static void block_usr2(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	sigaddset(&((ucontext_t *)context)->uc_sigmask, SIGUSR2);
}

static void nest(int signal)
{
	char text[100];

	snprintf(text, sizeof(text), "%d", signal);
	if (nested++ < 5)
		raise(SIGUSR1);
	CHECK_LONG(atoi(text), SIGUSR1);
}

static void jump_back(int signal)
{
	siglongjmp(back, signal);
}

static void install(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = flags };

	CHECK(sigaction(signal, &action, NULL) == 0);
}

static void basics(void)
{
	struct sigaction old;
	sigset_t set;
	int below = 0;

	CHECK(signal(SIGUSR1, count) == SIG_DFL);
	CHECK(raise(SIGUSR1) == 0 && n_calls == 1);
	CHECK((char *)where < (char *)&below && (char *)where > (char *)&below - 8192);
	CHECK(sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_handler == count);
	CHECK((old.sa_flags & SA_SIGINFO) == 0);
	install(SIGUSR1, with_info, SA_SIGINFO);
	CHECK(sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_sigaction == with_info);
	CHECK((old.sa_flags & SA_SIGINFO) != 0);
	CHECK(sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 77 }) == 0);
	CHECK(n_calls == 2 && last_code == SI_QUEUE && last_value == 77);
	CHECK(signal(SIGUSR1, SIG_IGN) != SIG_ERR && raise(SIGUSR1) == 0 && n_calls == 2);
	CHECK(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	install(SIGUSR1, with_info, SA_SIGINFO | SA_RESETHAND);
	CHECK(raise(SIGUSR1) == 0 && n_calls == 3);
	CHECK(sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_handler == SIG_DFL);
	install(SIGUSR1, block_usr2, SA_SIGINFO);
	raise(SIGUSR1);
	CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0 && sigismember(&set, SIGUSR2));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	install(SIGUSR1, (void (*)(int, siginfo_t *, void *))nest, SA_NODEFER);
	raise(SIGUSR1);
	CHECK_LONG(nested, 6);
	CHECK(sigaction(33, NULL, &old) == -1 && errno == EINVAL);
	CHECK(sigaction(SIGKILL, &old, NULL) == -1 && errno == EINVAL);
}

static void waiting(void)
{
	struct itimerval soon = { .it_value.tv_usec = 50000 };
	sigset_t set, old;
	struct timespec long_time = { 10, 0 };
	int n = n_calls;

	install(SIGALRM, with_info, SA_SIGINFO);
	CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
	CHECK(nanosleep(&long_time, NULL) == -1 && errno == EINTR && n_calls == n + 1);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, &old);
	setitimer(ITIMER_REAL, &soon, NULL);
	CHECK(sigsuspend(&old) == -1 && n_calls == n + 2);
	setitimer(ITIMER_REAL, &soon, NULL);
	CHECK(sigwaitinfo(&set, NULL) == SIGALRM && n_calls == n + 2);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void faults(void)
{
	char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	signal(SIGSEGV, jump_back);
	if (sigsetjmp(back, 1) == 0)
		*(volatile char *)page = 1;
	else
		n_calls = 100;
	CHECK_LONG(n_calls, 100);
	if (sigsetjmp(back, 1) == 0)
		*(volatile char *)(page + 8) = 1;
	else
		n_calls = 200;
	CHECK_LONG(n_calls, 200);
}

static int recurse(volatile char *last, int depth)
{
	volatile char big[5000];

	big[0] = last == NULL ? 1 : *last;
	return depth == 0 ? big[0] : recurse(big, depth - 1) + big[0];
}

static void jump_from_alternate(int signal)
{
	where = &signal;
	siglongjmp(back, 1);
}

static void alternates(void)
{
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) }, old;

	CHECK(sigaltstack(NULL, &old) == 0 && old.ss_flags == SS_DISABLE);
	CHECK(sigaltstack(&stack, NULL) == 0);
	install(SIGUSR1, with_info, SA_SIGINFO | SA_ONSTACK);
	raise(SIGUSR1);
	CHECK((char *)where >= alternate && (char *)where < alternate + sizeof(alternate));
	CHECK(sigaltstack(NULL, &old) == 0 && old.ss_flags == 0 && old.ss_sp == alternate);
	install(SIGSEGV, (void (*)(int, siginfo_t *, void *))jump_from_alternate, SA_ONSTACK);
	where = NULL;
	if (sigsetjmp(back, 1) == 0)
		CHECK(recurse(NULL, 1 << 30) == 0);
	CHECK((char *)where >= alternate && (char *)where < alternate + sizeof(alternate));
	stack.ss_flags = SS_DISABLE;
	CHECK(sigaltstack(&stack, &old) == 0 && sigaltstack(NULL, &old) == 0);
	CHECK(old.ss_flags == SS_DISABLE);
}

static void in_child(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		close(2);
		abort();
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
	basics();
	waiting();
	faults();
	alternates();
	in_child();
	return check_failures();
}
