/* Records at the calls of one function. */
#include "verify.h"

#include <string.h>

enum { MAX_VALUES = 4096 };

struct record {
	struct report *report;
	const struct image *image;
	const struct function *function;
	const struct insn *call;
	const struct hcc_meta_return *ret;
	struct unwind unwind;
	bool unwinds;
};

#define FIND(record, ...) \
	report_finding((record)->report, (record)->image, (record)->function, \
		       (record)->call->va, __VA_ARGS__)

/* Whether [a, a + n) and [b, b + m) have a byte in common. */
static bool overlap(int64_t a, int64_t n, int64_t b, int64_t m)
{
	return a < b + m && b < a + n;
}

static const char *register_name(const struct record *record, unsigned reg)
{
	return record->image->isa->register_name(reg);
}

static void check_register(const struct record *record, unsigned value, unsigned bits,
			   const struct location *location)
{
	if (!registers_has(insn_preserved(record->image, record->call), location->reg))
		FIND(record, "value %u is in %s, expected a register that the call preserves", value,
		     register_name(record, location->reg));
	else if (bits > 64)
		FIND(record, "value %u of %u bits is in %s, of which a callee preserves 64", value,
		     bits, register_name(record, location->reg));
}

/* Memory at [register + value]: of this frame, or among the arguments. Whether registers are saved
 * there is looked at by verify_unwind(), which knows from the code. */
static void check_memory(const struct record *record, unsigned value, unsigned bits,
			 const struct location *location)
{
	const struct isa *isa = record->image->isa;
	const struct unwind *unwind = &record->unwind;
	int64_t bytes = (bits + 7) / 8, at;

	if (location->reg != isa->sp && location->reg != isa->fp && location->reg != isa->base) {
		FIND(record, "value %u is in memory at %s%+lld, expected a register of the frame",
		     value, register_name(record, location->reg), (long long)location->value);
		return;
	}
	if (location->reg == isa->sp && location->value < 0) {
		FIND(record, "value %u is in memory at %s%+lld, below the frame", value,
		     register_name(record, location->reg), (long long)location->value);
		return;
	}
	if (!record->unwinds || location->reg != unwind->cfa_register)
		return;
	at = location->value - (int64_t)unwind->cfa_off;
	if (at < 0 && at + bytes > 0)
		FIND(record, "value %u of %u bits is in memory at %s%+lld, across the frame's end",
		     value, bits, register_name(record, location->reg), (long long)location->value);
}

static void check_location(const struct record *record, unsigned value, unsigned type,
			   const struct location *location)
{
	unsigned bits = value_bits(type);

	if (!bits) {
		FIND(record, "value %u is of type %u, which does not exist", value, type);
		return;
	}
	switch (location->kind) {
	case HCC_LOCATION_REGISTER:
		check_register(record, value, bits, location);
		break;
	case HCC_LOCATION_MEMORY:
		check_memory(record, value, bits, location);
		break;
	case HCC_LOCATION_ADDRESS:
		FIND(record, "value %u is the address %s%+lld of the native frame", value,
		     register_name(record, location->reg), (long long)location->value);
		break;
	case HCC_LOCATION_CONSTANT:
		break;
	}
}

/* Two values in one place are the same value, or one is the low part of the other; they never begin
 * at different bytes of it. */
static void check_overlap(const struct record *record, const struct location *locations,
			  const uint8_t *types, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < i; k++) {
			const struct location *a = &locations[i], *b = &locations[k];

			if (a->kind != HCC_LOCATION_MEMORY || b->kind != HCC_LOCATION_MEMORY ||
			    a->reg != b->reg || a->value == b->value ||
			    !overlap(a->value, (value_bits(types[i]) + 7) / 8, b->value,
				     (value_bits(types[k]) + 7) / 8))
				continue;
			FIND(record, "values %u and %u overlap in memory at %s%+lld and %+lld", k,
			     i, register_name(record, a->reg), (long long)b->value,
			     (long long)a->value);
		}
}

static void check_locations(const struct record *record)
{
	const struct hcc_meta_site *site = image_site(record->image, record->ret);
	const uint8_t *types = image_types(record->image, site);
	struct location locations[MAX_VALUES];
	uint64_t at = record->ret->locations_off;
	unsigned n = site->n_values < MAX_VALUES ? site->n_values : MAX_VALUES;

	for (unsigned i = 0; i < n; i++) {
		if (image_location(record->image, &at, &locations[i])) {
			FIND(record, "location of value %u is damaged", i);
			return;
		}
		check_location(record, i, types[i], &locations[i]);
	}
	check_overlap(record, locations, types, n);
	report_count(record->report, COUNT_locations, n);
}

/* A site's flags say what its call is of. */
static void check_flags(const struct record *record)
{
	const struct hcc_meta_site *site = image_site(record->image, record->ret);
	uint32_t number = image_site_number(record->image, record->ret);
	const char *name;

	/* The inner frame's resume function takes the place of any callee. */
	if (record->call->flow != FLOW_CALL)
		return;
	name = call_target_name(record->image, record->call->target);
	if (!(site->flags & HCC_SITE_POLL) != (strcmp(name, "__hcc_poll") != 0))
		FIND(record, "call of '%s' has the record of site %u, which is %s poll", name,
		     number, site->flags & HCC_SITE_POLL ? "a" : "no");
	if (!(site->flags & HCC_SITE_SETJMP) != (strcmp(name, "__hcc_setjmp") != 0))
		FIND(record, "call of '%s' has the record of site %u, which is %s setjmp", name,
		     number, site->flags & HCC_SITE_SETJMP ? "a" : "no");
}

static void check_record(struct record *record)
{
	const struct image *image = record->image;
	const struct function *function = record->function;
	const struct hcc_meta_function *owner = image_site_function(image, record->ret);

	report_count(record->report, COUNT_records, 1);
	if (owner != function->meta) {
		FIND(record, "record at 0x%llx is of site %u of '%s', whose call is not in this "
			     "function",
		     (unsigned long long)record->ret->return_va,
		     image_site_number(image, record->ret), image_string(image, owner->name_off));
		return;
	}
	record->unwinds = !image_unwind(image, record->ret, &record->unwind);
	if (!record->unwinds)
		FIND(record, "unwind program of the record at 0x%llx is damaged",
		     (unsigned long long)record->ret->return_va);
	if (image->n_symbols)
		check_flags(record);
	check_locations(record);
}

void verify_records(struct report *report, const struct image *image, const struct code *code)
{
	for (size_t i = 0; i < code->n_insns; i++) {
		struct record record = {
			.report = report,
			.image = image,
			.function = code->function,
			.call = &code->insns[i],
		};

		if (!insn_is_call(record.call))
			continue;
		record.ret = image_return(image, insn_end(record.call));
		if (record.ret)
			check_record(&record);
	}
}
