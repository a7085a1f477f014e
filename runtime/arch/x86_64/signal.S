/* void hcc_signal_restorer(void): where a handler returns to. */
	.text
	.globl hcc_signal_restorer
	.type hcc_signal_restorer, @function
hcc_signal_restorer:
	mov $15, %eax
	syscall
	.size hcc_signal_restorer, . - hcc_signal_restorer

/* void hcc_signal_call(uint64_t handler, long signal, void *info, void *ucontext) */
	.globl hcc_signal_call
	.type hcc_signal_call, @function
hcc_signal_call:
	sub $8, %rsp
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	call *%rax
	.globl hcc_signal_return
hcc_signal_return:
	add $8, %rsp
	ret
	.size hcc_signal_call, . - hcc_signal_call
	.section .note.GNU-stack, "", @progbits
