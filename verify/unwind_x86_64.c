/* Effects of x86-64's instructions on a frame. The return address is memory of the frame, at
 * CFA - 8. Writing 32 bits of a register clears the rest. */
#include "unwind_state.h"

enum { RBP = 6, RSP = 7, WORD = 8 };

static bool is_whole(const struct operand *operand)
{
	return operand->kind == OPERAND_REGISTER && operand->bytes == WORD;
}

static bool is_word(const struct operand *operand)
{
	return operand->kind == OPERAND_MEMORY && operand->bytes == WORD;
}

static void move_stack(struct unwind_state *state, int64_t bytes)
{
	unwind_set(state, RSP, unwind_add(unwind_get(state, RSP), bytes));
}

static void push(struct unwind_state *state, const struct insn *insn)
{
	const struct operand *from = &insn->operands[0];
	uint64_t value = is_whole(from) ? unwind_get(state, from->reg) : FACT_NONE;

	move_stack(state, -WORD);
	unwind_store(state, unwind_get(state, RSP), WORD, value);
}

static void pop(struct unwind_state *state, const struct insn *insn)
{
	const struct operand *to = &insn->operands[0];
	uint64_t value = unwind_load(state, unwind_get(state, RSP));

	if (is_whole(to) && to->reg != RSP) {
		unwind_set(state, to->reg, value);
		move_stack(state, WORD);
		return;
	}
	unwind_forget(state, insn);
	if (to->kind != OPERAND_MEMORY)
		unwind_set(state, RSP, FACT_NONE);
}

static void leave(struct unwind_state *state)
{
	uint64_t frame = unwind_get(state, RBP);

	unwind_set(state, RBP, unwind_load(state, frame));
	unwind_set(state, RSP, unwind_add(frame, WORD));
}

/* Returns false when it is none of the moves that say something. */
static bool move(struct unwind_state *state, const struct operand *to, const struct operand *from)
{
	if (is_word(to) && is_whole(from)) {
		unwind_store(state, unwind_address(state, to), WORD, unwind_get(state, from->reg));
		return true;
	}
	if (to->kind == OPERAND_REGISTER && to->bytes >= 4 && from->kind == OPERAND_IMMEDIATE) {
		int64_t value = to->bytes == 4 ? (int64_t)(uint32_t)from->value : from->value;

		unwind_set(state, to->reg, fact(FACT_CONSTANT, value));
		return true;
	}
	if (!is_whole(to))
		return false;
	if (is_whole(from))
		unwind_set(state, to->reg, unwind_get(state, from->reg));
	else if (is_word(from))
		unwind_set(state, to->reg, unwind_load(state, unwind_address(state, from)));
	else
		return false;
	return true;
}

static bool add(struct unwind_state *state, const struct operand *to, const struct operand *from,
	int sign)
{
	uint64_t constant = from->kind == OPERAND_IMMEDIATE ? fact(FACT_CONSTANT, from->value) :
		is_whole(from) ? unwind_get(state, from->reg) : FACT_NONE;

	if (!is_whole(to) || fact_kind(constant) != FACT_CONSTANT)
		return false;
	unwind_set(state, to->reg, unwind_add(unwind_get(state, to->reg),
		sign * fact_number(constant)));
	return true;
}

/* The stack pointer is realigned downwards, by an amount that only running can tell. */
static bool align(struct unwind_state *state, const struct operand *to, const struct operand *from)
{
	uint64_t before = is_whole(to) ? unwind_get(state, to->reg) : FACT_NONE;

	if (fact_kind(before) != FACT_CFA || from->kind != OPERAND_IMMEDIATE || from->value >= 0 ||
	    -from->value & (-from->value - 1))
		return false;
	state->aligned = before;
	unwind_set(state, to->reg, fact(FACT_ALIGNED, 0));
	return true;
}

void unwind_step_x86_64(struct unwind_state *state, const struct insn *insn)
{
	const struct operand *to = &insn->operands[0], *from = &insn->operands[1];

	switch (insn->id) {
	case X86_INS_PUSH:
		push(state, insn);
		return;
	case X86_INS_POP:
		pop(state, insn);
		return;
	case X86_INS_LEAVE:
		leave(state);
		return;
	case X86_INS_CALL:
		unwind_call(state);
		return;
	case X86_INS_MOV:
	case X86_INS_MOVABS:
		if (move(state, to, from))
			return;
		break;
	case X86_INS_LEA:
		if (is_whole(to)) {
			unwind_set(state, to->reg, unwind_address(state, from));
			return;
		}
		break;
	case X86_INS_ADD:
		if (add(state, to, from, 1))
			return;
		break;
	case X86_INS_SUB:
		if (add(state, to, from, -1))
			return;
		break;
	case X86_INS_AND:
		if (align(state, to, from))
			return;
		break;
	}
	unwind_forget(state, insn);
}

bool unwind_pads_x86_64(const struct insn *insn)
{
	return insn->id == X86_INS_NOP || insn->flow == FLOW_TRAP || !insn->id;
}
