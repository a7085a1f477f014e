/* The open descriptors of the process: which can travel, and as what.
 *
 * Descriptors 0 to 2 are its standard streams: as long as they are what it was started with, a
 * restored process has its caller's. The same holds for other descriptors that it was started with
 * and that cannot be opened again by a path (a pipe that a shell or a build tool left open).
 * Everything else must be of a kind that the table of kinds below has; or the capture is refused, by
 * number, kind and path. */
#include "descriptors.h"

#define MAX_NOTED 64

uint32_t hcc_request_flags;

/* What the process was started with, or was given by its restorer. */
static HCC_KEPT struct noted {
	uint64_t dev, ino;
	uint32_t access; /* of its open flags */
	int fd;
} noted[MAX_NOTED];
static HCC_KEPT int n_noted;

/* Values of open's flags in asm-generic, which differ on some ISAs. */
static const struct {
	uint32_t native, neutral;
} flag_values[] = {
	{SYS_O_DIRECT, 040000},
	{SYS_O_LARGEFILE, 0100000},
	{SYS_O_DIRECTORY, 0200000},
	{SYS_O_NOFOLLOW, 0400000},
};

#define N_FLAGS (sizeof flag_values / sizeof *flag_values)

static uint32_t flags_to_neutral(uint32_t native)
{
	uint32_t neutral = native;

	for (unsigned i = 0; i < N_FLAGS; i++)
		neutral &= ~flag_values[i].native;
	for (unsigned i = 0; i < N_FLAGS; i++)
		if (native & flag_values[i].native)
			neutral |= flag_values[i].neutral;
	return neutral;
}

/* Call visit for each open descriptor, in the order of the kernel (ascending). Stops at the first
 * result that is not 0 and returns it; -errno when the list cannot be read. */
static int each_descriptor(int (*visit)(int fd, void *arg), void *arg)
{
	char entries[2048] __attribute__((aligned(8)));
	long dir = sys_openat(SYS_AT_FDCWD, "/proc/self/fd", SYS_O_DIRECTORY | SYS_O_CLOEXEC, 0);
	long n = 0;
	int result = 0;

	if (dir < 0)
		return (int)dir;
	while (!result && (n = hcc_sys(SYS_getdents64, dir, entries, sizeof entries)) > 0) {
		for (long at = 0; !result && at < n;) {
			const struct sys_dirent *e = (const void *)(entries + at);
			const char *s = e->d_name;
			int fd = 0;

			at += e->d_reclen;
			if (*s < '0' || *s > '9')
				continue;
			for (; *s >= '0' && *s <= '9'; s++)
				fd = fd * 10 + (*s - '0');
			if (fd != dir)
				result = visit(fd, arg);
		}
	}
	sys_close((int)dir);
	return result ? result : (int)n;
}

static int note(int fd, void *arg)
{
	struct sys_stat st;

	(void)arg;
	if (n_noted < MAX_NOTED && !sys_fstat(fd, &st))
		noted[n_noted++] = (struct noted){st.st_dev, st.st_ino,
			(uint32_t)hcc_sys(SYS_fcntl, fd, SYS_F_GETFL) & SYS_O_ACCMODE, fd};
	return 0;
}

void hcc_descriptors_note(void)
{
	each_descriptor(note, NULL);
}

#include "apart.h"

static int is_noted_as(const struct noted *n, const struct hcc_snap_descriptor *d)
{
	return n->dev == d->dev && n->ino == d->ino
		&& n->access == (d->open_flags & SYS_O_ACCMODE);
}

/* ---- What the kinds use --------------------------------------------------------------------- */

static void number_text(char *buffer, size_t bytes, const char *before, uint64_t n)
{
	struct hcc_text t;

	hcc_text_start(&t, buffer, bytes);
	hcc_text_add(&t, before);
	hcc_text_decimal(&t, n);
}

