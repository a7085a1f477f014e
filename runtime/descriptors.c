/* The open descriptors of the process: which can travel, and how each is opened again.
 *
 * Descriptors 0 to 2 are its standard streams: as long as they are what it was started with, a
 * restored process has its caller's. The same holds for other descriptors that it was started with
 * and that cannot be opened again by a path (a pipe that a shell or a build tool left open).
 * Everything else must be a regular file, a directory or a device without state, still at its path;
 * or the capture is refused, by number and kind. */
#include "migrate.h"

#define MAX_NOTED 64

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

static uint32_t flags_to_native(uint32_t neutral)
{
	uint32_t native = neutral;

	for (unsigned i = 0; i < N_FLAGS; i++)
		native &= ~flag_values[i].neutral;
	for (unsigned i = 0; i < N_FLAGS; i++)
		if (neutral & flag_values[i].neutral)
			native |= flag_values[i].native;
	return native;
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

static int is_noted_as(const struct noted *n, const struct hcc_snap_descriptor *d)
{
	return n->dev == d->dev && n->ino == d->ino
		&& n->access == (d->open_flags & SYS_O_ACCMODE);
}

struct listing {
	const int *skip;
	int n_skip;
	struct hcc_buffer *list, *strings;
	struct hcc_refusal *why;
};

static void number_text(char *buffer, size_t bytes, const char *before, uint64_t n)
{
	struct hcc_text t;

	hcc_text_start(&t, buffer, bytes);
	hcc_text_add(&t, before);
	hcc_text_decimal(&t, n);
}

static int refuse_descriptor(struct hcc_refusal *why, uint32_t fd, const char *a, const char *b)
{
	char number[32];

	number_text(number, sizeof number, "descriptor ", fd);
	return hcc_refuse(why, number, a, b);
}

/* Whether two descriptors of one regular file move together. */
static int share_offset(int a, int b)
{
	long at = hcc_sys(SYS_lseek, a, 0, SYS_SEEK_CUR), moved;

	if (at < 0)
		return 1;
	if (hcc_sys(SYS_lseek, b, 0, SYS_SEEK_CUR) != at)
		return 0;
	hcc_sys(SYS_lseek, a, at + 1, SYS_SEEK_SET);
	moved = hcc_sys(SYS_lseek, b, 0, SYS_SEEK_CUR);
	hcc_sys(SYS_lseek, a, at, SYS_SEEK_SET);
	return moved == at + 1;
}

/* A lower descriptor of the same open file description, or -1. */
static int find_copy(const struct listing *l, const struct hcc_snap_descriptor *d, int is_regular)
{
	const struct hcc_snap_descriptor *other = (const void *)l->list->base;
	uint64_t n = l->list->bytes / sizeof *other;

	for (uint64_t i = 0; i < n; i++, other++)
		if (other->kind != HCC_DESCRIPTOR_COPY && other->dev == d->dev
				&& other->ino == d->ino && other->open_flags == d->open_flags
				&& (!is_regular || share_offset((int)other->fd, (int)d->fd)))
			return (int)other->fd;
	return -1;
}

/* The path of an open file, checked to be that file still. */
static int add_path(struct listing *l, struct hcc_snap_descriptor *d)
{
	char link[48], path[4096];
	struct sys_stat st;
	long n, fd;

	number_text(link, sizeof link, "/proc/self/fd/", d->fd);
	n = hcc_sys(SYS_readlinkat, SYS_AT_FDCWD, link, path, sizeof path - 1);
	if (n < 0)
		return hcc_fail(l->why, n, "cannot read the path of a descriptor");
	path[n] = 0;
	fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_PATH | SYS_O_CLOEXEC, 0);
	n = fd < 0 ? fd : sys_fstat((int)fd, &st);
	if (fd >= 0)
		sys_close((int)fd);
	if (n < 0 || st.st_dev != d->dev || st.st_ino != d->ino)
		return refuse_descriptor(l->why, d->fd, " is a file without a path: ", path);
	d->path_off = (uint32_t)l->strings->bytes;
	if (!hcc_buffer_add(l->strings, path, hcc_string_bytes(path) + 1))
		return hcc_fail(l->why, -SYS_ENOMEM, "no memory for its descriptors");
	return 0;
}

static const char *kind_text(uint32_t mode)
{
	switch (mode & SYS_S_IFMT) {
	case SYS_S_IFSOCK:
		return " is a socket";
	case SYS_S_IFIFO:
		return " is a pipe";
	case SYS_S_IFBLK:
		return " is a block device";
	case SYS_S_IFCHR:
		return " is a device with state";
	default:
		return " is neither file nor stream";
	}
}

/* Memory devices (null, zero, random), and terminals. */
static int is_plain_device(const struct sys_stat *st)
{
	uint64_t major = (st->st_rdev >> 8 & 0xfff) | (st->st_rdev >> 32 & ~(uint64_t)0xfff);

	return (st->st_mode & SYS_S_IFMT) == SYS_S_IFCHR
		&& (major == 1 || major == 5 || major == 136);
}

/* The number under which the process was given what it has as d, or -1. A regular file that was
 * given as a standard stream could also have been opened by the process itself: if the stream is
 * still there, they must share their offset. */
