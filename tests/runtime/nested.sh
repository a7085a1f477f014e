#!/bin/sh
# A handler that interrupts another one after any of its instructions, the runtime's around it included:
# each sees its own signal and the mask of what it interrupted, which is restored. One step at a time,
# since by chance a signal hits some of these instructions once in a million.
set -u
. "$SRC/tests/programs/common"
"$CC" -O1 -o nest "$SRC/tests/runtime/lib_nest.c" || exit 1
cat >app.c <<'END'
#include <signal.h>
#include <stdlib.h>

static void on_signal(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *interrupted = context;

	if (info->si_signo != signal || sigismember(&interrupted->uc_sigmask, signal))
		abort();
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	sigset_t mask;

	if (sigaction(SIGUSR1, &action, NULL) || sigaction(SIGUSR2, &action, NULL))
		return 1;
	for (;;) {
		sigprocmask(SIG_SETMASK, NULL, &mask);
		if (sigismember(&mask, SIGUSR1) || sigismember(&mask, SIGUSR2))
			abort();
		raise(SIGUSR1);
		raise(SIGUSR2);
	}
}
END
"$HCC" -O2 -o app app.c && ./nest ./app
