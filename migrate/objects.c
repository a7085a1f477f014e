/* Files, pipes, and descriptors of events, made again from what a snapshot says of them. */
#define _GNU_SOURCE
#include "descriptors.h"
#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <unistd.h>

#ifndef TFD_IOC_SET_TICKS
#define TFD_IOC_SET_TICKS _IOW('T', 0, uint64_t)
#endif
#define WATCHES_MOST 1000000u

int close_failed(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

/* Open what a descriptor of this program refers to once more. */
static int open_again(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

/* The descriptor that stands for what d and others share, when it is made; d itself: NULL. */
static const struct hcc_snap_descriptor *shared_with(const struct making *m,
	const struct hcc_snap_descriptor *d)
{
	int64_t i = making_index(m, d->copy_of);

	if (i < 0 || m->list[i].kind != d->kind || m->made[i] < 0)
		return NULL;
	return &m->list[i];
}

/* ---- Files ---------------------------------------------------------------------------------- */

/* null, zero, full, random, urandom; terminals */
static int is_plain_device(unsigned major_number, unsigned minor_number)
{
	if (major_number == 1)
		return minor_number == 3 || minor_number == 5
			|| (minor_number >= 7 && minor_number <= 9);
	return major_number == 4 || (major_number == 5 && minor_number < 2)
		|| (major_number >= 136 && major_number <= 143);
}

/* To open a FIFO could take for ever, to open a device could do something. */
static int is_of_kind(const struct hcc_snap_descriptor *d, const struct stat *st)
{
	if (d->open_flags & O_PATH)
		return 1;
	if (d->kind == HCC_DESCRIPTOR_FIFO)
		return S_ISFIFO(st->st_mode);
	if (d->kind == HCC_DESCRIPTOR_FILE)
		return S_ISREG(st->st_mode) || S_ISDIR(st->st_mode);
	return S_ISCHR(st->st_mode) && is_plain_device(major(st->st_rdev), minor(st->st_rdev));
}

/* Open the path of d, once what is there is known to be of its kind. */
static int open_path(const struct making *m, const struct hcc_snap_descriptor *d, int flags)
{
	int there = open(snapshot_string(m->s, d->path_off), O_PATH | O_CLOEXEC | O_NOFOLLOW), fd;
	struct stat st;

	if (there < 0 || fstat(there, &st)) {
		close_failed(there);
		return making_fail(m, d, "cannot open it");
	}
	if (!is_of_kind(d, &st)) {
		close(there);
		return making_refuse(m, d, "it is no longer of the kind that it was");
	}
	if (flags & O_PATH)
		return there;
	fd = open_again(there, (flags & ~O_NOFOLLOW) | O_NOCTTY);
	if (fd < 0)
		making_fail(m, d, "cannot open it");
	close(there);
	return fd;
}

static int go_to(const struct making *m, const struct hcc_snap_descriptor *d, int fd)
{
	if (fd < 0 || d->open_flags & O_PATH || lseek(fd, (off_t)d->offset, SEEK_SET) >= 0)
		return fd;
	close_failed(fd);
	return making_fail(m, d, "cannot go to its position");
}

int make_file(struct making *m, const struct hcc_snap_descriptor *d)
{
	int fd = open_path(m, d, making_flags(d));

	return d->kind == HCC_DESCRIPTOR_FILE ? go_to(m, d, fd) : fd;
}

static int write_chunk(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int fd)
{
	const struct hcc_state_bytes *at = (const void *)(s + 1);
	const char *p = (const char *)(at + 1);
	size_t left = s->bytes - sizeof *at;
	off_t off = (off_t)at->off;

	while (left) {
		ssize_t n = pwrite(fd, p, left, off);

		if (n <= 0)
			return making_fail(m, d, "cannot write its contents");
		p += n;
		off += n;
		left -= (size_t)n;
	}
	return 0;
}

/* A file without a name in the folder where it had one, or where there is none any more, in the
 * working directory. */
static int create_nameless(const struct making *m, const struct hcc_snap_descriptor *d, mode_t mode)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(m->s->header,
		HCC_SECTION_PROCESS);
	char folder[PATH_MAX];
	char *slash;
	int fd;

	snprintf(folder, sizeof folder, "%s", snapshot_string(m->s, d->path_off));
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = 0;
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		fd = open(snapshot_string(m->s, p->cwd_off), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 && fchmod(fd, mode))
		return close_failed(fd);
	return fd;
}

/* A memfd's name is between "/memfd:" and " (deleted)". */
static int create_memfd(const struct making *m, const struct hcc_snap_descriptor *d)
{
	const char *link = snapshot_string(m->s, d->path_off);
	char name[256];
	size_t n;

	snprintf(name, sizeof name, "%s", strncmp(link, "/memfd:", 7) ? "" : link + 7);
	n = strlen(name);
	if (n >= 10 && !strcmp(name + n - 10, " (deleted)"))
		name[n - 10] = 0;
	return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/* Contents first: the seals may forbid to write them. */
static int make_contents(struct making *m, const struct hcc_snap_descriptor *d,
	int (*create)(const struct making *, const struct hcc_snap_descriptor *, mode_t))
{
	const struct hcc_state_file *file = making_state(m, d, HCC_STATE_FILE);
	int fd = create(m, d, file->mode & 07777);

	if (fd < 0)
		return making_fail(m, d, "cannot be created");
	if (ftruncate(fd, (off_t)file->bytes)) {
		close_failed(fd);
		return making_fail(m, d, "cannot get its size");
	}
	if (making_each(m, d, HCC_STATE_BYTES, write_chunk, fd)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int create_memfd_mode(const struct making *m, const struct hcc_snap_descriptor *d,
	mode_t mode)
{
	int fd = create_memfd(m, d);

	if (fd >= 0 && fchmod(fd, mode))
		return close_failed(fd);
	return fd;
}

/* The first descriptor of a file makes it; each is then opened with its own flags. */
static int make_nameless(struct making *m, const struct hcc_snap_descriptor *d,
	int (*create)(const struct making *, const struct hcc_snap_descriptor *, mode_t))
{
	const struct hcc_snap_descriptor *other = shared_with(m, d);
	int from, fd;

	if (other)
		from = m->made[other - m->list];
	else
		from = make_contents(m, d, create);
	if (from < 0)
		return -1;
	fd = open_again(from, making_flags(d));
	if (fd < 0)
		making_fail(m, d, "cannot open it");
	if (!other)
		close(from);
	return go_to(m, d, fd);
}

int make_deleted(struct making *m, const struct hcc_snap_descriptor *d)
{
	return make_nameless(m, d, create_nameless);
}

int make_memfd(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_file *file = making_state(m, d, HCC_STATE_FILE);
	int fd = make_nameless(m, d, create_memfd_mode), via;

	if (fd < 0 || !file->seals || shared_with(m, d))
		return fd;
	via = open_again(fd, O_RDWR);
	if (via < 0 || fcntl(via, F_ADD_SEALS, (int)file->seals)) {
		close_failed(via);
		close(fd);
		return making_fail(m, d, "cannot be sealed");
	}
	close(via);
	return fd;
}

static int lock(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int fd)
{
	const struct hcc_state_lock *l = (const void *)(s + 1);
	struct flock range = {
		.l_type = l->is_write ? F_WRLCK : F_RDLCK,
		.l_whence = SEEK_SET,
		.l_start = (off_t)l->start,
		.l_len = (off_t)l->bytes,
	};
	int result;

	switch (l->kind) {
	case HCC_LOCK_FLOCK:
		result = flock(fd, (l->is_write ? LOCK_EX : LOCK_SH) | LOCK_NB);
		break;
	case HCC_LOCK_POSIX:
		/* These are the process's. */
		result = m->gate_fd >= 0 ? gate_lock(m->gate_fd, fd, l) : fcntl(fd, F_SETLK, &range);
		break;
	case HCC_LOCK_OFD:
		result = fcntl(fd, F_OFD_SETLK, &range);
		break;
	default:
		return making_refuse(m, d, "it has a lock of an unknown kind");
	}
	return result ? making_fail(m, d, "cannot be locked again") : 0;
}

int finish_locks(struct making *m, const struct hcc_snap_descriptor *d)
{
	return making_each(m, d, HCC_STATE_LOCK, lock, (int)d->fd);
}

/* ---- Pipes ---------------------------------------------------------------------------------- */

static int write_pipe(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int fd)
{
	const struct hcc_state_bytes *at = (const void *)(s + 1);
	size_t bytes = s->bytes - sizeof *at;
	ssize_t n = write(fd, at + 1, bytes);

	if (n < 0)
		return making_fail(m, d, "cannot write its contents");
	return (size_t)n == bytes ? 0 : making_refuse(m, d, "its contents do not fit");
}

static int fill_pipe(struct making *m, const struct hcc_snap_descriptor *d, int write_fd)
{
	const struct hcc_state_pipe *p = making_state(m, d, HCC_STATE_PIPE);

	if (p->cap_bytes > INT_MAX || fcntl(write_fd, F_SETPIPE_SZ, (int)p->cap_bytes)
			< (int)p->cap_bytes)
		return making_fail(m, d, "cannot get its size");
	return making_each(m, d, HCC_STATE_BYTES, write_pipe, write_fd);
}

static int is_writer(const struct hcc_snap_descriptor *d)
{
	return (d->open_flags & O_ACCMODE) != O_RDONLY;
}

/* Give the ends to the descriptors of the pipe. The first reader and the first writer get the ones
 * that pipe2() has made, others open them again. */
static int share_ends(struct making *m, const struct hcc_snap_descriptor *first, const int ends[2])
{
	int is_taken[2] = {0, 0};

	for (uint64_t i = (uint64_t)(first - m->list); i < m->n; i++) {
		const struct hcc_snap_descriptor *d = &m->list[i];
		int end = is_writer(d), flags = making_flags(d);

		if (d->kind != first->kind || d->copy_of != first->fd || m->made[i] >= 0)
			continue;
		if (is_taken[end] || (flags & O_ACCMODE) == O_RDWR)
			m->made[i] = open_again(ends[end], flags);
		else
			m->made[i] = fcntl(ends[end], F_DUPFD_CLOEXEC, m->above);
		if (m->made[i] < 0)
			return making_fail(m, d, "cannot be opened");
		is_taken[end] |= (flags & O_ACCMODE) != O_RDWR;
		if (fcntl(m->made[i], F_SETFL, flags & (O_NONBLOCK | O_DIRECT)))
			return making_fail(m, d, "cannot set its flags");
	}
	return 0;
}

/* All descriptors of a pipe are made at its first. */
int make_pipe(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_pipe *p = making_state(m, d, HCC_STATE_PIPE);
	int ends[2], result;

	if (d->copy_of != d->fd)
		return making_refuse(m, d, "its pipe is not there");
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK | (p->is_packets ? O_DIRECT : 0)))
		return making_fail(m, d, "cannot be created");
	result = fill_pipe(m, d, ends[1]);
	if (!result)
		result = share_ends(m, d, ends);
	close(ends[0]);
	close(ends[1]);
	if (result)
		return -1;
	result = m->made[d - m->list];
	m->made[d - m->list] = -1;
	return result;
}

/* Opened for both directions first, so that nothing waits and what is written stays. */
int make_fifo(struct making *m, const struct hcc_snap_descriptor *d)
{
	int hold = -1, fd, flags = making_flags(d);

	if (d->copy_of == d->fd) {
		hold = open_path(m, d, O_RDWR | O_NONBLOCK);
		if (hold < 0)
			return -1;
		if (fill_pipe(m, d, hold)) {
			close(hold);
			return -1;
		}
	}
	/* A writer alone cannot open it: it gets its reader for a moment. */
	if (hold < 0 && is_writer(d))
		hold = open_path(m, d, O_RDWR | O_NONBLOCK);
	fd = open_path(m, d, flags | O_NONBLOCK);
	if (fd >= 0 && fcntl(fd, F_SETFL, flags & (O_NONBLOCK | O_DIRECT))) {
		close_failed(fd);
		fd = making_fail(m, d, "cannot set its flags");
	}
	/* A pipe that all have closed forgets what was in it: hold it while others follow. */
	if (hold >= 0)
		close(hold);
	return fd;
}

/* ---- Message queues --------------------------------------------------------------------------- */

int make_queue(struct making *m, const struct hcc_snap_descriptor *d)
{
	int fd = mq_open(snapshot_string(m->s, d->path_off), making_flags(d) & (O_ACCMODE | O_NONBLOCK));

	return fd < 0 ? making_fail(m, d, "cannot be opened") : fd;
}

/* ---- Events --------------------------------------------------------------------------------- */

int make_eventfd(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_eventfd *e = making_state(m, d, HCC_STATE_EVENTFD);
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | (e->is_semaphore ? EFD_SEMAPHORE : 0));

	if (fd < 0)
		return making_fail(m, d, "cannot be created");
	if (e->count && write(fd, &e->count, sizeof e->count) != sizeof e->count) {
		close_failed(fd);
		return making_fail(m, d, "cannot get its count");
	}
	return fd;
}

static struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
}

