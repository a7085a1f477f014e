/* Calls that hand the caller's callee-saved registers (struct hcc_regs) to C; the return address is a
 * recorded site. */
#include "garbage.h"
#include "save.h"

	.text

/* Return at once while switches.c says so. */
	.macro skip_poll
	mov hcc_poll_skip(%rip), %rax
	dec %rax
	js 1f
	mov %rax, hcc_poll_skip(%rip)
	ret
1:
	.endm

	.macro with_registers name, function, after=no, before=no
	.globl \name
	.type \name, @function
	.balign 16
\name:
	.ifc \before, skip
	skip_poll
	.endif
	sub $72, %rsp
	save_registers 72
	mov %rsp, %rdi
	call \function
	add $72, %rsp
	.ifc \after, garbage
	mov %rax, %rdi
	garbage_caller_saved
	mov %rdi, %rax
	.endif
	ret
	.size \name, . - \name
	.endm

/* void __hcc_poll(void): the slow side of a poll. */
	with_registers __hcc_poll, hcc_poll_slow, no, skip

/* long hcc_resume_done(struct hcc_frame *): instead of the poll at which the thread was captured, or of
 * the system call, whose result it gives. */
	with_registers hcc_resume_done, hcc_resume_done_slow, garbage

/* long hcc_moved(struct hcc_frame *): the same after a move in place. */
	with_registers hcc_moved, hcc_moved_slow, garbage

	.section .note.GNU-stack,"",@progbits
