/* hcc-migrate move: a process goes on elsewhere, in one step. At each moment there is one living
 * process, or one complete snapshot, and each time that changes it is by one change of a
 * directory or one message:
 *
 *   1. The process has written its snapshot, and waits. It goes on if this program goes away.
 *   2. The other side has all of the process, at its gate (gate.h). It ends if this program goes
 *      away.
 *   3. "commit": the process removes the request that lies beside its snapshot, and ends. From
 *      now on the directory is what it was: see request_commit().
 *   4a. --to DIR: the other side is told to go on; the new process removes the snapshot, and
 *       goes on.
 *   4b. --to COMMAND: the snapshot is renamed to HCC_SENT_FILE, and the other side is told to go
 *       on. When it says that it does, the snapshot is removed. If this program, or what lies
 *       between, ends in that moment, nobody here can know: the snapshot stays, and restore does
 *       not take it by that name.
 *
 * What fails before 3 lets the process go on. What fails after it leaves the snapshot. */
#define _GNU_SOURCE
#include "far.h"
#include "request.h"
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct move {
	const struct options *o;
	struct request r;
	struct snapshot s;
	struct far far;
	int is_command;     /* --to COMMAND */
	char dir[PATH_MAX]; /* of the snapshot */
	uint64_t sent_bytes;
};

/* ---- Progress ------------------------------------------------------------------------------- */

static uint64_t progress_start_ns, progress_last_ns;

static void show_progress(uint64_t done_bytes, uint64_t all_bytes, uint64_t sent_bytes)
{
	uint64_t now = now_ns();
	double mib = 1024 * 1024;

	if (done_bytes < all_bytes && now - progress_last_ns < 100000000)
		return;
	progress_last_ns = now;
	fprintf(stderr, "\rhcc-migrate: %.1f of %.1f MiB, %.1f MiB sent, %.1f MB/s%s",
		(double)done_bytes / mib, (double)all_bytes / mib, (double)sent_bytes / mib,
		(double)done_bytes * 1e3 / (double)(now - progress_start_ns + 1),
		done_bytes < all_bytes ? "" : "\n");
}

/* ---- Steps ---------------------------------------------------------------------------------- */

/* A word is a directory, as for snapshot; with a blank it is a command. */
static int is_command(const char *to)
{
	return strpbrk(to, " \t\n") != NULL;
}

static int choose_directory(struct move *m, struct error *e)
{
	const char *folder = getenv("TMPDIR");
	int n;

	if (!m->is_command && m->o->dir)
		return fail(e, "move: -o is for --to COMMAND only");
	if (m->is_command && (m->o->isa || m->o->exe))
		return fail(e, "move: --isa and --exe belong into the command");
	if (!m->is_command || m->o->dir)
		n = snprintf(m->dir, sizeof m->dir, "%s", m->is_command ? m->o->dir : m->o->to);
	else
		n = snprintf(m->dir, sizeof m->dir, "%s/hcc-move.%d.%d",
			folder && *folder ? folder : "/var/tmp", (int)m->o->pid, (int)getpid());
	return n < (int)sizeof m->dir ? 0 : fail(e, "%.99s...: %s", m->dir, strerror(ENAMETOOLONG));
}

/* The other side is there before the process is stopped. */
static int greet(struct move *m, struct error *e)
{
	const struct image *image = &m->r.p.image;
	const struct wanted w = {image->meta->build_id, image->path, image->isa};
	const char *version;

	if (!m->is_command)
		return far_run_restore(&m->far, m->o, &w, m->dir, e);
	if (far_run_command(&m->far, m->o->to, m->o->timeout_s, e)
			|| far_expect(&m->far, "hello", &version, e))
		return -1;
	if (atoi(version) != CONTROL_VERSION)
		return fail(e, "%s: version is %s, expected %d", m->o->to, version,
			CONTROL_VERSION);
	return 0;
}

