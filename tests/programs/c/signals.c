/* Signal dispositions and the mask survive the move; handlers run after it. */
#include "moved.h"
#include <signal.h>

static volatile sig_atomic_t got[65];

static void handler(int s) { got[s]++; }

static void info(int s, siginfo_t *i, void *context)
{
	(void)context;
	CHECK(i->si_signo == s);
	got[s] += 10;
}

int main(void)
{
	struct sigaction a = { .sa_handler = handler }, b = { .sa_flags = SA_SIGINFO | SA_NODEFER }, old;
	sigset_t set, now;

	b.sa_sigaction = info;
	sigaction(SIGUSR1, &a, NULL);
	sigaction(SIGUSR2, &b, NULL);
	signal(SIGTERM, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	wait_for_move();
	raise(SIGUSR1);
	raise(SIGUSR2);
	raise(SIGTERM);
	CHECK(got[SIGUSR1] == 2 && got[SIGUSR2] == 0);
	sigprocmask(SIG_SETMASK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR2) == 1 && sigismember(&now, SIGUSR1) == 0);
	sigpending(&now);
	CHECK(sigismember(&now, SIGUSR2) == 1);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	CHECK(got[SIGUSR2] == 10);
	sigaction(SIGUSR2, NULL, &old);
	CHECK(old.sa_sigaction == info && (old.sa_flags & SA_NODEFER));
	CHECK(signal(SIGTERM, SIG_DFL) == SIG_IGN);
	return done();
}
