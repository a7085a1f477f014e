/* Runs the entry of clones, as far as their dispatch and their loads go. */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum {
	MAX_STEPS = 4096,
	MAX_CHOICES = 8,
	FRAME_SITE = offsetof(struct hcc_frame, site),
	FRAME_RESUME = offsetof(struct hcc_frame, resume),
	FRAME_BYTES = offsetof(struct hcc_frame, bytes),
	SLOT_BYTES = 16,
};

static const struct value unknown;

/* ---- values ---------------------------------------------------------------------------------- */

struct value value_constant(uint64_t number)
{
	return (struct value){ .kind = VALUE_CONSTANT, .number = (int64_t)number };
}

static uint64_t mask(unsigned bits)
{
	return bits < 64 ? ((uint64_t)1 << bits) - 1 : ~(uint64_t)0;
}

struct value value_low(struct value value, unsigned bits)
{
	if (value.kind == VALUE_CONSTANT)
		value.number &= (int64_t)mask(bits);
	else if (value.kind == VALUE_SLOT && value.bits > bits)
		value.bits = (uint8_t)bits;
	else if (value.kind != VALUE_SLOT && bits < 64)
		return unknown;
	return value;
}

struct value value_shift_right(struct value value, unsigned n)
{
	if (!n)
		return value;
	if (value.kind == VALUE_CONSTANT && n < 64)
		value.number = (int64_t)((uint64_t)value.number >> n);
	else if (value.kind != VALUE_SLOT || value.number || n % 8 || n >= value.bits)
		return unknown;
	value.slot_off = (uint8_t)(value.slot_off + n / 8);
	if (value.kind == VALUE_SLOT)
		value.bits = (uint8_t)(value.bits - n);
	return value;
}

static bool is_address(struct value value)
{
	return value.kind == VALUE_FRAME || value.kind == VALUE_NEXT || value.kind == VALUE_STACK;
}

struct value value_add(struct value a, struct value b)
{
	if (a.kind == VALUE_CONSTANT || a.kind == VALUE_BYTES) {
		struct value swap = a;

		a = b;
		b = swap;
	}
	if (a.kind == VALUE_FRAME && b.kind == VALUE_BYTES) {
		a.kind = VALUE_NEXT;
		return a;
	}
	/* A loop may count by another number than the one that lives across its call. */
	if (b.kind != VALUE_CONSTANT || (a.kind != VALUE_CONSTANT && !is_address(a) &&
					 (a.kind != VALUE_SLOT || a.slot_off)))
		return unknown;
	a.number = (int64_t)((uint64_t)a.number + (uint64_t)b.number);
	return a;
}

struct value value_subtract(struct value a, struct value b, unsigned bytes)
{
	if (b.kind != VALUE_CONSTANT)
		return unknown;
	b.number = (int64_t)-(uint64_t)b.number;
	return value_low(value_add(a, b), 8 * bytes);
}

