/* Garbage for every register that a call does not preserve, and then for those that it does: an
 * address that faults, and flags that were never computed. Not rdi, which holds an argument. MXCSR is
 * the floating-point environment (signal.c), and the x87 registers are never used. */
	.macro garbage_caller_saved
	mov $0xa5a5a5a5a5a5a5a5, %rax
	movq %rax, %xmm0
	punpcklqdq %xmm0, %xmm0
	.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqa %xmm0, %xmm\n
	.endr
	.irp r, rcx, rdx, rsi, r8, r9, r10, r11
	mov %rax, %\r
	.endr
	cmp $1, %eax /* CF 0, ZF 0, SF 1 */
	.endm

	.macro garbage_callee_saved
	.irp r, rbx, rbp, r12, r13, r14, r15
	mov %rax, %\r
	.endr
	.endm
