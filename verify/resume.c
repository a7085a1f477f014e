/* Clones: their entry is run for each site of the function, with the site's number known and names
 * in place of the frame's values, up to the call of the next inner frame's resume function. */
#include "verify.h"

#include "machine.h"

struct resumption {
	struct report *report;
	const struct image *image;
	const struct code *code;
	struct machine *machine;
	uint32_t number; /* the site within its function */
};

#define FIND(resumption, at, ...) \
	report_finding((resumption)->report, (resumption)->image, \
		       (resumption)->code->function, at, __VA_ARGS__)

/* What a location holds, `bits` of it from byte `off` on. */
static struct value value_at(const struct resumption *r, const struct location *location,
			     unsigned off, unsigned bits)
{
	struct value address;

	if (location->reg >= N_REGISTERS)
		return (struct value){ 0 };
	if (location->kind == HCC_LOCATION_REGISTER)
		return off ? (struct value){ 0 } :
			     value_low(r->machine->registers[location->reg], bits);
	if (location->kind != HCC_LOCATION_MEMORY)
		return (struct value){ 0 };
	address = value_add(r->machine->registers[location->reg],
			    value_constant((uint64_t)location->value + off));
	return machine_load(r->machine, address, (bits + 7) / 8);
}

static bool is_slot(struct value value, unsigned slot, unsigned off, unsigned bits)
{
	return value.kind == VALUE_SLOT && value.slot == slot && value.slot_off == off && !value.number &&
	       value.bits >= bits;
}

/* Whether a location holds a slot, by pieces of 8 bytes. */
static bool holds_slot(const struct resumption *r, const struct location *location, unsigned slot,
		       unsigned bits, struct value *found)
{
	for (unsigned off = 0; off * 8 < bits; off += 8) {
		unsigned part = bits - 8 * off < 64 ? bits - 8 * off : 64;

		*found = value_at(r, location, off, part);
		if (!is_slot(*found, slot, off, part))
			return false;
	}
	return true;
}

static void find_wrong_value(const struct resumption *r, uint64_t call_va, unsigned i,
			     unsigned bits, const struct location *location, struct value found)
{
	char where[64], what[64];

	if (location->kind == HCC_LOCATION_REGISTER)
		snprintf(where, sizeof where, "%s", r->image->isa->register_name(location->reg));
	else if (location->kind == HCC_LOCATION_MEMORY)
		snprintf(where, sizeof where, "memory at %s%+lld",
			 r->image->isa->register_name(location->reg), (long long)location->value);
	else
		snprintf(where, sizeof where, "its location");
	if (found.kind == VALUE_SLOT && found.number)
		snprintf(what, sizeof what, "slot %u %+lld", found.slot, (long long)found.number);
	else if (found.kind == VALUE_SLOT && found.slot == i && !found.slot_off)
		snprintf(what, sizeof what, "%u bits of it", found.bits);
	else if (found.kind == VALUE_SLOT)
		snprintf(what, sizeof what, "slot %u from byte %u on", found.slot, found.slot_off);
	else
		snprintf(what, sizeof what, "something else");
	FIND(r, call_va, "site %u: %s holds %s, expected slot %u, of %u bits", r->number, where,
	     what, i, bits);
}

static void check_values(const struct resumption *r, uint64_t call_va,
			 const struct hcc_meta_return *ret)
{
	const struct hcc_meta_site *site = image_site(r->image, ret);
	const uint8_t *types = image_types(r->image, site);
	uint64_t at = ret->locations_off;
	struct location location;
	struct value found;

	for (unsigned i = 0; i < site->n_values; i++) {
		unsigned bits = value_bits(types[i]);

		if (image_location(r->image, &at, &location))
			return; /* said by verify_records */
		if (!holds_slot(r, &location, i, bits, &found))
			find_wrong_value(r, call_va, i, bits, &location, found);
	}
}

static void check_call(const struct resumption *r, const struct insn *call)
{
	const struct isa *isa = r->image->isa;
	const struct hcc_meta_return *ret = image_return(r->image, insn_end(call));
	struct value target = machine_target(r->machine, call), argument;

	if (target.kind != VALUE_RESUME) {
		FIND(r, call->va, "site %u: the clone calls %s, expected the resume function of "
				  "the next inner frame",
		     r->number,
		     call->target ? call_target_name(r->image, call->target) : "something else");
		return;
	}
	argument = r->machine->registers[isa->frame_argument];
	if (argument.kind != VALUE_NEXT || argument.number)
		FIND(r, call->va, "site %u: the clone does not hand on the next inner frame",
		     r->number);
	if (!ret)
		FIND(r, call->va, "site %u: no record at 0x%llx, where the clone's call returns",
		     r->number, (unsigned long long)insn_end(call));
	else if (image_site_function(r->image, ret) == r->code->function->meta &&
		 image_site_number(r->image, ret) != r->number)
		FIND(r, call->va, "site %u: the clone makes the call of site %u", r->number,
		     image_site_number(r->image, ret));
	else
		check_values(r, call->va, ret);
}

/* Run one way of a site's case. Returns whether there is another. */
static bool run_case(struct report *report, const struct image *image, const struct code *code,
		     uint32_t site, uint32_t *choices)
{
	struct machine machine;
	struct resumption r = { report, image, code, &machine, site };
	bool more = false;
	size_t call;

	machine_init(&machine, code, site);
	machine.choices = *choices;
	call = machine_run(&machine);
	if (call == CODE_NONE) {
		FIND(&r, code->function->va, "site %u: the clone does not get to its call: %s", site,
		     machine.problem);
	} else {
		check_call(&r, &code->insns[call]);
		more = machine_next_choices(&machine, choices);
	}
	machine_free(&machine);
	return more;
}

void verify_resume(struct report *report, const struct image *image, const struct code *code)
{
	const struct function *function = code->function;

	if (!function->meta || !function->is_resume)
		return;
	for (uint32_t s = 0; s < hcc_meta_n_sites(image->meta, function->meta); s++) {
		uint32_t choices = 0;

		while (run_case(report, image, code, s, &choices))
			;
		report_count(report, COUNT_cases, 1);
	}
}
