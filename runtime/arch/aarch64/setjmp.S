/* setjmp and longjmp. jump.c has the layout of the buffer; a longjmp is native while the native
 * stack is the one that setjmp saw (same generation), else hcc_longjmp_slow() finds the frame. */
#include "point.h"

#define BUF_GENERATION 0
#define BUF_PSP 8
#define BUF_FUNCTION 16
#define BUF_SITE 24
#define BUF_BASE 32
#define BUF_REGS 48

	.macro local_va to, name
	mrs \to, tpidr_el0
	add \to, \to, #:tprel_hi12:\name, lsl #12
	add \to, \to, #:tprel_lo12_nc:\name
	.endm

/* int __hcc_setjmp(void *buf, void *base, void *function_entry, int site) */
	.section .text.hcc.__hcc_setjmp,"ax",%progbits
	.globl __hcc_setjmp
	.type __hcc_setjmp, %function
	.balign 16
__hcc_setjmp:
	local_va x9, __hcc_thread
	ldr x9, [x9, #HCC_THREAD_GENERATION]
	local_va x10, __hcc_psp
	ldr x10, [x10]
	stp x9, x10, [x0, #BUF_GENERATION]
	sxtw x3, w3
	stp x2, x3, [x0, #BUF_FUNCTION]
	str x1, [x0, #BUF_BASE]
	mov x9, sp
	stp x30, x9, [x0, #BUF_REGS]
	stp x19, x20, [x0, #BUF_REGS+16]
	stp x21, x22, [x0, #BUF_REGS+32]
	stp x23, x24, [x0, #BUF_REGS+48]
	stp x25, x26, [x0, #BUF_REGS+64]
	stp x27, x28, [x0, #BUF_REGS+80]
	str x29, [x0, #BUF_REGS+96]
	stp d8, d9, [x0, #BUF_REGS+104]
	stp d10, d11, [x0, #BUF_REGS+120]
	stp d12, d13, [x0, #BUF_REGS+136]
	stp d14, d15, [x0, #BUF_REGS+152]
	mov w0, #0
	ret
	.size __hcc_setjmp, . - __hcc_setjmp

/* _Noreturn void longjmp(void *buf, int value), and the same function by its other name */
	.section .text.hcc.longjmp,"ax",%progbits
	.globl longjmp
	.type longjmp, %function
	.balign 16
longjmp:
	b hcc_longjmp
	.size longjmp, . - longjmp

	.section .text.hcc._longjmp,"ax",%progbits
	.globl _longjmp
	.type _longjmp, %function
	.balign 16
_longjmp:
	b hcc_longjmp
	.size _longjmp, . - _longjmp

	.section .text.hcc.siglongjmp,"ax",%progbits
	.globl siglongjmp
	.type siglongjmp, %function
	.balign 16
siglongjmp:
	stp x0, x1, [sp, #-32]!
	str x30, [sp, #16]
	bl hcc_siglongjmp_mask
	ldr x30, [sp, #16]
	ldp x0, x1, [sp], #32
	b hcc_longjmp
	.size siglongjmp, . - siglongjmp

	.text
	.globl hcc_longjmp
	.type hcc_longjmp, %function
	.balign 16
hcc_longjmp:
	local_va x9, __hcc_thread
	ldr x9, [x9, #HCC_THREAD_GENERATION]
	ldp x10, x11, [x0, #BUF_GENERATION]
	cmp x9, x10
	b.ne 1f
	local_va x10, __hcc_psp
	str x11, [x10]
	ldp x30, x9, [x0, #BUF_REGS]
	ldp x19, x20, [x0, #BUF_REGS+16]
	ldp x21, x22, [x0, #BUF_REGS+32]
	ldp x23, x24, [x0, #BUF_REGS+48]
	ldp x25, x26, [x0, #BUF_REGS+64]
	ldp x27, x28, [x0, #BUF_REGS+80]
	ldr x29, [x0, #BUF_REGS+96]
	ldp d8, d9, [x0, #BUF_REGS+104]
	ldp d10, d11, [x0, #BUF_REGS+120]
	ldp d12, d13, [x0, #BUF_REGS+136]
	ldp d14, d15, [x0, #BUF_REGS+152]
	mov sp, x9
	cmp w1, #0
	csinc w0, w1, wzr, ne
	br x30
1:	bl hcc_longjmp_slow
	brk #1
	.size hcc_longjmp, . - hcc_longjmp

	.section .note.GNU-stack,"",%progbits
