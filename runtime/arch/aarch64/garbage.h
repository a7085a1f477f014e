/* Garbage for every register that a call does not preserve, and then for those that it does: an
 * address that faults, and flags that were never computed. Not x0, which holds an argument, nor x16,
 * which a linker's veneer may use, nor x30. FPCR and FPSR are the floating-point environment
 * (signal.c). */
	.macro garbage_caller_saved
	ldr x1, =0xa5a5a5a5a5a5a5a5
	.irp r, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x17, x18
	mov \r, x1
	.endr
	.irp r, v0.2d, v1.2d, v2.2d, v3.2d, v4.2d, v5.2d, v6.2d, v7.2d, v16.2d, v17.2d, v18.2d, \
		v19.2d, v20.2d, v21.2d, v22.2d, v23.2d, v24.2d, v25.2d, v26.2d, v27.2d, v28.2d, \
		v29.2d, v30.2d, v31.2d
	dup \r, x1
	.endr
	.irp r, v8.d, v9.d, v10.d, v11.d, v12.d, v13.d, v14.d, v15.d
	mov \r[1], x1
	.endr
	cmp x1, #1 /* N 1, Z 0, C 1 */
	.endm

	.macro garbage_callee_saved
	.irp r, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29
	mov \r, x1
	.endr
	.irp r, d8, d9, d10, d11, d12, d13, d14, d15
	fmov \r, x1
	.endr
	.endm
