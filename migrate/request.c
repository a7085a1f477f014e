/* Asking a process for its snapshot. See request.h. */
#define _GNU_SOURCE
#include "request.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RETRY_LEAST_NS 1000000u
#define RETRY_MOST_NS 20000000u
#define REPEAT_NS 1500000000u
#define HELD_MOST_NS 200000000u

volatile sig_atomic_t is_interrupted;

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

/* ---- The directory -------------------------------------------------------------------------- */

void request_strip(const struct request *r)
{
	static const char *const names[] = {HCC_REQUEST_FILE, HCC_STATUS_FIFO, HCC_VERDICT_FIFO,
		HCC_ROOM_FILE};

	for (size_t i = 0; r->dir_fd >= 0 && i < sizeof names / sizeof *names; i++)
		unlinkat(r->dir_fd, names[i], 0);
}

static void close_all(struct request *r)
{
	int *const fds[] = {&r->verdict_fd, &r->status_fd, &r->dir_fd};

	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

/* What is left when somebody has killed the process while it waited, or may be when it ends
 * late. */
static int is_needed(const struct request *r)
{
	return r->is_committed || (r->verified_ns && request_is_over(r));
}

void request_end(struct request *r, struct error *e)
{
	connections_release(&r->connections, request_is_over(r));
	if (r->path[0] && is_needed(r)) {
		size_t n = strlen(e->text);

		if (!r->is_committed)
			request_strip(r);
		snprintf(e->text + n, sizeof e->text - n, "; process %d is in %s", (int)r->p.pid,
			r->path);
	} else if (r->path[0]) {
		/* The snapshot first: beside no request it would be one. */
		unlinkat(r->dir_fd, HCC_SNAPSHOT_FILE, 0);
		unlinkat(r->dir_fd, HCC_SNAPSHOT_FILE ".new", 0);
		request_strip(r);
		rmdir(r->path);
	}
	close_all(r);
	process_close(&r->p);
}

static int write_request(struct request *r, const struct options *o)
{
	struct hcc_request q = {
		.target_pid = (uint32_t)o->pid,
		.flags = (r->connections.keeps_listening ? HCC_REQUEST_LISTENING : 0)
			| (connections_allowed() ? HCC_REQUEST_CONNECTIONS : 0)
			| (o->close_connections ? HCC_REQUEST_CLOSE : 0)
			| (r->is_fleeting ? HCC_REQUEST_FLEETING : 0),
		.start_ticks = process_start_ticks(o->pid),
	};
	int fd = openat(r->dir_fd, HCC_REQUEST_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n;

	if (fd < 0)
		return -1;
	memcpy(q.magic, HCC_REQUEST_MAGIC, sizeof q.magic);
	read_boot_id(q.boot_id);
	n = write(fd, &q, sizeof q);
	close(fd);
	return n == sizeof q ? 0 : -1;
}

/* Room for the snapshot is made while the process still runs: what memory it has, as far as the kernel has
 * it in memory; if there is less, it is the process that makes it, or that is refused. */
static void make_room(const struct request *r)
{
	int fd = openat(r->dir_fd, HCC_ROOM_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	off_t bytes = process_memory_bytes(&r->p);

	if (fd >= 0 && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, bytes))
		unlinkat(r->dir_fd, HCC_ROOM_FILE, 0);
	if (fd >= 0)
		close(fd);
}

/* Both FIFOs are held open for both directions, so that neither side waits in open; the process
 * sees the end of its verdict's FIFO when this program is gone. */
static int make_directory(struct request *r, const struct options *o, const char *dir,
	struct error *e)
{
	struct stat st;
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (!lstat(dir, &st))
		return fail(e, "%s: %s", dir, strerror(EEXIST));
	if (n + 16 > sizeof r->path)
		return fail(e, "%s: %s", dir, strerror(ENAMETOOLONG));
	snprintf(r->path, sizeof r->path, "%.*s.tmp.XXXXXX", (int)n, dir);
	if (!mkdtemp(r->path)) {
		r->path[0] = 0;
		return fail(e, "%s: %s", dir, strerror(errno));
	}
	r->dir_fd = open(r->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->dir_fd < 0 || mkfifoat(r->dir_fd, HCC_STATUS_FIFO, 0600)
			|| mkfifoat(r->dir_fd, HCC_VERDICT_FIFO, 0600) || write_request(r, o))
		return fail(e, "%s: %s", r->path, strerror(errno));
	r->status_fd = openat(r->dir_fd, HCC_STATUS_FIFO, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	r->verdict_fd = openat(r->dir_fd, HCC_VERDICT_FIFO, O_RDWR | O_CLOEXEC);
	if (r->status_fd < 0 || r->verdict_fd < 0)
		return fail(e, "%s: %s", r->path, strerror(errno));
	make_room(r);
	return 0;
}

/* ptrace(2) says who may; whether there is such a descriptor does not matter. */
static int may_keep(const struct process *p)
{
	int fd = (int)syscall(SYS_pidfd_getfd, p->pid_fd, 0, 0);

	if (fd < 0)
		return errno == EBADF;
	close(fd);
	return 1;
}

int request_begin(struct request *r, const struct options *o, const char *dir, int is_fleeting,
	int is_here, struct error *e)
{
	*r = (struct request){
		.dir_fd = -1, .status_fd = -1, .verdict_fd = -1,
		.p = {.pid_fd = -1, .image.fd = -1},
		.start_ns = now_ns(), .is_fleeting = is_fleeting,
	};
	if (process_open(&r->p, o->pid, e))
		return -1;
	catch_interrupts();
	r->connections.keeps_listening = is_here && may_keep(&r->p);
	return make_directory(r, o, dir, e);
}

/* ---- Asking --------------------------------------------------------------------------------- */

static int send_request(const struct request *r)
{
	siginfo_t info = {0};

	info.si_signo = r->p.signal;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = r->dir_fd;
	return (int)syscall(SYS_pidfd_send_signal, r->p.pid_fd, r->p.signal, &info, 0);
}

/* Read one line of status. Returns 1; 0 when none came until then; -1 when the process ended. */
static int next_status(struct request *r, uint64_t until_ns)
{
	for (;;) {
		struct pollfd fds[2] = {{r->status_fd, POLLIN, 0}, {r->p.pid_fd, POLLIN, 0}};
		uint64_t now = now_ns();
		uint64_t left_ns = until_ns > now ? until_ns - now : 0;
		struct timespec left = {(time_t)(left_ns / 1000000000u),
			(long)(left_ns % 1000000000u)};
		int n = ppoll(fds, 2, &left, NULL);

		if (n > 0 && fds[0].revents & POLLIN) {
			/* The writer writes a line at once; two may have come together. */
			size_t at = 0;

			while (at + 1 < sizeof r->line && read(r->status_fd, r->line + at, 1) == 1
					&& r->line[at] != '\n')
				at++;
			r->line[at] = 0;
			return 1;
		}
		if (n > 0)
			return -1;
		if (!left_ns || is_interrupted)
			return 0;
	}
}

static int fail_status(const struct request *r, const struct status *status, struct error *e)
{
	if (status->kind == STATUS_REFUSE)
		return fail(e, "process %d: %s", (int)r->p.pid, status->text);
	if (status->kind == STATUS_FAIL)
		return fail(e, "process %d: %s: %s", (int)r->p.pid, status->text,
			strerror(status->error));
	return fail(e, "process %d: answer is '%s', expected 'written'", (int)r->p.pid,
		status->text);
}

/* Whether the process is writing at this moment: then it is given the time. */
static int is_writing(const struct request *r)
{
	return !faccessat(r->dir_fd, HCC_SNAPSHOT_FILE ".new", F_OK, 0)
		|| !faccessat(r->dir_fd, HCC_SNAPSHOT_FILE, F_OK, 0);
}

static int fail_timeout(const struct request *r, double timeout_s, struct error *e)
{
	const char *call, *hindrance;
	char where[128] = "";

	if (is_interrupted)
		return fail(e, "process %d: the snapshot was interrupted", (int)r->p.pid);
	call = process_where(&r->p, 0);
	if (call)
		snprintf(where, sizeof where, ": it waits in system call %s", call);
	if (r->report.bytes)
		e->more = strdup(r->report.lines);
	hindrance = process_hindrance(&r->p);
	if (hindrance)
		snprintf(where, sizeof where, ": %s", hindrance);
	return fail(e, "process %d: no migration point within %g seconds%s", (int)r->p.pid,
		timeout_s, r->report.reason[0] ? r->report.reason : where);
}

/* One answer, in s. Returns 1; 0 when none came; -1 and *e. */
static int next_answer(struct request *r, struct status *s, struct error *e)
{
	uint64_t until_ns = now_ns() + REPEAT_NS;
	int result, is_ready = process_is_ready(&r->p);

	r->asked_ns = now_ns();
	if (is_ready && send_request(r) && errno != ESRCH)
		return fail(e, "process %d: %s", (int)r->p.pid, strerror(errno));
	if (!is_ready)
		until_ns = now_ns() + RETRY_LEAST_NS;
	if (until_ns > r->end_ns && !is_writing(r))
		until_ns = r->end_ns;
	while ((result = next_status(r, until_ns)) > 0) {
		*s = status_parse(r->line);
		if (s->kind != STATUS_THREAD)
			return 1;
		report_thread(&r->report, &r->p, s);
	}
	/* Somebody has killed it; if its snapshot is there, that is what it was. */
	if (result < 0 && faccessat(r->dir_fd, HCC_SNAPSHOT_FILE, F_OK, 0))
		return fail(e, "process %d: it has ended", (int)r->p.pid);
	if (result < 0)
		s->kind = STATUS_WRITTEN;
	return result < 0;
}

/* Ask until the snapshot is written. */
static int ask(struct request *r, const struct options *o, struct error *e)
{
	uint64_t retry_ns = RETRY_LEAST_NS;

	while (!is_interrupted && (now_ns() < r->end_ns || is_writing(r))) {
		uint64_t asked_ns = now_ns(), pause_ns = retry_ns, held_ns;
		struct status status;
		int result = next_answer(r, &status, e);

		if (result <= 0) {
			if (result)
				return -1;
			continue;
		}
		if (status.kind == STATUS_WRITTEN)
			return 0;
		if (status.kind != STATUS_DECLINE)
			return fail_status(r, &status, e);
		report_decline(&r->report, &r->p, &status);
		/* Threads that were held for nothing run as long again. */
		held_ns = now_ns() - asked_ns;
		if (r->report.bytes && held_ns > pause_ns)
			pause_ns = held_ns < HELD_MOST_NS ? held_ns : HELD_MOST_NS;
		usleep((useconds_t)(pause_ns / 1000));
		if (retry_ns < RETRY_MOST_NS)
			retry_ns += RETRY_LEAST_NS;
	}
	return fail_timeout(r, o->timeout_s, e);
}

/* ---- The snapshot --------------------------------------------------------------------------- */

/* By a move the pages are held against their checksum before anything runs that is made of them; and if they are
 * wrong, the process goes on. */
static int open_snapshot(const struct request *r, struct snapshot *out, struct error *e)
{
	return r->is_fleeting ? snapshot_open_but_pages(out, r->path, e)
		: snapshot_open(out, r->path, e);
}

/* Returns 0; 1 and *e: as it is just now it cannot be moved; -1 and *e. */
static int check(struct request *r, struct snapshot *out, struct error *e)
{
	int result = -1;

	r->written_ns = now_ns();
	if (open_snapshot(r, out, e))
		return -1;
	if (memcmp(out->header->build_id, r->p.image.meta->build_id, HCC_BUILD_ID_BYTES)) {
		fail(e, "%s: the snapshot is of another build than process %d", r->path,
			(int)r->p.pid);
	} else if (!shared_check(out, r->p.pid, e)
			&& !(result = connections_take(&r->connections, out, r->p.pid,
				r->p.pid_fd, e))) {
		/* With connections the file has grown. */
		if (r->connections.n) {
			snapshot_close(out);
			if (open_snapshot(r, out, e))
				return -1;
		}
		r->verified_ns = now_ns();
		return 0;
	}
	snapshot_close(out);
	return result;
}

static int give_verdict(const struct request *r, char verdict, struct error *e)
{
	if (write(r->verdict_fd, &verdict, 1) != 1)
		return fail(e, "process %d: %s", (int)r->p.pid, strerror(errno));
	return 0;
}

/* Back to where nothing was asked. Returns 0; -1 when the time is over, *e as it was, or *e. */
static int go_on(struct request *r, struct error *e)
{
	if (is_interrupted || now_ns() >= r->end_ns || give_verdict(r, HCC_VERDICT_AGAIN, e))
		return -1;
	while (!faccessat(r->dir_fd, HCC_SNAPSHOT_FILE, F_OK, 0)) {
		if (request_is_over(r))
			return fail(e, "process %d: it has ended", (int)r->p.pid);
		usleep(RETRY_LEAST_NS / 1000);
	}
	usleep(RETRY_LEAST_NS / 1000);
	return 0;
}

int request_take(struct request *r, const struct options *o, struct snapshot *out,
	struct error *e)
{
	int result;

	r->end_ns = now_ns() + (uint64_t)(o->timeout_s * 1e9);
	do {
		result = ask(r, o, e);
		if (!result)
			result = check(r, out, e);
	} while (result > 0 && !go_on(r, e));
	return result ? -1 : 0;
}

static void sync_parent(const char *dir)
{
	char parent[PATH_MAX];
	char *slash;
	int fd;

	snprintf(parent, sizeof parent, "%s", dir);
	slash = strrchr(parent, '/');
	snprintf(slash ? slash + 1 : parent, 2, ".");
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

int request_name(struct request *r, const char *dir, struct error *e)
{
	if (renameat2(AT_FDCWD, r->path, AT_FDCWD, dir, RENAME_NOREPLACE)
			&& (errno != EINVAL || rename(r->path, dir)))
		return fail(e, "%s: %s", dir, strerror(errno));
	snprintf(r->path, sizeof r->path, "%s", dir);
	if (!r->is_fleeting) {
		fsync(r->dir_fd);
		sync_parent(dir);
	}
	return 0;
}

int request_is_over(const struct request *r)
{
	struct pollfd end = {r->p.pid_fd, POLLIN, 0};

	return r->p.pid_fd >= 0 && poll(&end, 1, 0) > 0;
}

/* An ended process is awaited, so that its files are its successor's alone. Whoever has ended
 * it: it was waiting, so that the snapshot is what it was. */
int request_commit(struct request *r, struct error *e)
{
	struct pollfd end = {r->p.pid_fd, POLLIN, 0};
	int n;

	if (give_verdict(r, HCC_VERDICT_COMMIT, e))
		return -1;
	r->is_committed = 1;
	/* Without its request it is on its way out, however long that takes. */
	do
		n = poll(&end, 1, 10000);
	while ((n < 0 && errno == EINTR)
		|| (!n && faccessat(r->dir_fd, HCC_REQUEST_FILE, F_OK, 0)));
	if (n <= 0)
		return fail(e, "process %d: the snapshot is taken, but it does not end",
			(int)r->p.pid);
	request_strip(r);
	if (!r->is_fleeting)
		fsync(r->dir_fd);
	return 0;
}

int request_continue(struct request *r, struct error *e)
{
	request_strip(r);
	fsync(r->dir_fd);
	return give_verdict(r, HCC_VERDICT_CONTINUE, e);
}

int request_write_stats(const struct request *r, const struct options *o, const char *more,
	struct error *e)
{
	FILE *f;

	if (!o->stats)
		return 0;
	f = fopen(o->stats, "a");
	if (!f)
		return fail(e, "%s: %s", o->stats, strerror(errno));
	fprintf(f, "snapshot isa=%s %s answer_ns=%" PRIu64 " verify_ns=%" PRIu64 "%s total_ns=%" PRIu64 "\n",
		r->p.image.isa->name, r->line + strlen("written "), r->written_ns - r->asked_ns,
		r->verified_ns - r->written_ns, more, now_ns() - r->start_ns);
	if (fclose(f))
		return fail(e, "%s: %s", o->stats, strerror(errno));
	return 0;
}
