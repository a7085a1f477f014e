#include "point.h"
#include "save.h"

/* long __syscall_cp_asm(const volatile void *cancel, long n, long a, long b, long c, long d, long e,
 *	long f)
 * long __hcc_syscall_point(long n, long a, long b, long c, long d, long e, long f)
 * Both are recorded sites: make a struct hcc_point and call hcc_point with it. */
	.text
	.globl __syscall_cp_asm
	.type __syscall_cp_asm, @function
	.balign 16
__syscall_cp_asm:
	sub $168, %rsp
	mov %rdi, 72(%rsp)
	mov %rsi, 80(%rsp)
	mov %rdx, 88(%rsp)
	mov %rcx, 96(%rsp)
	mov %r8, 104(%rsp)
	mov %r9, 112(%rsp)
	mov 176(%rsp), %rax
	mov %rax, 120(%rsp)
	mov 184(%rsp), %rax
	mov %rax, 128(%rsp)
1:	save_registers 168
	movq $0, 136(%rsp)
	mov %rsp, %rdi
	call hcc_point
	add $168, %rsp
	ret
	.size __syscall_cp_asm, . - __syscall_cp_asm

	.globl __hcc_syscall_point
	.type __hcc_syscall_point, @function
	.balign 16
__hcc_syscall_point:
	sub $168, %rsp
	lea hcc_not_cancelled(%rip), %rax
	mov %rax, 72(%rsp)
	mov %rdi, 80(%rsp)
	mov %rsi, 88(%rsp)
	mov %rdx, 96(%rsp)
	mov %rcx, 104(%rsp)
	mov %r8, 112(%rsp)
	mov %r9, 120(%rsp)
	mov 176(%rsp), %rax
	mov %rax, 128(%rsp)
	jmp 1b
	.size __hcc_syscall_point, . - __hcc_syscall_point

/* long hcc_sys_cp(const volatile void *cancel, long n, long a, long b, long c, long d, long e,
 *	long f)
 * Gives -HCC_INTERRUPTED, having done nothing, when a request is there already; a handler of requests
 * that finds the program counter in [__cp_begin, __cp_end) sets it to hcc_cp_interrupted.
 * A handler that finds the program counter in [__cp_begin, __cp_end) may set it to __cp_cancel: then it
 * becomes hcc_cp_cancelled (signal.c), and the call gives -HCC_CANCELLED. It may be set to __cp_cancel
 * from anywhere when the thread is to end (then the stack pointer can be of any alignment, and __cancel
 * does not return). */
	.globl hcc_sys_cp, __cp_begin, __cp_end, __cp_cancel, hcc_cp_interrupted, hcc_cp_cancelled
	.type hcc_sys_cp, @function
hcc_sys_cp:
__cp_begin:
	cmpl $0, (%rdi)
	jne hcc_cp_cancelled
	cmpl $0, %fs:__hcc_thread@tpoff+HCC_THREAD_IS_ASKED
	jne hcc_cp_interrupted
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
hcc_cp_interrupted:
	mov $-HCC_INTERRUPTED, %rax
	ret
hcc_cp_cancelled:
	mov $-HCC_CANCELLED, %rax
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
