/* An ISA whose kernel is the fuzz target (tests/fuzz/targets/restore.c): the runtime's generic files,
 * compiled with this instead of arch/<isa>, do nothing to the process that they run in. */
#ifndef HCC_SYS_ARCH_H
#define HCC_SYS_ARCH_H

#include <stdint.h>

#define HCC_ISA HCC_ISA_X86_64
#define HCC_SYSCALL_NATIVE(generic, x86_64) (generic)

long fuzz_kernel(long n, long a, long b, long c, long d, long e, long f);
/* Memory of the arena is only noted: what has been read to there is in the file. */
const void *fuzz_placed(const void *va, uint64_t bytes);
#define HCC_PLACED(va, bytes) fuzz_placed((va), (bytes))

static inline long hcc_sys6(long n, long a, long b, long c, long d, long e, long f)
{
	return fuzz_kernel(n, a, b, c, d, e, f);
}

struct sys_stat {
	uint64_t st_dev, st_ino, st_nlink;
	uint32_t st_mode, st_uid, st_gid, pad0;
	uint64_t st_rdev;
	int64_t st_size, st_blksize, st_blocks;
};

struct sys_sigaction {
	uint64_t handler, flags, restorer, mask;
};

enum {
	SYS_O_DIRECT = 040000,
	SYS_O_LARGEFILE = 0100000,
	SYS_O_DIRECTORY = 0200000,
	SYS_O_NOFOLLOW = 0400000,
};

#endif
