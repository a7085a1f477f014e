/* Descriptors that stand for events: eventfd, timerfd, epoll, signalfd, inotify. The kernel tells
 * their state in fdinfo (Documentation/filesystems/proc.rst); also under qemu-user, where numbers of
 * signals are the host's. */
#include "descriptors.h"

enum { FIONREAD = 0x541b };

static int unknown(struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	return hcc_refuse_descriptor(l, d, " has a state that the kernel does not tell: ",
		l->link);
}

/* The number after a key of fdinfo. Returns 0, or -1 when there is none. */
static int field(const char *info, const char *key, unsigned base, uint64_t *out)
{
	const char *s = hcc_info_after(info, key);

	if (!s)
		return -1;
	*out = hcc_info_number(&s, base);
	return 0;
}

/* ---- eventfd -------------------------------------------------------------------------------- */

int hcc_save_eventfd(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	struct hcc_state_eventfd e = {0};
	uint64_t is_semaphore;

	(void)st;
	d->kind = HCC_DESCRIPTOR_EVENTFD;
	if (hcc_read_info(l, d))
		return -1;
	/* Linux 6.5 and later tell the second. */
	if (field(l->info.base, "eventfd-count:", 16, &e.count)
			|| field(l->info.base, "eventfd-semaphore:", 10, &is_semaphore))
		return unknown(l, d);
	e.is_semaphore = is_semaphore != 0;
	return hcc_add_state(l, d, HCC_STATE_EVENTFD, &e, sizeof e, NULL, 0);
}

/* ---- timerfd -------------------------------------------------------------------------------- */

/* "(seconds, nanoseconds)" */
static int time_field(const char *info, const char *key, uint64_t *out_ns)
{
	const char *s = hcc_info_after(info, key);

	if (!s)
		return -1;
	*out_ns = hcc_info_number(&s, 10) * 1000000000u;
	if (*s++ != ',')
		return -1;
	*out_ns += hcc_info_number(&s, 10);
	return 0;
}

int hcc_save_timerfd(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	struct hcc_state_timerfd t = {0};
	struct sys_timespec now[2];
	uint64_t clock, flags;

	(void)st;
	d->kind = HCC_DESCRIPTOR_TIMERFD;
	/* A periodic timer stands still until somebody looks: only then are all its periods counted. */
	hcc_sys(SYS_timerfd_gettime, d->fd, now);
	if (hcc_read_info(l, d))
		return -1;
	if (field(l->info.base, "clockid:", 10, &clock)
			|| field(l->info.base, "ticks:", 10, &t.n_expired)
			|| field(l->info.base, "settime flags:", 8, &flags)
			|| time_field(l->info.base, "it_value: (", &t.left_ns)
			|| time_field(l->info.base, "it_interval: (", &t.interval_ns))
		return unknown(l, d);
	t.clock = (uint32_t)clock;
	t.flags = (uint32_t)flags;
	return hcc_add_state(l, d, HCC_STATE_TIMERFD, &t, sizeof t, NULL, 0);
}

int hcc_timerfd_clock(int fd)
{
	struct hcc_snap_descriptor d = {.fd = (uint32_t)fd};
	struct hcc_refusal why;
	struct hcc_listing l = {.why = &why};
	uint64_t clock;
	int result = hcc_read_info(&l, &d) || field(l.info.base, "clockid:", 10, &clock) ? -1
		: (int)clock;

	hcc_buffer_free(&l.info);
	return result;
}

/* ---- epoll ---------------------------------------------------------------------------------- */

/* What is watched must still be open under the number under which it was added. */
static int check_watched(struct hcc_listing *l, const struct hcc_snap_descriptor *d, uint64_t fd,
	uint64_t ino)
{
	const struct hcc_snap_descriptor *at = hcc_find_descriptor(hcc_listed(l), hcc_n_listed(l),
		(uint32_t)fd);

	if (at && at->ino == ino)
		return 0;
	return hcc_refuse_descriptor(l, d, " watches a descriptor that has been closed: ",
		l->link);
}

int hcc_save_epoll(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	const char *s;
	uint64_t fd, events, ino;

	(void)st;
	d->kind = HCC_DESCRIPTOR_EPOLL;
	if (hcc_read_info(l, d))
		return -1;
	/* tfd:        5 events:       19 data:                5  pos:0 ino:61af sdev:7 */
	for (s = l->info.base; (s = hcc_info_after(s, "\ntfd:")) != NULL; s--) {
		struct hcc_state_watch w = {0};

		fd = hcc_info_number(&s, 10);
		if (field(s, "events:", 16, &events) || field(s, "data:", 16, &w.data)
				|| field(s, "ino:", 16, &ino))
			return unknown(l, d);
		if (check_watched(l, d, fd, ino))
			return -1;
		w.fd = (uint32_t)fd;
		w.events = (uint32_t)events;
		if (hcc_add_state(l, d, HCC_STATE_WATCH, &w, sizeof w, NULL, 0))
			return -1;
	}
	return 0;
}

