/* The kernel's ucontext of x86_64 (arch/x86/include/uapi/asm/sigcontext.h). */
#ifndef HCC_SIGNAL_ARCH_H
#define HCC_SIGNAL_ARCH_H

#include "process.h"

struct arch_ucontext {
	uint64_t uc_flags;
	uint64_t uc_link;
	struct sys_stack uc_stack;
	uint64_t r8_to_r15[8];
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip;
	uint64_t eflags, segments, error, trap_number, old_mask, cr2;
	uint64_t fpstate;
	uint64_t reserved[8];
	uint64_t uc_sigmask;
};

_Static_assert(offsetof(struct arch_ucontext, uc_sigmask) == 296, "kernel ABI");

#define ARCH_UC_SP(uc) ((uc)->rsp)
#define ARCH_UC_PC(uc) ((uc)->rip)
#define ARCH_UC_FAULT_VA(uc) ((uc)->cr2)

#endif