/* What was left of a time that was absolute has gone by since; a span of time has stood still. */
static int arm(const struct making *m, const struct hcc_state_timerfd *t, int fd)
{
	struct itimerspec value = {.it_interval = to_timespec(t->interval_ns)};
	struct timespec now;
	uint64_t now_ns, passed_ns = making_passed_ns(m);

	if (!(t->flags & TFD_TIMER_ABSTIME)) {
		value.it_value = to_timespec(t->left_ns);
		return timerfd_settime(fd, 0, &value, NULL);
	}
	if (clock_gettime((clockid_t)t->clock, &now))
		return -1;
	now_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec + t->left_ns;
	value.it_value = to_timespec(now_ns > passed_ns ? now_ns - passed_ns : 1);
	return timerfd_settime(fd, (int)t->flags, &value, NULL);
}

int make_timerfd(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_timerfd *t = making_state(m, d, HCC_STATE_TIMERFD);
	int fd = timerfd_create((clockid_t)t->clock, TFD_CLOEXEC);

	if (fd < 0)
		return making_fail(m, d, "cannot be created");
	if (t->left_ns && arm(m, t, fd)) {
		close_failed(fd);
		return making_fail(m, d, "cannot be armed");
	}
	if (t->n_expired && ioctl(fd, TFD_IOC_SET_TICKS, &t->n_expired)) {
		close_failed(fd);
		return making_fail(m, d, "cannot get its count");
	}
	return fd;
}