int hcc_refuse_descriptor(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const char *a, const char *b)
{
	char number[32];

	number_text(number, sizeof number, "descriptor ", d->fd);
	return hcc_refuse(l->why, number, a, b);
}

int hcc_decline_descriptor(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const char *text)
{
	hcc_refuse_descriptor(l, d, text, "");
	l->why->verdict = HCC_DECLINE;
	l->why->pc = 0;
	return -1;
}

int hcc_fail_descriptor(struct hcc_listing *l, const struct hcc_snap_descriptor *d, long error,
	const char *text)
{
	hcc_fail(l->why, error, "");
	hcc_refuse_descriptor(l, d, text, "");
	l->why->verdict = HCC_FAIL;
	return -1;
}

int hcc_add_string(struct hcc_listing *l, const char *s, uint32_t *off)
{
	*off = (uint32_t)l->strings->bytes;
	if (!hcc_buffer_add(l->strings, s, hcc_string_bytes(s) + 1))
		return hcc_fail(l->why, -SYS_ENOMEM, "no memory for its descriptors");
	return 0;
}

int hcc_add_state(struct hcc_listing *l, const struct hcc_snap_descriptor *d, uint32_t kind,
	const void *state, uint64_t bytes, const void *more, uint64_t more_bytes)
{
	static const char zeros[8];
	struct hcc_snap_state s = {d->fd, kind, bytes + more_bytes};

	if (!hcc_buffer_add(l->states, &s, sizeof s) || !hcc_buffer_add(l->states, state, bytes)
			|| !hcc_buffer_add(l->states, more, more_bytes)
			|| !hcc_buffer_add(l->states, zeros, -s.bytes % 8))
		return hcc_fail(l->why, -SYS_ENOMEM, "no memory for its descriptors");
	return 0;
}

long hcc_open_again(const struct hcc_snap_descriptor *d, int flags)
{
	char link[48];

	number_text(link, sizeof link, "/proc/self/fd/", d->fd);
	return sys_openat(SYS_AT_FDCWD, link, flags | SYS_O_CLOEXEC, 0);
}

int hcc_read_info(struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	char path[48];
	long fd, n;

	number_text(path, sizeof path, "/proc/self/fdinfo/", d->fd);
	l->info.bytes = 0;
	fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_CLOEXEC, 0);
	if (fd < 0)
		return hcc_fail_descriptor(l, d, fd, ": cannot read its state");
	do {
		n = hcc_buffer_room(&l->info, 4096);
		if (!n)
			n = sys_read((int)fd, l->info.base + l->info.bytes, 4095);
		if (n > 0)
			l->info.bytes += (uint64_t)n;
	} while (n > 0);
	sys_close((int)fd);
	if (n)
		return hcc_fail_descriptor(l, d, n, ": cannot read its state");
	l->info.base[l->info.bytes] = 0;
	return 0;
}

const char *hcc_info_after(const char *s, const char *key)
{
	for (; *s; s++) {
		size_t i = 0;

		while (key[i] && s[i] == key[i])
			i++;
		if (!key[i])
			return s + i;
	}
	return NULL;
}

uint64_t hcc_info_number(const char **s, unsigned base)
{
	uint64_t v = 0;

	while (**s == ' ' || **s == '\t')
		++*s;
	for (;; ++*s) {
		unsigned c = (unsigned char)**s;
		unsigned digit = c >= '0' && c <= '9' ? c - '0'
			: c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;

		if (digit >= base)
			return v;
		v = v * base + digit;
	}
}

int hcc_poll_now(int fd, int events)
{
	struct { int fd; short events, revents; } poll = {fd, (short)events, 0};
	struct sys_timespec now = {0, 0};

	return hcc_sys(SYS_ppoll, &poll, 1, &now, NULL, 0) > 0 ? poll.revents : 0;
}

/* ---- Copies --------------------------------------------------------------------------------- */

/* Whether two descriptors of one file are one open file description. Where the kernel does not say
 * so: whether they have their flags in common. */
