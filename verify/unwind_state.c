/* Facts about registers and frame, and what any instruction may do to them. */
#include "unwind_state.h"

#include <string.h>

enum { WORD_BYTES = 8 };

void unwind_set(struct unwind_state *state, unsigned reg, uint64_t value)
{
	unsigned i = unwind_index(reg);

	if (i >= UNWIND_N_TRACKED)
		return;
	state->regs[i] = value;
	if (value)
		state->known |= (uint64_t)1 << i;
	else
		state->known &= ~((uint64_t)1 << i);
}

static void set_saved(struct unwind_state *state, unsigned i, uint64_t value)
{
	state->saved[i] = value;
	if (value)
		state->is_saved |= (uint64_t)1 << i;
	else
		state->is_saved &= ~((uint64_t)1 << i);
}

void unwind_state_enter(struct unwind_state *state, const struct isa *isa)
{
	*state = (struct unwind_state){ .isa = isa };
	for (unsigned i = 0; i < UNWIND_N_TRACKED; i++)
		if (registers_has(&isa->saved, unwind_register(i)))
			unwind_set(state, unwind_register(i),
				fact(FACT_ENTRY, unwind_register(i)));
	if (isa->return_in_register) {
		unwind_set(state, isa->return_register, fact(FACT_ENTRY, isa->return_register));
		unwind_set(state, isa->sp, fact(FACT_CFA, 0));
	} else {
		set_saved(state, unwind_index(isa->return_register), fact(FACT_CFA, -WORD_BYTES));
		unwind_set(state, isa->sp, fact(FACT_CFA, -WORD_BYTES));
	}
}

uint64_t unwind_add(uint64_t value, int64_t number)
{
	switch (fact_kind(value)) {
	case FACT_CFA:
	case FACT_ALIGNED:
	case FACT_CONSTANT:
		return fact(fact_kind(value), fact_number(value) + number);
	default:
		return number ? FACT_NONE : value;
	}
}

/* Forget what lies in [start, end), from the CFA. */
static void overwrite(struct unwind_state *state, int64_t start, int64_t end)
{
	for (uint64_t left = state->is_saved; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);
		int64_t at = fact_number(state->saved[i]);

		if (at < end && start < at + WORD_BYTES)
			set_saved(state, i, FACT_NONE);
	}
}

void unwind_store(struct unwind_state *state, uint64_t address, unsigned bytes, uint64_t value)
{
	int64_t at = fact_number(address);
	unsigned reg, i;

	if (fact_kind(address) == FACT_ALIGNED) {
		overwrite(state, INT64_MIN, state->aligned ?
			fact_number(state->aligned) + at + bytes : INT64_MAX);
		return;
	}
	if (fact_kind(address) != FACT_CFA)
		return;
	overwrite(state, at, at + bytes);
	if (bytes < WORD_BYTES || fact_kind(value) != FACT_ENTRY)
		return;
	reg = (unsigned)fact_number(value);
	i = unwind_index(reg);
	/* The first copy is the one that unwinding data names. */
	if (i < UNWIND_N_TRACKED && !state->saved[i])
		set_saved(state, i, fact(FACT_CFA, at));
}

uint64_t unwind_load(const struct unwind_state *state, uint64_t address)
{
	if (fact_kind(address) != FACT_CFA)
		return FACT_NONE;
	for (uint64_t left = state->is_saved; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		if (state->saved[i] == address)
			return fact(FACT_ENTRY, unwind_register(i));
	}
	return FACT_NONE;
}

uint64_t unwind_address(const struct unwind_state *state, const struct operand *operand)
{
	if (operand->kind != OPERAND_MEMORY || operand->index != REGISTER_NONE || operand->segment)
		return FACT_NONE;
	return unwind_add(unwind_get(state, operand->reg), operand->value);
}

void unwind_call(struct unwind_state *state)
{
	const struct isa *isa = state->isa;
	uint64_t sp = unwind_get(state, isa->sp);

	if (fact_kind(sp) == FACT_CFA)
		overwrite(state, INT64_MIN, fact_number(sp));
	else if (fact_kind(sp) == FACT_ALIGNED && state->aligned)
		overwrite(state, INT64_MIN, fact_number(state->aligned) + fact_number(sp));
	for (uint64_t left = state->known; left; left &= left - 1) {
		unsigned reg = unwind_register((unsigned)__builtin_ctzll(left));

		if (reg != isa->sp && !registers_has(&isa->saved, reg))
			unwind_set(state, reg, FACT_NONE);
	}
}

void unwind_forget(struct unwind_state *state, const struct insn *insn)
{
	for (unsigned i = 0; i < insn->n_operands; i++) {
		const struct operand *operand = &insn->operands[i];

		if (operand->kind == OPERAND_MEMORY && operand->access & OPERAND_WRITE &&
		    !insn->is_lea)
			unwind_store(state, unwind_address(state, operand),
				operand->bytes ? operand->bytes : 64, FACT_NONE);
	}
	for (uint64_t left = state->known; left; left &= left - 1) {
		unsigned reg = unwind_register((unsigned)__builtin_ctzll(left));

		if (registers_has(&insn->writes, reg))
			unwind_set(state, reg, FACT_NONE);
	}
}

/* ---- from block to block --------------------------------------------------------------------- */

void unwind_kept_init(struct unwind_kept *kept, const struct isa *isa)
{
	*kept = (struct unwind_kept){ 0 };
	for (unsigned i = 0; i < UNWIND_N_TRACKED; i++) {
		unsigned reg = unwind_register(i);

		if (registers_has(&isa->saved, reg) || reg == isa->sp ||
		    reg == isa->return_register)
			kept->registers[kept->n_registers++] = (uint8_t)i;
	}
	kept->n = 2 * kept->n_registers + 1;
}

void unwind_pack(const struct unwind_kept *kept, const struct unwind_state *state, uint64_t *words)
{
	for (unsigned k = 0; k < kept->n_registers; k++) {
		uint64_t value = state->regs[kept->registers[k]];

		*words++ = fact_kind(value) == FACT_CONSTANT ? FACT_NONE : value;
		*words++ = state->saved[kept->registers[k]];
	}
	*words = state->aligned;
}

void unwind_unpack(const struct unwind_kept *kept, const uint64_t *words,
	struct unwind_state *state)
{
	uint64_t scratch = state->known;

	for (unsigned k = 0; k < kept->n_registers; k++)
		scratch &= ~((uint64_t)1 << kept->registers[k]);
	for (; scratch; scratch &= scratch - 1)
		unwind_set(state, unwind_register((unsigned)__builtin_ctzll(scratch)), FACT_NONE);
	for (unsigned k = 0; k < kept->n_registers; k++) {
		unwind_set(state, unwind_register(kept->registers[k]), *words++);
		set_saved(state, kept->registers[k], *words++);
	}
	state->aligned = *words;
}