int make_epoll(struct making *m, const struct hcc_snap_descriptor *d)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	return fd < 0 ? making_fail(m, d, "cannot be created") : fd;
}

/* What the caller of a restore has given may be closed, or something that is always ready. */
static int is_given(const struct making *m, uint32_t fd)
{
	int64_t i = making_index(m, fd);

	if (i >= 0 && m->list[i].kind == HCC_DESCRIPTOR_COPY)
		i = making_index(m, m->list[i].copy_of);
	return i >= 0 && m->list[i].kind == HCC_DESCRIPTOR_INHERITED;
}

static int watch(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int fd)
{
	const struct hcc_state_watch *w = (const void *)(s + 1);
	struct epoll_event event = {.events = w->events, .data.u64 = w->data};

	if (!epoll_ctl(fd, EPOLL_CTL_ADD, (int)w->fd, &event)
			|| ((errno == EPERM || errno == EBADF) && is_given(m, w->fd)))
		return 0;
	return making_fail(m, d, "cannot watch a descriptor");
}

int finish_epoll(struct making *m, const struct hcc_snap_descriptor *d)
{
	return making_each(m, d, HCC_STATE_WATCH, watch, (int)d->fd);
}

/* The process itself sets the mask: under an emulator, signals have other numbers here. */
int make_signalfd(struct making *m, const struct hcc_snap_descriptor *d)
{
	sigset_t none;
	int fd;

	sigemptyset(&none);
	fd = signalfd(-1, &none, SFD_CLOEXEC);
	return fd < 0 ? making_fail(m, d, "cannot be created") : fd;
}

