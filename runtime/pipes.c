/* Pipes and FIFOs whose other ends are this process's too, or nobody's. The contents are copied by
 * tee(2), which leaves them where they are. */
#include "descriptors.h"

enum { POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 16, SPLICE_F_NONBLOCK = 2,
	F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032, FIONREAD = 0x541b };

#define NEUTRAL_O_DIRECT 040000u

static int can_read(const struct hcc_snap_descriptor *d)
{
	return (d->open_flags & SYS_O_ACCMODE) != SYS_O_WRONLY;
}

static int can_write(const struct hcc_snap_descriptor *d)
{
	return (d->open_flags & SYS_O_ACCMODE) != SYS_O_RDONLY;
}

/* What the process has of a pipe. */
struct ends {
	const struct hcc_snap_descriptor *first, *reader, *writer; /* NULL: none */
	int is_packets;
};

static struct ends find_ends(const struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	const struct hcc_snap_descriptor *at = hcc_listed(l), *end = at + hcc_n_listed(l);
	struct ends e = {0};

	for (; at < end; at++) {
		if (!hcc_same_file(at, d) || at->open_flags & SYS_O_PATH)
			continue;
		if (!e.first)
			e.first = at;
		if (can_read(at))
			e.reader = at;
		if (can_write(at))
			e.writer = at;
		e.is_packets |= can_write(at) && at->open_flags & NEUTRAL_O_DIRECT;
	}
	return e;
}

/* Whether some other process has the end that this one does not have. An empty pipe without a writer
 * is at its end, which tee() says without reading. */
static int is_elsewhere(const struct ends *e, int tee_fd)
{
	if (e->reader && e->writer)
		return 0;
	if (!e->reader)
		return !(hcc_poll_now((int)e->writer->fd, POLLOUT) & POLLERR);
	if (hcc_poll_now((int)e->reader->fd, POLLIN) & POLLHUP)
		return 0;
	return hcc_sys(SYS_tee, e->reader->fd, tee_fd, 1, SPLICE_F_NONBLOCK) != 0;
}

/* What is in the pipe is also in the copy: each read of it is one state. */
static int save_bytes(struct hcc_listing *l, const struct hcc_snap_descriptor *d, int copy_fd,
	uint64_t bytes)
{
	struct hcc_buffer chunk = {0};
	struct hcc_state_bytes at = {0};
	uint64_t sum = 0;
	long n = hcc_buffer_room(&chunk, 65536);
	int result = 0;

	while (!n && !result) {
		n = sys_read(copy_fd, chunk.base, 65536);
		if (n <= 0)
			break;
		result = hcc_add_state(l, d, HCC_STATE_BYTES, &at, sizeof at, chunk.base,
			(uint64_t)n);
		sum += (uint64_t)n;
		n = 0;
	}
	hcc_buffer_free(&chunk);
	if (!result && sum != bytes)
		result = hcc_refuse_descriptor(l, d, " is a pipe whose contents cannot be read: ",
			l->link);
	return result;
}

static int save_contents(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct ends *e, const int copy[2], uint64_t cap_bytes)
{
	int32_t bytes = 0;
	long n = 0;

	if (!e->reader)
		return 0;
	hcc_sys(SYS_fcntl, copy[1], F_SETPIPE_SZ, cap_bytes);
	hcc_sys(SYS_ioctl, e->reader->fd, FIONREAD, &bytes);
	if (bytes)
		n = hcc_sys(SYS_tee, e->reader->fd, copy[1], cap_bytes, SPLICE_F_NONBLOCK);
	if (n < 0)
		return hcc_fail_descriptor(l, d, n, ": cannot read what is in the pipe");
	return save_bytes(l, d, copy[0], (uint64_t)bytes);
}

static int save_first(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct ends *e, uint64_t cap_bytes)
{
	int copy[2];
	long result = hcc_sys(SYS_pipe2, copy, SYS_O_CLOEXEC | SYS_O_NONBLOCK);

	if (result)
		return hcc_fail_descriptor(l, d, result, ": cannot read what is in the pipe");
	if (is_elsewhere(e, copy[1]))
		result = hcc_refuse_descriptor(l, d,
			" is a pipe whose other end is another process's: ", l->link);
	else
		result = save_contents(l, d, e, copy, cap_bytes);
	sys_close(copy[0]);
	sys_close(copy[1]);
	return (int)result;
}

static int save_any(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	struct ends e = find_ends(l, d);
	long cap_bytes = hcc_sys(SYS_fcntl, d->fd, F_GETPIPE_SZ);
	struct hcc_state_pipe state = {.is_packets = (uint32_t)e.is_packets,
		.mode = st->st_mode & 07777};

	if (cap_bytes < 0)
		return hcc_fail_descriptor(l, d, cap_bytes, ": cannot read the pipe's size");
	state.cap_bytes = (uint64_t)cap_bytes;
	d->copy_of = e.first->fd;
	if (hcc_add_state(l, d, HCC_STATE_PIPE, &state, sizeof state, NULL, 0))
		return -1;
	return d == e.first ? save_first(l, d, &e, state.cap_bytes) : 0;
}

int hcc_save_pipe(struct hcc_listing *l, struct hcc_snap_descriptor *d, const struct sys_stat *st)
{
	d->kind = HCC_DESCRIPTOR_PIPE;
	return save_any(l, d, st);
}

int hcc_save_fifo(struct hcc_listing *l, struct hcc_snap_descriptor *d, const struct sys_stat *st)
{
	if (hcc_save_path(l, d, st))
		return -1;
	d->kind = HCC_DESCRIPTOR_FIFO;
	return save_any(l, d, st);
}
