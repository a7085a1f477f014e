/* levels: -O2 */
/* Pending signals stay pending in their order, with their values. */
#include "moved.h"
#include <signal.h>
#include <time.h>

#define N_QUEUED 100

int main(void)
{
	const struct timespec now = { 0, 0 };
	siginfo_t info;
	sigset_t set, pending;
	pid_t self = getpid();

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigaddset(&set, SIGRTMIN + 2);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < N_QUEUED; i++) {
		CHECK(!sigqueue(self, SIGRTMIN + 1, (union sigval){ .sival_int = 1000 + i }));
		CHECK(!sigqueue(self, SIGRTMIN + 2, (union sigval){ .sival_ptr = &set }));
	}
	CHECK(!kill(self, SIGUSR2) && !kill(self, SIGUSR2));
	wait_for_move();
	CHECK(!sigpending(&pending) && sigismember(&pending, SIGRTMIN + 1)
		&& sigismember(&pending, SIGUSR2) && !sigismember(&pending, SIGUSR1));
	CHECK(sigtimedwait(&set, &info, &now) == SIGUSR2 && info.si_code == SI_USER
		&& info.si_uid == getuid());
	for (int i = 0; i < N_QUEUED; i++)
		CHECK(sigtimedwait(&set, &info, &now) == SIGRTMIN + 1 && info.si_code == SI_QUEUE
			&& info.si_pid == self && info.si_value.sival_int == 1000 + i);
	for (int i = 0; i < N_QUEUED; i++)
		CHECK(sigtimedwait(&set, &info, &now) == SIGRTMIN + 2
			&& info.si_value.sival_ptr == &set);
	CHECK(sigtimedwait(&set, &info, &now) == -1);
	return done();
}
