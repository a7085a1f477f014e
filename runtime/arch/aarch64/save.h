/* Fill in the struct hcc_regs (regs.h) at the stack pointer: the state of the caller of a function that has
 * taken frame_bytes of stack. */
	.macro save_registers frame_bytes
	add x9, sp, #\frame_bytes
	stp x30, x9, [sp]
	stp x19, x20, [sp, #16]
	stp x21, x22, [sp, #32]
	stp x23, x24, [sp, #48]
	stp x25, x26, [sp, #64]
	stp x27, x28, [sp, #80]
	str x29, [sp, #96]
	stp d8, d9, [sp, #104]
	stp d10, d11, [sp, #120]
	stp d12, d13, [sp, #136]
	stp d14, d15, [sp, #152]
	str xzr, [sp, #168]
	.endm