struct value value_and(struct machine *machine, struct value a, struct value b, unsigned bytes)
{
	if (a.kind == VALUE_CONSTANT && b.kind == VALUE_CONSTANT)
		return value_low(value_constant((uint64_t)a.number & (uint64_t)b.number),
				 8 * bytes);
	if (a.kind == VALUE_CONSTANT) {
		struct value swap = a;

		a = b;
		b = swap;
	}
	if (b.kind != VALUE_CONSTANT)
		return unknown;
	/* The low bits that the mask keeps. */
	if (a.kind == VALUE_SLOT && b.number & 1)
		return value_low(a, ~b.number ? (unsigned)__builtin_ctzll(~(uint64_t)b.number) :
						64);
	if (a.kind == VALUE_STACK)
		return (struct value){ .kind = VALUE_STACK, .slot = ++machine->n_stacks };
	return unknown;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static struct value load_frame(const struct machine *machine, int64_t off, unsigned bytes)
{
	int64_t slots = off - (int64_t)sizeof(struct hcc_frame);

	if (off == FRAME_SITE)
		return value_constant(machine->site);
	if (off == FRAME_BYTES && bytes == 8)
		return (struct value){ .kind = VALUE_BYTES };
	if (slots < 0 || slots % SLOT_BYTES + bytes > SLOT_BYTES)
		return unknown;
	return (struct value){
		.kind = VALUE_SLOT,
		.slot = (uint32_t)(slots / SLOT_BYTES),
		.slot_off = (uint8_t)(slots % SLOT_BYTES),
		.bits = (uint8_t)(8 * bytes),
	};
}

/* The first entry that ends behind an address. */
static size_t stack_find(const struct machine *machine, uint32_t stack, int64_t off)
{
	size_t low = 0, high = machine->n_stack;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct stack_entry *entry = &machine->stack[middle];

		if (entry->stack < stack ||
		    (entry->stack == stack && entry->off + entry->bytes <= off))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct value load_byte(const struct machine *machine, struct value address)
{
	size_t i = stack_find(machine, address.slot, address.number);
	const struct stack_entry *entry = &machine->stack[i];

	if (i == machine->n_stack || entry->stack != address.slot || entry->off > address.number)
		return unknown;
	return value_shift_right(entry->value, (unsigned)(8 * (address.number - entry->off)));
}

/* What a value was stored as may have been several pieces: they have to be of one slot, in order.
 * Constants are only loaded as they were stored. */
static struct value load_stack(const struct machine *machine, struct value address, unsigned bytes)
{
	struct value first = load_byte(machine, address);
	unsigned known = 8;

	if (first.kind == VALUE_CONSTANT)
		return value_low(first, 8 * bytes);
	if (first.kind != VALUE_SLOT || first.number || first.bits < 8)
		return value_low(first, 8 * bytes);
	for (unsigned i = 1; i < bytes; i++) {
		struct value next;

		address.number++;
		next = load_byte(machine, address);
		if (next.kind != VALUE_SLOT || next.number || next.slot != first.slot ||
		    next.slot_off != first.slot_off + i || known != 8 * i)
			break;
		known += next.bits < 8 ? next.bits : 8;
	}
	first.bits = (uint8_t)known;
	return first;
}

/* Memory of the image that no program writes. */
static struct value load_image(const struct machine *machine, uint64_t va, unsigned bytes)
{
	const struct section *section = image_section(machine->code->image, va);
	const void *at = image_bytes(machine->code->image, va, bytes);
	uint64_t number = 0;

	if (!at || bytes > 8 || (section->flags & SHF_WRITE && strcmp(section->name, ".got")))
		return unknown;
	memcpy(&number, at, bytes);
	return value_constant(number);
}

struct value machine_load(struct machine *machine, struct value address, unsigned bytes)
{
	switch (address.kind) {
	case VALUE_CONSTANT:
		return load_image(machine, (uint64_t)address.number, bytes);
	case VALUE_FRAME:
		return load_frame(machine, address.number, bytes);
	case VALUE_NEXT:
		return address.number == FRAME_RESUME && bytes == 8 ?
			       (struct value){ .kind = VALUE_RESUME } :
			       unknown;
	case VALUE_STACK:
		return load_stack(machine, address, bytes);
	default:
		return unknown;
	}
}

static struct stack_entry part(const struct stack_entry *entry, int64_t off, int64_t end)
{
	struct stack_entry out = *entry;

	out.off = off;
	out.bytes = (uint32_t)(end - off);
	out.value = value_shift_right(entry->value, (unsigned)(8 * (off - entry->off)));
	return out;
}

static void forget_fresh(struct machine *machine)
{
	size_t n = 0;

	for (size_t i = 0; i < machine->n_stack; i++)
		if (!machine->stack[i].is_fresh)
			machine->stack[n++] = machine->stack[i];
	machine->n_stack = n;
}

void machine_store(struct machine *machine, struct value address, unsigned bytes,
		   struct value value)
{
	int64_t off = address.number, end = off + bytes;
	struct stack_entry new[3];
	size_t first, last, n = 0;

	if (address.kind == VALUE_UNKNOWN && machine->is_wary)
		forget_fresh(machine);
	if (address.kind != VALUE_STACK)
		return;
	first = last = stack_find(machine, address.slot, off);
	while (last < machine->n_stack && machine->stack[last].stack == address.slot &&
	       machine->stack[last].off < end)
		last++;
	/* What was there may stick out on both sides. */
	if (first < last && machine->stack[first].off < off)
		new[n++] = part(&machine->stack[first], machine->stack[first].off, off);
	new[n++] = (struct stack_entry){ address.slot, bytes, off, value, machine->is_wary };
	if (first < last && machine->stack[last - 1].off + machine->stack[last - 1].bytes > end)
		new[n++] = part(&machine->stack[last - 1], end,
				machine->stack[last - 1].off + machine->stack[last - 1].bytes);
	machine->stack = memory_grow(machine->stack, &machine->stack_capacity,
				     machine->n_stack + n, sizeof *machine->stack);
	memmove(machine->stack + first + n, machine->stack + last,
		(machine->n_stack - last) * sizeof *machine->stack);
	memcpy(machine->stack + first, new, n * sizeof *new);
	machine->n_stack += n - (last - first);
}

/* ---- operands -------------------------------------------------------------------------------- */

static struct value register_value(const struct machine *machine, unsigned reg)
{
	if (reg == REGISTER_ZERO)
		return value_constant(0);
	return reg < N_REGISTERS ? machine->registers[reg] : unknown;
}

struct value machine_address(struct machine *machine, const struct operand *memory)
{
	struct value base = value_constant((uint64_t)memory->value), index;

	if (memory->segment)
		return unknown;
	if (memory->reg != REGISTER_NONE)
		base = value_add(base, register_value(machine, memory->reg));
	if (memory->index == REGISTER_NONE)
		return base;
	index = register_value(machine, memory->index);
	if (memory->shift) {
		if (index.kind != VALUE_CONSTANT)
			return unknown;
		index.number = (int64_t)((uint64_t)index.number << memory->shift);
	}
	return value_add(base, index);
}

struct value machine_read(struct machine *machine, const struct operand *operand)
{
	switch (operand->kind) {
	case OPERAND_IMMEDIATE:
		return value_constant((uint64_t)operand->value);
	case OPERAND_REGISTER:
		return value_low(register_value(machine, operand->reg), 8u * operand->bytes);
	case OPERAND_LANE:
		return value_low(value_shift_right(register_value(machine, operand->reg),
						   8 * (unsigned)operand->value),
				 8u * operand->bytes);
	case OPERAND_MEMORY:
		return machine_load(machine, machine_address(machine, operand), operand->bytes);
	default:
		return unknown;
	}
}

void machine_write(struct machine *machine, const struct operand *operand, struct value value)
{
	unsigned bits = 8u * operand->bytes;
	struct value *reg;

	if (operand->kind == OPERAND_MEMORY) {
		machine_store(machine, machine_address(machine, operand), operand->bytes,
			      value_low(value, bits));
		return;
	}
	if (operand->kind != OPERAND_REGISTER || operand->reg >= N_REGISTERS)
		return;
	reg = &machine->registers[operand->reg];
	value = value_low(value, bits);
	if (operand->bytes < 4 && value.kind == VALUE_CONSTANT)
		value = reg->kind == VALUE_CONSTANT ?
				value_constant(((uint64_t)reg->number & ~mask(bits)) |
					       (uint64_t)value.number) :
				unknown;
	*reg = value;
}

void machine_set_flags(struct machine *machine, struct value a, struct value b, unsigned bytes,
		       bool is_and)
{
	uint64_t x = (uint64_t)a.number & mask(8 * bytes), y = (uint64_t)b.number & mask(8 * bytes);
	uint64_t result = (is_and ? x & y : x - y) & mask(8 * bytes);
	uint64_t sign = (uint64_t)1 << (8 * bytes - 1);

	machine->flags.known = a.kind == VALUE_CONSTANT && b.kind == VALUE_CONSTANT;
	machine->flags.zero = !result;
	machine->flags.negative = result & sign;
	machine->flags.carry = !is_and && x >= y; /* no borrow */
	machine->flags.overflow = !is_and && (x ^ y) & (x ^ result) & sign;
}

void machine_forget(struct machine *machine, const struct insn *insn)
{
	for (unsigned reg = 0; reg < N_REGISTERS; reg++)
		if (registers_has(&insn->writes, reg))
			machine->registers[reg] = unknown;
	/* Or only a high half. */
	for (unsigned i = 0; i < insn->n_operands; i++)
		if (insn->operands[i].kind == OPERAND_REGISTER &&
		    insn->operands[i].reg < N_REGISTERS &&
		    insn->operands[i].access & OPERAND_WRITE)
			machine->registers[insn->operands[i].reg] =
				value_low(machine->registers[insn->operands[i].reg], 64);
	for (unsigned i = 0; i < insn->n_operands; i++)
		if (insn->operands[i].kind == OPERAND_MEMORY &&
		    insn->operands[i].access & OPERAND_WRITE)
			machine_write(machine, &insn->operands[i], unknown);
	if (insn->sets_flags)
		machine->flags.known = false;
}

/* ---- running --------------------------------------------------------------------------------- */

void machine_init(struct machine *machine, const struct code *code, uint64_t site)
{
	const struct isa *isa = code->image->isa;

	*machine = (struct machine){ .code = code, .site = site };
	machine->registers[isa->sp] = (struct value){ .kind = VALUE_STACK };
	machine->registers[isa->frame_argument] = (struct value){ .kind = VALUE_FRAME };
}

void machine_free(struct machine *machine)
{
	free(machine->stack);
	machine->stack = NULL;
}

void machine_copy(struct machine *to, const struct machine *from)
{
	*to = *from;
	to->stack = NULL;
	to->stack_capacity = 0;
	to->stack = memory_grow(NULL, &to->stack_capacity, from->n_stack, sizeof *to->stack);
	if (from->n_stack)
		memcpy(to->stack, from->stack, from->n_stack * sizeof *to->stack);
}

static bool value_equal(const struct value *a, const struct value *b)
{
	return a->kind == b->kind && a->slot_off == b->slot_off && a->bits == b->bits &&
	       a->slot == b->slot && a->number == b->number;
}

static bool is_after(const struct stack_entry *a, const struct stack_entry *b)
{
	return a->stack > b->stack || (a->stack == b->stack && a->off > b->off);
}

bool machine_meet(struct machine *to, const struct machine *from)
{
	size_t n = 0, k = 0;
	bool lost = false;

	for (unsigned reg = 0; reg < N_REGISTERS; reg++)
		if (to->registers[reg].kind &&
		    !value_equal(&to->registers[reg], &from->registers[reg])) {
			to->registers[reg] = unknown;
			lost = true;
		}
	for (size_t i = 0; i < to->n_stack; i++) {
		struct stack_entry *entry = &to->stack[i];

		while (k < from->n_stack && is_after(entry, &from->stack[k]))
			k++;
		if (k < from->n_stack && !is_after(&from->stack[k], entry) &&
		    entry->bytes == from->stack[k].bytes &&
		    value_equal(&entry->value, &from->stack[k].value)) {
			lost |= from->stack[k].is_fresh && !entry->is_fresh;
			entry->is_fresh |= from->stack[k].is_fresh;
			to->stack[n++] = *entry;
		}
	}
	lost |= n < to->n_stack;
	to->n_stack = n;
	if (to->n_stacks < from->n_stacks)
		to->n_stacks = from->n_stacks;
	to->flags.known = false;
	return lost;
}

struct value machine_target(struct machine *machine, const struct insn *call)
{
	return call->flow == FLOW_CALL ? value_constant(call->target) :
					 machine_read(machine, &call->operands[0]);
}

/* Take the jump at `at`. */
static bool jump(struct machine *machine, uint64_t va)
{
	machine->at = code_at(machine->code, va);
	if (machine->at == CODE_NONE)
		machine->problem = "it jumps out of the function";
	return machine->at != CODE_NONE;
}

bool machine_next_choices(const struct machine *machine, uint32_t *choices)
{
	uint32_t next = machine->choices;

	for (unsigned k = machine->n_choices; k--; next &= ~(1u << k))
		if (!(next >> k & 1)) {
			*choices = next | 1u << k;
			return true;
		}
	return false;
}

/* What a value of the frame decides: code generation has made branches of a select. */
static int choose(struct machine *machine)
{
	if (machine->n_choices == MAX_CHOICES) {
		machine->problem = "it branches on something else than the site's number";
		return -1;
	}
	return machine->choices >> machine->n_choices++ & 1;
}

static bool step(struct machine *machine, const struct insn *insn)
{
	const struct isa *isa = machine->code->image->isa;
	struct value target;
	int taken;

	switch (insn->flow) {
	case FLOW_JUMP:
		return jump(machine, insn->target);
	case FLOW_JUMP_INDIRECT:
		target = machine_target(machine, insn);
		if (target.kind == VALUE_CONSTANT)
			return jump(machine, (uint64_t)target.number);
		machine->problem = "it jumps by something else than the site's number";
		return false;
	case FLOW_BRANCH:
		if (insn->is_poll) {
			machine->problem = "it polls";
			return false;
		}
		taken = isa->taken(machine, insn);
		if (taken < 0)
			taken = choose(machine);
		if (taken)
			return taken > 0 && jump(machine, insn->target);
		break;
	case FLOW_NEXT:
		isa->execute(machine, insn);
		break;
	case FLOW_RETURN:
		machine->problem = "it returns";
		return false;
	default:
		machine->problem = "it traps";
		return false;
	}
	machine->at++;
	return true;
}

size_t machine_run(struct machine *machine)
{
	for (unsigned n = 0; n < MAX_STEPS; n++) {
		if (machine->at >= machine->code->n_insns) {
			machine->problem = "it runs past its end";
			return CODE_NONE;
		}
		if (insn_is_call(&machine->code->insns[machine->at]))
			return machine->at;
		if (!step(machine, &machine->code->insns[machine->at]))
			return CODE_NONE;
	}
	machine->problem = "it makes no call";
	return CODE_NONE;
}
