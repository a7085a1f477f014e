/* Regular files, directories and devices: by their path; contents of files that have none. Locks. */
#include "descriptors.h"

#define CHUNK_BYTES 65536u

/* ---- Locks ---------------------------------------------------------------------------------- */

/* Whether s begins with word; goes behind it and the blanks that follow. */
static int take_word(const char **s, const char *word)
{
	const char *at = *s;

	while (*word && *at == *word)
		at++, word++;
	if (*word || *at != ' ')
		return 0;
	while (*at == ' ')
		at++;
	*s = at;
	return 1;
}

static int is_alive(uint64_t pid)
{
	return hcc_sys(SYS_kill, pid, 0) != -SYS_ESRCH;
}

/* The lock is in the rest of a line: FLOCK  ADVISORY  WRITE 359 00:13:11691 0 EOF
 * A forked child may hold an ancestor's, or the other way round: then two processes would. */
static int save_lock(struct hcc_listing *l, const struct hcc_snap_descriptor *d, const char *s)
{
	static const char *const names[] = {"FLOCK", "POSIX", "OFDLCK"};
	struct hcc_state_lock lock = {.kind = 0};
	uint64_t owner, last;

	while (lock.kind < 3 && !take_word(&s, names[lock.kind]))
		lock.kind++;
	if (lock.kind == 3 || !take_word(&s, "ADVISORY"))
		return hcc_refuse_descriptor(l, d, " has a lease or a mandatory lock: ", l->link);
	lock.is_write = (uint32_t)take_word(&s, "WRITE");
	if (!lock.is_write && !take_word(&s, "READ"))
		return hcc_refuse_descriptor(l, d, " has a lock of an unknown kind: ", l->link);
	owner = *s == '-' ? 0 : hcc_info_number(&s, 10);
	if (owner && owner != (uint64_t)hcc_sys(SYS_getpid) && is_alive(owner))
		return hcc_refuse_descriptor(l, d, " has a lock that another process made: ",
			l->link);
	s = hcc_info_after(s, " ");
	if (s)
		s = hcc_info_after(s, " ");
	if (!s)
		return hcc_refuse_descriptor(l, d, " has a lock of an unknown kind: ", l->link);
	lock.start = hcc_info_number(&s, 10);
	s++;
	if (*s != 'E') {
		last = hcc_info_number(&s, 10);
		lock.bytes = last - lock.start + 1;
	}
	return hcc_add_state(l, d, HCC_STATE_LOCK, &lock, sizeof lock, NULL, 0);
}

static int save_locks(struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	const char *s;
	int result = hcc_read_info(l, d);

	s = l->info.base;
	while (!result && (s = hcc_info_after(s, "\nlock:\t")) != NULL) {
		s = hcc_info_after(s, ": ");
		if (!s)
			break;
		result = save_lock(l, d, s);
	}
	return result;
}

/* ---- With a path ---------------------------------------------------------------------------- */

/* What /proc has of a process is of that process only, or of what it was until its exec. */
static int is_of_process(const char *path)
{
	static const char proc[] = "/proc/";

	for (unsigned i = 0; i < sizeof proc - 1; i++)
		if (path[i] != proc[i])
			return 0;
	return path[sizeof proc - 1] >= '0' && path[sizeof proc - 1] <= '9';
}

/* Whether the process could open it again: it may have had other rights when it did. By its path: to
 * open it here, and close it, would drop locks. */
static int may_open(const struct hcc_snap_descriptor *d, const char *path)
{
	static const uint8_t needs[] = {4, 2, 6, 6}; /* R_OK, W_OK */

	return d->open_flags & SYS_O_PATH || !hcc_sys(SYS_faccessat, SYS_AT_FDCWD, path,
		needs[d->open_flags & SYS_O_ACCMODE]);
}

/* The path is checked to be that of the file still. */
int hcc_save_path(struct hcc_listing *l, struct hcc_snap_descriptor *d, const struct sys_stat *st)
{
	struct sys_stat there;
	long fd, result;

	(void)st;
	fd = sys_openat(SYS_AT_FDCWD, l->link, SYS_O_PATH | SYS_O_CLOEXEC | SYS_O_NOFOLLOW, 0);
	result = fd < 0 ? fd : sys_fstat((int)fd, &there);
	if (fd >= 0)
		sys_close((int)fd);
	if (result < 0 || there.st_dev != d->dev || there.st_ino != d->ino)
		return hcc_refuse_descriptor(l, d, " is a file without a path: ", l->link);
	if (is_of_process(l->link))
		return hcc_refuse_descriptor(l, d, " is of one process only: ", l->link);
	if (!may_open(d, l->link))
		return hcc_refuse_descriptor(l, d, " is a file that it may not open again: ", l->link);
	d->copy_of = 0;
	return hcc_add_string(l, l->link, &d->path_off);
}

int hcc_save_directory(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	d->kind = HCC_DESCRIPTOR_FILE;
	return hcc_save_path(l, d, st) || save_locks(l, d) ? -1 : 0;
}

