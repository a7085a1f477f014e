/* What is known of mappings besides their contents and protection: files that are mapped shared, and
 * states that the program has asked for (mlock, madvise). Written down only if the program has made such a
 * call; the list lies in its memory and travels with it. Anonymous shared memory is marked in its
 * region (write.c). */
#include "attributes.h"
#include "revive.h"

#define PAGE_BYTES 4096u

enum {
	NOTED_STATES = 32, NOTED_SHARED = 64, /* HCC_NOTED_*, as in attributes.c */
	MAP_SHARED = 1, MAP_TYPE = 3, MAP_LOCKED = 0x2000, MAP_HUGETLB = 0x40000, MLOCK_ONFAULT = 1,
	IS_FILE = 1u << 31, IS_LOCKED = 1u << 30, IS_LOCKED_ON_FAULT = 1u << 29, IS_HUGE = 1u << 28,
};

struct state {
	uint64_t start_va, end_va;
	uint32_t flags;    /* bit i: advice[i]; IS_* */
	uint32_t prot;     /* IS_FILE: */
	uint64_t file_off;
	int32_t fd;        /* this one, or the path behind this, when it is -1 */
	uint32_t bytes;    /* of this and the path, a multiple of 8 */
};

/* As VmFlags of /proc/PID/smaps has it, and as madvise(2) is asked for it. */
static const struct {
	char flag[2];
	uint8_t advice;
} advice[] = {
	{"rr", 1}, {"sr", 2}, {"dc", 10}, {"mg", 12}, {"hg", 14}, {"nh", 15}, {"dd", 16}, {"wf", 18},
};

#define N_ADVICE (sizeof advice / sizeof *advice)

static HCC_KEPT struct hcc_buffer list, text;

/* ---- Noting --------------------------------------------------------------------------------- */

void hcc_memory_note(int flags)
{
	uint32_t bits = (flags & (MAP_LOCKED | MAP_HUGETLB) ? NOTED_STATES : 0)
		| (flags & MAP_SHARED ? NOTED_SHARED : 0);

	if (bits)
		__atomic_or_fetch(&__hcc_attributes.noted, bits, __ATOMIC_SEQ_CST);
}

void hcc_memory_advised(long what)
{
	for (size_t i = 0; i < N_ADVICE; i++)
		if (advice[i].advice == what)
			hcc_memory_note(MAP_LOCKED);
}

/* ---- Reading -------------------------------------------------------------------------------- */

#include "apart.h"

/* A line of /proc/self/maps. */
struct line {
	uint64_t start_va, end_va, file_off, ino;
	uint32_t prot;
	int is_shared;
	char *path; /* "" for anonymous memory */
};

static uint64_t number(char **s, unsigned base)
{
	const char *at = *s;
	uint64_t v = hcc_info_number(&at, base);

	*s = (char *)at;
	return v;
}

/* Returns what follows the line, whose end becomes a NUL; *is_one: it is one of a mapping. */
static char *read_line(char *s, struct line *out, int *is_one)
{
	char *end = s;

	while (*end && *end != '\n')
		end++;
	if (*end)
		*end++ = 0;
	*is_one = !(*s >= 'A' && *s <= 'Z');
	if (!*is_one)
		return end;
	out->start_va = number(&s, 16);
	s++;
	out->end_va = number(&s, 16);
	s++;
	out->prot = (s[0] == 'r' ? HCC_PROT_READ : 0) | (s[1] == 'w' ? HCC_PROT_WRITE : 0)
		| (s[2] == 'x' ? HCC_PROT_EXEC : 0);
	out->is_shared = s[3] == 's';
	s += 5;
	out->file_off = number(&s, 16);
	s++;
	while (*s && *s != ' ')
		s++;
	out->ino = number(&s, 10);
	while (*s == ' ')
		s++;
	out->path = s;
	return end;
}

static int read_file(const char *path)
{
	long fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_CLOEXEC, 0), n;

	text.bytes = 0;
	if (fd < 0)
		return (int)fd;
	do {
		n = hcc_buffer_room(&text, 65536);
		if (!n)
			n = sys_read((int)fd, text.base + text.bytes, 65535);
		if (n > 0)
			text.bytes += (uint64_t)n;
	} while (n > 0);
	sys_close((int)fd);
	if (!n)
		text.base[text.bytes] = 0;
	return (int)n;
}

