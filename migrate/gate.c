/* The helper of a restore that waits: see gate.h. It is no child of the process, which knows
 * nothing of it; it has all of its descriptors until the process goes on. */
#define _GNU_SOURCE
#include "gate.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int control_say(const struct control *c, const char *what, const char *text)
{
	char line[CONTROL_LINE_BYTES];
	int n = snprintf(line, sizeof line, CONTROL_PREFIX "%s %s\n", what, text);

	if (n < 0 || (size_t)n >= sizeof line)
		return -1;
	return write(c->out, line, (size_t)n) == n ? 0 : -1;
}

/* ---- Orders --------------------------------------------------------------------------------- */

static int give_order(int gate_fd, const struct hcc_gate_order *order)
{
	int32_t result = 0;

	if (send(gate_fd, order, sizeof *order, MSG_NOSIGNAL) != sizeof *order
			|| read(gate_fd, &result, sizeof result) != sizeof result) {
		errno = EPIPE;
		return -1;
	}
	errno = -result;
	return result ? -1 : 0;
}

int gate_lock(int gate_fd, int fd, const struct hcc_state_lock *l)
{
	const struct hcc_gate_order order = {
		.what = HCC_GATE_LOCK, .fd = (uint32_t)fd, .is_write = l->is_write,
		.start = l->start, .bytes = l->bytes,
	};

	return give_order(gate_fd, &order);
}

static int open_gate(int gate_fd, const char *claim, struct error *e)
{
	struct hcc_gate_order order = {.what = HCC_GATE_GO};

	if (claim)
		snprintf(order.path, sizeof order.path, "%s", claim);
	if (!give_order(gate_fd, &order))
		return 0;
	if (errno == EPIPE)
		return fail(e, "the restored process has ended at its gate");
	return fail(e, "%s: %s", claim, strerror(errno));
}

/* ---- The helper ----------------------------------------------------------------------------- */

struct helper {
	struct making *m;
	int gate_fd, pid_fd;
	pid_t pid;
	struct control control;
	const char *claim;
};

/* Returns 0 when the process is at its gate. */
static int wait_for_process(const struct helper *h, struct error *e)
{
	char text[2048];
	ssize_t n = read(h->gate_fd, text, sizeof text - 1);

	if (n <= 0)
		return fail(e, "the restored process has ended before it was ready");
	text[n] = 0;
	return strcmp(text, HCC_GATE_READY) ? fail(e, "%s", text) : 0;
}

/* Returns 0; 1 when the mover is gone; -1 and *e. */
static int wait_for_mover(const struct helper *h, struct error *e)
{
	struct pollfd fds[2] = {{h->control.in, POLLIN, 0}, {h->gate_fd, POLLIN, 0}};
	char byte = 0;

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		continue;
	if (!fds[0].revents)
		return fail(e, "the restored process has ended at its gate");
	return read(h->control.in, &byte, 1) == 1 && byte == CONTROL_GO ? 0 : 1;
}

static int run(struct helper *h, struct error *e)
{
	char number[16];
	int result;

	snprintf(number, sizeof number, "%d", (int)h->pid);
	if (wait_for_process(h, e) || control_say(&h->control, "ready", number))
		return -1;
	result = wait_for_mover(h, e);
	if (result)
		return result;
	h->m->gate_fd = h->gate_fd;
	if (descriptors_finish(h->m, e))
		return -1;
	/* Before it goes on, they are its alone. */
	descriptors_close(h->m);
	if (open_gate(h->gate_fd, h->claim, e))
		return -1;
	control_say(&h->control, "running", number);
	return 0;
}

static _Noreturn void helper(struct helper *h)
{
	struct pollfd end = {h->pid_fd, POLLIN, 0};
	struct error e = {0};
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (run(h, &e) < 0) {
		/* There is none when the mover is told so. */
		close(h->gate_fd);
		if (h->pid_fd < 0 || poll(&end, 1, 10000) <= 0)
			kill(h->pid, SIGKILL);
		control_say(&h->control, "error", e.text);
	}
	_exit(0);
}

int gate_start(struct making *m, const int ends[2], const struct control *c, const char *claim,
	struct error *e)
{
	struct helper h = {
		.m = m, .gate_fd = ends[0], .pid = getpid(), .control = *c, .claim = claim,
	};
	pid_t child;
	int status;

	h.pid_fd = (int)syscall(SYS_pidfd_open, h.pid, 0);
	child = fork();
	if (child == 0) {
		pid_t grandchild = fork();

		close(ends[1]);
		if (grandchild == 0)
			helper(&h);
		_exit(grandchild < 0);
	}
	close(ends[0]);
	if (h.pid_fd >= 0)
		close(h.pid_fd);
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		return fail(e, "cannot start a helper: %s", strerror(errno));
	return 0;
}
