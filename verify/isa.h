/* What hcc-verify knows of an ISA: facts of its psABI, and how to decode it. */
#ifndef HCC_VERIFY_ISA_H
#define HCC_VERIFY_ISA_H

#include <capstone/capstone.h>
#include <stdbool.h>
#include <stdint.h>

struct insn;
struct machine;

/* Registers are DWARF numbers everywhere (System V psABI x86-64 figure 3.36; AADWARF64 section
 * 4.1), whatever part of the register an instruction names. These are what has none. */
enum {
	REGISTER_NONE = 255,
	REGISTER_ZERO = 254,   /* aarch64's xzr */
	REGISTER_OTHER = 253,  /* flags, segments, x87, system registers */
	N_REGISTERS = 128,     /* every DWARF number in use is less */
};

/* A set of registers by DWARF number. */
struct registers {
	uint64_t bits[N_REGISTERS / 64];
};

static inline bool registers_has(const struct registers *set, unsigned reg)
{
	return reg < N_REGISTERS && set->bits[reg / 64] >> reg % 64 & 1;
}

static inline void registers_add(struct registers *set, unsigned reg)
{
	if (reg < N_REGISTERS)
		set->bits[reg / 64] |= (uint64_t)1 << reg % 64;
}

enum constant {
	CONSTANT_NOT,
	CONSTANT_IS,   /* *value */
	CONSTANT_ADDS, /* its second operand, a register, plus *value */
};

struct isa {
	const char *name;         /* as musl spells it */
	uint32_t id;              /* enum hcc_isa_id */
	uint16_t elf_machine;
	cs_arch arch;
	cs_mode mode;
	unsigned insn_bytes;      /* smallest size of an instruction, and their alignment */
	unsigned sp, fp;          /* DWARF numbers; fp only where a function has one */
	unsigned return_register; /* of the return address's column in DWARF */
	bool return_in_register;  /* a call leaves the return address in return_register */
	unsigned base;            /* frame's base where sp moves and the stack is realigned */
	struct registers saved;   /* callee-saved by the psABI; sp is not among them */
	struct registers poll_saved; /* by __hcc_poll, which is preserve_allcc */
	struct registers arguments;
	unsigned frame_argument;  /* of resume functions: LLVM's register of a nest parameter */
	/* Fill in what code_decode leaves to the ISA: operands, writes, flow, target. */
	void (*decode)(struct insn *out, const cs_insn *in);
	/* Whether these bytes are a poll that can be made a jump to cold_va (hcc_format.h). */
	bool (*is_poll)(const uint8_t *at, unsigned bytes, uint64_t va, uint64_t cold_va);
	/* What an instruction that writes its first operand, a register, makes of it. */
	enum constant (*constant)(const struct insn *insn, uint64_t *value);
	/* The addresses that code makes, without decoding all of it; NULL where nobody asks. */
	void (*references)(const void *text, uint64_t bytes, uint64_t va,
			   void (*visit)(void *user, uint64_t va), void *user);
	/* Of machine.h: run an instruction; whether a branch is taken, -1: not known. */
	void (*execute)(struct machine *machine, const struct insn *insn);
	int (*taken)(struct machine *machine, const struct insn *insn);
	const char *(*register_name)(unsigned reg);
};

extern const struct isa *const isas[];
extern const unsigned n_isas;

const struct isa *isa_by_machine(uint16_t elf_machine);

#endif
