/* Thread pointers of x86_64. psABI TLS variant II: the segment lies below %fs, and the word at
 * %fs:0 holds %fs's base. */
#ifndef HCC_THREAD_ARCH_H
#define HCC_THREAD_ARCH_H

#include "process.h"

static inline uint64_t arch_block_of_running_thread(void)
{
	uint64_t fs;

	__asm__ volatile("mov %%fs:0, %0" : "=r"(fs));
	return fs - HCC_ALIGN_UP(hcc_tls_layout.bytes, HCC_TLS_ALIGN_BYTES);
}

/* The register's value for a block; writes what the ISA keeps in the block itself. */
static inline uint64_t arch_prepare_block(uint64_t block_va)
{
	uint64_t fs = block_va + HCC_ALIGN_UP(hcc_tls_layout.bytes, HCC_TLS_ALIGN_BYTES);

	*(uint64_t *)fs = fs;
	return fs;
}

static inline void arch_set_register(uint64_t value)
{
	hcc_sys(SYS_arch_prctl, SYS_ARCH_SET_FS, value);
}

/* clone's arguments after flags and stack: parent's tid, child's tid, thread pointer. */
static inline long arch_clone_fork(long flags, long parent_tid, long child_tid)
{
	return hcc_sys(SYS_clone, flags, 0, parent_tid, child_tid, 0);
}

#endif