/* ---- Files ---------------------------------------------------------------------------------- */

/* Reading past its end would be a SIGBUS, so a mapping must lie within its file. */
static int is_file_of(const struct line *l, int fd)
{
	struct sys_stat st;

	return !sys_fstat(fd, &st) && st.st_ino == l->ino && l->file_off + (l->end_va - l->start_va)
		<= HCC_ALIGN_UP((uint64_t)st.st_size, PAGE_BYTES);
}

/* By its path, if it is there still. */
static int has_path(const struct line *l)
{
	long fd = sys_openat(SYS_AT_FDCWD, l->path, SYS_O_PATH | SYS_O_CLOEXEC, 0);
	int result = fd >= 0 && is_file_of(l, (int)fd);

	if (fd >= 0)
		sys_close((int)fd);
	return result;
}

/* A descriptor of a file without a name that can be mapped like that. */
static int find_descriptor(const struct line *l)
{
	for (int fd = 0; fd < 4096; fd++) {
		long flags = is_file_of(l, fd) ? hcc_sys(SYS_fcntl, fd, SYS_F_GETFL) : -1;

		if (flags >= 0 && !(flags & SYS_O_PATH)
				&& ((flags & SYS_O_ACCMODE) == SYS_O_RDWR
					|| (!(l->prot & HCC_PROT_WRITE) && !(flags & SYS_O_ACCMODE))))
			return fd;
	}
	return -1;
}

static int add(struct state *s, const char *path)
{
	static const char zeros[8];
	uint64_t path_bytes = s->fd < 0 && s->flags & IS_FILE ? hcc_string_bytes(path) + 1 : 0;

	s->bytes = (uint32_t)HCC_ALIGN_UP(sizeof *s + path_bytes, 8);
	return hcc_buffer_add(&list, s, sizeof *s) && hcc_buffer_add(&list, path, path_bytes)
		&& hcc_buffer_add(&list, zeros, s->bytes - sizeof *s - path_bytes) ? 0 : -1;
}

static int refuse(const struct line *l, struct hcc_refusal *why, const char *what)
{
	char at[96];
	struct hcc_text t;

	hcc_text_start(&t, at, sizeof at);
	hcc_text_add(&t, what);
	hcc_text_add(&t, " at ");
	hcc_text_hex(&t, l->start_va);
	hcc_text_add(&t, "-");
	hcc_text_hex(&t, l->end_va);
	hcc_text_add(&t, ": ");
	return hcc_refuse(why, at, l->path, "");
}

static int begins_with(const char *s, const char *head)
{
	while (*head && *s == *head)
		s++, head++;
	return !*head;
}

int hcc_is_shared_memory(const char *path)
{
	return begins_with(path, "/dev/zero (deleted)");
}

int hcc_is_huge_memory(const char *path)
{
	return begins_with(path, "/anon_hugepage");
}

/* Two mappings of one part of it would be two memories. */
static int is_twice(const struct line *l)
{
	char *at = text.base;

	/* Lines before this one end with a NUL by now. */
	while (at < l->path) {
		struct line other = {0};
		uint64_t bytes;
		char *line = at;
		int is_one;

		at += hcc_string_bytes(at) + 1;
		if (at > l->path)
			break;
		read_line(line, &other, &is_one);
		bytes = other.end_va - other.start_va;
		if (is_one && other.is_shared && other.ino == l->ino
				&& hcc_is_shared_memory(other.path)
				&& other.file_off < l->file_off + (l->end_va - l->start_va)
				&& l->file_off < other.file_off + bytes)
			return 1;
	}
	return 0;
}

static int save_shared(const struct line *l, struct hcc_refusal *why)
{
	struct state s = {l->start_va, l->end_va, IS_FILE, l->prot, l->file_off, -1, 0};

	if (hcc_is_shared_memory(l->path))
		return is_twice(l) ? refuse(l, why, "it has mapped shared memory twice") : 0;
	if (l->path[0] != '/' || begins_with(l->path, "/SYSV") || hcc_is_huge_memory(l->path))
		return refuse(l, why, "it shares memory");
	if (!has_path(l)) {
		s.fd = find_descriptor(l);
		if (s.fd < 0)
			return refuse(l, why, "it shares memory of a file without a path, or past its end,");
	}
	return add(&s, l->path) ? hcc_fail(why, -SYS_ENOMEM, "no memory for its memory map") : 0;
}

