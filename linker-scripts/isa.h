/* What hcc-ld has to know about an ISA: facts, in one table. */
#ifndef HCC_LD_ISA_H
#define HCC_LD_ISA_H

#include <stddef.h>
#include <stdint.h>

#define HCC_MAX_ISAS 8

struct hcc_isa {
	const char *name;         /* as musl spells it */
	uint32_t id;              /* enum hcc_isa_id */
	uint16_t elf_machine;     /* EM_* */
	const char *emulation;    /* lld's -m */
	uint8_t fill;             /* byte that makes trapping instructions */
	unsigned return_register; /* DWARF number of the return address's column */
	unsigned stack_register;  /* DWARF number of the stack pointer */
	uint64_t code_align_bytes; /* of functions for which the program asks for none; another ISA tells which these are */
	/* Indirect calls are predicted by the path to them, of which is kept, for each branch taken, bits path_shift
	 * and above of its own address, modulo 4; 0: it is not known what is kept. */
	unsigned path_shift;
	uint8_t saved[24];        /* DWARF numbers of the callee-saved registers */
	size_t n_saved;
};

extern const struct hcc_isa hcc_isas[];
extern const size_t hcc_n_isas;

const struct hcc_isa *hcc_isa_by_name(const char *name, size_t bytes);
const struct hcc_isa *hcc_isa_by_machine(uint16_t elf_machine);

#endif
