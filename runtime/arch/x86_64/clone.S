/* long hcc_arch_clone(long flags, void *stack, int *parent_tid, int *child_tid, uint64_t register)
 * The child begins on stack, at the start record. */
	.text
	.globl hcc_arch_clone
	.type hcc_arch_clone, @function
hcc_arch_clone:
	mov %rcx, %r10
	mov $56, %eax
	syscall
	test %rax, %rax
	jz 1f
	ret
1:	xor %ebp, %ebp
	mov %rsp, %rdi
	call hcc_clone_child
	ud2
	.size hcc_arch_clone, . - hcc_arch_clone

/* int hcc_thread_call(int (*function)(void *), void *argument) */
	.globl hcc_thread_call
	.type hcc_thread_call, @function
hcc_thread_call:
	sub $8, %rsp
	mov %rdi, %rax
	mov %rsi, %rdi
	call *%rax
	.globl hcc_thread_return
hcc_thread_return:
	add $8, %rsp
	ret
	.size hcc_thread_call, . - hcc_thread_call

	.section .note.GNU-stack, "", @progbits
