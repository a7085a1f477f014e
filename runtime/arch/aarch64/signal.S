/* void hcc_signal_restorer(void): where a handler returns to. */
	.text
	.globl hcc_signal_restorer
	.type hcc_signal_restorer, %function
hcc_signal_restorer:
	mov x8, #139
	svc #0
	.size hcc_signal_restorer, . - hcc_signal_restorer

/* void hcc_signal_call(uint64_t handler, long signal, void *info, void *ucontext) */
	.globl hcc_signal_call
	.type hcc_signal_call, %function
hcc_signal_call:
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	mov x4, x0
	mov x0, x1
	mov x1, x2
	mov x2, x3
	blr x4
	.globl hcc_signal_return
hcc_signal_return:
	ldp x29, x30, [sp], #16
	ret
	.size hcc_signal_call, . - hcc_signal_call
	.section .note.GNU-stack, "", %progbits
