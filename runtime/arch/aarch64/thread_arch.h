/* Thread pointers of aarch64. TLS variant I: the segment lies above TPIDR_EL0, past two words,
 * aligned: 64 bytes above it with our alignment. */
#ifndef HCC_THREAD_ARCH_H
#define HCC_THREAD_ARCH_H

#include "process.h"

static inline uint64_t arch_block_of_running_thread(void)
{
	uint64_t tp;

	__asm__ volatile("mrs %0, tpidr_el0" : "=r"(tp));
	return tp + HCC_TLS_ALIGN_BYTES;
}

/* The register's value for a block; writes what the ISA keeps in the block itself. */
static inline uint64_t arch_prepare_block(uint64_t block_va)
{
	return block_va - HCC_TLS_ALIGN_BYTES;
}

static inline void arch_set_register(uint64_t value)
{
	__asm__ volatile("msr tpidr_el0, %0" : : "r"(value) : "memory");
}

/* clone's arguments after flags and stack: parent's tid, thread pointer, child's tid. */
static inline long arch_clone_fork(long flags, long parent_tid, long child_tid)
{
	return hcc_sys(SYS_clone, flags, 0, parent_tid, 0, child_tid);
}

#endif
