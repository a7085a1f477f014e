/* The kernel as the runtime's native code sees it: raw system calls with the running ISA's own
 * numbers, structures and flags, without libc. Results are -errno on failure. Everything here is
 * async-signal-safe and touches neither errno nor any thread-local. */
#ifndef HCC_SYS_H
#define HCC_SYS_H

#include <stddef.h>
#include <stdint.h>

#include "sys_arch.h"

/* SYS_name: number on the running ISA; NEUTRAL_name: asm-generic number, as neutral code has it. */
enum {
#define HCC_SYSCALL(name, generic, x86_64) \
	SYS_##name = HCC_SYSCALL_NATIVE(generic, x86_64), \
	NEUTRAL_##name = generic,
#include "syscalls.def"
#undef HCC_SYSCALL
};

#define HCC_SYS_ARGS_(n, a, b, c, d, e, f, ...) \
	hcc_sys6((n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* hcc_sys(SYS_name, up to six arguments of any integer or pointer type) */
#define hcc_sys(...) HCC_SYS_ARGS_(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

static inline int hcc_sys_failed(long result)
{
	return (unsigned long)result > -4096UL;
}

enum {
	SYS_EPERM = 1, SYS_ENOENT = 2, SYS_ESRCH = 3, SYS_EINTR = 4, SYS_EIO = 5, SYS_E2BIG = 7, SYS_EBADF = 9,
	SYS_EAGAIN = 11, SYS_ENOMEM = 12, SYS_EACCES = 13, SYS_EFAULT = 14, SYS_EEXIST = 17,
	SYS_EINVAL = 22, SYS_EMFILE = 24, SYS_EFBIG = 27, SYS_EDEADLK = 35, SYS_ENOSYS = 38, SYS_EOPNOTSUPP = 95,
	SYS_EISCONN = 106,

	SYS_AT_FDCWD = -100, SYS_AT_EMPTY_PATH = 0x1000, SYS_AT_SYMLINK_NOFOLLOW = 0x100,

	SYS_O_RDONLY = 0, SYS_O_WRONLY = 1, SYS_O_RDWR = 2, SYS_O_ACCMODE = 3, SYS_O_CREAT = 0100,
	SYS_O_EXCL = 0200, SYS_O_NOCTTY = 0400, SYS_O_TRUNC = 01000, SYS_O_APPEND = 02000,
	SYS_O_NONBLOCK = 04000, SYS_O_CLOEXEC = 02000000, SYS_O_PATH = 010000000,

	SYS_SEEK_SET = 0, SYS_SEEK_CUR = 1, SYS_SEEK_END = 2,
	SYS_F_DUPFD = 0, SYS_F_GETFD = 1, SYS_F_SETFD = 2, SYS_F_GETFL = 3, SYS_F_SETFL = 4,
	SYS_F_DUPFD_CLOEXEC = 1030, SYS_FD_CLOEXEC = 1,
	SYS_S_IFMT = 0170000, SYS_S_IFREG = 0100000, SYS_S_IFDIR = 0040000, SYS_S_IFCHR = 0020000,
	SYS_S_IFBLK = 0060000, SYS_S_IFIFO = 0010000, SYS_S_IFSOCK = 0140000, SYS_S_IFLNK = 0120000,

	SYS_PROT_NONE = 0, SYS_PROT_READ = 1, SYS_PROT_WRITE = 2, SYS_PROT_EXEC = 4,
	SYS_MAP_SHARED = 1, SYS_MAP_PRIVATE = 2, SYS_MAP_FIXED = 0x10, SYS_MAP_ANONYMOUS = 0x20,
	SYS_MAP_GROWSDOWN = 0x100, SYS_MAP_NORESERVE = 0x4000, SYS_MAP_STACK = 0x20000,
	SYS_MAP_FIXED_NOREPLACE = 0x100000,
	SYS_MREMAP_MAYMOVE = 1, SYS_MREMAP_FIXED = 2, SYS_MREMAP_DONTUNMAP = 4,
	SYS_MADV_DONTNEED = 4, SYS_MADV_NOHUGEPAGE = 15,
	SYS_MADV_POPULATE_WRITE = 23,

	SYS_SIGABRT = 6, SYS_SIGKILL = 9, SYS_SIGSEGV = 11, SYS_SIGCHLD = 17, SYS_SIGXFSZ = 25, SYS_SIGSTOP = 19,
	SYS_SIG_BLOCK = 0, SYS_SIG_UNBLOCK = 1, SYS_SIG_SETMASK = 2,
	SYS_SA_SIGINFO = 4, SYS_SA_RESTORER = 0x04000000, SYS_SA_ONSTACK = 0x08000000,
	SYS_SA_RESTART = 0x10000000, SYS_SA_NODEFER = 0x40000000,
	SYS_SI_QUEUE = -1, SYS_SI_TKILL = -6,

	SYS_CLOCK_REALTIME = 0, SYS_CLOCK_MONOTONIC = 1, SYS_CLOCK_PROCESS_CPUTIME = 2,
	SYS_CLOCK_THREAD_CPUTIME = 3, SYS_CLOCK_MONOTONIC_RAW = 4,
	SYS_CLOCK_MONOTONIC_COARSE = 6, SYS_CLOCK_BOOTTIME = 7, SYS_CLOCK_BOOTTIME_ALARM = 9,

	SYS_PAGE_BYTES = 4096, /* the smallest page; placement in the arena is by this unit */
};

/* Of ELF-64. */
struct sys_elf_header {
	unsigned char ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum;
};

struct sys_program_header {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

enum { SYS_PT_LOAD = 1 };

#define SYS_SIG_DFL ((uint64_t)0)
#define SYS_SIG_IGN ((uint64_t)1)

/* The signal that asks for a migration (musl's SIGSYNCCALL), as the program numbers it. */
#define HCC_SIGNAL_MIGRATE 34

struct sys_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

struct sys_iovec {
	void *base;
	size_t bytes;
};

/* What is left of n parts once so many bytes of them are done. */
static inline struct sys_iovec *sys_iov_advance(struct sys_iovec *iov, int *n, uint64_t bytes)
{
	for (; *n && bytes >= iov->bytes; --*n)
		bytes -= iov++->bytes;
	if (*n) {
		iov->base = (char *)iov->base + bytes;
		iov->bytes -= bytes;
	}
	return iov;
}

/* stack_t; the same on every ISA. */
struct sys_stack {
	uint64_t sp;
	int32_t flags;
	int32_t pad;
	uint64_t bytes;
};

/* siginfo_t: 128 bytes, the same on every 64-bit ISA that we have. */
struct sys_siginfo {
	int32_t si_signo;
	int32_t si_errno;
	int32_t si_code;
	int32_t pad;
	union {
		struct {
			int32_t si_pid;
			uint32_t si_uid;
			uint64_t si_value;
		};
		uint64_t si_addr;
		uint64_t fields[14];
	};
};

_Static_assert(sizeof(struct sys_siginfo) == 128, "kernel ABI");

/* One record of getdents64; name is NUL-terminated, the next record follows at record_bytes. */
struct sys_dirent {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
};

static inline long sys_openat(int dir_fd, const char *path, int flags, unsigned mode)
{
	return hcc_sys(SYS_openat, dir_fd, path, flags, mode);
}

static inline long sys_close(int fd)
{
	return hcc_sys(SYS_close, fd);
}

static inline long sys_read(int fd, void *buffer, size_t bytes)
{
	return hcc_sys(SYS_read, fd, buffer, bytes);
}

static inline long sys_write(int fd, const void *buffer, size_t bytes)
{
	return hcc_sys(SYS_write, fd, buffer, bytes);
}

static inline long sys_fstat(int fd, struct sys_stat *out)
{
	return hcc_sys(SYS_fstat, fd, out);
}

/* Returns the address, or -errno: test with hcc_sys_failed. */
static inline long sys_mmap(uint64_t va, size_t bytes, int prot, int flags, int fd, int64_t off)
{
	return hcc_sys(SYS_mmap, va, bytes, prot, flags, fd, off);
}

static inline long sys_munmap(uint64_t va, size_t bytes)
{
	return hcc_sys(SYS_munmap, va, bytes);
}

/* Set this thread's mask; old may be NULL. */
static inline long sys_sigprocmask(int how, const uint64_t *set, uint64_t *old)
{
	return hcc_sys(SYS_rt_sigprocmask, how, set, old, sizeof(*set));
}

/* Take back a signal that this thread has raised while it was blocked. */
static inline void sys_drop_signal(int signal)
{
	const uint64_t set = (uint64_t)1 << (signal - 1);
	const struct sys_timespec now = {0, 0};

	hcc_sys(SYS_rt_sigtimedwait, &set, NULL, &now, sizeof set);
}

static inline _Noreturn void sys_exit_group(int status)
{
	for (;;)
		hcc_sys(SYS_exit_group, status);
}

#endif
