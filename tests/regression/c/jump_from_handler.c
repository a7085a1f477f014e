/* siglongjmp out of a signal handler to a frame that was rebuilt: the way to it leads over a frame
 * that was interrupted at no call site. It ended in find_frame's trap (runtime/jump.c). */
#include "../../programs/c/moved.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf buffer;

static void on_signal(int s)
{
	siglongjmp(buffer, s);
}

int main(void)
{
	int r;

	signal(SIGUSR1, on_signal);
	r = sigsetjmp(buffer, 1);
	if (r == 0) {
		wait_for_move();
		raise(SIGUSR1);
	}
	CHECK(r == SIGUSR1);
	return done();
}
