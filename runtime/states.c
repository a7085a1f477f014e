/* States of open file descriptions in a snapshot: their checks, and the way from one to the next.
 * As snapshot.c: no system calls, no libc, compiled into the runtime and into hcc-migrate. */
#include "snapshot.h"

#define STATE_ALIGN_BYTES 8u
#define ADDRESS_BYTES 128u  /* struct sockaddr_storage */
#define OPTION_BYTES 160u
#define BYTES_MOST (1u << 20) /* in one state */

#define OF(kind) (1u << HCC_DESCRIPTOR_##kind)
#define OF_FILES (OF(DELETED) | OF(MEMFD))
#define OF_PIPES (OF(PIPE) | OF(FIFO))
#define OF_OBJECTS (OF_FILES | OF_PIPES | OF(EVENTFD) | OF(TIMERFD) | OF(EPOLL) | OF(SIGNALFD) \
	| OF(INOTIFY) | OF(SOCKET))

/* What a state of each kind may be of, and its size: the structure's and at most so much more. */
static const struct {
	uint32_t bytes, more_bytes, descriptor_kinds;
} kinds[HCC_N_STATE_KINDS] = {
	[HCC_STATE_BYTES] = {sizeof(struct hcc_state_bytes), BYTES_MOST,
		OF_FILES | OF_PIPES | OF(SOCKET)},
	[HCC_STATE_FILE] = {sizeof(struct hcc_state_file), 0, OF_FILES},
	[HCC_STATE_LOCK] = {sizeof(struct hcc_state_lock), 0, OF(FILE) | OF_FILES},
	[HCC_STATE_PIPE] = {sizeof(struct hcc_state_pipe), 0, OF_PIPES},
	[HCC_STATE_EVENTFD] = {sizeof(struct hcc_state_eventfd), 0, OF(EVENTFD)},
	[HCC_STATE_TIMERFD] = {sizeof(struct hcc_state_timerfd), 0, OF(TIMERFD)},
	[HCC_STATE_WATCH] = {sizeof(struct hcc_state_watch), 0, OF(EPOLL)},
	[HCC_STATE_SIGNALFD] = {sizeof(struct hcc_state_signalfd), 0, OF(SIGNALFD)},
	[HCC_STATE_INOTIFY] = {sizeof(struct hcc_state_inotify), 0, OF(INOTIFY)},
	[HCC_STATE_SOCKET] = {sizeof(struct hcc_state_socket), 0, OF(SOCKET)},
	[HCC_STATE_ADDRESS] = {sizeof(struct hcc_state_address), ADDRESS_BYTES, OF(SOCKET)},
	[HCC_STATE_OPTION] = {sizeof(struct hcc_state_option), OPTION_BYTES, OF(SOCKET)},
	[HCC_STATE_TCP] = {sizeof(struct hcc_state_tcp), 0, OF(SOCKET)},
	[HCC_STATE_OWNER] = {sizeof(struct hcc_state_owner), 0, ~OF(COPY)},
};

/* The state that a descriptor must begin with; HCC_N_STATE_KINDS: none. */
static const uint8_t first_states[HCC_N_DESCRIPTOR_KINDS] = {
	[HCC_DESCRIPTOR_INHERITED] = HCC_N_STATE_KINDS,
	[HCC_DESCRIPTOR_FILE] = HCC_N_STATE_KINDS,
	[HCC_DESCRIPTOR_DEVICE] = HCC_N_STATE_KINDS,
	[HCC_DESCRIPTOR_COPY] = HCC_N_STATE_KINDS,
	[HCC_DESCRIPTOR_DELETED] = HCC_STATE_FILE,
	[HCC_DESCRIPTOR_MEMFD] = HCC_STATE_FILE,
	[HCC_DESCRIPTOR_PIPE] = HCC_STATE_PIPE,
	[HCC_DESCRIPTOR_FIFO] = HCC_STATE_PIPE,
	[HCC_DESCRIPTOR_EVENTFD] = HCC_STATE_EVENTFD,
	[HCC_DESCRIPTOR_TIMERFD] = HCC_STATE_TIMERFD,
	[HCC_DESCRIPTOR_EPOLL] = HCC_N_STATE_KINDS,
	[HCC_DESCRIPTOR_SIGNALFD] = HCC_STATE_SIGNALFD,
	[HCC_DESCRIPTOR_INOTIFY] = HCC_N_STATE_KINDS,
	[HCC_DESCRIPTOR_SOCKET] = HCC_STATE_SOCKET,
	[HCC_DESCRIPTOR_QUEUE] = HCC_N_STATE_KINDS,
};

