/* Entering resume functions: on a new native stack, and as if the caller of a function had called it
 * again (a longjmp to a frame that has moved; a move of the inner frames alone). Every register that
 * a rebuilt frame must not rest on is garbage. */
#include "garbage.h"

	.section .text.hcc-moves,"ax",@progbits

/* _Noreturn void hcc_on_stack(void *arg, void (*function)(void *arg, uint64_t old_sp_va),
 *	uint64_t stack_end_va) */
	.globl hcc_on_stack
	.type hcc_on_stack, @function
	.balign 16
hcc_on_stack:
	mov %rsi, %rax
	mov %rsp, %rsi
	mov %rdx, %rsp
	and $-16, %rsp
	xor %ebp, %ebp
	call *%rax
	ud2
	.size hcc_on_stack, . - hcc_on_stack

/* _Noreturn void hcc_enter(struct hcc_frame *frame, uint64_t stack_end_va)
 * The outermost frame of a program never returns, that of a thread may; its return address ends every
 * walk. */
	.globl hcc_enter
	.type hcc_enter, @function
	.balign 16
hcc_enter:
	mov %rsi, %rsp
	and $-16, %rsp
	garbage_caller_saved
	garbage_callee_saved
	mov %rdi, %r10
	mov %rax, %rdi
	call *8(%r10)
	.globl hcc_enter_return
hcc_enter_return:
	mov %eax, %edi
	call hcc_thread_returned
	ud2
	.size hcc_enter, . - hcc_enter

/* _Noreturn void hcc_reenter(const struct hcc_regs *caller, struct hcc_frame *frame)
 * The return address goes back to where the call that made the frame had put it. */
	.globl hcc_reenter
	.type hcc_reenter, @function
	.balign 16
hcc_reenter:
	mov (%rdi), %rax
	mov 8(%rdi), %rcx
	mov 16(%rdi), %rbx
	mov 24(%rdi), %rbp
	mov 32(%rdi), %r12
	mov 40(%rdi), %r13
	mov 48(%rdi), %r14
	mov 56(%rdi), %r15
	lea -8(%rcx), %rsp
	mov %rax, (%rsp)
	mov %rsi, %rdi
	garbage_caller_saved
	mov %rdi, %r10
	mov %rax, %rdi
	jmp *8(%r10)
	.size hcc_reenter, . - hcc_reenter

/* int hcc_give_result(struct hcc_frame * as resume functions take it): for jump.c. */
	.globl hcc_give_result
	.type hcc_give_result, @function
	.balign 16
hcc_give_result:
	mov %r10, %rdi
	jmp hcc_jump_result
	.size hcc_give_result, . - hcc_give_result

	.section .note.GNU-stack,"",@progbits
