#include "point.h"
#include "save.h"

/* long __syscall_cp_asm(const volatile void *cancel, long n, long a, long b, long c, long d, long e,
 *	long f)
 * long __hcc_syscall_point(long n, long a, long b, long c, long d, long e, long f)
 * Both are recorded sites: make a struct hcc_point and call hcc_point with it. */
	.text
	.globl __syscall_cp_asm
	.type __syscall_cp_asm, %function
	.balign 16
__syscall_cp_asm:
	sub sp, sp, #272
	stp x0, x1, [sp, #176]
	stp x2, x3, [sp, #192]
	stp x4, x5, [sp, #208]
	stp x6, x7, [sp, #224]
1:	save_registers 272
	str xzr, [sp, #240]
	mov x0, sp
	bl hcc_point
	ldr x30, [sp]
	add sp, sp, #272
	ret
	.size __syscall_cp_asm, . - __syscall_cp_asm

	.globl __hcc_syscall_point
	.type __hcc_syscall_point, %function
	.balign 16
__hcc_syscall_point:
	sub sp, sp, #272
	adrp x9, hcc_not_cancelled
	add x9, x9, :lo12:hcc_not_cancelled
	stp x9, x0, [sp, #176]
	stp x1, x2, [sp, #192]
	stp x3, x4, [sp, #208]
	stp x5, x6, [sp, #224]
	b 1b
	.size __hcc_syscall_point, . - __hcc_syscall_point

/* long hcc_sys_cp(const volatile void *cancel, long n, long a, long b, long c, long d, long e,
 *	long f)
 * Gives -HCC_INTERRUPTED, having done nothing, when a request is there already; a handler of requests
 * that finds the program counter in [__cp_begin, __cp_end) sets it to hcc_cp_interrupted.
 * A handler that finds the program counter in [__cp_begin, __cp_end) may set it to __cp_cancel: then it
 * becomes hcc_cp_cancelled (signal.c), and the call gives -HCC_CANCELLED. It may be set to __cp_cancel
 * from anywhere when the thread is to end (then __cancel does not return). */
	.globl hcc_sys_cp, __cp_begin, __cp_end, __cp_cancel, hcc_cp_interrupted, hcc_cp_cancelled
	.type hcc_sys_cp, %function
hcc_sys_cp:
__cp_begin:
	ldr w9, [x0]
	cbnz w9, hcc_cp_cancelled
	mrs x9, tpidr_el0
	add x9, x9, #:tprel_hi12:__hcc_thread, lsl #12
	add x9, x9, #:tprel_lo12_nc:__hcc_thread
	ldr w9, [x9, #HCC_THREAD_IS_ASKED]
	cbnz w9, hcc_cp_interrupted
	mov x8, x1
	mov x0, x2
	mov x1, x3
	mov x2, x4
	mov x3, x5
	mov x4, x6
	mov x5, x7
	svc #0
__cp_end:
	ret
hcc_cp_interrupted:
	mov x0, #-HCC_INTERRUPTED
	ret
hcc_cp_cancelled:
	mov x0, #-HCC_CANCELLED
	ret
__cp_cancel:
	b __cancel
	.size hcc_sys_cp, . - hcc_sys_cp
	.section .note.GNU-stack, "", %progbits