static int is_one(int a, int b)
{
	enum { KCMP_FILE = 0 };
	long self = hcc_sys(SYS_getpid), order = hcc_sys(SYS_kcmp, self, self, KCMP_FILE, a, b);
	long flags, other;

	if (order >= 0)
		return order == 0;
	flags = hcc_sys(SYS_fcntl, a, SYS_F_GETFL);
	if (flags < 0 || flags != hcc_sys(SYS_fcntl, b, SYS_F_GETFL))
		return 0;
	hcc_sys(SYS_fcntl, a, SYS_F_SETFL, flags ^ SYS_O_NONBLOCK);
	other = hcc_sys(SYS_fcntl, b, SYS_F_GETFL);
	hcc_sys(SYS_fcntl, a, SYS_F_SETFL, flags);
	return other == (flags ^ SYS_O_NONBLOCK);
}

/* A lower descriptor of the same open file description, or -1. */
static int find_copy(const struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	for (const struct hcc_snap_descriptor *other = hcc_listed(l); other < d; other++)
		if (other->kind != HCC_DESCRIPTOR_COPY && hcc_same_file(other, d)
				&& other->open_flags == d->open_flags
				&& is_one((int)other->fd, (int)d->fd))
			return (int)other->fd;
	return -1;
}

/* The number under which the process was given what it has as d, or -1. A regular file that was
 * given as a standard stream could also have been opened by the process itself: if the stream is
 * still there, they must be one. What has no inode of its own is known by its number only. */
static int find_given(const struct hcc_snap_descriptor *d, uint32_t type)
{
	int is_regular = type == SYS_S_IFREG || type == SYS_S_IFDIR;

	for (int i = 0; i < n_noted; i++) {
		const struct noted *n = &noted[i];
		struct sys_stat st;

		if (!is_noted_as(n, d) || (is_regular && n->fd > 2)
				|| (!type && n->fd != (int)d->fd))
			continue;
		if (!is_regular || n->fd == (int)d->fd || sys_fstat(n->fd, &st)
				|| st.st_dev != d->dev || st.st_ino != d->ino
				|| is_one(n->fd, (int)d->fd))
			return n->fd;
	}
	return -1;
}

static int is_given_here(const struct hcc_snap_descriptor *d)
{
	for (int i = 0; i < n_noted; i++)
		if (noted[i].fd == (int)d->fd && is_noted_as(&noted[i], d))
			return 1;
	return 0;
}

/* ---- Kinds ---------------------------------------------------------------------------------- */

static int save_null(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	d->kind = HCC_DESCRIPTOR_DEVICE;
	return hcc_save_path(l, d, st);
}

static const uint8_t plain_memory[] = {3, 5, 7, 8, 9}; /* null, zero, full, random, urandom */

/* Memory devices without state, and terminals. */
static int is_plain_device(const struct sys_stat *st)
{
	uint64_t major = (st->st_rdev >> 8 & 0xfff) | (st->st_rdev >> 32 & ~(uint64_t)0xfff);
	uint64_t minor = (st->st_rdev & 0xff) | (st->st_rdev >> 12 & 0xfff00);

	for (unsigned i = 0; major == 1 && i < sizeof plain_memory; i++)
		if (minor == plain_memory[i])
			return 1;
	return major == 4 || (major == 5 && minor < 2) || (major >= 136 && major <= 143);
}

static int save_device(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	if (is_plain_device(st))
		return save_null(l, d, st);
	return hcc_refuse_descriptor(l, d, " is a device with state: ", l->link);
}

static int save_block(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	(void)st;
	return hcc_refuse_descriptor(l, d, " is a block device: ", l->link);
}

static int save_unknown(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	(void)st;
	return hcc_refuse_descriptor(l, d, " is of a kind that cannot be moved: ", l->link);
}