/* ---- Without a path ------------------------------------------------------------------------- */

static int is_zero(const char *p, uint64_t bytes)
{
	char any = 0;

	for (uint64_t i = 0; i < bytes && !any; i++)
		any |= p[i];
	return !any;
}

static int save_contents(struct hcc_listing *l, struct hcc_snap_descriptor *d, uint64_t bytes)
{
	struct hcc_buffer chunk = {0};
	struct hcc_state_bytes at = {0};
	long fd = hcc_open_again(d, SYS_O_RDONLY), n;

	if (fd < 0)
		return hcc_fail_descriptor(l, d, fd, ": cannot read its contents");
	n = hcc_buffer_room(&chunk, CHUNK_BYTES);
	while (!n && at.off < bytes) {
		n = hcc_sys(SYS_pread64, fd, chunk.base, CHUNK_BYTES, at.off);
		if (n <= 0)
			break;
		if (!is_zero(chunk.base, (uint64_t)n) && hcc_add_state(l, d, HCC_STATE_BYTES, &at,
				sizeof at, chunk.base, (uint64_t)n)) {
			n = -SYS_ENOMEM;
			break;
		}
		at.off += (uint64_t)n;
		n = 0;
	}
	hcc_buffer_free(&chunk);
	sys_close((int)fd);
	return n < 0 ? hcc_fail_descriptor(l, d, n, ": cannot read its contents") : 0;
}

/* The lowest descriptor of the file writes the contents down. */
static int save_nameless(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st, uint32_t seals)
{
	struct hcc_state_file file = {(uint64_t)st->st_size, st->st_mode & 07777, seals};
	const struct hcc_snap_descriptor *other = hcc_listed(l);

	if (hcc_add_string(l, l->link, &d->path_off)
			|| hcc_add_state(l, d, HCC_STATE_FILE, &file, sizeof file, NULL, 0))
		return -1;
	while (other < d && (other->kind != d->kind || !hcc_same_file(other, d)))
		other++;
	d->copy_of = other->fd;
	if (other == d && save_contents(l, d, file.bytes))
		return -1;
	return save_locks(l, d);
}

/* Files of file systems that only look like files. Numbers: linux/magic.h. */
static const struct {
	uint32_t magic;
	const char *what;
} pseudo[] = {
	{0x5345434d, " is secret memory: "}, {0x444d4142, " is a DMA buffer: "},
	{0x50494446, " is of a kind that cannot be moved: "},
};

/* A message queue stays in the kernel, under its name; a request to be told of messages does not. */
static int save_queue(struct hcc_listing *l, struct hcc_snap_descriptor *d)
{
	static const char key[] = "NOTIFY_PID:";
	long fd = hcc_sys(SYS_mq_open, l->link + 1, d->open_flags & SYS_O_ACCMODE, 0, NULL), n;
	char text[160];
	struct sys_stat st;
	const char *s;
	int is_it = fd >= 0 && !sys_fstat((int)fd, &st) && st.st_ino == d->ino;

	n = is_it ? hcc_sys(SYS_pread64, fd, text, sizeof text - 1, 0) : 0;
	if (fd >= 0)
		sys_close((int)fd);
	if (!is_it)
		return hcc_refuse_descriptor(l, d, " is a message queue without a name: ", l->link);
	text[n < 0 ? 0 : n] = 0;
	s = hcc_info_after(text, key);
	if (s && hcc_info_number(&s, 10) == (uint64_t)hcc_sys(SYS_getpid))
		return hcc_refuse_descriptor(l, d, " is a message queue that notifies it (mq_notify): ",
			l->link);
	d->kind = HCC_DESCRIPTOR_QUEUE;
	d->copy_of = 0;
	d->offset = 0;
	return hcc_add_string(l, l->link, &d->path_off);
}

int hcc_save_regular(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	enum { MQUEUE_MAGIC = 0x19800202 };
	uint64_t fs[16] = {0}; /* struct statfs */

	hcc_sys(SYS_fstatfs, d->fd, fs);
	if (fs[0] == MQUEUE_MAGIC)
		return save_queue(l, d);
	for (size_t i = 0; i < sizeof pseudo / sizeof *pseudo; i++)
		if (fs[0] == pseudo[i].magic)
			return hcc_refuse_descriptor(l, d, pseudo[i].what, l->link);
	if (st->st_nlink) {
		d->kind = HCC_DESCRIPTOR_FILE;
		return hcc_save_path(l, d, st) || save_locks(l, d) ? -1 : 0;
	}
	d->kind = HCC_DESCRIPTOR_DELETED;
	return save_nameless(l, d, st, 0);
}

int hcc_save_memfd(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	enum { F_GET_SEALS = 1034 };
	long seals = hcc_sys(SYS_fcntl, d->fd, F_GET_SEALS);

	if (seals < 0)
		return hcc_fail_descriptor(l, d, seals, ": cannot read its seals");
	d->kind = HCC_DESCRIPTOR_MEMFD;
	return save_nameless(l, d, st, (uint32_t)seals);
}
