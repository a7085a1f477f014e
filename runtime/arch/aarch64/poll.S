/* Calls that hand the caller's callee-saved registers (struct hcc_regs) to C; the return address is a
 * recorded site. */
#include "garbage.h"
#include "save.h"

	.section .text.hcc-moves,"ax",%progbits

	.macro with_registers name, function, after=no
	.globl \name
	.type \name, %function
	.balign 16
\name:
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

/* preserve_allcc void __hcc_poll(void): the slow side of a poll. Preserves x9 to x15 and v8 to v31 too, and
 * records name them (hcc_poll_saved_dwarf). Returns at once while switches.c says so. */
	.globl __hcc_poll
	.type __hcc_poll, %function
	.balign 16
__hcc_poll:
	adrp x16, hcc_poll_skip
	ldr x17, [x16, :lo12:hcc_poll_skip]
	subs x17, x17, #1
	b.mi 1f
	str x17, [x16, :lo12:hcc_poll_skip]
	ret
1:	sub sp, sp, #752
	stp x9, x10, [sp, #176]
	save_registers 752
	add x9, sp, #176
	str x9, [sp, #168]
	stp x11, x12, [sp, #192]
	stp x13, x14, [sp, #208]
	str x15, [sp, #224]
	stp d16, d17, [sp, #232]
	stp d18, d19, [sp, #248]
	stp d20, d21, [sp, #264]
	stp d22, d23, [sp, #280]
	stp d24, d25, [sp, #296]
	stp d26, d27, [sp, #312]
	stp d28, d29, [sp, #328]
	stp d30, d31, [sp, #344]
	stp q8, q9, [sp, #368]
	stp q10, q11, [sp, #400]
	stp q12, q13, [sp, #432]
	stp q14, q15, [sp, #464]
	stp q16, q17, [sp, #496]
	stp q18, q19, [sp, #528]
	stp q20, q21, [sp, #560]
	stp q22, q23, [sp, #592]
	stp q24, q25, [sp, #624]
	stp q26, q27, [sp, #656]
	stp q28, q29, [sp, #688]
	stp q30, q31, [sp, #720]
	mov x0, sp
	bl hcc_poll_slow
	ldp q8, q9, [sp, #368]
	ldp q10, q11, [sp, #400]
	ldp q12, q13, [sp, #432]
	ldp q14, q15, [sp, #464]
	ldp q16, q17, [sp, #496]
	ldp q18, q19, [sp, #528]
	ldp q20, q21, [sp, #560]
	ldp q22, q23, [sp, #592]
	ldp q24, q25, [sp, #624]
	ldp q26, q27, [sp, #656]
	ldp q28, q29, [sp, #688]
	ldp q30, q31, [sp, #720]
	ldr x30, [sp]
	ldp x9, x10, [sp, #176]
	ldp x11, x12, [sp, #192]
	ldp x13, x14, [sp, #208]
	ldr x15, [sp, #224]
	add sp, sp, #752
	ret
	.size __hcc_poll, . - __hcc_poll

/* long hcc_resume_done(struct hcc_frame *): instead of the poll at which the thread was captured, or of
 * the system call, whose result it gives. */
	with_registers hcc_resume_done, hcc_resume_done_slow, garbage

/* long hcc_moved(struct hcc_frame *): the same after a move in place. */
	with_registers hcc_moved, hcc_moved_slow, garbage

	.section .note.GNU-stack,"",%progbits
