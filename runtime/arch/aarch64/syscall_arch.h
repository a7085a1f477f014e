/* Where aarch64's kernel ABI differs from the neutral one: the values of four open flags. */
#ifndef HCC_SYSCALL_ARCH_H
#define HCC_SYSCALL_ARCH_H

#include "process.h"

/* Of syscall.c: one native system call, of a point when that is not NULL. */
static inline long kernel(const struct hcc_point *point, long n, long a, long b, long c, long d,
	long e, long f);

#define ARCH_IS_SPECIAL(n) \
	((n) == NEUTRAL_openat || (n) == NEUTRAL_openat2 || (n) == NEUTRAL_fcntl || \
	 (n) == NEUTRAL_pipe2 || (n) == NEUTRAL_open_by_handle_at || (n) == NEUTRAL_fanotify_init)

/* O_DIRECT, O_LARGEFILE, O_DIRECTORY and O_NOFOLLOW are bits 14, 15, 16, 17 in asm-generic, and
 * 16, 17, 14, 15 here: the same exchange in both directions. */
static inline long arch_open_flags(long flags)
{
	return (flags & ~0x3c000L) | (flags & 0xc000L) << 2 | (flags & 0x30000L) >> 2;
}

_Static_assert(SYS_O_DIRECTORY << 2 == 0200000 && SYS_O_DIRECT >> 2 == 040000, "open flags");

static inline long arch_syscall(const struct hcc_point *point, long n, long a, long b, long c,
	long d, long e, long f)
{
	uint64_t how[3];
	long result;

	switch (n) {
	case NEUTRAL_openat:
		c = arch_open_flags(c);
		break;
	case NEUTRAL_openat2:
		if (d != sizeof(how))
			return d < (long)sizeof(how) ? -SYS_EINVAL : -SYS_E2BIG;
		how[0] = (uint64_t)arch_open_flags((long)((const uint64_t *)c)[0]);
		how[1] = ((const uint64_t *)c)[1];
		how[2] = ((const uint64_t *)c)[2];
		c = (long)how;
		break;
	case NEUTRAL_fcntl:
		if (b == SYS_F_SETFL)
			c = arch_open_flags(c);
		break;
	case NEUTRAL_pipe2:
	case NEUTRAL_fanotify_init:
		b = arch_open_flags(b);
		break;
	case NEUTRAL_open_by_handle_at:
		c = arch_open_flags(c);
		break;
	}
	result = kernel(point, n, a, b, c, d, e, f);
	if (n == NEUTRAL_fcntl && b == SYS_F_GETFL && result >= 0)
		result = arch_open_flags(result);
	return result;
}

#endif
