/* The other side of a move. See far.h. */
#define _GNU_SOURCE
#include "far.h"
#include "restore.h"
#include "request.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In the child: what this program ignores or blocks is not for the command. */
static _Noreturn void run(char *const argv[], const char *path)
{
	sigset_t none;

	sigemptyset(&none);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(path, argv);
	_exit(127);
}

int far_run_command(struct far *f, const char *command, double patience_s, struct error *e)
{
	int in[2] = {-1, -1}, out[2];

	*f = (struct far){.to = -1, .from = -1, .name = command, .patience_s = patience_s};
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || (f->pid = fork()) < 0)
		return fail(e, "%s: %s", command, strerror(errno));
	if (f->pid == 0) {
		char *const argv[] = {(char *)"sh", (char *)"-c", (char *)(uintptr_t)command, NULL};

		dup2(in[0], 0);
		dup2(out[1], 1);
		run(argv, "/bin/sh");
	}
	close(in[0]);
	close(out[1]);
	f->to = in[1];
	f->from = out[0];
	fcntl(f->to, F_SETFL, O_NONBLOCK);
	return 0;
}

/* What exec would close, but one. */
static void close_own(int kept)
{
	const struct dirent *entry;
	DIR *dir = opendir("/proc/self/fd");

	while (dir && (entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (fd > 2 && fd != kept && fd != dirfd(dir) && fcntl(fd, F_GETFD) == FD_CLOEXEC)
			close(fd);
	}
	if (dir)
		closedir(dir);
}

/* In the child: nothing that has been done to this program's signals is for the process. */
static void reset_signals(void)
{
	static const int signals[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP};
	sigset_t none;

	sigemptyset(&none);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int far_run_restore(struct far *f, const struct options *o, const struct wanted *w, const char *dir,
	struct error *e)
{
	int ends[2];

	*f = (struct far){.to = -1, .from = -1, .name = "restore", .patience_s = o->timeout_s};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) || (f->pid = fork()) < 0)
		return fail(e, "%s: %s", dir, strerror(errno));
	if (f->pid == 0) {
		close_own(ends[1]);
		reset_signals();
		_exit(restore_for_mover(o, w, dir, ends[1]));
	}
	close(ends[1]);
	f->to = f->from = ends[0];
	fcntl(f->to, F_SETFL, O_NONBLOCK);
	return 0;
}

int far_restore(struct far *f, struct error *e)
{
	char byte = CONTROL_RESTORE;

	return far_write(f, &byte, 1, e);
}

/* Returns 1 when the descriptor is ready; 0 when nothing comes; -1 and *e. */
static int wait_for(const struct far *f, int fd, short events, struct error *e)
{
	struct pollfd poll_fd = {fd, events, 0};
	double ms = f->patience_s * 1000;
	int n = poll(&poll_fd, 1, ms > INT_MAX ? INT_MAX : (int)ms);

	if (is_interrupted || (n < 0 && errno != EINTR))
		return fail(e, "the move was interrupted");
	if (!n)
		return fail(e, "%s: no answer within %g seconds", f->name, f->patience_s);
	return n < 0 ? 0 : 1;
}

/* The other side is gone. */
static int fail_end(struct far *f, struct error *e)
{
	struct timespec moment = {0, 10000000};
	int status = 0, n;

	for (int i = 0; (n = waitpid(f->pid, &status, WNOHANG)) == 0 && i < 50; i++)
		nanosleep(&moment, NULL);
	if (n == f->pid)
		f->pid = 0;
	if (n > 0 && WIFEXITED(status) && WEXITSTATUS(status))
		return fail(e, "%s: it ends with status %d", f->name, WEXITSTATUS(status));
	if (n > 0 && WIFSIGNALED(status))
		return fail(e, "%s: it ends by signal %d", f->name, WTERMSIG(status));
	return fail(e, "%s: it ends without an answer", f->name);
}

static int read_line(struct far *f, struct error *e)
{
	size_t at = 0;

	for (;;) {
		ssize_t n;
		int result = wait_for(f, f->from, POLLIN, e);

		if (result < 0)
			return -1;
		if (!result)
			continue;
		n = read(f->from, f->line + at, 1);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return fail_end(f, e);
		if (f->line[at] == '\n' || at + 2 == sizeof f->line)
			break;
		at++;
	}
	f->line[at] = 0;
	return 0;
}

static const char *after(const char *s, const char *head)
{
	size_t n = strlen(head);

	return strncmp(s, head, n) ? NULL : s + n;
}

int far_expect(struct far *f, const char *what, const char **text, struct error *e)
{
	const char *said, *problem;

	if (read_line(f, e))
		return -1;
	said = after(f->line, CONTROL_PREFIX);
	if (said && (problem = after(said, "error ")))
		return fail(e, "%s", problem);
	*text = said ? after(said, what) : NULL;
	if (!*text || **text != ' ')
		return fail(e, "%s: answer is '%s', expected '" CONTROL_PREFIX "%s'", f->name,
			f->line, what);
	++*text;
	return 0;
}

int far_write(void *far, void *bytes, size_t n_bytes, struct error *e)
{
	struct far *f = far;
	const char *at = bytes, *text;

	while (n_bytes) {
		ssize_t n = write(f->to, at, n_bytes);
		int result = 1;

		if (n < 0 && errno == EAGAIN)
			result = wait_for(f, f->to, POLLOUT, e);
		else if (n < 0 && errno == EPIPE)
			return far_expect(f, "ready", &text, e) ? -1
				: fail(e, "%s: it does not read its input", f->name);
		else if (n < 0 && errno != EINTR)
			return fail(e, "%s: %s", f->name, strerror(errno));
		if (result < 0)
			return -1;
		if (n > 0) {
			at += n;
			n_bytes -= (size_t)n;
		}
	}
	return 0;
}

void far_close(struct far *f)
{
	if (f->to >= 0)
		close(f->to);
	if (f->from >= 0 && f->from != f->to)
		close(f->from);
	f->to = f->from = -1;
}
