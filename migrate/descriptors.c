/* The descriptors of a process that is to be restored. All of them are made here, by the host and
 * before exec, so that an error harms nothing and no emulator stands between; they go through exec
 * with their numbers. In three steps: each open file description is made, under a number above all
 * that the process has; then all get their numbers; then come things that need those (interest
 * lists), what only one process can have (the addresses of sockets), and locks, which the closing of
 * another descriptor could drop. In a move the third step is done by a helper that has the same
 * descriptors (gate.c), while the process waits. What only the process itself can do is done there:
 * runtime/descriptors.c, hcc_descriptors_adopt(). */
#define _GNU_SOURCE
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const struct {
	make_object *make;     /* NULL: not here */
	finish_object *finish;
} kinds[HCC_N_DESCRIPTOR_KINDS] = {
	[HCC_DESCRIPTOR_FILE] = {make_file, finish_locks},
	[HCC_DESCRIPTOR_DEVICE] = {make_file, NULL},
	[HCC_DESCRIPTOR_DELETED] = {make_deleted, finish_locks},
	[HCC_DESCRIPTOR_MEMFD] = {make_memfd, finish_locks},
	[HCC_DESCRIPTOR_PIPE] = {make_pipe, NULL},
	[HCC_DESCRIPTOR_FIFO] = {make_fifo, NULL},
	[HCC_DESCRIPTOR_EVENTFD] = {make_eventfd, NULL},
	[HCC_DESCRIPTOR_TIMERFD] = {make_timerfd, NULL},
	[HCC_DESCRIPTOR_EPOLL] = {make_epoll, finish_epoll},
	[HCC_DESCRIPTOR_SIGNALFD] = {make_signalfd, NULL},
	[HCC_DESCRIPTOR_INOTIFY] = {make_inotify, NULL},
	[HCC_DESCRIPTOR_SOCKET] = {make_socket, finish_socket},
	[HCC_DESCRIPTOR_QUEUE] = {make_queue, NULL},
};

int64_t making_index(const struct making *m, uint32_t fd)
{
	const struct hcc_snap_descriptor *d = hcc_find_descriptor(m->list, m->n, fd);

	return d ? d - m->list : -1;
}

const void *making_state(const struct making *m, const struct hcc_snap_descriptor *d, uint32_t kind)
{
	const struct hcc_snap_state *s = hcc_state_find(m->s->header, m->states[d - m->list], kind);

	return s ? s + 1 : NULL;
}

int making_each(struct making *m, const struct hcc_snap_descriptor *d, uint32_t kind,
	use_state *use, int fd)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = hcc_state_find(file, m->states[d - m->list], kind);
	int result = 0;

	for (; s && !result; s = hcc_state_find(file, hcc_state_next(file, s), kind))
		result = use(m, d, s, fd);
	return result;
}

int making_refuse(const struct making *m, const struct hcc_snap_descriptor *d, const char *what)
{
	const char *path = snapshot_string(m->s, d->path_off);

	return fail(m->e, "%s: descriptor %u: %s%s%s: %s", m->s->path, d->fd,
		hcc_descriptor_kind_names[d->kind], *path ? " " : "", path, what);
}

int making_fail(const struct making *m, const struct hcc_snap_descriptor *d, const char *what)
{
	char text[256];

	snprintf(text, sizeof text, "%s: %s", what, strerror(errno));
	return making_refuse(m, d, text);
}

int making_flags(const struct hcc_snap_descriptor *d)
{
	/* asm-generic's values of flags that differ on some ISAs */
	static const struct { uint32_t neutral; int host; } values[] = {
		{040000, O_DIRECT}, {0100000, 0}, {0200000, O_DIRECTORY}, {0400000, O_NOFOLLOW},
		{0, 0},
	};
	uint32_t left = d->open_flags;
	int flags = 0;

	for (size_t i = 0; values[i].neutral; i++)
		if (left & values[i].neutral) {
			left &= ~values[i].neutral;
			flags |= values[i].host;
		}
	return (flags | (int)left) & ~(O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC);
}

/* Give d the caller's descriptor, unless it is one of this program's own: then there is none. */
static int take_inherited(const struct making *m, const struct hcc_snap_descriptor *d,
	const int *own, int n_own)
{
	for (int i = 0; i < n_own; i++)
		if (own[i] == (int)d->copy_of)
			return -1;
	return fcntl((int)d->copy_of, F_DUPFD_CLOEXEC, m->above);
}

/* Status flags, and a number out of the way. */
static int settle(const struct making *m, const struct hcc_snap_descriptor *d, int fd)
{
	const int settable = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;
	int now = fcntl(fd, F_GETFL), want = making_flags(d), high;

	if (!(now & O_PATH) && (now ^ want) & settable
			&& fcntl(fd, F_SETFL, (now & ~settable) | (want & settable)))
		return making_fail(m, d, "cannot set its flags");
	if (fd >= m->above)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, m->above);
	if (high < 0)
		return making_fail(m, d, "cannot be moved");
	close(fd);
	return high;
}

