/* __hcc_poll: the slow side of a poll. Its return address is the recorded site; what it saves are
 * the caller's callee-saved registers (struct hcc_regs). */
	.text
	.globl __hcc_poll
	.type __hcc_poll, @function
	.balign 16
__hcc_poll:
	sub $72, %rsp
	mov 72(%rsp), %rax
	mov %rax, (%rsp)
	lea 80(%rsp), %rax
	mov %rax, 8(%rsp)
	mov %rbx, 16(%rsp)
	mov %rbp, 24(%rsp)
	mov %r12, 32(%rsp)
	mov %r13, 40(%rsp)
	mov %r14, 48(%rsp)
	mov %r15, 56(%rsp)
	mov %rsp, %rdi
	call hcc_poll_slow
	add $72, %rsp
	ret
	.size __hcc_poll, . - __hcc_poll

	.section .note.GNU-stack,"",@progbits
