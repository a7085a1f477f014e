/* LLVM stack maps, version 3 (llvm.org/docs/StackMaps.html), as statepoint lowering of calls with
 * deopt bundles writes them: three leading constants, then one location per value. */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "table.h"

enum {
	STACKMAP_VERSION = 3,
	N_LEADING_CONSTANTS = 3, /* calling convention, flags, number of deopt values */
};

enum location_type {
	LOCATION_REGISTER = 1, LOCATION_DIRECT, LOCATION_INDIRECT, LOCATION_CONSTANT,
	LOCATION_CONSTANT_INDEX,
};

struct stackmap_header {
	uint8_t version, reserved0;
	uint16_t reserved1;
	uint32_t n_functions, n_constants, n_records;
};

struct stackmap_function {
	uint64_t va, stack_bytes, n_records;
};

struct stackmap_record {
	uint64_t id;
	uint32_t instruction_off;
	uint16_t reserved, n_locations;
};

struct stackmap_location {
	uint8_t type, reserved0;
	uint16_t bytes, dwarf_register, reserved1;
	int32_t offset; /* or small constant, or index of a large one */
};

/* A function under one of its two addresses. */
struct key {
	uint64_t va, id;
	size_t function_idx;
};

struct cursor {
	const char *at, *end;
	const char *object;
	const struct key *keys; /* sorted; two for each of the object's functions */
	size_t n_keys;
};

static int take(struct cursor *cursor, void *out, size_t bytes)
{
	if ((size_t)(cursor->end - cursor->at) < bytes)
		return hcc_error("%s: its stack map is truncated", cursor->object);
	memcpy(out, cursor->at, bytes);
	cursor->at += bytes;
	return 0;
}

static int skip(struct cursor *cursor, size_t bytes)
{
	if ((size_t)(cursor->end - cursor->at) < bytes)
		return hcc_error("%s: its stack map is truncated", cursor->object);
	cursor->at += bytes;
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->va != y->va)
		return x->va < y->va ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static struct key *make_keys(const struct table *table, size_t first, size_t end)
{
	struct key *keys = hcc_alloc(2 * (end - first) * sizeof *keys);

	for (size_t i = first; i < end; i++) {
		const struct hcc_sites_function *record = &table->functions[i].record;

		keys[2 * (i - first)] = (struct key){record->entry_va, record->function_id, i};
		keys[2 * (i - first) + 1] = (struct key){record->resume_va, record->function_id, i};
	}
	if (end != first)
		qsort(keys, 2 * (end - first), sizeof *keys, compare_keys);
	return keys;
}

static const struct table_function *find_function(const struct table *table,
	const struct cursor *cursor, uint64_t va, uint64_t id)
{
	struct key key = { va, id >> 32, 0 };
	const struct key *found = cursor->n_keys ? bsearch(&key, cursor->keys, cursor->n_keys,
							   sizeof key, compare_keys) : NULL;

	return found ? &table->functions[found->function_idx] : NULL;
}

/* The value of a constant location: small, or in the object's pool. */
static int constant_value(const struct stackmap_location *location, const char *constants,
			  uint32_t n_constants, int64_t *value)
{
	*value = location->offset;
	if (location->type == LOCATION_CONSTANT)
		return 0;
	if (location->type != LOCATION_CONSTANT_INDEX || location->offset < 0 ||
	    (uint32_t)location->offset >= n_constants)
		return -1;
	memcpy(value, constants + 8 * (size_t)location->offset, 8);
	return 0;
}

/* Append the location in our form. Returns 0; -1: not understood. */
static int convert(struct buffer *out, const struct stackmap_location *location,
		   const char *constants, uint32_t n_constants)
{
	static const uint8_t kinds[] = {
		[LOCATION_REGISTER] = HCC_LOCATION_REGISTER,
		[LOCATION_DIRECT] = HCC_LOCATION_MEMORY, /* a home (passes/homes.c) */
		[LOCATION_INDIRECT] = HCC_LOCATION_MEMORY,
		[LOCATION_CONSTANT] = HCC_LOCATION_CONSTANT,
		[LOCATION_CONSTANT_INDEX] = HCC_LOCATION_CONSTANT,
	};
	int64_t value;

	if (location->type < LOCATION_REGISTER || location->type > LOCATION_CONSTANT_INDEX)
		return -1;
	buffer_add(out, &kinds[location->type], 1);
	switch (location->type) {
	case LOCATION_REGISTER:
		if (location->offset)
			return -1;
		buffer_uleb128(out, location->dwarf_register);
		return 0;
	case LOCATION_DIRECT:
	case LOCATION_INDIRECT:
		buffer_uleb128(out, location->dwarf_register);
		buffer_sleb128(out, location->offset);
		return 0;
	default:
		if (constant_value(location, constants, n_constants, &value) < 0)
			return -1;
		buffer_sleb128(out, value);
		return 0;
	}
}

