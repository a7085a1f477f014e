/* What is known of a function's frame between two of its instructions: which registers and which
 * words of the frame hold what the caller left, and where registers point into the frame. */
#ifndef HCC_VERIFY_UNWIND_STATE_H
#define HCC_VERIFY_UNWIND_STATE_H

#include "code.h"
#include "isa.h"

/* A fact about a register: kind in the low bits, number above. Two paths that do not agree leave
 * FACT_NONE, which is 0. */
enum fact_kind {
	FACT_NONE,
	FACT_ENTRY,    /* the value that register had at the function's entry */
	FACT_CFA,      /* CFA + number: the stack pointer before the call that made the frame */
	FACT_ALIGNED,  /* the realigned stack pointer + number */
	FACT_CONSTANT,
	FACT_KIND_BITS = 3,
};

static inline uint64_t fact(enum fact_kind kind, int64_t number)
{
	return (uint64_t)number << FACT_KIND_BITS | kind;
}

static inline enum fact_kind fact_kind(uint64_t fact)
{
	return (enum fact_kind)(fact & ((1 << FACT_KIND_BITS) - 1));
}

static inline int64_t fact_number(uint64_t fact)
{
	return (int64_t)fact >> FACT_KIND_BITS;
}

/* Registers that facts are kept of, by index: DWARF numbers, with aarch64's d8 to d15 (72 to 79)
 * after sp (31). x86_64's 16 is the return address. */
#define UNWIND_N_TRACKED 40
#define UNWIND_NOT_TRACKED 255

static inline unsigned unwind_index(unsigned reg)
{
	if (reg < 32)
		return reg;
	return reg >= 72 && reg < 80 ? reg - 40 : UNWIND_NOT_TRACKED;
}

static inline unsigned unwind_register(unsigned index)
{
	return index < 32 ? index : index + 40;
}

struct unwind_state {
	const struct isa *isa;
	uint64_t regs[UNWIND_N_TRACKED];
	uint64_t saved[UNWIND_N_TRACKED]; /* FACT_CFA: where the entry value lies in memory */
	uint64_t known;                   /* indexes of regs that are not FACT_NONE */
	uint64_t is_saved;                /* the same of saved */
	uint64_t aligned;                 /* FACT_CFA: the realigned stack pointer is at or below */
};

/* What a function finds at its entry. */
void unwind_state_enter(struct unwind_state *state, const struct isa *isa);

static inline uint64_t unwind_get(const struct unwind_state *state, unsigned reg)
{
	unsigned i = unwind_index(reg);

	return i < UNWIND_N_TRACKED ? state->regs[i] : FACT_NONE;
}

static inline uint64_t unwind_saved(const struct unwind_state *state, unsigned reg)
{
	unsigned i = unwind_index(reg);

	return i < UNWIND_N_TRACKED ? state->saved[i] : FACT_NONE;
}

void unwind_set(struct unwind_state *state, unsigned reg, uint64_t fact);

/* fact + number, where that means something. */
uint64_t unwind_add(uint64_t fact, int64_t number);

/* Memory at an address is overwritten: 8 bytes of `value` and nothing known above them. */
void unwind_store(struct unwind_state *state, uint64_t address, unsigned bytes, uint64_t value);

/* What the 8 bytes at an address are. */
uint64_t unwind_load(const struct unwind_state *state, uint64_t address);

/* The address of a memory operand. */
uint64_t unwind_address(const struct unwind_state *state, const struct operand *operand);

/* A call has returned: what lay below the stack pointer is gone (nothing, where that is at a
 * place not known), and the registers that the psABI lets a callee change. */
void unwind_call(struct unwind_state *state);

/* One instruction that is not followed elsewhere: its registers and the memory that it writes are
 * unknown. */
void unwind_forget(struct unwind_state *state, const struct insn *insn);

/* The effect of one instruction on the way to the next that is executed. */
void unwind_step_x86_64(struct unwind_state *state, const struct insn *insn);
void unwind_step_aarch64(struct unwind_state *state, const struct insn *insn);

/* What fills the room between functions and before loops. */
bool unwind_pads_x86_64(const struct insn *insn);
bool unwind_pads_aarch64(const struct insn *insn);

/* The facts of a state that are kept from block to block: of registers that a call preserves, the
 * stack pointer and the return address. */
#define UNWIND_MAX_KEPT (2 * UNWIND_N_TRACKED + 1)

struct unwind_kept {
	uint8_t registers[UNWIND_N_TRACKED]; /* indexes */
	unsigned n_registers, n;             /* n: words of a packed state */
};

void unwind_kept_init(struct unwind_kept *kept, const struct isa *isa);
void unwind_pack(const struct unwind_kept *kept, const struct unwind_state *state, uint64_t *words);
void unwind_unpack(const struct unwind_kept *kept, const uint64_t *words,
	struct unwind_state *state);

#endif
