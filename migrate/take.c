/* hcc-migrate snapshot: asks a process for its snapshot. It writes the file itself, into a working
 * directory that becomes the snapshot's when the file is whole and has been read back; only then
 * the process ends. runtime/poll.c is the other side. */
#define _GNU_SOURCE
#include "migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RETRY_LEAST_NS 1000000u
#define RETRY_MOST_NS 20000000u
#define REPEAT_NS 1500000000u
#define HELD_MOST_NS 200000000u

struct work {
	char path[PATH_MAX]; /* of the directory; empty once it has its name */
	int dir_fd, status_fd, verdict_fd;
	uint64_t end_ns;
	char reason[HCC_STATUS_BYTES + 256]; /* of the last decline */
	char line[HCC_STATUS_BYTES];
	char report[32768];  /* of all threads, at the last decline */
	size_t report_bytes;
	int is_reported;     /* it is whole: the next line begins a new one */
};

static volatile sig_atomic_t is_interrupted;

static void interrupt(int signal)
{
	(void)signal;
	is_interrupted = 1;
}

static void catch_interrupts(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = interrupt};

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void work_remove(struct work *w)
{
	static const char *const names[] = {HCC_REQUEST_FILE, HCC_STATUS_FIFO, HCC_VERDICT_FIFO};

	for (size_t i = 0; w->dir_fd >= 0 && i < sizeof names / sizeof *names; i++)
		unlinkat(w->dir_fd, names[i], 0);
	if (w->path[0]) {
		unlinkat(w->dir_fd, HCC_SNAPSHOT_FILE, 0);
		unlinkat(w->dir_fd, HCC_SNAPSHOT_FILE ".new", 0);
		rmdir(w->path);
	}
}

static void work_close(struct work *w)
{
	if (w->verdict_fd >= 0)
		close(w->verdict_fd);
	if (w->status_fd >= 0)
		close(w->status_fd);
	if (w->dir_fd >= 0)
		close(w->dir_fd);
}

