/* long hcc_arch_clone(long flags, void *stack, int *parent_tid, int *child_tid, uint64_t register)
 * The child begins on stack, at the start record. */
	.text
	.globl hcc_arch_clone
	.type hcc_arch_clone, %function
hcc_arch_clone:
	mov x5, x3
	mov x3, x4
	mov x4, x5
	mov x8, #220
	svc #0
	cbz x0, 1f
	ret
1:	mov x29, #0
	mov x30, #0
	mov x0, sp
	bl hcc_clone_child
	brk #1
	.size hcc_arch_clone, . - hcc_arch_clone

/* int hcc_thread_call(int (*function)(void *), void *argument) */
	.globl hcc_thread_call
	.type hcc_thread_call, %function
hcc_thread_call:
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	mov x2, x0
	mov x0, x1
	blr x2
	.globl hcc_thread_return
hcc_thread_return:
	ldp x29, x30, [sp], #16
	ret
	.size hcc_thread_call, . - hcc_thread_call

	.section .note.GNU-stack, "", %progbits
