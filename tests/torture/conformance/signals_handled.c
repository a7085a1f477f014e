/* C11 7.14, 5.1.2.3p5: signal handlers: raised, returning, changing volatile sig_atomic_t, reinstalled, jumping out; moved
 * between them. */
/* declines: signal */
#include <setjmp.h>
#include <signal.h>
#include "lib_conformance.h"

static volatile sig_atomic_t n_handled, last;
static jmp_buf out;

static void handler(int sig)
{
	last = sig;
	n_handled++;
	signal(sig, handler);
}

static void jumper(int sig)
{
	signal(sig, jumper);
	longjmp(out, sig);
}

static NOINLINE double compute(int n, double d)
{
	for (int i = 0; i < n; i++) {
		if (i == 2)
			raise(SIGUSR1);
		d = d * 1.5 + i;
		tick();
	}
	return d + n_handled;
}

int main(void)
{
	signal(SIGUSR1, handler), signal(SIGTERM, handler), signal(SIGINT, SIG_IGN);
	for (volatile int i = 0; i < 4; i++) {
		SHOW(compute(i + 2, .5)), SHOW(raise(SIGTERM)), SHOW((int)last == SIGTERM), SHOW((int)n_handled), SHOW(raise(SIGINT));
		signal(SIGUSR2, jumper);
		if (setjmp(out) == 0) {
			tick();
			raise(SIGUSR2);
			puts("not here");
		} else
			SHOW(compute(1, i));
	}
	return 0;
}