/* ---- States --------------------------------------------------------------------------------- */

static int has_flag(const char *flags, const char *flag)
{
	for (; *flags; flags++)
		if (flags[0] == ' ' && flags[1] == flag[0] && flags[2] == flag[1]
				&& (flags[3] == ' ' || !flags[3]))
			return 1;
	return 0;
}

static int save_states(const struct line *l, const char *flags, struct hcc_refusal *why)
{
	struct state s = {.start_va = l->start_va, .end_va = l->end_va, .fd = -1};

	for (size_t i = 0; i < N_ADVICE; i++)
		if (has_flag(flags, advice[i].flag))
			s.flags |= 1u << i;
	if (has_flag(flags, "lo"))
		s.flags |= has_flag(flags, "lf") ? IS_LOCKED_ON_FAULT : IS_LOCKED;
	if (has_flag(flags, "ht"))
		s.flags |= IS_HUGE;
	if (!s.flags)
		return 0;
	return add(&s, "") ? hcc_fail(why, -SYS_ENOMEM, "no memory for its memory map") : 0;
}

static int is_listed(const struct state *s)
{
	const struct state *at = (const void *)list.base, *end = (const void *)(list.base + list.bytes);

	for (; at < end; at = (const void *)((const char *)at + at->bytes))
		if (at->start_va <= s->start_va && at->end_va >= s->end_va
				&& !(s->flags & ~at->flags))
			return 1;
	return 0;
}

/* An emulator does not do all that it is asked for: what it was, besides what there is. */
static int keep_states(struct hcc_refusal *why)
{
	const struct hcc_attributes *a = &__hcc_attributes;
	uint64_t at = 0;

	while (a->memory_va && at + sizeof(struct state) <= a->memory_bytes) {
		struct state s = *(const struct state *)(a->memory_va + at);

		at += s.bytes < sizeof s ? sizeof s : s.bytes;
		if (!(s.flags & IS_FILE) && !is_listed(&s) && add(&s, ""))
			return hcc_fail(why, -SYS_ENOMEM, "no memory for its memory map");
	}
	return 0;
}

static int save_all(struct hcc_refusal *why)
{
	const struct hcc_attributes *a = &__hcc_attributes;
	const struct hcc_process *p = &__hcc_process;
	int result = read_file(a->noted & NOTED_STATES ? "/proc/self/smaps" : "/proc/self/maps");
	int is_emulated = a->noted & NOTED_STATES && hcc_signal_shift() != 0;
	struct line l = {0};
	char *at = text.base;

	if (result)
		return hcc_fail(why, result, "cannot read its memory map");
	while (!result && *at) {
		char *line = at;
		int is_one, is_inside;

		at = read_line(at, &l, &is_one);
		is_inside = l.start_va >= p->arena_start_va && l.end_va <= p->arena_end_va
			&& l.start_va != a->memory_va;
		if (is_one && is_inside && l.is_shared)
			result = save_shared(&l, why);
		if (is_one || !begins_with(line, "VmFlags:"))
			continue;
		if (is_inside)
			result = save_states(&l, line, why);
	}
	if (!result && is_emulated)
		result = keep_states(why);
	return result;
}

