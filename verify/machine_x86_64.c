/* x86-64 instructions that the entries of clones are made of. Carry is that of aarch64: x86's
 * borrow is its inverse. */
#include "machine.h"

#include "isa_private.h"

enum { NO_CONDITION = -1 };

/* The condition of a jcc, setcc or cmovcc, as its encoding has it: pairs of a condition and its
 * inverse. */
static int condition(unsigned id)
{
	static const uint16_t ids[][3] = {
		{ X86_INS_JO, X86_INS_SETO, X86_INS_CMOVO },
		{ X86_INS_JNO, X86_INS_SETNO, X86_INS_CMOVNO },
		{ X86_INS_JB, X86_INS_SETB, X86_INS_CMOVB },
		{ X86_INS_JAE, X86_INS_SETAE, X86_INS_CMOVAE },
		{ X86_INS_JE, X86_INS_SETE, X86_INS_CMOVE },
		{ X86_INS_JNE, X86_INS_SETNE, X86_INS_CMOVNE },
		{ X86_INS_JBE, X86_INS_SETBE, X86_INS_CMOVBE },
		{ X86_INS_JA, X86_INS_SETA, X86_INS_CMOVA },
		{ X86_INS_JS, X86_INS_SETS, X86_INS_CMOVS },
		{ X86_INS_JNS, X86_INS_SETNS, X86_INS_CMOVNS },
		{ X86_INS_JP, X86_INS_SETP, X86_INS_CMOVP },
		{ X86_INS_JNP, X86_INS_SETNP, X86_INS_CMOVNP },
		{ X86_INS_JL, X86_INS_SETL, X86_INS_CMOVL },
		{ X86_INS_JGE, X86_INS_SETGE, X86_INS_CMOVGE },
		{ X86_INS_JLE, X86_INS_SETLE, X86_INS_CMOVLE },
		{ X86_INS_JG, X86_INS_SETG, X86_INS_CMOVG },
	};

	for (int i = 0; i < 16; i++)
		for (int k = 0; k < 3; k++)
			if (ids[i][k] == id)
				return i;
	return NO_CONDITION;
}

/* Whether it holds; -1: not known. */
static int holds(const struct machine *machine, int condition)
{
	bool less = machine->flags.negative != machine->flags.overflow, is_true;

	if (!machine->flags.known || condition == NO_CONDITION)
		return -1;
	switch (condition >> 1) {
	case 0:
		is_true = machine->flags.overflow;
		break;
	case 1:
		is_true = !machine->flags.carry;
		break;
	case 2:
		is_true = machine->flags.zero;
		break;
	case 3:
		is_true = !machine->flags.carry || machine->flags.zero;
		break;
	case 4:
		is_true = machine->flags.negative;
		break;
	case 6:
		is_true = less;
		break;
	case 7:
		is_true = less || machine->flags.zero;
		break;
	default:
		return -1; /* parity */
	}
	return is_true != (condition & 1);
}

int taken_x86_64(struct machine *machine, const struct insn *insn)
{
	return holds(machine, condition(insn->id));
}

static void push(struct machine *machine, const struct insn *insn)
{
	struct value value = machine_read(machine, &insn->operands[0]);
	struct value *sp = &machine->registers[isa_x86_64.sp];

	*sp = value_subtract(*sp, value_constant(8), 8);
	machine_store(machine, *sp, 8, value);
}

static struct value shifted(const struct insn *insn, struct value a, struct value b, unsigned bytes)
{
	unsigned n = (unsigned)b.number & (bytes == 8 ? 63 : 31);

	if (b.kind != VALUE_CONSTANT)
		return (struct value){ 0 };
	if (insn->id == X86_INS_SHR)
		return value_shift_right(value_low(a, 8 * bytes), n);
	return a.kind == VALUE_CONSTANT ? value_constant((uint64_t)a.number << n) :
					  (struct value){ 0 };
}

static void bit_test(struct machine *machine, struct value a, struct value b, unsigned bytes)
{
	machine->flags.known = a.kind == VALUE_CONSTANT && b.kind == VALUE_CONSTANT;
	/* Only carry is defined, and only it is asked for. */
	machine->flags.carry = !((uint64_t)a.number >> ((uint64_t)b.number & (8 * bytes - 1)) & 1);
}

/* Arithmetic on constants and addresses. */
static void compute(struct machine *machine, const struct insn *insn)
{
	const struct operand *to = &insn->operands[0];
	struct value a = machine_read(machine, to), b = value_constant(1), result = { 0 };

	if (insn->n_operands > 1)
		b = machine_read(machine, &insn->operands[1]);
	machine_forget(machine, insn);
	switch (insn->id) {
	case X86_INS_ADD:
	case X86_INS_INC:
		result = value_add(a, b);
		machine_set_flags(machine, result, value_constant(0), to->bytes, false);
		machine->flags.known = false; /* carry is not set as by this addition */
		break;
	case X86_INS_SUB:
	case X86_INS_DEC:
		result = value_subtract(a, b, to->bytes);
		machine_set_flags(machine, a, b, to->bytes, false);
		break;
	case X86_INS_AND:
		result = value_and(machine, a, b, to->bytes);
		machine_set_flags(machine, a, b, to->bytes, true);
		break;
	case X86_INS_OR:
		if (a.kind == VALUE_CONSTANT && b.kind == VALUE_CONSTANT)
			result = value_constant((uint64_t)a.number | (uint64_t)b.number);
		break;
	case X86_INS_SHL:
	case X86_INS_SHR:
		result = shifted(insn, a, b, to->bytes);
		break;
	}
	machine_write(machine, to, result);
}