static int make_all(struct making *m, const int *own, int n_own)
{
	for (uint64_t i = 0; i < m->n; i++) {
		const struct hcc_snap_descriptor *d = &m->list[i];

		if (d->kind != HCC_DESCRIPTOR_INHERITED)
			continue;
		m->made[i] = take_inherited(m, d, own, n_own);
		/* A standard stream may be closed. */
		if (m->made[i] < 0 && d->copy_of > 2)
			return fail(m->e, "%s: descriptor %u: the process was started with it as %u: it must"
				" be given to its restore, too", m->s->path, d->fd, d->copy_of);
	}
	for (uint64_t i = 0; i < m->n; i++) {
		const struct hcc_snap_descriptor *d = &m->list[i];
		int fd;

		if (m->made[i] >= 0 || d->kind == HCC_DESCRIPTOR_INHERITED
				|| d->kind == HCC_DESCRIPTOR_COPY)
			continue;
		if (!kinds[d->kind].make)
			return making_refuse(m, d, "cannot be restored");
		fd = kinds[d->kind].make(m, d);
		if (fd < 0)
			return -1;
		m->made[i] = settle(m, d, fd);
		if (m->made[i] < 0)
			return -1;
	}
	return 0;
}

/* Everything else is closed at exec. */
static int place_all(const struct making *m)
{
	long end = sysconf(_SC_OPEN_MAX);

	if (close_range(3, ~0u, CLOSE_RANGE_CLOEXEC))
		for (int fd = 3; fd < end; fd++)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	for (uint64_t i = 0; i < m->n; i++) {
		const struct hcc_snap_descriptor *d = &m->list[i];
		int64_t from = d->kind == HCC_DESCRIPTOR_COPY ? making_index(m, d->copy_of)
			: (int64_t)i;
		int fd = from < 0 ? -1 : m->made[from];

		if (fd < 0)
			close((int)d->fd);
		else if (dup2(fd, (int)d->fd) < 0)
			return making_fail(m, d, "cannot get its number");
	}
	for (uint64_t i = 0; i < m->n; i++)
		if (m->made[i] >= 0)
			close(m->made[i]);
	return 0;
}

uint64_t making_passed_ns(const struct making *m)
{
	struct timespec now;
	uint64_t now_ns;

	clock_gettime(CLOCK_REALTIME, &now);
	now_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	return now_ns > m->s->header->realtime_ns ? now_ns - m->s->header->realtime_ns : 0;
}

static const struct hcc_snap_state **find_states(const struct making *m, int section)
{
	const struct hcc_snap_state **first = calloc(m->n + 1, sizeof *first), *from = NULL;

	for (uint64_t i = 0; first && i < m->n; i++) {
		first[i] = hcc_state_first(m->s->header, section, m->list[i].fd, from);
		from = first[i] ? first[i] : from;
	}
	return first;
}

/* The process may have something else under this program's number 2. */
static int finish_with(struct making *m, int result)
{
	if (result && m->messages_fd >= 0)
		dup2(m->messages_fd, 2);
	return result;
}

/* Under a number that is none of the process's. */
static int open_old(pid_t pid, int above)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0), high = fd < 0 ? -1
		: fcntl(fd, F_DUPFD_CLOEXEC, above);

	if (fd >= 0)
		close(fd);
	return high;
}

int descriptors_make(struct making *m, const struct snapshot *s, const int *own, int n_own, int above,
	pid_t old, struct error *e)
{
	int result;

	*m = (struct making){
		.s = s,
		.list = hcc_snapshot_section(s->header, HCC_SECTION_DESCRIPTORS),
		.n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *m->list),
		.above = above,
		.gate_fd = -1,
		.old_fd = old ? open_old(old, above) : -1,
		.e = e,
	};
	m->made = malloc((m->n + 1) * sizeof *m->made);
	m->states = find_states(m, HCC_SECTION_STATES);
	m->connections = find_states(m, HCC_SECTION_CONNECTIONS);
	m->kept = calloc(m->n + 1, 1);
	if (!m->made || !m->states || !m->connections || !m->kept)
		return fail(e, "%s: %s", s->path, strerror(ENOMEM));
	for (uint64_t i = 0; i < m->n; i++)
		m->made[i] = -1;
	m->messages_fd = fcntl(2, F_DUPFD_CLOEXEC, above);
	result = make_all(m, own, n_own);
	if (m->old_fd >= 0)
		close(m->old_fd);
	m->old_fd = -1;
	if (!result)
		result = place_all(m);
	return finish_with(m, result);
}

int descriptors_finish(struct making *m, struct error *e)
{
	int result = 0;

	m->e = e;
	for (uint64_t i = 0; !result && i < m->n; i++)
		if (kinds[m->list[i].kind].finish)
			result = kinds[m->list[i].kind].finish(m, &m->list[i]);
	for (uint64_t i = 0; !result && i < m->n; i++)
		if (m->list[i].kind == HCC_DESCRIPTOR_SOCKET)
			result = start_connection(m, &m->list[i]);
	for (uint64_t i = 0; !result && i < m->n; i++)
		if (m->kept[i])
			start_listening(&m->list[i]);
	return finish_with(m, result);
}

void descriptors_close(const struct making *m)
{
	for (uint64_t i = 0; i < m->n; i++)
		close((int)m->list[i].fd);
}