/* ---- signalfd ------------------------------------------------------------------------------- */

/* qemu-user moves real-time signals: find out by how far, with a descriptor of our own. */
static int real_time_shift(struct hcc_listing *l, int *shift)
{
	const uint64_t mask = 1ull << (40 - 1);
	struct hcc_snap_descriptor own = {0};
	long fd = hcc_sys(SYS_signalfd4, -1, &mask, sizeof mask, SYS_O_CLOEXEC);
	uint64_t seen = 0;
	int result;

	own.fd = (uint32_t)fd;
	if (fd < 0)
		return -1;
	result = hcc_read_info(l, &own);
	sys_close((int)fd);
	if (result || field(l->info.base, "sigmask:", 16, &seen) || !seen)
		return -1;
	*shift = __builtin_ctzll(seen) - (40 - 1);
	return 0;
}

int hcc_signal_shift(void)
{
	struct hcc_refusal why;
	struct hcc_listing l = {.why = &why};
	int shift, result = real_time_shift(&l, &shift) ? 0 : shift;

	hcc_buffer_free(&l.info);
	return result;
}

int hcc_save_signalfd(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	const uint64_t standard = 0x7fffffff;
	struct hcc_state_signalfd s;
	uint64_t mask;
	int shift;

	(void)st;
	d->kind = HCC_DESCRIPTOR_SIGNALFD;
	if (real_time_shift(l, &shift) || hcc_read_info(l, d)
			|| field(l->info.base, "sigmask:", 16, &mask))
		return l->why->text[0] ? -1 : unknown(l, d);
	s.mask = mask & standard;
	mask &= ~standard;
	s.mask |= shift >= 0 ? mask >> shift : mask << -shift;
	return hcc_add_state(l, d, HCC_STATE_SIGNALFD, &s, sizeof s, NULL, 0);
}

int hcc_adopt_signalfd(const struct hcc_snap_descriptor *d, uint64_t mask)
{
	long result = hcc_sys(SYS_signalfd4, d->fd, &mask, sizeof mask, 0);

	return result < 0 ? (int)result : 0;
}

/* ---- inotify -------------------------------------------------------------------------------- */

/* The path of an inode that the program has watched, if it is there still, as the kernel writes it. */
static int find_watched(uint64_t dev, uint64_t ino, char *path, size_t bytes)
{
	const char *noted;
	uint32_t at = 0;

	while ((noted = hcc_next_watch(&at)) != NULL) {
		long fd = sys_openat(SYS_AT_FDCWD, noted, SYS_O_PATH | SYS_O_CLOEXEC, 0), n = -1;
		char link[48];
		struct hcc_text t;
		struct sys_stat st;

		if (fd < 0)
			continue;
		hcc_text_start(&t, link, sizeof link);
		hcc_text_add(&t, "/proc/self/fd/");
		hcc_text_decimal(&t, (uint64_t)fd);
		if (!sys_fstat((int)fd, &st) && st.st_dev == dev && st.st_ino == ino)
			n = hcc_sys(SYS_readlinkat, SYS_AT_FDCWD, link, path, bytes - 1);
		sys_close((int)fd);
		if (n > 0) {
			path[n] = 0;
			return 0;
		}
	}
	return -1;
}

/* fdinfo has the kernel's own form of a device number, stat the one of the system calls. */
static uint64_t user_device(uint64_t kernel)
{
	uint64_t major = kernel >> 20, minor = kernel & 0xfffff;

	return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~(uint64_t)0xff) << 12
		| (major & ~(uint64_t)0xfff) << 32;
}

int hcc_save_inotify(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	int32_t unread = 0;
	char path[4096];
	const char *s;

	(void)st;
	d->kind = HCC_DESCRIPTOR_INOTIFY;
	hcc_sys(SYS_ioctl, d->fd, FIONREAD, &unread);
	if (unread)
		return hcc_decline_descriptor(l, d, " has inotify events that are not read yet");
	if (hcc_read_info(l, d))
		return -1;
	/* inotify wd:1 ino:9e7e sdev:800013 mask:800afce ignored_mask:0 ... */
	for (s = l->info.base; (s = hcc_info_after(s, "inotify wd:")) != NULL;) {
		struct hcc_state_inotify w = {0};
		uint64_t ino, dev, mask;

		w.watch = (uint32_t)hcc_info_number(&s, 16);
		if (field(s, "ino:", 16, &ino) || field(s, "sdev:", 16, &dev)
				|| field(s, "mask:", 16, &mask))
			return unknown(l, d);
		if (find_watched(user_device(dev), ino, path, sizeof path))
			return hcc_refuse_descriptor(l, d,
				" watches a file whose path is not known: ", l->link);
		w.mask = (uint32_t)mask;
		if (hcc_add_string(l, path, &w.path_off)
				|| hcc_add_state(l, d, HCC_STATE_INOTIFY, &w, sizeof w, NULL, 0))
			return -1;
	}
	return 0;
}