const char *const hcc_descriptor_kind_names[HCC_N_DESCRIPTOR_KINDS] = {
	[HCC_DESCRIPTOR_INHERITED] = "inherited",
	[HCC_DESCRIPTOR_FILE] = "file",
	[HCC_DESCRIPTOR_DEVICE] = "device",
	[HCC_DESCRIPTOR_COPY] = "copy",
	[HCC_DESCRIPTOR_DELETED] = "deleted file",
	[HCC_DESCRIPTOR_MEMFD] = "memfd",
	[HCC_DESCRIPTOR_PIPE] = "pipe",
	[HCC_DESCRIPTOR_FIFO] = "fifo",
	[HCC_DESCRIPTOR_EVENTFD] = "eventfd",
	[HCC_DESCRIPTOR_TIMERFD] = "timerfd",
	[HCC_DESCRIPTOR_EPOLL] = "epoll",
	[HCC_DESCRIPTOR_SIGNALFD] = "signalfd",
	[HCC_DESCRIPTOR_INOTIFY] = "inotify",
	[HCC_DESCRIPTOR_SOCKET] = "socket",
	[HCC_DESCRIPTOR_QUEUE] = "message queue",
};

static uint64_t padded(uint64_t bytes)
{
	return (bytes + STATE_ALIGN_BYTES - 1) & ~(uint64_t)(STATE_ALIGN_BYTES - 1);
}

static const struct hcc_snap_state *states_end(const void *file, int section)
{
	const struct hcc_snap_header *h = file;

	return (const void *)((const char *)hcc_snapshot_section(file, section)
		+ h->sections[section].bytes);
}

static const struct hcc_snap_state *after(const struct hcc_snap_state *s)
{
	return (const void *)((const char *)(s + 1) + padded(s->bytes));
}

const struct hcc_snap_state *hcc_state_first(const void *file, int section, uint32_t fd,
	const struct hcc_snap_state *from)
{
	const struct hcc_snap_state *s = from ? from : hcc_snapshot_section(file, section);
	const struct hcc_snap_state *end = states_end(file, section);

	while (s < end && s->fd < fd)
		s = after(s);
	return s < end && s->fd == fd ? s : NULL;
}

const struct hcc_snap_state *hcc_state_next(const void *file, const struct hcc_snap_state *state)
{
	const struct hcc_snap_state *s = after(state);

	if (s == states_end(file, HCC_SECTION_STATES)
			|| s == states_end(file, HCC_SECTION_CONNECTIONS))
		return NULL;
	return s->fd == state->fd ? s : NULL;
}

const struct hcc_snap_state *hcc_state_find(const void *file, const struct hcc_snap_state *state,
	uint32_t kind)
{
	while (state && state->kind != kind)
		state = hcc_state_next(file, state);
	return state;
}

static int fault(struct hcc_snap_fault *f, const char *what)
{
	*f = (struct hcc_snap_fault){.what = what, .where = "states"};
	return -1;
}

