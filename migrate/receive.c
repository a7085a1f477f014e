/* hcc-migrate restore -: takes a snapshot out of standard input, and becomes the process of it
 * when the mover says so (gate.h). Nothing of it is left here when that does not come: the file
 * has no name, and what the process was is still at its other end. */
#define _GNU_SOURCE
#include "restore.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_all(void *arg, void *bytes, size_t n_bytes, struct error *e)
{
	char *at = bytes;

	while (n_bytes) {
		ssize_t n = read(*(const int *)arg, at, n_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(e, "standard input: %s", strerror(errno));
		if (!n)
			return fail(e, "standard input ends before the snapshot does");
		at += n;
		n_bytes -= (size_t)n;
	}
	return 0;
}

static int open_nameless(struct error *e)
{
	const char *folder = getenv("TMPDIR");
	char path[PATH_MAX];
	int fd;

	if ((size_t)snprintf(path, sizeof path, "%s/hcc-restore.XXXXXX",
			folder && *folder ? folder : "/tmp") >= sizeof path)
		return fail(e, "TMPDIR: %s", strerror(ENAMETOOLONG));
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return fail(e, "TMPDIR: %s: %s", folder && *folder ? folder : "/tmp",
			strerror(errno));
	unlink(path);
	return fd;
}

/* The process's standard streams: not the stream, nor the answers. */
static int set_streams(struct control *c, const struct options *o, struct error *e)
{
	struct options streams = *o;
	int in = fcntl(0, F_DUPFD_CLOEXEC, 3), out = fcntl(1, F_DUPFD_CLOEXEC, 3);

	if (in < 0 || out < 0)
		return fail(e, "%s: %s", in < 0 ? "standard input" : "standard output",
			strerror(errno));
	*c = (struct control){in, out};
	if (!o->stdin_path)
		streams.stdin_path = "/dev/null";
	if (!o->stdout_path && dup2(2, 1) < 0)
		return fail(e, "standard error: %s", strerror(errno));
	return restore_streams(&streams, e);
}

static int receive(const struct options *o, struct control *c, struct error *e)
{
	struct gate g;
	struct snapshot s;
	int fd;

	if (isatty(0))
		return fail(e, "standard input: a terminal, expected what hcc-migrate move sends");
	if (set_streams(c, o, e))
		return -1;
	fd = open_nameless(e);
	if (fd < 0)
		return -1;
	if (stream_receive(fd, read_all, &c->in, e)) {
		close(fd);
		return -1;
	}
	if (snapshot_open_fd(&s, fd, "standard input", e))
		return -1;
	g = (struct gate){*c, NULL};
	restore_become(o, &s, &g, NULL, e);
	*c = g.control;
	snapshot_close(&s);
	return -1;
}

int receive_command(const struct options *o, struct error *e)
{
	struct control c = {0, 1};
	char version[16];

	snprintf(version, sizeof version, "%d", CONTROL_VERSION);
	if (control_say(&c, "hello", version))
		return fail(e, "standard output: %s", strerror(errno));
	receive(o, &c, e);
	return control_say(&c, "error", e->text) ? -1 : 1;
}