static int read_locations(struct buffer *out, struct cursor *cursor,
	const struct table_function *function, const struct stackmap_record *record,
	const char *constants, uint32_t n_constants, const char *isa_name)
{
	uint32_t site = (uint32_t)record->id;
	unsigned expected = function->sites[site].record.n_values;
	struct stackmap_location location;
	int64_t n_values;

	for (unsigned i = 0; i < record->n_locations; i++) {
		if (take(cursor, &location, sizeof location) < 0)
			return -1;
		if (i == N_LEADING_CONSTANTS - 1 &&
		    (constant_value(&location, constants, n_constants, &n_values) < 0 ||
		     n_values != (int64_t)expected))
			return hcc_error(
				"%s: function '%s' site %u: stack map on %s does not have %u values",
				cursor->object, function->name, site, isa_name, expected);
		if (i >= N_LEADING_CONSTANTS &&
		    convert(out, &location, constants, n_constants) < 0)
			return hcc_error(
				"%s: function '%s' site %u: value %u on %s has a location of "
				"type %u, register %u, offset %d",
				cursor->object, function->name, site, i - N_LEADING_CONSTANTS,
				isa_name, location.type, location.dwarf_register, location.offset);
	}
	return 0;
}

/* One record: a return address. */
static int read_record(struct table *table, struct cursor *cursor,
		       const struct stackmap_function *owner, const char *constants,
		       uint32_t n_constants)
{
	const struct table_function *function;
	struct stackmap_record record;
	struct buffer locations = { 0 };
	struct table_return *ret;
	uint32_t site;
	uint16_t n_live_outs = 0;
	unsigned expected;
	int result;

	if (take(cursor, &record, sizeof record) < 0)
		return -1;
	function = find_function(table, cursor, owner->va, record.id);
	site = (uint32_t)record.id;
	if (!function)
		return hcc_error("%s: stack map of function at 0x%llx on %s has ID 0x%llx, no site "
				 "record", cursor->object, (unsigned long long)owner->va,
				 table->isa->name, (unsigned long long)record.id);
	if (site >= function->record.n_sites)
		return hcc_error("%s: function '%s' has %u sites, stack map on %s has site %u",
				 cursor->object, function->name, function->record.n_sites,
				 table->isa->name, site);
	expected = function->sites[site].record.n_values;
	if (record.n_locations != N_LEADING_CONSTANTS + expected)
		return hcc_error("%s: function '%s' site %u: stack map on %s has %u locations, "
				 "expected %u", cursor->object, function->name, site,
				 table->isa->name, record.n_locations,
				 N_LEADING_CONSTANTS + expected);
	result = read_locations(&locations, cursor, function, &record, constants, n_constants,
				table->isa->name);
	if (!result && !function->dropped) {
		table->returns = hcc_grow(table->returns, &table->returns_capacity,
					  table->n_returns + 1, sizeof *table->returns);
		ret = &table->returns[table->n_returns++];
		ret->return_va = owner->va + record.instruction_off;
		ret->function_idx = (size_t)(function - table->functions);
		ret->site = site;
		ret->locations_off = pool_add(&table->locations, locations.data, locations.bytes);
	}
	buffer_free(&locations);
	/* Live-out registers follow, on the next multiple of 8; deopt calls have none. */
	if (result || skip(cursor, (record.n_locations & 1 ? 4 : 0) + 2) < 0 ||
	    take(cursor, &n_live_outs, 2) < 0)
		return -1;
	return skip(cursor, n_live_outs * 4u + (n_live_outs & 1 ? 0 : 4));
}

/* One compile's stack map; there are several after ld -r. */
static int read_map(struct table *table, struct cursor *cursor)
{
	struct stackmap_function owner;
	struct stackmap_header header;
	struct cursor functions, constants;

	if (take(cursor, &header, sizeof header) < 0)
		return -1;
	if (header.version != STACKMAP_VERSION)
		return hcc_error("%s: its stack map has version %u, expected %d", cursor->object,
				 header.version, STACKMAP_VERSION);
	functions = *cursor;
	if (skip(cursor, header.n_functions * sizeof owner) < 0)
		return -1;
	constants = *cursor;
	if (skip(cursor, header.n_constants * 8ul) < 0)
		return -1;
	for (uint32_t f = 0; f < header.n_functions; f++) {
		if (take(&functions, &owner, sizeof owner) < 0)
			return -1;
		for (uint64_t r = 0; r < owner.n_records; r++)
			if (read_record(table, cursor, &owner, constants.at,
					header.n_constants) < 0)
				return -1;
	}
	return 0;
}

int stackmap_read(struct table *table, const char *data, size_t bytes, size_t first, size_t end,
		  const char *object)
{
	struct key *keys = make_keys(table, first, end);
	struct cursor cursor = { data, data + bytes, object, keys, 2 * (end - first) };
	int result = 0;

	while (!result && cursor.at < cursor.end)
		result = read_map(table, &cursor);
	free(keys);
	return result;
}