/* Whether a name and a descriptor that belongs to this one are what its kind has. */
int hcc_states_is_descriptor(const void *file, const struct hcc_snap_descriptor *d)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_descriptor *first = hcc_snapshot_section(file,
		HCC_SECTION_DESCRIPTORS), *other;
	uint64_t n = h->sections[HCC_SECTION_DESCRIPTORS].bytes / sizeof *first;
	uint32_t kind = d->kind < HCC_N_DESCRIPTOR_KINDS ? 1u << d->kind : 0;

	if (!(kind & OF_OBJECTS))
		return 0;
	if (kind & OF(FIFO) ? !hcc_snapshot_is_path(file, d->path_off) : kind & OF_FILES
			? d->path_off >= h->sections[HCC_SECTION_STRINGS].bytes : d->path_off)
		return 0;
	if (d->copy_of == d->fd)
		return 1;
	other = hcc_find_descriptor(first, n, d->copy_of);
	if (!other || other->kind != d->kind)
		return 0;
	if (kind & OF(SOCKET))
		return other->copy_of == d->fd;
	return kind & (OF_FILES | OF_PIPES) && other < d && other->copy_of == other->fd;
}

/* One state at s, of left bytes; d is its descriptor. Returns its bytes, or 0. */
static uint64_t check_state(const struct hcc_snap_state *s, uint64_t left,
	const struct hcc_snap_descriptor *d)
{
	const char *p = (const char *)(s + 1);

	if (left < sizeof *s || s->kind >= HCC_N_STATE_KINDS || s->bytes > left - sizeof *s
			|| padded(s->bytes) > left - sizeof *s
			|| s->bytes < kinds[s->kind].bytes
			|| s->bytes - kinds[s->kind].bytes > kinds[s->kind].more_bytes
			|| !(kinds[s->kind].descriptor_kinds >> d->kind & 1))
		return 0;
	for (uint64_t i = s->bytes; i < padded(s->bytes); i++)
		if (p[i])
			return 0;
	return sizeof *s + padded(s->bytes);
}

/* The states of d, at *at, the first of which must be of a kind (HCC_N_STATE_KINDS: there may be none);
 * goes behind them. */
static int check_descriptor(const void *file, const struct hcc_snap_descriptor *d, uint32_t need,
	const char **at, uint64_t *left, struct hcc_snap_fault *f)
{
	for (; *left >= sizeof(struct hcc_snap_state); need = HCC_N_STATE_KINDS) {
		const struct hcc_snap_state *s = (const void *)*at;
		const struct hcc_state_inotify *watch = (const void *)(s + 1);
		uint64_t bytes;

		if (s->fd != d->fd)
			break;
		if (need != HCC_N_STATE_KINDS && s->kind != need)
			return fault(f, "a descriptor does not begin with the state of its kind");
		bytes = check_state(s, *left, d);
		if (!bytes)
			return fault(f, "state out of range");
		if (s->kind == HCC_STATE_INOTIFY
				&& !hcc_snapshot_is_path(file, watch->path_off))
			return fault(f, "path of a watch is not one");
		*at += bytes;
		*left -= bytes;
	}
	return need == HCC_N_STATE_KINDS ? 0 : fault(f, "a descriptor has no state");
}

static int check_section(const void *file, int section, struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(file, HCC_SECTION_DESCRIPTORS);
	uint64_t n = h->sections[HCC_SECTION_DESCRIPTORS].bytes / sizeof *d;
	const char *at = hcc_snapshot_section(file, section);
	uint64_t left = h->sections[section].bytes;

	for (; n--; d++)
		if (check_descriptor(file, d, section == HCC_SECTION_STATES ? first_states[d->kind]
				: HCC_N_STATE_KINDS, &at, &left, f))
			return -1;
	return left ? fault(f, "a state is of no descriptor") : 0;
}

int hcc_states_check(const void *file, struct hcc_snap_fault *f)
{
	if (check_section(file, HCC_SECTION_STATES, f))
		return -1;
	if (!check_section(file, HCC_SECTION_CONNECTIONS, f))
		return 0;
	f->where = hcc_section_names[HCC_SECTION_CONNECTIONS];
	return -1;
}
