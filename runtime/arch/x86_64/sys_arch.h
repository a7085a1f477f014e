/* Raw system calls and kernel structures of x86_64. psABI A.2.1: number in rax, arguments in rdi,
 * rsi, rdx, r10, r8, r9; rcx and r11 are clobbered. */
#ifndef HCC_SYS_ARCH_H
#define HCC_SYS_ARCH_H

#include <stdint.h>

#define HCC_ISA HCC_ISA_X86_64
#define HCC_SYSCALL_NATIVE(generic, x86_64) (x86_64)

enum {
	SYS_arch_prctl = 158,
	SYS_ARCH_SET_FS = 0x1002,
};

static inline long hcc_sys6(long n, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall" : "=a"(result)
		: "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
		: "rcx", "r11", "memory");
	return result;
}

/* struct stat of the kernel; musl arch/x86_64/kstat.h. */
struct sys_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint64_t st_nlink;
	uint32_t st_mode;
	uint32_t st_uid;
	uint32_t st_gid;
	uint32_t pad0;
	uint64_t st_rdev;
	int64_t st_size;
	int64_t st_blksize;
	int64_t st_blocks;
	int64_t st_atime_sec, st_atime_nsec;
	int64_t st_mtime_sec, st_mtime_nsec;
	int64_t st_ctime_sec, st_ctime_nsec;
	int64_t reserved[3];
};

_Static_assert(sizeof(struct sys_stat) == 144, "kernel ABI");

/* struct sigaction of the kernel. */
struct sys_sigaction {
	uint64_t handler;
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

/* Values of open's flags; asm-generic's are the same. */
enum {
	SYS_O_DIRECT = 040000,
	SYS_O_LARGEFILE = 0100000,
	SYS_O_DIRECTORY = 0200000,
	SYS_O_NOFOLLOW = 0400000,
};

#endif
