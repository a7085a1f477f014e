/* Where values are, by the records of two calls and by the code between them. After a call the
 * places of its record get the values' numbers as names; then the code is run, along all ways, up
 * to the next recorded calls. What a place of theirs holds under its old name is the same value
 * everywhere: in the original, in the clone, on each ISA. */
#include "continuity.h"

#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "memory.h"

enum {
	MAX_FORKS = 12, /* branches on one way */
	MAX_WAYS = 64,
	MAX_STEPS = 400,
	NOTHING = 0xffff,
};

/* From a call of one site to a call of another. */
struct passage {
	struct passage *next;
	uint32_t to;         /* site_idx */
	uint32_t n_from, n_to;
	uint64_t call_va;    /* where it begins */
	uint16_t *source;    /* by value of `to`: the first site's value there, or NOTHING */
	uint16_t *same;      /* by value of the first: the lowest one in the same place */
};

struct walk {
	struct passages *passages;
	const struct code *code;
	const struct hcc_meta_return *ret;
	uint16_t *same;
	uint32_t n_from;
	unsigned n_ways;
	bool gave_up;
};

void passages_init(struct passages *passages, const struct image *image)
{
	*passages = (struct passages){ .image = image };
	passages->from = memory_alloc(image->meta->n_sites * sizeof(struct passage *));
}

static void free_list(struct passage *passage)
{
	while (passage) {
		struct passage *next = passage->next;

		free(passage->source);
		free(passage->same);
		free(passage);
		passage = next;
	}
}

void passages_free(struct passages *passages)
{
	for (uint32_t i = 0; passages->from && i < passages->image->meta->n_sites; i++)
		free_list(passages->from[i]);
	free(passages->from);
	*passages = (struct passages){ 0 };
}

static struct passage *find(struct passage *list, uint32_t to)
{
	while (list && list->to != to)
		list = list->next;
	return list;
}

static uint16_t *copy(const uint16_t *numbers, uint32_t n)
{
	uint16_t *out = memory_alloc(n * sizeof *out);

	if (n)
		memcpy(out, numbers, n * sizeof *out);
	return out;
}

/* ---- one way --------------------------------------------------------------------------------- */

/* Give the places of a record their values' numbers; those in one place share the lowest. */
static void name_values(struct walk *walk, struct machine *machine)
{
	const struct image *image = walk->passages->image;
	const struct hcc_meta_site *site = image_site(image, walk->ret);
	const uint8_t *types = image_types(image, site);
	struct location *locations = memory_alloc(site->n_values * sizeof *locations);
	uint64_t at = walk->ret->locations_off;

	walk->n_from = 0;
	for (uint32_t i = 0; i < site->n_values; i++) {
		const struct location *l = &locations[i];
		struct value value = { .kind = VALUE_SLOT, .bits = (uint8_t)value_bits(types[i]) };

		if (image_location(image, &at, &locations[i]))
			break; /* said by verify_records */
		walk->same[i] = (uint16_t)i;
		for (uint32_t k = i; k--;)
			if (locations[k].kind == l->kind && locations[k].reg == l->reg &&
			    locations[k].value == l->value)
				walk->same[i] = (uint16_t)k;
		value.slot = walk->same[i];
		walk->n_from++;
		if (l->kind == HCC_LOCATION_REGISTER && l->reg < N_REGISTERS &&
		    value.bits > machine->registers[l->reg].bits)
			machine->registers[l->reg] = value;
		else if (l->kind == HCC_LOCATION_MEMORY && l->reg == image->isa->sp)
			machine_store(machine,
				      value_add(machine->registers[l->reg],
						value_constant((uint64_t)l->value)),
				      (value.bits + 7u) / 8, value);
	}
	free(locations);
}

