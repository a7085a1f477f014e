/* AArch64 instructions that the entries of clones are made of. */
#include "machine.h"

#include "isa_private.h"

/* Whether a condition holds; -1: not known. C1.2.4 of the Arm ARM. */
static int holds(const struct machine *machine, unsigned condition)
{
	bool is_true;

	if (!machine->flags.known || condition < ARM64_CC_EQ || condition > ARM64_CC_LE)
		return -1;
	condition -= ARM64_CC_EQ;
	switch (condition >> 1) {
	case 0:
		is_true = machine->flags.zero;
		break;
	case 1:
		is_true = machine->flags.carry;
		break;
	case 2:
		is_true = machine->flags.negative;
		break;
	case 3:
		is_true = machine->flags.overflow;
		break;
	case 4:
		is_true = machine->flags.carry && !machine->flags.zero;
		break;
	case 5:
		is_true = machine->flags.negative == machine->flags.overflow;
		break;
	default:
		is_true = !machine->flags.zero &&
			  machine->flags.negative == machine->flags.overflow;
		break;
	}
	return is_true != (condition & 1);
}

int taken_aarch64(struct machine *machine, const struct insn *insn)
{
	struct value value;
	bool is_zero;

	if (insn->id == ARM64_INS_B)
		return holds(machine, insn->condition);
	value = machine_read(machine, &insn->operands[0]);
	if (value.kind != VALUE_CONSTANT)
		return -1;
	if (insn->id == ARM64_INS_CBZ || insn->id == ARM64_INS_CBNZ) {
		is_zero = !value.number;
		return is_zero == (insn->id == ARM64_INS_CBZ);
	}
	is_zero = !((uint64_t)value.number >> (insn->operands[1].value & 63) & 1);
	return is_zero == (insn->id == ARM64_INS_TBZ);
}

/* ---- loads and stores ------------------------------------------------------------------------ */

/* The address of a load or store, and its base written back. */
static struct value effective(struct machine *machine, const struct insn *insn,
			      const struct operand *memory)
{
	struct operand simple = *memory;
	struct value address, after;

	after = machine_address(machine, memory);
	if (!insn->writeback)
		return after;
	simple.value = 0;
	address = insn->post_index ? machine_address(machine, &simple) : after;
	if (memory->reg < N_REGISTERS)
		machine->registers[memory->reg] = after;
	return address;
}

enum { MAX_LOADED = 4 };