static int write_request(struct work *w, const struct options *o)
{
	struct hcc_request r = {
		.target_pid = (uint32_t)o->pid,
		.flags = (connections_allowed() ? HCC_REQUEST_CONNECTIONS : 0)
			| (o->close_connections ? HCC_REQUEST_CLOSE : 0),
	};
	int fd = openat(w->dir_fd, HCC_REQUEST_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n;

	if (fd < 0)
		return -1;
	memcpy(r.magic, HCC_REQUEST_MAGIC, sizeof r.magic);
	n = write(fd, &r, sizeof r);
	close(fd);
	return n == sizeof r ? 0 : -1;
}

/* Both FIFOs are held open for both directions, so that neither side waits in open; the process
 * sees the end of its verdict's FIFO when this program is gone. */
static int work_create(struct work *w, const struct options *o, struct error *e)
{
	const char *dir = o->dir;
	struct stat st;
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (!lstat(dir, &st))
		return fail(e, "%s: %s", dir, strerror(EEXIST));
	if (n + 16 > sizeof w->path)
		return fail(e, "%s: %s", dir, strerror(ENAMETOOLONG));
	snprintf(w->path, sizeof w->path, "%.*s.tmp.XXXXXX", (int)n, dir);
	if (!mkdtemp(w->path)) {
		w->path[0] = 0;
		return fail(e, "%s: %s", dir, strerror(errno));
	}
	w->dir_fd = open(w->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->dir_fd < 0 || mkfifoat(w->dir_fd, HCC_STATUS_FIFO, 0600)
			|| mkfifoat(w->dir_fd, HCC_VERDICT_FIFO, 0600) || write_request(w, o))
		return fail(e, "%s: %s", w->path, strerror(errno));
	w->status_fd = openat(w->dir_fd, HCC_STATUS_FIFO, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	w->verdict_fd = openat(w->dir_fd, HCC_VERDICT_FIFO, O_RDWR | O_CLOEXEC);
	if (w->status_fd < 0 || w->verdict_fd < 0)
		return fail(e, "%s: %s", w->path, strerror(errno));
	return 0;
}

static int send_request(const struct process *p, const struct work *w)
{
	siginfo_t info = {0};

	info.si_signo = p->signal;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = w->dir_fd;
	return (int)syscall(SYS_pidfd_send_signal, p->pid_fd, p->signal, &info, 0);
}

/* Read one line of status. Returns 1; 0 when none came until then; -1 when the process ended. */
static int next_status(const struct process *p, struct work *w, uint64_t until_ns)
{
	for (;;) {
		struct pollfd fds[2] = {{w->status_fd, POLLIN, 0}, {p->pid_fd, POLLIN, 0}};
		uint64_t now = now_ns();
		uint64_t left_ns = until_ns > now ? until_ns - now : 0;
		struct timespec left = {(time_t)(left_ns / 1000000000u),
			(long)(left_ns % 1000000000u)};
		int n = ppoll(fds, 2, &left, NULL);

		if (n > 0 && fds[0].revents & POLLIN) {
			/* The writer writes a line at once; two may have come together. */
			size_t at = 0;

			while (at + 1 < sizeof w->line && read(w->status_fd, w->line + at, 1) == 1
					&& w->line[at] != '\n')
				at++;
			w->line[at] = 0;
			return 1;
		}
		if (n > 0)
			return -1;
		if (!left_ns || is_interrupted)
			return 0;
	}
}

/* What a thread does that has not come to a point. */
static void describe(const struct process *p, const struct status *status, char *out, size_t bytes)
{
	const char *where = process_where(p, status->thread);

	if (where)
		snprintf(out, bytes, "waits in system call %s, %s", where, status->text);
	else
		snprintf(out, bytes, "is in %s, %s", image_function_at(&p->image, status->pc),
			status->text);
}

static void keep_decline(const struct process *p, struct work *w, const struct status *status)
{
	char text[HCC_STATUS_BYTES + 128];

	w->is_reported = 1;
	describe(p, status, text, sizeof text);
	if (status->pc)
		snprintf(w->reason, sizeof w->reason, ": thread %d %s",
			(int)(status->thread ? status->thread : p->pid), text);
	else
		snprintf(w->reason, sizeof w->reason, ": %s", status->text);
}

static void keep_thread(const struct process *p, struct work *w, const struct status *status)
{
	size_t left;
	char text[HCC_STATUS_BYTES + 128];
	int n;

	if (w->is_reported)
		w->is_reported = w->report_bytes = 0;
	left = sizeof w->report - w->report_bytes;
	if (status->pc)
		describe(p, status, text, sizeof text);
	else if (status->call >= 0)
		snprintf(text, sizeof text, "waits in system call %s, called by %s",
			call_name(status->call), status->text);
	else
		snprintf(text, sizeof text, "is in %s", status->text);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	n = snprintf(w->report + w->report_bytes, left, "hcc-migrate: thread %d %s\n",
		(int)status->thread, text);
	if (n > 0 && (size_t)n < left)
		w->report_bytes += (size_t)n;
	w->report[w->report_bytes] = 0;
}

static int fail_status(const struct process *p, const struct status *status, struct error *e)
{
	if (status->kind == STATUS_REFUSE)
		return fail(e, "process %d: %s", (int)p->pid, status->text);
	if (status->kind == STATUS_FAIL)
		return fail(e, "process %d: %s: %s", (int)p->pid, status->text,
			strerror(status->error));
	return fail(e, "process %d: answer is '%s', expected 'written'", (int)p->pid, status->text);
}

/* Whether the process is writing at this moment: then it is given the time. */
static int is_writing(const struct work *w)
{
	return !faccessat(w->dir_fd, HCC_SNAPSHOT_FILE ".new", F_OK, 0)
		|| !faccessat(w->dir_fd, HCC_SNAPSHOT_FILE, F_OK, 0);
}

static int fail_timeout(const struct process *p, const struct work *w, double timeout_s,
	struct error *e)
{
	const char *call;
	char where[128] = "";

	if (is_interrupted)
		return fail(e, "process %d: the snapshot was interrupted", (int)p->pid);
	call = process_where(p, 0);
	if (call)
		snprintf(where, sizeof where, ": it waits in system call %s", call);
	if (w->report_bytes)
		e->more = strdup(w->report);
	if (!process_is_ready(p))
		snprintf(where, sizeof where, ": it has no handler of requests");
	return fail(e, "process %d: no migration point within %g seconds%s", (int)p->pid, timeout_s,
		w->reason[0] ? w->reason : where);
}

/* Ask until the snapshot is written. */
static int ask(const struct process *p, struct work *w, const struct options *o, struct error *e)
{
	uint64_t retry_ns = RETRY_LEAST_NS;
	uint64_t asked_before_ns = 0;
	int is_answered = 0; /* the rest of an answer is to come */

	w->end_ns = now_ns() + (uint64_t)(o->timeout_s * 1e9);
	while (!is_interrupted && (now_ns() < w->end_ns || is_writing(w))) {
		uint64_t asked_ns = is_answered ? asked_before_ns : now_ns(), held_ns;
		uint64_t until_ns = now_ns() + REPEAT_NS;
		int result, is_ready = process_is_ready(p);
		struct status status;

		if (is_ready && !is_answered && send_request(p, w) && errno != ESRCH)
			return fail(e, "process %d: %s", (int)p->pid, strerror(errno));
		if (!is_ready)
			until_ns = now_ns() + RETRY_LEAST_NS;
		if (until_ns > w->end_ns && !is_writing(w))
			until_ns = w->end_ns;
		result = next_status(p, w, until_ns);
		if (result < 0)
			return fail(e, "process %d: it has ended", (int)p->pid);
		asked_before_ns = asked_ns;
		is_answered = 0;
		if (!result)
			continue;
		status = status_parse(w->line);
		if (status.kind == STATUS_THREAD) {
			keep_thread(p, w, &status);
			is_answered = 1;
			continue;
		}
		if (status.kind == STATUS_WRITTEN)
			return 0;
		if (status.kind != STATUS_DECLINE)
			return fail_status(p, &status, e);
		keep_decline(p, w, &status);
		/* Threads that were held for nothing run as long again. */
		held_ns = now_ns() - asked_ns;
		if (held_ns > HELD_MOST_NS)
			held_ns = HELD_MOST_NS;
		usleep((useconds_t)((w->report_bytes && held_ns > retry_ns ? held_ns : retry_ns) / 1000));
		if (retry_ns < RETRY_MOST_NS)
			retry_ns += RETRY_LEAST_NS;
	}
	return fail_timeout(p, w, o->timeout_s, e);
}

/* Read the file back, give the directory its name, and make both last. */
static int finish(const struct process *p, struct work *w, const char *dir,
	struct connections *connections, struct error *e)
{
	struct snapshot s;
	char parent[PATH_MAX];
	char *slash;
	int fd;

	if (snapshot_open(&s, w->path, e))
		return -1;
	if (memcmp(s.header->build_id, p->image.meta->build_id, HCC_BUILD_ID_BYTES)) {
		snapshot_close(&s);
		return fail(e, "%s: the snapshot is of another build than process %d", w->path,
			(int)p->pid);
	}
	if (shared_check(&s, p->pid, e) || connections_take(connections, &s, p->pid_fd, e)) {
		snapshot_close(&s);
		return -1;
	}
	snapshot_close(&s);
	unlinkat(w->dir_fd, HCC_REQUEST_FILE, 0);
	unlinkat(w->dir_fd, HCC_STATUS_FIFO, 0);
	unlinkat(w->dir_fd, HCC_VERDICT_FIFO, 0);
	fsync(w->dir_fd);
	if (renameat2(AT_FDCWD, w->path, AT_FDCWD, dir, RENAME_NOREPLACE)
			&& (errno != EINVAL || rename(w->path, dir)))
		return fail(e, "%s: %s", dir, strerror(errno));
	w->path[0] = 0;
	snprintf(parent, sizeof parent, "%s", dir);
	slash = strrchr(parent, '/');
	snprintf(slash ? slash + 1 : parent, 2, ".");
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return 0;
}

/* Give the verdict; an ended process is awaited, so that its files are its successor's alone. */
static int conclude(const struct process *p, const struct work *w, int leave_running,
	struct error *e)
{
	const char verdict = leave_running ? HCC_VERDICT_CONTINUE : HCC_VERDICT_COMMIT;
	struct pollfd end = {p->pid_fd, POLLIN, 0};

	if (write(w->verdict_fd, &verdict, 1) != 1)
		return fail(e, "process %d: %s", (int)p->pid, strerror(errno));
	if (!leave_running && poll(&end, 1, 10000) <= 0)
		return fail(e, "process %d: the snapshot is taken, but it does not end",
			(int)p->pid);
	return 0;
}

static int write_stats(const struct process *p, const struct work *w, const struct options *o,
	uint64_t verify_ns, uint64_t total_ns, struct error *e)
{
	FILE *f = fopen(o->stats, "a");

	if (!f)
		return fail(e, "%s: %s", o->stats, strerror(errno));
	fprintf(f, "snapshot isa=%s %s verify_ns=%" PRIu64 " total_ns=%" PRIu64 "\n",
		p->image.isa->name, w->line + strlen("written "), verify_ns, total_ns);
	if (fclose(f))
		return fail(e, "%s: %s", o->stats, strerror(errno));
	return 0;
}

int take_command(const struct options *o, struct error *e)
{
	struct work w = {.dir_fd = -1, .status_fd = -1, .verdict_fd = -1};
	uint64_t start_ns = now_ns(), written_ns, verified_ns;
	struct connections connections = {0};
	struct process p;
	int result;

	if (process_open(&p, o->pid, e))
		return -1;
	catch_interrupts();
	result = work_create(&w, o, e);
	if (!result)
		result = ask(&p, &w, o, e);
	written_ns = now_ns();
	if (!result)
		result = finish(&p, &w, o->dir, &connections, e);
	verified_ns = now_ns();
	/* Before the process may go on. */
	if (result || o->leave_running)
		connections_release(&connections, 0);
	if (!result)
		result = conclude(&p, &w, o->leave_running, e);
	connections_release(&connections, !result);
	if (!result && o->stats)
		result = write_stats(&p, &w, o, verified_ns - written_ns, now_ns() - start_ns, e);
	if (w.path[0])
		work_remove(&w);
	work_close(&w);
	process_close(&p);
	return result;
}
