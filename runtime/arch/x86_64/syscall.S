/* long hcc_sys_cp(const volatile void *cancel, long n, long a, long b, long c, long d, long e,
 *	long f)
 * A handler that finds the program counter in [__cp_begin, __cp_end) may set it to __cp_cancel.
 * It may be set to __cp_cancel from anywhere when the thread is to end (then the stack pointer can
 * be of any alignment, and __cancel does not return). */
	.text
	.globl hcc_sys_cp, __cp_begin, __cp_end, __cp_cancel
	.type hcc_sys_cp, @function
hcc_sys_cp:
__cp_begin:
	cmpl $0, (%rdi)
	jne __cp_cancel
	mov %rsi, %rax
	mov %rdx, %rdi
	mov %rcx, %rsi
	mov %r8, %rdx
	mov %r9, %r10
	mov 8(%rsp), %r8
	mov 16(%rsp), %r9
	syscall
__cp_end:
	ret
__cp_cancel:
	push %rbp
	mov %rsp, %rbp
	and $-16, %rsp
	call __cancel
	mov %rbp, %rsp
	pop %rbp
	ret
	.size hcc_sys_cp, . - hcc_sys_cp
	.section .note.GNU-stack, "", @progbits
