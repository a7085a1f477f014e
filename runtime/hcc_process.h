/* State of the process that travels with it. One object, __hcc_process, defined in libc's own
 * (neutral, shared) data, so that it lies at one address on every ISA; written by the runtime. */
#ifndef HCC_PROCESS_H
#define HCC_PROCESS_H

#include <stdint.h>

struct hcc_process {
	uint64_t arena_start_va, arena_end_va;  /* all mappings made for the application lie inside */
	uint64_t arena_next_va;                 /* where the next mapping is tried first */
	uint64_t main_stack_start_va;           /* portable stack of the main thread, without guard */
	uint64_t main_stack_end_va;             /* argc, argv, envp, auxv copies lie at its top */
	uint64_t main_thread_pointer;           /* neutral thread pointer: start of its TLS block */
	int64_t monotonic_offset_ns;            /* added to CLOCK_MONOTONIC and CLOCK_BOOTTIME */
	uint64_t tls_image_va;                  /* PT_TLS of the executable, for libc: address, */
	uint64_t tls_image_bytes, tls_bytes;    /* bytes in the file and in memory */
	uint64_t arguments_va;                  /* strings of argv, then those of the environment, as */
	uint64_t environment_va, environment_end_va; /* they were copied, end to end */
	uint64_t timers_va;                     /* list of POSIX timers (timers.c), or 0 */
	uint64_t pending_va, pending_bytes;     /* pending signals while it is moved (pending.c), or 0 */
};

extern struct hcc_process __hcc_process;

/* What the program asked of sigaction, by signal number. The kernel has the runtime's own handler;
 * an entry counts only while it does. hcc_signal_save() makes all entries true before a move. */
#define HCC_SIGNALS 65

struct hcc_sigaction {
	uint64_t handler;  /* neutral address, or 0 default, 1 ignore */
	uint64_t flags;    /* SA_*, as the program gave them */
	uint64_t mask;
};

extern struct hcc_sigaction __hcc_sigactions[HCC_SIGNALS];

/* What the thread asked of sigaltstack: its memory is the portable stack of handlers. */
struct hcc_altstack {
	uint64_t start_va;
	uint64_t bytes;    /* 0: none */
};

extern _Thread_local struct hcc_altstack __hcc_altstack;

/* The thread's floating-point environment while it is not running: exceptions in bits 0 to 4,
 * rounding mode in bits 5 to 7, in the neutral ABI's constants. */
extern _Thread_local uint32_t __hcc_fenv;

/* Lowest byte in use of the thread's portable stack; always 16-aligned. */
extern _Thread_local void *__hcc_psp;

#endif