/* By type of file and what the link begins with; the first that fits. */
static const struct {
	uint32_t type;
	const char *link;
	hcc_save *save;
} kinds[] = {
	{SYS_S_IFREG, "/memfd:", hcc_save_memfd},
	{SYS_S_IFREG, "/", hcc_save_regular},
	{SYS_S_IFDIR, "/", hcc_save_directory},
	{SYS_S_IFCHR, "/", save_device},
	{SYS_S_IFBLK, "/", save_block},
	{SYS_S_IFIFO, "pipe:[", hcc_save_pipe},
	{SYS_S_IFIFO, "/", hcc_save_fifo},
	{SYS_S_IFSOCK, "socket:[", hcc_save_socket},
	{0, "anon_inode:[eventfd]", hcc_save_eventfd},
	{0, "anon_inode:[timerfd]", hcc_save_timerfd},
	{0, "anon_inode:[eventpoll]", hcc_save_epoll},
	{0, "anon_inode:[signalfd]", hcc_save_signalfd},
	{0, "anon_inode:inotify", hcc_save_inotify},
};

static hcc_save *find_kind(uint32_t type, const char *link)
{
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *a = kinds[i].link, *b = link;

		while (*a && *a == *b)
			a++, b++;
		if (!*a && kinds[i].type == type)
			return kinds[i].save;
	}
	return save_unknown;
}

/* Who gets a signal when something can be done with it: only this process itself. */
static int save_owner(struct hcc_listing *l, struct hcc_snap_descriptor *d)
{
	enum { O_ASYNC = 020000, F_GETSIG = 11, F_GETOWN_EX = 16, F_OWNER_PID = 1 };
	struct { int32_t type, id; } owner = {0, 0};
	struct hcc_state_owner state = {.is_async = (d->open_flags & O_ASYNC) != 0};

	hcc_sys(SYS_fcntl, d->fd, F_GETOWN_EX, &owner);
	d->open_flags &= ~(uint32_t)O_ASYNC;
	if (!owner.id)
		return state.is_async ? hcc_add_state(l, d, HCC_STATE_OWNER, &state, sizeof state, NULL, 0)
			: 0;
	if (owner.type != F_OWNER_PID || owner.id != hcc_sys(SYS_getpid))
		return hcc_refuse_descriptor(l, d, owner.type == F_OWNER_PID
			? " signals another process (F_SETOWN): "
			: " signals a thread or a group (F_SETOWN): ", l->link);
	state.signal = (uint32_t)hcc_sys(SYS_fcntl, d->fd, F_GETSIG);
	return hcc_add_state(l, d, HCC_STATE_OWNER, &state, sizeof state, NULL, 0);
}

static int save_kind(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	char link[48];
	long n;

	number_text(link, sizeof link, "/proc/self/fd/", d->fd);
	n = hcc_sys(SYS_readlinkat, SYS_AT_FDCWD, link, l->link, sizeof l->link - 1);
	if (n < 0)
		return hcc_fail_descriptor(l, d, n, ": cannot read its path");
	l->link[n] = 0;
	d->copy_of = d->fd;
	if (d->open_flags & SYS_O_PATH) {
		d->kind = HCC_DESCRIPTOR_FILE;
		d->copy_of = 0;
		return hcc_save_path(l, d, st);
	}
	return find_kind(st->st_mode & SYS_S_IFMT, l->link)(l, d, st) || save_owner(l, d) ? -1 : 0;
}

static int save(struct hcc_listing *l, struct hcc_snap_descriptor *d)
{
	struct sys_stat st;
	uint32_t type;
	int other;
	long result = sys_fstat((int)d->fd, &st);

	if (result)
		return hcc_fail_descriptor(l, d, result, ": cannot read its kind");
	type = st.st_mode & SYS_S_IFMT;
	if ((d->fd <= 2 || (type != SYS_S_IFREG && type != SYS_S_IFDIR)) && is_given_here(d)) {
		d->kind = HCC_DESCRIPTOR_INHERITED;
		d->copy_of = d->fd;
		return 0;
	}
	other = find_copy(l, d);
	if (other >= 0) {
		d->kind = HCC_DESCRIPTOR_COPY;
		d->copy_of = (uint32_t)other;
		return 0;
	}
	other = find_given(d, type);
	if (other >= 0) {
		d->kind = HCC_DESCRIPTOR_INHERITED;
		d->copy_of = (uint32_t)other;
		return 0;
	}
	return save_kind(l, d, &st);
}

