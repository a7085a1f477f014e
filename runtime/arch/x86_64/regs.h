/* Registers that a call preserves on x86_64 (psABI 3.2.1), by their DWARF numbers (figure 3.36), and
 * how a function is entered as if its caller had called it. */
#ifndef HCC_REGS_H
#define HCC_REGS_H

#include <stdint.h>

#define HCC_N_DWARF_REGS 33
#define HCC_DWARF_SP 7
#define HCC_N_SAVED 6
#define HCC_N_POLL_SAVED 24

/* The caller's state right after the call: poll.S, setjmp.S and enter.S know this layout. */
struct hcc_regs {
	uint64_t pc; /* return address */
	uint64_t sp; /* once it is popped */
	uint64_t saved[HCC_N_SAVED];
	const uint64_t *poll_saved; /* HCC_N_POLL_SAVED of them; NULL: but at a poll */
};

_Static_assert(sizeof(struct hcc_regs) == 72, "layout known to assembly");

/* saved[] */
static const uint8_t hcc_saved_dwarf[HCC_N_SAVED] = {3, 6, 12, 13, 14, 15};

/* poll_saved[]: what __hcc_poll preserves beside those (LLVM's preserve_allcc: all but r11), the low 64
 * bits of it. */
static const uint8_t hcc_poll_saved_dwarf[HCC_N_POLL_SAVED] = {
	0, 1, 2, 4, 5, 8, 9, 10, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
};

#endif
