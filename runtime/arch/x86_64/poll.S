/* Calls that hand the caller's callee-saved registers (struct hcc_regs) to C; the return address is a
 * recorded site. */
#include "garbage.h"
#include "save.h"

	.section .text.hcc-moves,"ax",@progbits

	.macro with_registers name, function, after=no
	.globl \name
	.type \name, @function
	.balign 16
\name:
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

/* preserve_allcc void __hcc_poll(void): the slow side of a poll. Preserves all registers but r11 and the
 * flags, and records name them (hcc_poll_saved_dwarf). Returns at once while switches.c says so. */
	.globl __hcc_poll
	.type __hcc_poll, @function
	.balign 16
__hcc_poll:
	mov hcc_poll_skip(%rip), %r11
	dec %r11
	js 1f
	mov %r11, hcc_poll_skip(%rip)
	ret
1:	sub $536, %rsp
	mov %rax, 80(%rsp)
	save_registers 536
	lea 80(%rsp), %rax
	mov %rax, 64(%rsp)
	mov %rdx, 88(%rsp)
	mov %rcx, 96(%rsp)
	mov %rsi, 104(%rsp)
	mov %rdi, 112(%rsp)
	mov %r8, 120(%rsp)
	mov %r9, 128(%rsp)
	mov %r10, 136(%rsp)
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movq %xmm\n, 144+8*\n(%rsp)
	movaps %xmm\n, 272+16*\n(%rsp)
	.endr
	mov %rsp, %rdi
	call hcc_poll_slow
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movaps 272+16*\n(%rsp), %xmm\n
	.endr
	mov 80(%rsp), %rax
	mov 88(%rsp), %rdx
	mov 96(%rsp), %rcx
	mov 104(%rsp), %rsi
	mov 112(%rsp), %rdi
	mov 120(%rsp), %r8
	mov 128(%rsp), %r9
	mov 136(%rsp), %r10
	add $536, %rsp
	ret
	.size __hcc_poll, . - __hcc_poll

/* long hcc_resume_done(struct hcc_frame *): instead of the poll at which the thread was captured, or of
 * the system call, whose result it gives. */
	with_registers hcc_resume_done, hcc_resume_done_slow, garbage

/* long hcc_moved(struct hcc_frame *): the same after a move in place. */
	with_registers hcc_moved, hcc_moved_slow, garbage

	.section .note.GNU-stack,"",@progbits
