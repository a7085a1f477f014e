/* Registers that a call preserves on x86_64 (psABI 3.2.1), by their DWARF numbers (figure 3.36), and
 * how a function is entered as if its caller had called it. */
#ifndef HCC_REGS_H
#define HCC_REGS_H

#include <stdint.h>

#define HCC_N_DWARF_REGS 17
#define HCC_DWARF_SP 7
#define HCC_N_SAVED 6

/* The caller's state right after the call: poll.S, setjmp.S and enter.S know this layout. */
struct hcc_regs {
	uint64_t pc; /* return address */
	uint64_t sp; /* once it is popped */
	uint64_t saved[HCC_N_SAVED];
};

_Static_assert(sizeof(struct hcc_regs) == 64, "layout known to assembly");

/* saved[] */
static const uint8_t hcc_saved_dwarf[HCC_N_SAVED] = {3, 6, 12, 13, 14, 15};

#endif
