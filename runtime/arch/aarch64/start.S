/* Process entry: sp points at the argument block. */
	.text
	.globl _start
	.type _start, %function
_start:
	mov x29, #0
	mov x30, #0
	mov x0, sp
	bl hcc_start
	add x2, x0, #8
	ldrsw x1, [x0]
	adrp x0, main
	add x0, x0, :lo12:main
	mov x3, #0
	mov x4, #0
	mov x5, #0
	bl __libc_start_main
	.globl hcc_start_return
hcc_start_return:
	brk #1
	.size _start, . - _start
	.section .note.GNU-stack, "", %progbits
