/* __hcc_poll: the slow side of a poll. Its return address is the recorded site; what it saves are
 * the caller's callee-saved registers (struct hcc_regs). */
	.text
	.globl __hcc_poll
	.type __hcc_poll, %function
	.balign 16
__hcc_poll:
	sub sp, sp, #192
	add x9, sp, #192
	stp x30, x9, [sp]
	stp x19, x20, [sp, #16]
	stp x21, x22, [sp, #32]
	stp x23, x24, [sp, #48]
	stp x25, x26, [sp, #64]
	stp x27, x28, [sp, #80]
	str x29, [sp, #96]
	stp d8, d9, [sp, #104]
	stp d10, d11, [sp, #120]
	stp d12, d13, [sp, #136]
	stp d14, d15, [sp, #152]
	mov x0, sp
	bl hcc_poll_slow
	ldr x30, [sp]
	add sp, sp, #192
	ret
	.size __hcc_poll, . - __hcc_poll

	.section .note.GNU-stack,"",%progbits