static uint16_t source_of(const struct walk *walk, struct machine *machine,
			  const struct location *l, unsigned bits)
{
	struct value value = { 0 };

	if (l->kind == HCC_LOCATION_REGISTER && l->reg < N_REGISTERS)
		value = value_low(machine->registers[l->reg], bits);
	else if (l->kind == HCC_LOCATION_MEMORY && l->reg == walk->passages->image->isa->sp)
		value = machine_load(machine,
				     value_add(machine->registers[l->reg],
					       value_constant((uint64_t)l->value)),
				     (bits + 7) / 8);
	return value.kind == VALUE_SLOT && !value.slot_off && value.bits >= bits ?
		       (uint16_t)value.slot :
		       NOTHING;
}

/* A way has come to a recorded call: note the sources; ways that differ in one make it unknown. */
static void arrive(struct walk *walk, struct machine *machine, const struct hcc_meta_return *ret)
{
	const struct image *image = walk->passages->image;
	const struct hcc_meta_site *site = image_site(image, ret);
	const uint8_t *types = image_types(image, site);
	struct passage *passage = find(walk->passages->scratch, ret->site_idx);
	bool is_first = !passage;
	uint64_t at = ret->locations_off;
	struct location location;

	if (is_first) {
		passage = memory_alloc(sizeof *passage);
		passage->next = walk->passages->scratch;
		walk->passages->scratch = passage;
		passage->to = ret->site_idx;
		passage->n_to = site->n_values;
		passage->source = memory_alloc(site->n_values * sizeof *passage->source);
	}
	for (uint32_t i = 0; i < site->n_values; i++) {
		uint16_t source = NOTHING;

		if (!image_location(image, &at, &location))
			source = source_of(walk, machine, &location, value_bits(types[i]));
		if (is_first)
			passage->source[i] = source;
		else if (passage->source[i] != source)
			passage->source[i] = NOTHING;
	}
}

static void follow(struct walk *walk, struct machine *machine, unsigned n_forks);

/* Both ways of a branch. */
static void fork_way(struct walk *walk, struct machine *machine, unsigned n_forks)
{
	const struct insn *insn = &walk->code->insns[machine->at];
	size_t target = code_at(walk->code, insn->target);
	struct machine other;

	if (insn->sets_flags)
		machine->flags.known = false;
	other = *machine;
	if (n_forks == MAX_FORKS || ++walk->n_ways > MAX_WAYS) {
		walk->gave_up = true;
		return;
	}
	if (target != CODE_NONE) {
		other.stack = memory_alloc((machine->n_stack + 1) * sizeof *other.stack);
		if (machine->n_stack)
			memcpy(other.stack, machine->stack, machine->n_stack * sizeof *other.stack);
		other.stack_capacity = machine->n_stack + 1;
		other.at = target;
		follow(walk, &other, n_forks + 1);
		machine_free(&other);
	}
	machine->at++;
	follow(walk, machine, n_forks + 1);
}

static void follow(struct walk *walk, struct machine *machine, unsigned n_forks)
{
	const struct code *code = walk->code;

	for (unsigned n = 0; n < MAX_STEPS && machine->at < code->n_insns; n++) {
		const struct insn *insn = &code->insns[machine->at];
		const struct hcc_meta_return *ret;
		size_t target;

		switch (insn->flow) {
		case FLOW_CALL:
		case FLOW_CALL_INDIRECT:
			ret = image_return(code->image, insn_end(insn));
			if (ret && image_site_function(code->image, ret) == code->function->meta)
				arrive(walk, machine, ret);
			return; /* others may not return */
		case FLOW_BRANCH:
			fork_way(walk, machine, n_forks);
			return;
		case FLOW_JUMP:
			target = code_at(code, insn->target);
			if (target == CODE_NONE)
				return;
			machine->at = target;
			continue;
		case FLOW_NEXT:
			code->image->isa->execute(machine, insn);
			machine->at++;
			continue;
		default:
			return;
		}
	}
	walk->gave_up = true;
}

/* ---- comparison ------------------------------------------------------------------------------ */

static bool holds(const struct passage *passage, uint16_t source)
{
	for (uint32_t i = 0; i < passage->n_to; i++)
		if (passage->source[i] == source)
			return true;
	return false;
}

