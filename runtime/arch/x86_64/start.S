/* Process entry. psABI 3.4.1: rsp points at the argument block, rdx is for dynamic linking. */
	.text
	.globl _start
	.type _start, @function
_start:
	xor %ebp, %ebp
	mov %rsp, %rdi
	and $-16, %rsp
	call hcc_start
	mov $main, %edi
	movslq (%rax), %rsi
	lea 8(%rax), %rdx
	xor %ecx, %ecx
	xor %r8d, %r8d
	xor %r9d, %r9d
	call __libc_start_main
	.globl hcc_start_return
hcc_start_return:
	ud2
	.size _start, . - _start
	.section .note.GNU-stack, "", @progbits