static int find_given(const struct hcc_snap_descriptor *d, int is_regular)
{
	for (int i = 0; i < n_noted; i++) {
		const struct noted *n = &noted[i];
		struct sys_stat st;

		if (!is_noted_as(n, d) || (is_regular && n->fd > 2))
			continue;
		if (!is_regular || n->fd == (int)d->fd || sys_fstat(n->fd, &st)
				|| st.st_dev != d->dev || st.st_ino != d->ino
				|| share_offset(n->fd, (int)d->fd))
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

static int classify(struct listing *l, struct hcc_snap_descriptor *d, const struct sys_stat *st)
{
	uint32_t type = st->st_mode & SYS_S_IFMT;
	int is_regular = type == SYS_S_IFREG || type == SYS_S_IFDIR, other;

	if ((d->fd <= 2 || !is_regular) && is_given_here(d)) {
		d->kind = HCC_DESCRIPTOR_INHERITED;
		d->copy_of = d->fd;
		return 0;
	}
	other = find_copy(l, d, is_regular);
	if (other >= 0) {
		d->kind = HCC_DESCRIPTOR_COPY;
		d->copy_of = (uint32_t)other;
		return 0;
	}
	other = find_given(d, is_regular);
	if (other >= 0) {
		d->kind = HCC_DESCRIPTOR_INHERITED;
		d->copy_of = (uint32_t)other;
		return 0;
	}
	if (is_regular) {
		d->kind = HCC_DESCRIPTOR_FILE;
		return add_path(l, d);
	}
	if (is_plain_device(st)) {
		d->kind = HCC_DESCRIPTOR_DEVICE;
		return add_path(l, d);
	}
	return refuse_descriptor(l->why, d->fd, kind_text(st->st_mode), "");
}

static int list_one(int fd, void *arg)
{
	struct listing *l = arg;
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
	d.close_on_exec = (uint32_t)hcc_sys(SYS_fcntl, fd, SYS_F_GETFD) & SYS_FD_CLOEXEC;
	at = hcc_sys(SYS_lseek, fd, 0, SYS_SEEK_CUR);
	d.offset = at < 0 ? 0 : (uint64_t)at;
	if (classify(l, &d, &st))
		return -1;
	if (!hcc_buffer_add(l->list, &d, sizeof d))
		return hcc_fail(l->why, -SYS_ENOMEM, "no memory for its descriptors");
	return 0;
}

int hcc_descriptors_list(const int *skip, int n_skip, struct hcc_buffer *list,
	struct hcc_buffer *strings, struct hcc_refusal *why)
{
	struct listing l = {skip, n_skip, list, strings, why};
	int result;

	why->text[0] = 0;
	result = each_descriptor(list_one, &l);
	if (result && !why->text[0])
		hcc_fail(why, result, "cannot list its descriptors");
	return result ? -1 : 0;
}

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
	hcc_sys(SYS_fcntl, d->fd, SYS_F_SETFD, d->close_on_exec);
	if (!(d->open_flags & SYS_O_ACCMODE) && (st.st_mode & SYS_S_IFMT) == SYS_S_IFREG
			&& st.st_dev == d->dev && st.st_ino == d->ino)
		hcc_sys(SYS_lseek, d->fd, d->offset, SYS_SEEK_SET);
	return 0;
}

/* What is at the path now must be of the kind that was there: to open a FIFO could take for ever, to
 * open a device could do something. */
static int check_kind(const struct hcc_snap_descriptor *d, const char *path)
{
	long fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_PATH | SYS_O_CLOEXEC, 0), result;
	struct sys_stat st;
	uint32_t type;

	if (fd < 0)
		return (int)fd;
	result = sys_fstat((int)fd, &st);
	sys_close((int)fd);
	if (result)
		return (int)result;
	type = st.st_mode & SYS_S_IFMT;
	if (d->kind == HCC_DESCRIPTOR_DEVICE ? is_plain_device(&st)
			: type == SYS_S_IFREG || type == SYS_S_IFDIR)
		return 0;
	return -SYS_EOPNOTSUPP;
}

static int reopen(const struct hcc_snap_descriptor *d, const char *path)
{
	uint32_t flags = flags_to_native(d->open_flags) | SYS_O_NOCTTY
		| (d->close_on_exec ? SYS_O_CLOEXEC : 0);
	long fd, result = check_kind(d, path);

	if (result)
		return (int)result;
	fd = sys_openat(SYS_AT_FDCWD, path, (int)flags, 0);
	if (fd < 0)
		return (int)fd;
	if ((uint32_t)fd != d->fd) {
		result = hcc_sys(SYS_dup3, fd, d->fd, flags & SYS_O_CLOEXEC);
		sys_close((int)fd);
	}
	if (result >= 0 && d->kind == HCC_DESCRIPTOR_FILE)
		result = hcc_sys(SYS_lseek, d->fd, d->offset, SYS_SEEK_SET);
	return result < 0 ? (int)result : 0;
}

int hcc_descriptors_reopen(const struct hcc_snap_descriptor *d, uint64_t n, const char *strings,
	const struct hcc_snap_descriptor **failed)
{
	uint32_t standard = 0;

	for (; n--; d++) {
		long result = 0;

		*failed = d;
		if (d->fd <= 2)
			standard |= 1u << d->fd;
		if (d->kind == HCC_DESCRIPTOR_INHERITED)
			result = take_inherited(d);
		else if (d->kind == HCC_DESCRIPTOR_COPY)
			result = hcc_sys(SYS_dup3, d->copy_of, d->fd,
				d->close_on_exec ? SYS_O_CLOEXEC : 0);
		else
			result = reopen(d, strings + d->path_off);
		/* The original is one that the caller has closed. */
		if (result == -SYS_EBADF && d->kind == HCC_DESCRIPTOR_COPY)
			result = 0;
		if (result < 0)
			return (int)result;
	}
	for (int fd = 0; fd <= 2; fd++)
		if (!(standard & 1u << fd))
			sys_close(fd);
	return 0;
}