static bool are_same(const struct passage *passage, uint16_t a, uint16_t b)
{
	return a < passage->n_from && b < passage->n_from && passage->same[a] == passage->same[b];
}

/* The value whose sources differ; NOTHING: none does. A value that is undefined on these ways can
 * be anything, but then what it seems to be is not among the other values. */
static uint16_t difference(const struct passage *a, const struct passage *b)
{
	for (uint32_t i = 0; i < a->n_to && i < b->n_to; i++) {
		uint16_t x = a->source[i], y = b->source[i];

		if (x == NOTHING || y == NOTHING || x == y || are_same(a, x, y) ||
		    are_same(b, x, y))
			continue;
		if (holds(a, y) || holds(b, x))
			return (uint16_t)i;
	}
	return NOTHING;
}

static void compare(struct report *report, const struct image *image, const struct image *first,
		    uint32_t site_idx, const struct passage *a, const struct passage *b)
{
	uint16_t i = difference(a, b);
	uint32_t first_site, from, to;

	if (i == NOTHING)
		return;
	first_site = image->meta_functions[hcc_meta_function_of(image->meta, site_idx)].first_site;
	from = site_idx - first_site;
	to = a->to - first_site;
	report_finding(report, image, image_function(image, b->call_va), b->call_va,
		       "value %u of site %u is value %u of site %u after this call, but value %u "
		       "after that at 0x%llx on %s",
		       i, to, b->source[i], from, a->source[i], (unsigned long long)a->call_va,
		       first->isa->name);
}

static void keep_or_compare(struct report *report, struct passages *passages, struct walk *walk,
			    uint64_t call_va)
{
	struct passage **list = &passages->from[walk->ret->site_idx];

	while (passages->scratch) {
		struct passage *passage = passages->scratch, *known = find(*list, passage->to);

		passages->scratch = passage->next;
		passage->call_va = call_va;
		passage->n_from = walk->n_from;
		passage->same = copy(walk->same, walk->n_from);
		if (known) {
			compare(report, passages->image, passages->image, walk->ret->site_idx,
				known, passage);
			passage->next = NULL;
			free_list(passage);
		} else {
			passage->next = *list;
			*list = passage;
		}
	}
}

static void start(struct report *report, struct passages *passages, const struct code *code,
		  size_t call, uint16_t *same)
{
	struct walk walk = { .passages = passages, .code = code, .same = same };
	struct machine machine;

	walk.ret = image_return(passages->image, insn_end(&code->insns[call]));
	if (!walk.ret || image_site_function(passages->image, walk.ret) != code->function->meta)
		return;
	machine_init(&machine, code, 0);
	memset(machine.registers, 0, sizeof machine.registers);
	machine.registers[code->image->isa->sp] = (struct value){ .kind = VALUE_STACK };
	machine.at = call + 1;
	name_values(&walk, &machine);
	follow(&walk, &machine, 0);
	machine_free(&machine);
	if (walk.gave_up) { /* ways that were not followed may differ */
		free_list(passages->scratch);
		passages->scratch = NULL;
	}
	keep_or_compare(report, passages, &walk, code->insns[call].va);
}

void verify_continuity(struct report *report, struct passages *passages, const struct code *code)
{
	uint16_t *same;

	if (!code->function->meta)
		return;
	same = memory_alloc(UINT16_MAX * sizeof *same);
	for (size_t i = 0; i < code->n_insns; i++)
		if (insn_is_call(&code->insns[i]))
			start(report, passages, code, i, same);
	free(same);
}

void verify_passages_agree(struct report *report, const struct passages *first,
			   const struct passages *other)
{
	if (first->image->meta->n_sites != other->image->meta->n_sites)
		return; /* said by verify_tables_agree */
	for (uint32_t i = 0; i < first->image->meta->n_sites; i++)
		for (struct passage *b = other->from[i]; b; b = b->next) {
			const struct passage *a = find(first->from[i], b->to);

			if (a)
				compare(report, other->image, first->image, i, a, b);
		}
}
