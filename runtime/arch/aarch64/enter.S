/* Entering resume functions: on a new native stack, and as if the caller of a function had called it
 * again (a longjmp to a frame that has moved; a move of the inner frames alone). Every register that
 * a rebuilt frame must not rest on is garbage. */
#include "garbage.h"

	.section .text.hcc-moves,"ax",%progbits

/* _Noreturn void hcc_on_stack(void *arg, void (*function)(void *arg, uint64_t old_sp_va),
 *	uint64_t stack_end_va) */
	.globl hcc_on_stack
	.type hcc_on_stack, %function
	.balign 16
hcc_on_stack:
	mov x9, x1
	mov x1, sp
	and x2, x2, #-16
	mov sp, x2
	mov x29, #0
	blr x9
	brk #1
	.size hcc_on_stack, . - hcc_on_stack

/* _Noreturn void hcc_enter(struct hcc_frame *frame, uint64_t stack_end_va)
 * The outermost frame of a program never returns, that of a thread may; its return address ends every
 * walk. */
	.globl hcc_enter
	.type hcc_enter, %function
	.balign 16
hcc_enter:
	and x1, x1, #-16
	mov sp, x1
	ldr x16, [x0, #8]
	garbage_caller_saved
	garbage_callee_saved
	mov x18, x0
	mov x0, x1
	blr x16
	.globl hcc_enter_return
hcc_enter_return:
	bl hcc_thread_returned
	brk #1
	.size hcc_enter, . - hcc_enter

/* _Noreturn void hcc_reenter(const struct hcc_regs *caller, struct hcc_frame *frame) */
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
	ldr x16, [x0, #8]
	garbage_caller_saved
	mov x18, x0
	mov x0, x1
	br x16
	.size hcc_reenter, . - hcc_reenter

/* int hcc_give_result(struct hcc_frame * as resume functions take it): for jump.c. */
	.globl hcc_give_result
	.type hcc_give_result, %function
	.balign 16
hcc_give_result:
	mov x0, x18
	b hcc_jump_result
	.size hcc_give_result, . - hcc_give_result

	.section .note.GNU-stack,"",%progbits
