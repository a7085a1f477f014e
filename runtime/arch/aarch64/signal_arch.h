/* The kernel's ucontext of aarch64 (arch/arm64/include/uapi/asm/sigcontext.h, ucontext.h). */
#ifndef HCC_SIGNAL_ARCH_H
#define HCC_SIGNAL_ARCH_H

#include "process.h"

struct arch_ucontext {
	uint64_t uc_flags;
	uint64_t uc_link;
	struct sys_stack uc_stack;
	uint64_t uc_sigmask;
	uint64_t unused[15];
	uint64_t pad;
	uint64_t fault_va;
	uint64_t x[31];
	uint64_t sp, pc, pstate;
};

_Static_assert(offsetof(struct arch_ucontext, fault_va) == 176, "kernel ABI");

#define ARCH_UC_SP(uc) ((uc)->sp)
#define ARCH_UC_PC(uc) ((uc)->pc)
#define ARCH_UC_FAULT_VA(uc) ((uc)->fault_va)

#endif
