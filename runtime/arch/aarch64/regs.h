/* Registers that a call preserves on aarch64 (AAPCS64 6.1), by their DWARF numbers (AADWARF64 4.1),
 * and how a function is entered as if its caller had called it. Of v8 to v15 only the low 64 bits
 * are preserved. */
#ifndef HCC_REGS_H
#define HCC_REGS_H

#include <stdint.h>

#define HCC_N_DWARF_REGS 96
#define HCC_DWARF_SP 31
#define HCC_N_SAVED 19
#define HCC_N_POLL_SAVED 23

/* The caller's state right after the call: poll.S, setjmp.S and enter.S know this layout. */
struct hcc_regs {
	uint64_t pc; /* return address */
	uint64_t sp;
	uint64_t saved[HCC_N_SAVED];
	const uint64_t *poll_saved; /* HCC_N_POLL_SAVED of them; NULL: but at a poll */
};

_Static_assert(sizeof(struct hcc_regs) == 176, "layout known to assembly");

/* saved[] */
static const uint8_t hcc_saved_dwarf[HCC_N_SAVED] = {
	19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 72, 73, 74, 75, 76, 77, 78, 79,
};

/* poll_saved[]: what __hcc_poll preserves beside those (LLVM's preserve_allcc: x9 to x15, v8 to v31), the
 * low 64 bits of it. */
static const uint8_t hcc_poll_saved_dwarf[HCC_N_POLL_SAVED] = {
	9, 10, 11, 12, 13, 14, 15,
	80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
};

#endif
