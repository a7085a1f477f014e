/* The neutral thread pointer is the start of the thread's TLS segment, where the linker script
 * places __hcc_tls_anchor. struct pthread lies directly below it. */
extern hidden __thread char __hcc_tls_anchor[] __attribute__((tls_model("local-exec")));

static inline uintptr_t __get_tp(void)
{
	return (uintptr_t)__hcc_tls_anchor;
}

#define TLS_ABOVE_TP
#define GAP_ABOVE_TP 0
#define DTP_OFFSET 0

/* Bytes past the TLS segment that the ISA uses (x86_64: the word at %fs:0), and its alignment. */
#define TLS_TAIL_BYTES 64
#define TLS_ALIGN_BYTES 64

#define MC_PC __pc
