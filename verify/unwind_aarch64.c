/* Effects of AArch64's instructions on a frame. The return address is in x30 until it is stored; of
 * v8 to v15 the low 8 bytes count. */
#include "unwind_state.h"

enum { WORD = 8 };

static bool is_integer(const struct operand *operand)
{
	return operand->kind == OPERAND_REGISTER && operand->bytes == WORD && operand->reg < 32;
}

static uint64_t value_of(const struct unwind_state *state, const struct operand *operand)
{
	if (operand->kind == OPERAND_IMMEDIATE)
		return fact(FACT_CONSTANT, operand->value);
	if (!is_integer(operand) || operand->shift ||
	    (operand->extend && operand->extend != ARM64_EXT_UXTX))
		return FACT_NONE;
	return unwind_get(state, operand->reg);
}

/* Loads and stores of one register or two, with all forms of addresses. */
static void transfer(struct unwind_state *state, const struct insn *insn, bool is_store)
{
	const struct operand *memory = &insn->operands[insn->n_operands - 1];
	unsigned n = insn->n_operands - 1u;
	uint64_t address, values[2] = { FACT_NONE, FACT_NONE }, base;

	if (n < 1 || n > 2 || memory->kind != OPERAND_MEMORY) {
		unwind_forget(state, insn);
		return;
	}
	base = unwind_get(state, memory->reg);
	address = unwind_address(state, memory);
	if (insn->post_index)
		address = base;
	for (unsigned i = 0; i < n; i++) {
		const struct operand *reg = &insn->operands[i];
		uint64_t at = unwind_add(address, (int64_t)i * reg->bytes);

		if (is_store && reg->bytes >= WORD)
			values[i] = unwind_get(state, reg->reg);
		else if (!is_store && reg->bytes >= WORD)
			values[i] = unwind_load(state, at);
	}
	if (!is_store)
		unwind_forget(state, insn);
	for (unsigned i = 0; i < n; i++) {
		const struct operand *reg = &insn->operands[i];
		uint64_t at = unwind_add(address, (int64_t)i * reg->bytes);

		if (is_store)
			unwind_store(state, at, reg->bytes ? reg->bytes : 16, values[i]);
		else
			unwind_set(state, reg->reg, values[i]);
	}
	if (insn->writeback)
		unwind_set(state, memory->reg, unwind_add(base, memory->value));
}

static bool add(struct unwind_state *state, const struct insn *insn, int sign)
{
	const struct operand *to = &insn->operands[0];
	uint64_t left, right;

	if (insn->n_operands != 3 || !is_integer(to))
		return false;
	left = value_of(state, &insn->operands[1]);
	right = value_of(state, &insn->operands[2]);
	if (fact_kind(right) != FACT_CONSTANT)
		return false;
	unwind_set(state, to->reg, unwind_add(left, sign * fact_number(right)));
	return true;
}

static bool align(struct unwind_state *state, const struct insn *insn)
{
	const struct operand *to = &insn->operands[0], *mask = &insn->operands[2];
	uint64_t before;

	if (insn->n_operands != 3 || !is_integer(to) || mask->kind != OPERAND_IMMEDIATE)
		return false;
	before = value_of(state, &insn->operands[1]);
	if (fact_kind(before) != FACT_CFA || mask->value >= 0 ||
	    -mask->value & (-mask->value - 1))
		return false;
	state->aligned = before;
	unwind_set(state, to->reg, fact(FACT_ALIGNED, 0));
	return true;
}

static bool move(struct unwind_state *state, const struct insn *insn)
{
	const struct operand *to = &insn->operands[0];
	uint64_t value;

	if (insn->n_operands != 2 || !is_integer(to))
		return false;
	value = value_of(state, &insn->operands[1]);
	if (insn->id == ARM64_INS_MOVN)
		value = fact(FACT_CONSTANT, ~fact_number(value));
	unwind_set(state, to->reg, value);
	return true;
}

/* movk: 16 bits of a constant. */
static bool insert(struct unwind_state *state, const struct insn *insn)
{
	const struct operand *to = &insn->operands[0], *part = &insn->operands[1];
	uint64_t before = value_of(state, to), mask;

	if (fact_kind(before) != FACT_CONSTANT || part->kind != OPERAND_IMMEDIATE)
		return false;
	mask = (uint64_t)0xffff << part->shift;
	unwind_set(state, to->reg, fact(FACT_CONSTANT,
		(int64_t)(((uint64_t)fact_number(before) & ~mask) | (uint64_t)part->value)));
	return true;
}

void unwind_step_aarch64(struct unwind_state *state, const struct insn *insn)
{
	bool done = false;

	switch (insn->id) {
	case ARM64_INS_STR:
	case ARM64_INS_STUR:
	case ARM64_INS_STP:
	case ARM64_INS_STNP:
		transfer(state, insn, true);
		return;
	case ARM64_INS_LDR:
	case ARM64_INS_LDUR:
	case ARM64_INS_LDP:
	case ARM64_INS_LDNP:
		transfer(state, insn, false);
		return;
	case ARM64_INS_BL:
	case ARM64_INS_BLR:
		unwind_call(state);
		return;
	case ARM64_INS_ADD:
		done = add(state, insn, 1);
		break;
	case ARM64_INS_SUB:
		done = add(state, insn, -1);
		break;
	case ARM64_INS_AND:
		done = align(state, insn);
		break;
	case ARM64_INS_MOV:
	case ARM64_INS_MOVZ:
	case ARM64_INS_MOVN:
		done = move(state, insn);
		break;
	case ARM64_INS_MOVK:
		done = insert(state, insn);
		break;
	}
	if (!done)
		unwind_forget(state, insn);
}

bool unwind_pads_aarch64(const struct insn *insn)
{
	return insn->id == ARM64_INS_NOP || insn->flow == FLOW_TRAP;
}