int hcc_memory_save(struct hcc_refusal *why)
{
	struct hcc_attributes *a = &__hcc_attributes;
	int result;
	long va;

	if (!(a->noted & (NOTED_STATES | NOTED_SHARED)))
		return 0;
	list.bytes = 0;
	result = save_all(why);
	if (a->memory_va)
		hcc_arena_munmap(a->memory_va, HCC_ALIGN_UP(a->memory_bytes, PAGE_BYTES));
	a->memory_va = a->memory_bytes = 0;
	if (result || !list.bytes)
		return result;
	va = hcc_arena_mmap(0, HCC_ALIGN_UP(list.bytes, PAGE_BYTES), SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
	if (hcc_sys_failed(va))
		return hcc_fail(why, va, "no memory for its memory map");
	hcc_copy((void *)va, list.base, list.bytes);
	a->memory_va = (uint64_t)va;
	a->memory_bytes = list.bytes;
	return 0;
}

/* ---- After a restore ------------------------------------------------------------------------ */

static int is_in_arena(uint64_t start_va, uint64_t end_va)
{
	return start_va < end_va && start_va % PAGE_BYTES == 0 && end_va % PAGE_BYTES == 0
		&& start_va >= __hcc_process.arena_start_va && end_va <= __hcc_process.arena_end_va;
}

/* The next one of the list, which is not trusted; NULL at its end. */
static const struct state *next_state(uint64_t *at)
{
	const struct hcc_attributes *a = &__hcc_attributes;
	const struct state *s = (const void *)(a->memory_va + *at);

	if (!a->memory_va)
		return NULL;
	if (a->memory_va % PAGE_BYTES || a->memory_bytes % 8 || a->memory_bytes > HCC_ARENA_END_VA
			|| !is_in_arena(a->memory_va, a->memory_va
				+ HCC_ALIGN_UP(a->memory_bytes, PAGE_BYTES)))
		hcc_restore_stop("pages: the states of memory are out of range");
	if (*at == a->memory_bytes)
		return NULL;
	if (a->memory_bytes - *at < sizeof *s || s->bytes < sizeof *s || s->bytes % 8
			|| s->bytes > a->memory_bytes - *at || !is_in_arena(s->start_va, s->end_va)
			|| (s->flags & IS_FILE && s->fd < 0 && (s->bytes == sizeof *s
				|| ((const char *)s)[s->bytes - 1])))
		hcc_restore_stop("pages: the states of memory are out of range");
	*at += s->bytes;
	return s;
}

static void map_file(const struct state *s)
{
	const char *path = (const char *)(s + 1);
	long fd = s->fd, va;

	if (s->prot & HCC_PROT_WRITE && s->prot & HCC_PROT_EXEC)
		hcc_restore_stop("pages: the states of memory are out of range");
	if (s->fd < 0) {
		fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_RDWR | SYS_O_CLOEXEC, 0);
		if (fd < 0 && !(s->prot & HCC_PROT_WRITE))
			fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_RDONLY | SYS_O_CLOEXEC, 0);
		if (fd < 0)
			hcc_restore_stop_errno("cannot map ", path, fd);
	}
	va = sys_mmap(s->start_va, s->end_va - s->start_va, (int)s->prot, MAP_SHARED | SYS_MAP_FIXED,
		(int)fd, (int64_t)s->file_off);
	if (hcc_sys_failed(va))
		hcc_restore_stop_errno("cannot map ", s->fd < 0 ? path : "a file without a name", va);
	if (s->fd < 0)
		sys_close((int)fd);
}

void hcc_memory_restore(void)
{
	const struct state *s;
	uint64_t at = 0;

	while ((s = next_state(&at)) != NULL) {
		uint64_t bytes = s->end_va - s->start_va;

		if (s->flags & IS_FILE)
			map_file(s);
		for (size_t i = 0; i < N_ADVICE; i++)
			if (s->flags >> i & 1)
				hcc_sys(SYS_madvise, s->start_va, bytes, advice[i].advice);
		if (s->flags & IS_HUGE)
			hcc_sys(SYS_madvise, s->start_va, bytes, 14); /* MADV_HUGEPAGE */
	}
}

void hcc_memory_lock(void)
{
	const struct state *s;
	uint64_t at = 0;
	long result = 0;

	while ((s = next_state(&at)) != NULL) {
		uint64_t bytes = s->end_va - s->start_va;

		if (s->flags & IS_LOCKED_ON_FAULT)
			result = hcc_sys(SYS_mlock2, s->start_va, bytes, MLOCK_ONFAULT);
		else if (s->flags & IS_LOCKED)
			result = hcc_sys(SYS_mlock, s->start_va, bytes);
		if (result && result != -SYS_ENOSYS)
			hcc_restore_stop_errno("cannot lock its memory", "", result);
	}
}
