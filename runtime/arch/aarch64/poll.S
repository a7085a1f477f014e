/* Calls that hand the caller's callee-saved registers (struct hcc_regs) to C; the return address is a
 * recorded site. */
#include "garbage.h"
#include "save.h"

	.text

/* Return at once while switches.c says so. */
	.macro skip_poll
	adrp x9, hcc_poll_skip
	ldr x10, [x9, :lo12:hcc_poll_skip]
	subs x10, x10, #1
	b.mi 1f
	str x10, [x9, :lo12:hcc_poll_skip]
	ret
1:
	.endm

	.macro with_registers name, function, after=no, before=no
	.globl \name
	.type \name, %function
	.balign 16
\name:
	.ifc \before, skip
	skip_poll
	.endif
	sub sp, sp, #192
	save_registers 192
	mov x0, sp
	bl \function
	ldr x30, [sp]
	add sp, sp, #192
	.ifc \after, garbage
	garbage_caller_saved
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

	.section .note.GNU-stack,"",%progbits
