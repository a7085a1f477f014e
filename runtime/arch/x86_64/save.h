/* Fill in the struct hcc_regs (regs.h) at the stack pointer: the state of the caller of a function that has
 * taken frame_bytes of stack. */
	.macro save_registers frame_bytes
	mov \frame_bytes(%rsp), %rax
	mov %rax, (%rsp)
	lea \frame_bytes+8(%rsp), %rax
	mov %rax, 8(%rsp)
	mov %rbx, 16(%rsp)
	mov %rbp, 24(%rsp)
	mov %r12, 32(%rsp)
	mov %r13, 40(%rsp)
	mov %r14, 48(%rsp)
	mov %r15, 56(%rsp)
	movq $0, 64(%rsp)
	.endm
