/* A loop without calls on a volatile flag that a signal handler sets after the move. */
/* signal: USR1 */
#include "moved.h"
#include <signal.h>

static volatile sig_atomic_t stop;
static volatile int seen_signal;

static void on_signal(int signal)
{
	seen_signal = signal;
	stop = 1;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	volatile unsigned long n = 0;
	int fd, value = OPAQUE(123);

	sigaction(SIGUSR1, &action, NULL);
	if (access("stay", F_OK) == 0)
		raise(SIGUSR1);
	fd = open("ready.1", O_CREAT | O_WRONLY, 0666);
	close(fd);
	while (!stop)
		n++;
	CHECK(value == 123);
	CHECK(seen_signal == SIGUSR1);
	return done();
}
