/* Of mcontext_t's size (bits/signal.h); what is in it has no neutral names. */
#ifndef _ASM_SIGCONTEXT_H
#define _ASM_SIGCONTEXT_H
struct sigcontext {
	unsigned long __registers[32];
};
#endif
