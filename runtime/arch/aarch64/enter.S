/* Entering resume functions: on a new native stack after a restore, and as if the caller of a
 * function had called it again (a longjmp to a frame of another machine). */
	.text

/* _Noreturn void hcc_enter(struct hcc_frame *frame, uint64_t resume_va, uint64_t stack_end_va)
 * The outermost frame of a program never returns; its return address ends every walk. */
	.globl hcc_enter
	.type hcc_enter, %function
	.balign 16
hcc_enter:
	and x2, x2, #-16
	mov sp, x2
	mov x29, #0
	blr x1
	.globl hcc_enter_return
hcc_enter_return:
	brk #1
	.size hcc_enter, . - hcc_enter

/* _Noreturn void hcc_reenter(const struct hcc_regs *caller, struct hcc_frame *frame,
 *	uint64_t resume_va) */
	.globl hcc_reenter
	.type hcc_reenter, %function
	.balign 16
hcc_reenter:
	ldp x30, x9, [x0]
	ldp x19, x20, [x0, #16]
	ldp x21, x22, [x0, #32]
	ldp x23, x24, [x0, #48]
	ldp x25, x26, [x0, #64]
	ldp x27, x28, [x0, #80]
	ldr x29, [x0, #96]
	ldp d8, d9, [x0, #104]
	ldp d10, d11, [x0, #120]
	ldp d12, d13, [x0, #136]
	ldp d14, d15, [x0, #152]
	mov sp, x9
	mov x0, x1
	br x2
	.size hcc_reenter, . - hcc_reenter

	.section .note.GNU-stack,"",%progbits