static void move(struct machine *machine, const struct insn *insn)
{
	const struct operand *to = &insn->operands[0], *from = &insn->operands[1];
	struct value value = machine_read(machine, from);

	/* movsd and movq have a register of 16 bytes and memory of fewer. */
	if (to->kind == OPERAND_MEMORY || to->bytes <= from->bytes) {
		value = value_low(value, 8u * to->bytes);
	} else if (value.kind == VALUE_CONSTANT &&
		   (insn->id == X86_INS_MOVSX || insn->id == X86_INS_MOVSXD ||
		    insn->id == X86_INS_CBW || insn->id == X86_INS_CWDE ||
		    insn->id == X86_INS_CDQE)) {
		unsigned shift = 64 - 8u * from->bytes;

		value.number = (int64_t)((uint64_t)value.number << shift) >> shift;
	}
	machine_write(machine, to, value);
}

static void move_if(struct machine *machine, const struct insn *insn, int is_true)
{
	struct value value = { 0 };

	if (is_true >= 0 && insn->n_operands == 1)
		value = value_constant((uint64_t)is_true);
	else if (is_true >= 0)
		value = machine_read(machine, &insn->operands[is_true ? 1 : 0]);
	machine_write(machine, &insn->operands[0], value);
}

/* The high half of a vector, made the low one of another. */
static void move_high(struct machine *machine, const struct insn *insn)
{
	const struct operand *op = insn->operands;
	struct value value = { 0 };
	bool is_high = op[1].kind == OPERAND_REGISTER;

	if (insn->id == X86_INS_PSHUFD)
		is_high &= (op[2].value & 0xf) == 0xe;
	else if (insn->id != X86_INS_MOVHLPS && op[0].kind == OPERAND_REGISTER)
		is_high &= op[0].reg == op[1].reg; /* the low half is its own high one */
	if (is_high)
		value = value_low(value_shift_right(machine_read(machine, &op[1]), 64), 64);
	machine_write(machine, &op[0], value);
}

void execute_x86_64(struct machine *machine, const struct insn *insn)
{
	const struct operand *op = insn->operands;

	switch (insn->id) {
	case X86_INS_PUSH:
		push(machine, insn);
		return;
	case X86_INS_MOV: case X86_INS_MOVABS: case X86_INS_MOVZX: case X86_INS_MOVSX:
	case X86_INS_CBW: case X86_INS_CWDE: case X86_INS_CDQE:
	case X86_INS_MOVSXD: case X86_INS_MOVUPS: case X86_INS_MOVAPS: case X86_INS_MOVUPD:
	case X86_INS_MOVAPD: case X86_INS_MOVDQU: case X86_INS_MOVDQA: case X86_INS_MOVSS:
	case X86_INS_MOVSD: case X86_INS_MOVQ: case X86_INS_MOVD:
		move(machine, insn);
		return;
	case X86_INS_PSHUFD: case X86_INS_MOVHLPS: case X86_INS_PUNPCKHQDQ: case X86_INS_UNPCKHPD:
		move_high(machine, insn);
		return;
	case X86_INS_MOVHPS: case X86_INS_MOVHPD:
		if (op[0].kind != OPERAND_MEMORY)
			break;
		move_high(machine, insn);
		return;
	case X86_INS_LEA:
		machine_write(machine, &op[0], machine_address(machine, &op[1]));
		return;
	case X86_INS_XOR:
		machine_forget(machine, insn);
		if (op[1].kind == OPERAND_REGISTER && op[0].reg == op[1].reg)
			machine_write(machine, &op[0], value_constant(0));
		return;
	case X86_INS_ADD: case X86_INS_SUB: case X86_INS_INC: case X86_INS_DEC: case X86_INS_AND:
	case X86_INS_OR: case X86_INS_SHL: case X86_INS_SHR:
		compute(machine, insn);
		return;
	case X86_INS_CMP:
	case X86_INS_TEST:
		machine_set_flags(machine, machine_read(machine, &op[0]),
				  machine_read(machine, &op[1]), op[0].bytes,
				  insn->id == X86_INS_TEST);
		/* x86 clears its borrow after test. */
		machine->flags.carry |= insn->id == X86_INS_TEST;
		return;
	case X86_INS_BT:
		bit_test(machine, machine_read(machine, &op[0]), machine_read(machine, &op[1]),
			 op[0].bytes);
		return;
	case X86_INS_NOP:
		return;
	}
	if (condition(insn->id) != NO_CONDITION)
		move_if(machine, insn, holds(machine, condition(insn->id)));
	else
		machine_forget(machine, insn);
}
