/* Registers that a call preserves on aarch64 (AAPCS64 6.1), by their DWARF numbers (AADWARF64 4.1),
 * and how a function is entered as if its caller had called it. Of v8 to v15 only the low 64 bits
 * are preserved. */
#ifndef HCC_REGS_H
#define HCC_REGS_H

#include <stdint.h>

#define HCC_N_DWARF_REGS 96
#define HCC_DWARF_SP 31
#define HCC_N_SAVED 19

/* The caller's state right after the call: poll.S, setjmp.S and enter.S know this layout. */
struct hcc_regs {
	uint64_t pc; /* return address */
	uint64_t sp;
	uint64_t saved[HCC_N_SAVED];
	uint64_t reserved; /* 16-byte multiple */
};

_Static_assert(sizeof(struct hcc_regs) == 176, "layout known to assembly");

/* saved[] */
static const uint8_t hcc_saved_dwarf[HCC_N_SAVED] = {
	19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 72, 73, 74, 75, 76, 77, 78, 79,
};

#endif