/* The kernel numbers watches in turn. */
static int add_watch(const struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_state_inotify *w, int fd)
{
	const char *path = snapshot_string(m->s, w->path_off);
	uint32_t mask = w->mask & (IN_ALL_EVENTS | IN_ONESHOT | IN_EXCL_UNLINK);
	int number;

	while ((number = inotify_add_watch(fd, path, mask)) >= 0
			&& (uint32_t)number < w->watch && w->watch < WATCHES_MOST)
		inotify_rm_watch(fd, number);
	if (number < 0)
		return fail(m->e, "%s: descriptor %u: inotify: cannot watch %s: %s", m->s->path,
			d->fd, path, strerror(errno));
	return (uint32_t)number == w->watch ? 0
		: making_refuse(m, d, "a watch cannot get its number");
}

/* The watch with the lowest number above last; NULL when there is none. */
static const struct hcc_state_inotify *next_watch(const struct making *m,
	const struct hcc_snap_descriptor *d, uint32_t last)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = m->states[d - m->list];
	const struct hcc_state_inotify *next = NULL;

	for (; s; s = hcc_state_next(file, s)) {
		const struct hcc_state_inotify *w = (const void *)(s + 1);

		if (s->kind == HCC_STATE_INOTIFY && w->watch > last
				&& (!next || w->watch < next->watch))
			next = w;
	}
	return next;
}

int make_inotify(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_inotify *w;
	char ignored[4096];
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return making_fail(m, d, "cannot be created");
	for (w = next_watch(m, d, 0); w; w = next_watch(m, d, w->watch))
		if (add_watch(m, d, w, fd)) {
			close(fd);
			return -1;
		}
	/* What the watches that were removed have left. */
	while (read(fd, ignored, sizeof ignored) > 0)
		continue;
	return fd;
}
