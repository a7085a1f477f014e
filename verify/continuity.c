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
	MAX_STEPS = 4000, /* instructions run after one call */
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

/* What is known where ways meet. */
struct joint {
	struct machine machine; /* what all ways seen so far have alike */
	bool is_reached, is_queued;
};

struct walk {
	struct passages *passages;
	const struct code *code;
	const struct hcc_meta_return *ret;
	uint16_t *same;
	uint32_t n_from;
	unsigned n_steps;
	struct joint **joints;  /* by instruction; only targets of jumps have one */
	uint32_t *reached;      /* the joints in use */
	size_t n_reached, reached_capacity;
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

static struct passage *find(const struct passage *list, uint32_t to)
{
	while (list && list->to != to)
		list = list->next;
	return (struct passage *)list;
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

/* The value of the first record that is in a place. Part of a wider one is none: it may be a value
 * of its own, too, and code generation knows that the two are one. */
static uint16_t source_of(const struct walk *walk, struct machine *machine,
			  const struct location *l, unsigned bits)
{
	const struct image *image = walk->passages->image;
	const uint8_t *types = image_types(image, image_site(image, walk->ret));
	struct value value = { 0 };

	if (l->kind == HCC_LOCATION_REGISTER && l->reg < N_REGISTERS)
		value = value_low(machine->registers[l->reg], bits);
	else if (l->kind == HCC_LOCATION_MEMORY && l->reg == image->isa->sp)
		value = machine_load(machine,
				     value_add(machine->registers[l->reg],
					       value_constant((uint64_t)l->value)),
				     (bits + 7) / 8);
	return value.kind == VALUE_SLOT && !value.slot_off && !value.number && value.bits >= bits &&
			       value_bits(types[value.slot]) == bits ?
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

/* A way has come to a joint. */
static void join(struct walk *walk, struct machine *machine, size_t at)
{
	struct joint *joint = walk->joints[at];

	if (joint->is_reached) {
		joint->is_queued |= machine_meet(&joint->machine, machine);
		return;
	}
	machine_copy(&joint->machine, machine);
	joint->machine.at = at;
	joint->is_reached = joint->is_queued = true;
	walk->reached = memory_grow(walk->reached, &walk->reached_capacity, walk->n_reached + 1,
				    sizeof *walk->reached);
	walk->reached[walk->n_reached++] = (uint32_t)at;
}

/* Run up to the next joint, or to where the way ends: calls that have no record may not return. */
static void follow(struct walk *walk, struct machine *machine)
{
	const struct code *code = walk->code;

	for (; machine->at < code->n_insns && walk->n_steps < MAX_STEPS; walk->n_steps++) {
		const struct insn *insn = &code->insns[machine->at];
		const struct hcc_meta_return *ret;
		size_t target;

		switch (insn->flow) {
		case FLOW_CALL:
		case FLOW_CALL_INDIRECT:
			ret = image_return(code->image, insn_end(insn));
			if (ret && image_site_function(code->image, ret) == code->function->meta)
				arrive(walk, machine, ret);
			return;
		case FLOW_JUMP:
		case FLOW_BRANCH:
			target = code_at(code, insn->target);
			if (target != CODE_NONE)
				join(walk, machine, target);
			if (insn->flow == FLOW_JUMP)
				return;
			break;
		case FLOW_NEXT:
			code->image->isa->execute(machine, insn);
			break;
		default:
			return;
		}
		machine->at++;
		if (machine->at < code->n_insns && walk->joints[machine->at]) {
			join(walk, machine, machine->at);
			return;
		}
	}
}

/* The first joint in the code whose ways are to be followed (again); CODE_NONE: none. */
static size_t next_joint(const struct walk *walk)
{
	size_t next = CODE_NONE;

	for (size_t i = 0; i < walk->n_reached; i++)
		if (walk->joints[walk->reached[i]]->is_queued &&
		    (next == CODE_NONE || walk->reached[i] < next))
			next = walk->reached[i];
	return next;
}

static void follow_all(struct walk *walk, struct machine *machine)
{
	size_t at;

	walk->n_steps = 0;
	follow(walk, machine);
	while ((at = next_joint(walk)) != CODE_NONE) {
		struct machine way;

		walk->joints[at]->is_queued = false;
		machine_copy(&way, &walk->joints[at]->machine);
		follow(walk, &way);
		machine_free(&way);
	}
	while (walk->n_reached) {
		struct joint *joint = walk->joints[walk->reached[--walk->n_reached]];

		joint->is_reached = false;
		machine_free(&joint->machine);
	}
}

/* ---- comparison ------------------------------------------------------------------------------ */

static bool are_same(const struct passage *passage, uint16_t a, uint16_t b)
{
	return a < passage->n_from && b < passage->n_from && passage->same[a] == passage->same[b];
}

/* Whether a value of the sites that two lists have in common is x by the first and y by the other. */
static bool is_somewhere(const struct passage *a, const struct passage *list, uint16_t x, uint16_t y)
{
	for (; a; a = a->next) {
		const struct passage *b = find(list, a->to);

		for (uint32_t i = 0; b && i < a->n_to && i < b->n_to; i++)
			if (a->source[i] == x && b->source[i] == y)
				return true;
	}
	return false;
}

/* The value whose sources differ; NOTHING: none does. Two values may have the same bits, and code
 * generation knows more of that than their names tell; so they have to be in each other's place,
 * and neither anywhere in its own. */
static uint16_t difference(const struct passage *a, const struct passage *a_list,
			   const struct passage *b, const struct passage *b_list)
{
	for (uint32_t i = 0; i < a->n_to && i < b->n_to; i++) {
		uint16_t x = a->source[i], y = b->source[i];

		if (x != NOTHING && y != NOTHING && x != y && !are_same(a, x, y) &&
		    !are_same(b, x, y) && is_somewhere(a_list, b_list, y, x) &&
		    !is_somewhere(a_list, b_list, x, x) && !is_somewhere(a_list, b_list, y, y))
			return (uint16_t)i;
	}
	return NOTHING;
}

/* The ways from one call of a site, on another image or in another function, with those from b's. */
static void compare(struct report *report, const struct image *image, const struct image *first,
		    uint32_t site_idx, const struct passage *a_list, const struct passage *b_list)
{
	uint32_t first_site =
		image->meta_functions[hcc_meta_function_of(image->meta, site_idx)].first_site;

	for (const struct passage *b = b_list; b; b = b->next) {
		const struct passage *a = find(a_list, b->to);
		uint16_t i = a ? difference(a, a_list, b, b_list) : NOTHING;

		if (i != NOTHING)
			report_finding(report, image, image_function(image, b->call_va), b->call_va,
				       "value %u of site %u is value %u of site %u after this call, but "
				       "value %u after that at 0x%llx on %s",
				       i, b->to - first_site, b->source[i], site_idx - first_site,
				       a->source[i], (unsigned long long)a->call_va,
				       first->isa->name);
	}
}

static void keep_or_compare(struct report *report, struct passages *passages, struct walk *walk,
			    uint64_t call_va)
{
	struct passage **list = &passages->from[walk->ret->site_idx];
	struct passage *passage;

	for (passage = passages->scratch; passage; passage = passage->next) {
		passage->call_va = call_va;
		passage->n_from = walk->n_from;
		passage->same = copy(walk->same, walk->n_from);
	}
	compare(report, passages->image, passages->image, walk->ret->site_idx, *list,
		passages->scratch);
	while ((passage = passages->scratch)) {
		passages->scratch = passage->next;
		passage->next = NULL;
		if (find(*list, passage->to)) {
			free_list(passage);
		} else {
			passage->next = *list;
			*list = passage;
		}
	}
}

static void start(struct report *report, struct walk *walk, size_t call)
{
	const struct code *code = walk->code;
	struct passages *passages = walk->passages;
	struct machine machine;

	walk->ret = image_return(passages->image, insn_end(&code->insns[call]));
	if (!walk->ret || image_site_function(passages->image, walk->ret) != code->function->meta)
		return;
	machine_init(&machine, code, 0);
	memset(machine.registers, 0, sizeof machine.registers);
	machine.registers[code->image->isa->sp] = (struct value){ .kind = VALUE_STACK };
	machine.at = call + 1;
	name_values(walk, &machine);
	machine.is_wary = true;
	follow_all(walk, &machine);
	machine_free(&machine);
	if (walk->n_steps == MAX_STEPS) { /* what was not seen may differ */
		free_list(passages->scratch);
		passages->scratch = NULL;
	}
	keep_or_compare(report, passages, walk, code->insns[call].va);
}

static void make_joints(struct walk *walk)
{
	const struct code *code = walk->code;

	walk->joints = memory_alloc(code->n_insns * sizeof(struct joint *));
	for (size_t i = 0; i < code->n_insns; i++) {
		const struct insn *insn = &code->insns[i];
		size_t target = insn->flow == FLOW_JUMP || insn->flow == FLOW_BRANCH ?
					code_at(code, insn->target) :
					CODE_NONE;

		if (target != CODE_NONE && !walk->joints[target])
			walk->joints[target] = memory_alloc(sizeof(struct joint));
	}
}

void verify_continuity(struct report *report, struct passages *passages, const struct code *code)
{
	struct walk walk = { .passages = passages, .code = code };

	if (!code->function->meta)
		return;
	walk.same = memory_alloc(UINT16_MAX * sizeof *walk.same);
	make_joints(&walk);
	for (size_t i = 0; i < code->n_insns; i++)
		if (insn_is_call(&code->insns[i]))
			start(report, &walk, i);
	for (size_t i = 0; i < code->n_insns; i++)
		free(walk.joints[i]);
	free(walk.joints);
	free(walk.reached);
	free(walk.same);
}

void verify_passages_agree(struct report *report, const struct passages *first,
			   const struct passages *other)
{
	if (first->image->meta->n_sites != other->image->meta->n_sites)
		return; /* said by verify_tables_agree */
	for (uint32_t i = 0; i < first->image->meta->n_sites; i++)
		compare(report, other->image, first->image, i, first->from[i], other->from[i]);
}