static void load_or_store(struct machine *machine, const struct insn *insn, bool is_load)
{
	unsigned n = insn->n_operands - 1u; /* registers */
	const struct operand *memory = &insn->operands[n];
	unsigned bytes = n ? memory->bytes / n : 0;
	struct value values[MAX_LOADED], address;

	if (memory->kind != OPERAND_MEMORY || !bytes || n > MAX_LOADED) {
		machine_forget(machine, insn);
		return;
	}
	for (unsigned i = 0; i < n && !is_load; i++)
		values[i] = machine_read(machine, &insn->operands[i]);
	address = effective(machine, insn, memory);
	for (unsigned i = 0; i < n; i++) {
		if (is_load) {
			struct value value = machine_load(machine, address, bytes);

			if (insn->id == ARM64_INS_LDRSW && value.kind == VALUE_CONSTANT)
				value.number = (int32_t)value.number;
			values[i] = value;
		} else {
			machine_store(machine, address, bytes, value_low(values[i], 8 * bytes));
		}
		address = value_add(address, value_constant(bytes));
	}
	for (unsigned i = 0; i < n && is_load; i++)
		machine_write(machine, &insn->operands[i], values[i]);
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

/* The last operand with its shift. */
static struct value source(struct machine *machine, const struct operand *operand)
{
	struct value value = machine_read(machine, operand);

	if (operand->kind != OPERAND_REGISTER || !operand->shift)
		return value;
	if (value.kind != VALUE_CONSTANT)
		return (struct value){ 0 };
	return value_constant((uint64_t)value.number << operand->shift);
}

static void compute(struct machine *machine, const struct insn *insn)
{
	const struct operand *op = insn->operands;
	struct value a = machine_read(machine, &op[1]), b = source(machine, &op[2]), result = { 0 };
	uint64_t x = (uint64_t)a.number, y = (uint64_t)b.number;
	bool constant = a.kind == VALUE_CONSTANT && b.kind == VALUE_CONSTANT;

	switch (insn->id) {
	case ARM64_INS_ADD:
		result = value_add(a, b);
		if (insn->sets_flags)
			machine->flags.known = false;
		break;
	case ARM64_INS_SUB:
		result = value_subtract(a, b, op[0].bytes);
		if (insn->sets_flags)
			machine_set_flags(machine, a, b, op[0].bytes, false);
		break;
	case ARM64_INS_AND:
		result = value_and(machine, a, b, op[0].bytes);
		if (insn->sets_flags)
			machine_set_flags(machine, a, b, op[0].bytes, true);
		break;
	case ARM64_INS_ORR:
		if (constant)
			result = value_constant(x | y);
		break;
	case ARM64_INS_LSL:
		if (constant)
			result = value_constant(x << (y & 63));
		break;
	case ARM64_INS_LSR:
		if (b.kind == VALUE_CONSTANT)
			result = value_shift_right(value_low(a, 8u * op[0].bytes), y & 63);
		break;
	}
	machine_write(machine, &op[0], result);
}

/* The low bits of a register: extensions and bit fields from bit 0. */
static void extend(struct machine *machine, const struct insn *insn)
{
	const struct operand *op = insn->operands;
	struct value value = machine_read(machine, &op[1]);
	unsigned bits = 32;

	switch (insn->id) {
	case ARM64_INS_UXTB: case ARM64_INS_SXTB:
		bits = 8;
		break;
	case ARM64_INS_UXTH: case ARM64_INS_SXTH:
		bits = 16;
		break;
	case ARM64_INS_UBFX: case ARM64_INS_SBFX:
		bits = (unsigned)op[3].value;
		value = value_shift_right(value, (unsigned)op[2].value & 63);
		break;
	}
	/* Constants are site numbers: small enough for each of these, and not negative. */
	machine_write(machine, &op[0], value_low(value, bits));
}

static void select_value(struct machine *machine, const struct insn *insn)
{
	const struct operand *op = insn->operands;
	int is_true = holds(machine, insn->condition);
	struct value value = { 0 };

	if (is_true >= 0 && insn->id == ARM64_INS_CSET)
		value = value_constant((uint64_t)is_true);
	else if (is_true >= 0)
		value = machine_read(machine, &op[is_true ? 1 : 2]);
	if (is_true == 0 && insn->id == ARM64_INS_CSINC)
		value = value_add(value, value_constant(1));
	machine_write(machine, &op[0], value);
}

static void compare(struct machine *machine, const struct insn *insn)
{
	struct value a = machine_read(machine, &insn->operands[0]);
	struct value b = source(machine, &insn->operands[1]);

	if (insn->id == ARM64_INS_CMN)
		b.number = (int64_t)-(uint64_t)b.number;
	machine_set_flags(machine, a, b, insn->operands[0].bytes, insn->id == ARM64_INS_TST);
	if (insn->id == ARM64_INS_CMN && !b.number)
		machine->flags.carry = false;
}

/* 16 bits of a constant. */
static void move_part(struct machine *machine, const struct insn *insn)
{
	const struct operand *part = &insn->operands[1];
	struct value value = machine_read(machine, &insn->operands[0]);

	if (value.kind == VALUE_CONSTANT)
		value = value_constant(((uint64_t)value.number & ~((uint64_t)0xffff << part->shift))
			| (uint64_t)part->value);
	else
		value = (struct value){ 0 };
	machine_write(machine, &insn->operands[0], value);
}

/* Whether ld1 or st1 is of whole registers one after the other, not of lanes. */
static bool is_whole(const struct insn *insn)
{
	unsigned n = insn->n_operands - 1u;

	return insn->operands[n].kind == OPERAND_MEMORY && insn->operands[n].bytes == 16 * n;
}

void execute_aarch64(struct machine *machine, const struct insn *insn)
{
	const struct operand *op = insn->operands;

	switch (insn->id) {
	case ARM64_INS_STP: case ARM64_INS_STR: case ARM64_INS_STUR: case ARM64_INS_STRB:
	case ARM64_INS_STRH: case ARM64_INS_STURB: case ARM64_INS_STURH: case ARM64_INS_STNP:
		load_or_store(machine, insn, false);
		return;
	case ARM64_INS_ST1: case ARM64_INS_LD1:
		if (!is_whole(insn))
			break;
		load_or_store(machine, insn, insn->id == ARM64_INS_LD1);
		return;
	case ARM64_INS_LDP: case ARM64_INS_LDR: case ARM64_INS_LDUR: case ARM64_INS_LDRB:
	case ARM64_INS_LDRH: case ARM64_INS_LDURB: case ARM64_INS_LDURH: case ARM64_INS_LDRSW:
	case ARM64_INS_LDRSB: case ARM64_INS_LDRSH: case ARM64_INS_LDNP:
		load_or_store(machine, insn, true);
		return;
	case ARM64_INS_MOV: case ARM64_INS_MOVZ: case ARM64_INS_FMOV: case ARM64_INS_ADR:
	case ARM64_INS_ADRP: case ARM64_INS_UMOV:
		if (op[0].bytes == 16 && op[0].access & OPERAND_READ)
			break; /* into a lane */
		machine_write(machine, &op[0], machine_read(machine, &op[1]));
		return;
	case ARM64_INS_MOVK:
		move_part(machine, insn);
		return;
	case ARM64_INS_ADD: case ARM64_INS_SUB: case ARM64_INS_AND: case ARM64_INS_ORR:
	case ARM64_INS_LSL: case ARM64_INS_LSR:
		if (insn->n_operands != 3)
			break;
		compute(machine, insn);
		return;
	case ARM64_INS_UXTB: case ARM64_INS_UXTH: case ARM64_INS_UXTW: case ARM64_INS_SXTB:
	case ARM64_INS_SXTH: case ARM64_INS_SXTW: case ARM64_INS_UBFX: case ARM64_INS_SBFX:
		extend(machine, insn);
		return;
	case ARM64_INS_CSEL: case ARM64_INS_CSET: case ARM64_INS_CSINC:
		select_value(machine, insn);
		return;
	case ARM64_INS_CMP: case ARM64_INS_CMN: case ARM64_INS_TST:
		compare(machine, insn);
		return;
	case ARM64_INS_NOP:
		return;
	}
	machine_forget(machine, insn);
}