/* ---- The list ------------------------------------------------------------------------------- */

static int list_one(int fd, void *arg)
{
	enum { O_TMPFILE = 020000000, NEUTRAL_O_DIRECTORY = 0200000 };
	struct hcc_listing *l = arg;
	struct hcc_snap_descriptor d = {.fd = (uint32_t)fd};
	struct sys_stat st;
	long at;

	for (int i = 0; i < l->n_skip; i++)
		if (l->skip[i] == fd)
			return 0;
	if (sys_fstat(fd, &st))
		return 0;
	d.dev = st.st_dev;
	d.ino = st.st_ino;
	d.open_flags = flags_to_neutral((uint32_t)hcc_sys(SYS_fcntl, fd, SYS_F_GETFL));
	/* The rest of O_TMPFILE would say that it is a directory. */
	if (d.open_flags & O_TMPFILE)
		d.open_flags &= ~(uint32_t)(O_TMPFILE | NEUTRAL_O_DIRECTORY);
	d.close_on_exec = (uint32_t)hcc_sys(SYS_fcntl, fd, SYS_F_GETFD) & SYS_FD_CLOEXEC;
	at = hcc_sys(SYS_lseek, fd, 0, SYS_SEEK_CUR);
	d.offset = at < 0 ? 0 : (uint64_t)at;
	if (!hcc_buffer_add(l->list, &d, sizeof d))
		return hcc_fail(l->why, -SYS_ENOMEM, "no memory for its descriptors");
	return 0;
}

int hcc_descriptors_list(const int *skip, int n_skip, struct hcc_buffer *list,
	struct hcc_buffer *strings, struct hcc_buffer *states, struct hcc_refusal *why)
{
	struct hcc_listing l = {skip, n_skip, list, strings, states, why, {0}, ""};
	int result;

	why->text[0] = 0;
	result = each_descriptor(list_one, &l);
	for (uint64_t i = 0; !result && i < hcc_n_listed(&l); i++)
		result = save(&l, &hcc_listed(&l)[i]);
	hcc_buffer_free(&l.info);
	if (result && !why->text[0])
		hcc_fail(why, result, "cannot list its descriptors");
	return result ? -1 : 0;
}

/* ---- After a restore ------------------------------------------------------------------------ */

/* hcc-migrate has put the caller's descriptor in place. The caller's file may be the very one that
 * the process was reading: then go on where it was. */
static int take_inherited(const struct hcc_snap_descriptor *d)
{
	struct sys_stat st;

	if (sys_fstat((int)d->fd, &st))
		return 0;
	if (n_noted < MAX_NOTED)
		noted[n_noted++] = (struct noted){st.st_dev, st.st_ino,
			(uint32_t)hcc_sys(SYS_fcntl, d->fd, SYS_F_GETFL) & SYS_O_ACCMODE,
			(int)d->copy_of};
	if (!(d->open_flags & SYS_O_ACCMODE) && (st.st_mode & SYS_S_IFMT) == SYS_S_IFREG
			&& st.st_dev == d->dev && st.st_ino == d->ino)
		hcc_sys(SYS_lseek, d->fd, d->offset, SYS_SEEK_SET);
	return 0;
}

static uint64_t inode(uint32_t fd)
{
	struct sys_stat st;

	return sys_fstat((int)fd, &st) ? 0 : st.st_ino;
}

