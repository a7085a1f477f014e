/* long hcc_sys_cp(const volatile void *cancel, long n, long a, long b, long c, long d, long e,
 *	long f)
 * A handler that finds the program counter in [__cp_begin, __cp_end) may set it to __cp_cancel.
 * It may be set to __cp_cancel from anywhere when the thread is to end (then __cancel does not
 * return). */
	.text
	.globl hcc_sys_cp, __cp_begin, __cp_end, __cp_cancel
	.type hcc_sys_cp, %function
hcc_sys_cp:
__cp_begin:
	ldr w9, [x0]
	cbnz w9, __cp_cancel
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
__cp_cancel:
	b __cancel
	.size hcc_sys_cp, . - hcc_sys_cp
	.section .note.GNU-stack, "", %progbits
