/* Raw system calls and kernel structures of aarch64: number in x8, arguments in x0 to x5. Numbers
 * and structures are asm-generic's; the values of four open flags are not. */
#ifndef HCC_SYS_ARCH_H
#define HCC_SYS_ARCH_H

#include <stdint.h>

#define HCC_ISA HCC_ISA_AARCH64
#define HCC_SYSCALL_NATIVE(generic, x86_64) (generic)

static inline long hcc_sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0" : "+r"(x0)
		: "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
	return x0;
}

/* struct stat of the kernel: asm-generic's. */
struct sys_stat {
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
	int64_t st_atime_sec, st_atime_nsec;
	int64_t st_mtime_sec, st_mtime_nsec;
	int64_t st_ctime_sec, st_ctime_nsec;
	uint32_t reserved[2];
};

_Static_assert(sizeof(struct sys_stat) == 128, "kernel ABI");

/* struct sigaction of the kernel. */
struct sys_sigaction {
	uint64_t handler;
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

/* Values of open's flags; asm-generic's differ. */
enum {
	SYS_O_DIRECTORY = 040000,
	SYS_O_NOFOLLOW = 0100000,
	SYS_O_DIRECT = 0200000,
	SYS_O_LARGEFILE = 0400000,
};

#endif