static int adopt_owner(const struct hcc_snap_descriptor *d, const struct hcc_state_owner *owner)
{
	enum { O_ASYNC = 020000, F_SETSIG = 10, F_SETOWN_EX = 15, F_OWNER_PID = 1 };
	const struct { int32_t type, id; } self = {F_OWNER_PID, (int32_t)hcc_sys(SYS_getpid)};
	long result = hcc_sys(SYS_fcntl, d->fd, F_SETOWN_EX, &self);

	if (!result && owner->signal && owner->signal != HCC_MIGRATE_SIGNAL)
		result = hcc_sys(SYS_fcntl, d->fd, F_SETSIG, owner->signal);
	if (!result && owner->is_async)
		result = hcc_sys(SYS_fcntl, d->fd, SYS_F_SETFL,
			hcc_sys(SYS_fcntl, d->fd, SYS_F_GETFL) | O_ASYNC);
	return (int)result;
}

/* What this process must know of, or do to, what hcc-migrate has made. */
static int adopt_state(const struct hcc_snap_descriptor *d, const struct hcc_snap_state *s,
	const char *strings)
{
	const void *state = s + 1;
	const struct hcc_state_socket *socket = state;
	const struct hcc_state_inotify *watch = state;
	const struct hcc_state_option *option = state;

	switch (s->kind) {
	case HCC_STATE_SIGNALFD:
		return hcc_adopt_signalfd(d, ((const struct hcc_state_signalfd *)state)->mask);
	case HCC_STATE_INOTIFY:
		hcc_note_watch(strings + watch->path_off);
		return 0;
	case HCC_STATE_OWNER:
		return adopt_owner(d, state);
	case HCC_STATE_OPTION:
		hcc_note_membership((int)d->fd, (int)option->level, (int)option->name, option + 1,
			(uint32_t)(s->bytes - sizeof *option));
		return 0;
	case HCC_STATE_SOCKET:
		if (socket->flags & HCC_SOCKET_LISTENS)
			hcc_note_backlog(inode(d->fd), socket->backlog);
		if (socket->flags & HCC_SOCKET_PAIR && d->copy_of != d->fd)
			hcc_note_pair(inode(d->fd), inode(d->copy_of));
		return 0;
	default:
		return 0;
	}
}

/* *states: the first state of a lower descriptor, or NULL. */
static int adopt(const void *file, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state **states)
{
	const char *strings = hcc_snapshot_section(file, HCC_SECTION_STRINGS);
	const struct hcc_snap_state *s;
	int result = 0;

	/* A stream that the caller has closed, and its copies, are not there. */
	if (d->kind == HCC_DESCRIPTOR_INHERITED)
		result = take_inherited(d);
	s = hcc_state_first(file, HCC_SECTION_STATES, d->fd, *states);
	*states = s ? s : *states;
	for (; !result && s; s = hcc_state_next(file, s))
		result = adopt_state(d, s, strings);
	if (!result && d->kind != HCC_DESCRIPTOR_INHERITED && d->kind != HCC_DESCRIPTOR_COPY)
		result = (int)hcc_sys(SYS_fcntl, d->fd, SYS_F_SETFD, d->close_on_exec);
	else
		hcc_sys(SYS_fcntl, d->fd, SYS_F_SETFD, d->close_on_exec);
	return result < 0 ? result : 0;
}

int hcc_descriptors_adopt(const void *file, const struct hcc_snap_descriptor **failed)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(file, HCC_SECTION_DESCRIPTORS);
	uint64_t n = h->sections[HCC_SECTION_DESCRIPTORS].bytes / sizeof *d;
	const struct hcc_snap_state *states = NULL;
	uint32_t standard = 0;

	for (; n--; d++) {
		int result;

		*failed = d;
		if (d->fd <= 2)
			standard |= 1u << d->fd;
		result = adopt(file, d, &states);
		if (result)
			return result;
	}
	for (int fd = 0; fd <= 2; fd++)
		if (!(standard & 1u << fd))
			sys_close(fd);
	return 0;
}