static int hand_over(struct move *m, const char **pid, struct error *e)
{
	progress_start_ns = progress_last_ns = now_ns();
	if (m->is_command ? stream_send(&m->s, m->o->compress, far_write, &m->far,
				isatty(2) ? show_progress : NULL, &m->sent_bytes, e)
			: far_restore(&m->far, e))
		return -1;
	return far_expect(&m->far, "ready", pid, e);
}

static int rename_file(const struct move *m, const char *from, const char *to)
{
	return renameat(m->r.dir_fd, from, m->r.dir_fd, to);
}

/* After this error the other side has no process. */
static int has_said_no(const struct far *f)
{
	return !strncmp(f->line, CONTROL_PREFIX "error ", strlen(CONTROL_PREFIX "error "));
}

/* The process has ended: let the other go on. */
static int let_go_on(struct move *m, struct error *e)
{
	char go = CONTROL_GO;
	const char *pid;

	if (m->is_command && rename_file(m, HCC_SNAPSHOT_FILE, HCC_SENT_FILE))
		return fail(e, "%s: %s", m->dir, strerror(errno));
	m->far.line[0] = 0;
	if (!far_write(&m->far, &go, 1, e) && !far_expect(&m->far, "running", &pid, e))
		return 0;
	if (m->is_command && has_said_no(&m->far))
		rename_file(m, HCC_SENT_FILE, HCC_SNAPSHOT_FILE);
	else if (m->is_command)
		snprintf(e->text + strlen(e->text), sizeof e->text - strlen(e->text),
			"; whether the process goes on there is not known");
	return -1;
}

static void remove_all(struct move *m)
{
	unlinkat(m->r.dir_fd, HCC_SENT_FILE, 0);
	unlinkat(m->r.dir_fd, HCC_SNAPSHOT_FILE, 0);
	rmdir(m->dir);
	m->r.path[0] = 0;
}

static int write_pid(const char *path, const char *pid, struct error *e)
{
	FILE *f = path ? fopen(path, "w") : NULL;

	if (!path)
		return 0;
	if (!f || fprintf(f, "%s\n", pid) < 0)
		fail(e, "%s: %s", path, strerror(errno));
	else if (!fclose(f))
		return 0;
	else
		return fail(e, "%s: %s", path, strerror(errno));
	if (f)
		fclose(f);
	return -1;
}

static int move(struct move *m, struct error *e)
{
	char pid_text[32], more[128];
	uint64_t ready_ns, over_ns;
	const char *pid;

	if (request_take(&m->r, m->o, &m->s, e)
			|| request_name(&m->r, m->dir, e) || hand_over(m, &pid, e))
		return -1;
	ready_ns = now_ns();
	snprintf(pid_text, sizeof pid_text, "%.*s", (int)strspn(pid, "0123456789"), pid);
	if (write_pid(m->o->pid_file, pid_text, e) || request_commit(&m->r, e))
		return -1;
	over_ns = now_ns();
	connections_release(&m->r.connections, 1);
	if (let_go_on(m, e))
		return -1;
	remove_all(m);
	snprintf(more, sizeof more, " hand_ns=%" PRIu64 " commit_ns=%" PRIu64 " go_ns=%" PRIu64,
		ready_ns - m->r.verified_ns, over_ns - ready_ns, now_ns() - over_ns);
	return request_write_stats(&m->r, m->o, more, e);
}

int move_command(const struct options *o, struct error *e)
{
	struct move m = {.o = o, .s = {.fd = -1}, .far = {.to = -1, .from = -1},
		.is_command = is_command(o->to)};
	int result;

	if (choose_directory(&m, e))
		return -1;
	/* When the machine ends, so does the process, wherever it is on its way from it. */
	result = request_begin(&m.r, o, m.dir, 1, !m.is_command, e);
	if (!result)
		result = greet(&m, e);
	if (!result)
		result = move(&m, e);
	/* The process goes on when it is certain that the other does not. */
	far_close(&m.far);
	snapshot_close(&m.s);
	request_end(&m.r, e);
	return result;
}
