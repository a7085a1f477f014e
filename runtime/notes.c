/* What the program has told the kernel and the kernel does not tell again: which sockets are a pair,
 * backlogs, paths that are watched. Noted as the system calls are made (syscall.c), without locks:
 * each note is written whole before it can be found. When there are too many the oldest are
 * forgotten, and then a capture is refused or, for a backlog, the largest is taken.
 *
 * Inodes of sockets are not used twice within any reasonable time. */
#include "descriptors.h"

#define N_NOTES 4096u
#define IS_BACKLOG (1ull << 63)
#define WATCH_BYTES (256u << 10)

static HCC_KEPT_LARGE struct note {
	uint64_t ino;
	uint64_t value; /* the peer's inode; or IS_BACKLOG | backlog */
} notes[N_NOTES];
static HCC_KEPT uint32_t n_notes;

/* Paths end to end. */
static HCC_KEPT_LARGE char watches[WATCH_BYTES];
static HCC_KEPT uint32_t watch_bytes;

static void note(uint64_t ino, uint64_t value)
{
	struct note *n = &notes[__atomic_fetch_add(&n_notes, 1, __ATOMIC_RELAXED) % N_NOTES];

	__atomic_store_n(&n->ino, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&n->value, value, __ATOMIC_RELEASE);
	__atomic_store_n(&n->ino, ino, __ATOMIC_RELEASE);
}

/* The latest. */
static const struct note *find(uint64_t ino)
{
	uint32_t last = __atomic_load_n(&n_notes, __ATOMIC_RELAXED);

	for (uint32_t i = 1; i <= N_NOTES && i <= last; i++)
		if (notes[(last - i) % N_NOTES].ino == ino)
			return &notes[(last - i) % N_NOTES];
	return NULL;
}

void hcc_note_pair(uint64_t ino, uint64_t peer_ino)
{
	note(ino, peer_ino);
	note(peer_ino, ino);
}

uint64_t hcc_noted_peer(uint64_t ino)
{
	const struct note *n = find(ino);

	return n && !(n->value & IS_BACKLOG) ? n->value : 0;
}

void hcc_note_backlog(uint64_t ino, uint64_t backlog)
{
	note(ino, IS_BACKLOG | backlog);
}

int hcc_noted_backlog(uint64_t ino, uint32_t *backlog)
{
	const struct note *n = find(ino);

	*backlog = n ? (uint32_t)n->value : 0;
	return n && n->value & IS_BACKLOG;
}

static int is_noted(const char *path)
{
	const char *s;
	uint32_t at = 0;

	while ((s = hcc_next_watch(&at)) != NULL) {
		size_t i = 0;

		while (s[i] && s[i] == path[i])
			i++;
		if (s[i] == path[i])
			return 1;
	}
	return 0;
}

void hcc_note_watch(const char *path)
{
	uint32_t bytes = (uint32_t)hcc_string_bytes(path) + 1, at;

	if (is_noted(path))
		return;
	at = __atomic_load_n(&watch_bytes, __ATOMIC_RELAXED);
	do {
		if (bytes > WATCH_BYTES - at)
			return;
	} while (!__atomic_compare_exchange_n(&watch_bytes, &at, at + bytes, 0, __ATOMIC_ACQ_REL,
		__ATOMIC_RELAXED));
	hcc_copy(watches + at, path, bytes);
}

const char *hcc_next_watch(uint32_t *at)
{
	const char *s = watches + *at;

	if (*at >= __atomic_load_n(&watch_bytes, __ATOMIC_ACQUIRE))
		return NULL;
	*at += (uint32_t)hcc_string_bytes(s) + 1;
	return s;
}

static uint64_t inode(long fd)
{
	struct sys_stat st;

	return sys_fstat((int)fd, &st) ? 0 : st.st_ino;
}

long hcc_noted_socketpair(long family, long type, long protocol, const int *fds)
{
	long result = hcc_sys(SYS_socketpair, family, type, protocol, fds);

	if (!result)
		hcc_note_pair(inode(fds[0]), inode(fds[1]));
	return result;
}

long hcc_noted_listen(long fd, long backlog)
{
	long result = hcc_sys(SYS_listen, fd, backlog);

	if (!result)
		hcc_note_backlog(inode(fd), (uint32_t)backlog);
	return result;
}

long hcc_noted_inotify_add_watch(long fd, const char *path, long mask)
{
	long result = hcc_sys(SYS_inotify_add_watch, fd, path, mask);
	char whole[4096];
	struct hcc_text t;

	if (result < 0)
		return result;
	hcc_text_start(&t, whole, sizeof whole);
	if (*path != '/') {
		long n = hcc_sys(SYS_getcwd, whole, sizeof whole);

		if (n <= 0)
			return result;
		t.at = whole + n - 1;
		hcc_text_add(&t, "/");
	}
	hcc_text_add(&t, path);
	hcc_note_watch(whole);
	return result;
}
