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
	uint64_t reserved[9];
};

extern struct hcc_process __hcc_process;

#endif
