/* setjmp and longjmp. jump.c has the layout of the buffer; a longjmp is native while the native
 * stack is the one that setjmp saw (same generation), else hcc_longjmp_slow() finds the frame. */
#include "point.h"

#define BUF_GENERATION 0
#define BUF_PSP 8
#define BUF_FUNCTION 16
#define BUF_SITE 24
#define BUF_BASE 32
#define BUF_REGS 48

/* int __hcc_setjmp(void *buf, void *base, void *function_entry, int site) */
	.section .text.hcc.__hcc_setjmp,"ax",@progbits
	.globl __hcc_setjmp
	.type __hcc_setjmp, @function
	.balign 16
__hcc_setjmp:
	mov %fs:__hcc_thread@tpoff+HCC_THREAD_GENERATION, %rax
	mov %rax, BUF_GENERATION(%rdi)
	mov %fs:__hcc_psp@tpoff, %rax
	mov %rax, BUF_PSP(%rdi)
	mov %rdx, BUF_FUNCTION(%rdi)
	movslq %ecx, %rcx
	mov %rcx, BUF_SITE(%rdi)
	mov %rsi, BUF_BASE(%rdi)
	mov (%rsp), %rax
	mov %rax, BUF_REGS(%rdi)
	lea 8(%rsp), %rax
	mov %rax, BUF_REGS+8(%rdi)
	mov %rbx, BUF_REGS+16(%rdi)
	mov %rbp, BUF_REGS+24(%rdi)
	mov %r12, BUF_REGS+32(%rdi)
	mov %r13, BUF_REGS+40(%rdi)
	mov %r14, BUF_REGS+48(%rdi)
	mov %r15, BUF_REGS+56(%rdi)
	xor %eax, %eax
	ret
	.size __hcc_setjmp, . - __hcc_setjmp

/* _Noreturn void longjmp(void *buf, int value), and the same function by its other name */
	.section .text.hcc.longjmp,"ax",@progbits
	.globl longjmp
	.type longjmp, @function
	.balign 16
longjmp:
	jmp hcc_longjmp
	.size longjmp, . - longjmp

	.section .text.hcc._longjmp,"ax",@progbits
	.globl _longjmp
	.type _longjmp, @function
	.balign 16
_longjmp:
	jmp hcc_longjmp
	.size _longjmp, . - _longjmp

	.section .text.hcc.siglongjmp,"ax",@progbits
	.globl siglongjmp
	.type siglongjmp, @function
	.balign 16
siglongjmp:
	push %rdi
	push %rsi
	sub $8, %rsp
	call hcc_siglongjmp_mask
	add $8, %rsp
	pop %rsi
	pop %rdi
	jmp hcc_longjmp
	.size siglongjmp, . - siglongjmp

	.text
	.type hcc_longjmp, @function
	.balign 16
	.globl hcc_longjmp
hcc_longjmp:
	mov %fs:__hcc_thread@tpoff+HCC_THREAD_GENERATION, %rax
	cmp %rax, BUF_GENERATION(%rdi)
	jne 1f
	mov %esi, %eax
	cmp $1, %eax
	adc $0, %eax
	mov BUF_PSP(%rdi), %rcx
	mov %rcx, %fs:__hcc_psp@tpoff
	mov BUF_REGS+16(%rdi), %rbx
	mov BUF_REGS+24(%rdi), %rbp
	mov BUF_REGS+32(%rdi), %r12
	mov BUF_REGS+40(%rdi), %r13
	mov BUF_REGS+48(%rdi), %r14
	mov BUF_REGS+56(%rdi), %r15
	mov BUF_REGS+8(%rdi), %rsp
	jmp *BUF_REGS(%rdi)
1:	sub $8, %rsp
	call hcc_longjmp_slow
	ud2
	.size hcc_longjmp, . - hcc_longjmp

	.section .note.GNU-stack,"",@progbits
