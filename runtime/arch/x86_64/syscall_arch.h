/* Where x86_64's kernel ABI differs from the neutral one: struct stat, packed epoll_event,
 * semid_ds. */
#ifndef HCC_SYSCALL_ARCH_H
#define HCC_SYSCALL_ARCH_H

#include "process.h"

/* Of syscall.c: one native system call, of a point when that is not NULL. */
static inline long kernel(const struct hcc_point *point, long n, long a, long b, long c, long d,
	long e, long f);

#define ARCH_IS_SPECIAL(n) \
	((n) == NEUTRAL_fstat || (n) == NEUTRAL_newfstatat || (n) == NEUTRAL_epoll_ctl || \
	 (n) == NEUTRAL_epoll_pwait || (n) == NEUTRAL_epoll_pwait2 || (n) == NEUTRAL_semctl)

/* struct stat of asm-generic. */
struct neutral_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint32_t st_mode;
	uint32_t st_nlink;
	uint32_t st_uid;
	uint32_t st_gid;
	uint64_t st_rdev;
	uint64_t pad0;
	int64_t st_size;
	int32_t st_blksize;
	int32_t pad1;
	int64_t st_blocks;
	int64_t times[6];
	uint32_t reserved[2];
};

_Static_assert(sizeof(struct neutral_stat) == 128, "asm-generic stat");

struct native_epoll_event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));

struct neutral_epoll_event {
	uint32_t events;
	uint32_t pad;
	uint64_t data;
};

static inline void arch_put_stat(struct neutral_stat *to, const struct sys_stat *from)
{
	*to = (struct neutral_stat){
		.st_dev = from->st_dev,
		.st_ino = from->st_ino,
		.st_mode = from->st_mode,
		.st_nlink = (uint32_t)from->st_nlink,
		.st_uid = from->st_uid,
		.st_gid = from->st_gid,
		.st_rdev = from->st_rdev,
		.st_size = from->st_size,
		.st_blksize = (int32_t)from->st_blksize,
		.st_blocks = from->st_blocks,
		.times = {
			from->st_atime_sec, from->st_atime_nsec, from->st_mtime_sec,
			from->st_mtime_nsec, from->st_ctime_sec, from->st_ctime_nsec,
		},
	};
}

/* The kernel wrote n packed events at the start of a buffer with room for n neutral ones. */
static inline void arch_spread_events(void *buffer, long n)
{
	struct native_epoll_event *from = buffer;
	struct neutral_epoll_event *to = buffer;

	while (n-- > 0) {
		const struct native_epoll_event event = from[n];

		__builtin_memset(&to[n], 0, sizeof(to[n]));
		to[n].events = event.events;
		to[n].data = event.data;
	}
}

/* struct semid_ds: the kernel's has a word of padding after each time. */
static inline long arch_semctl(long id, long index, long command, long argument)
{
	enum { IPC_STAT = 2, SEM_STAT = 18, SEM_STAT_ANY = 20, PERM_WORDS = 6 };
	uint64_t native[13];
	uint64_t *neutral = (uint64_t *)argument;
	long result;
	int i;

	if (command != IPC_STAT && command != SEM_STAT && command != SEM_STAT_ANY)
		return hcc_sys(SYS_semctl, id, index, command, argument);
	result = hcc_sys(SYS_semctl, id, index, command, native);
	if (hcc_sys_failed(result))
		return result;
	for (i = 0; i < PERM_WORDS; i++)
		neutral[i] = native[i];
	neutral[PERM_WORDS] = native[PERM_WORDS];
	neutral[PERM_WORDS + 1] = native[PERM_WORDS + 2];
	neutral[PERM_WORDS + 2] = native[PERM_WORDS + 4];
	return result;
}

static inline long arch_syscall(const struct hcc_point *point, long n, long a, long b, long c,
	long d, long e, long f)
{
	struct native_epoll_event event;
	struct sys_stat status;
	long result;

	switch (n) {
	case NEUTRAL_fstat:
		result = hcc_sys(SYS_fstat, a, &status);
		if (result == 0)
			arch_put_stat((struct neutral_stat *)b, &status);
		return result;
	case NEUTRAL_newfstatat:
		result = hcc_sys(SYS_newfstatat, a, b, &status, d);
		if (result == 0)
			arch_put_stat((struct neutral_stat *)c, &status);
		return result;
	case NEUTRAL_epoll_ctl:
		if (d == 0)
			return hcc_sys(SYS_epoll_ctl, a, b, c, 0);
		event.events = ((const struct neutral_epoll_event *)d)->events;
		event.data = ((const struct neutral_epoll_event *)d)->data;
		return hcc_sys(SYS_epoll_ctl, a, b, c, &event);
	case NEUTRAL_epoll_pwait:
	case NEUTRAL_epoll_pwait2:
		n = n == NEUTRAL_epoll_pwait ? SYS_epoll_pwait : SYS_epoll_pwait2;
		result = kernel(point, n, a, b, c, d, e, f);
		arch_spread_events((void *)b, result);
		return result;
	case NEUTRAL_semctl:
		return arch_semctl(a, b, c, d);
	}
	return -SYS_ENOSYS;
}

#endif
