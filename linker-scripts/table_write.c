/* Compares the tables of two ISAs, and writes one as hcc_format.h says. */
#include <string.h>

#include "compress.h"
#include "diag.h"
#include "pack.h"
#include "table.h"

static int compare_site(const struct table *first, const struct table *other,
	const struct table_function *a, const struct table_function *b, uint32_t idx)
{
	const struct table_site *x = &a->sites[idx], *y = &b->sites[idx];
	const char *output = first->options->output;

	if (x->record.n_values != y->record.n_values)
		return hcc_error("%s: function '%s' site %u has %u values on %s, %u on %s", output,
				 a->name, idx, y->record.n_values, other->isa->name,
				 x->record.n_values, first->isa->name);
	if (x->record.line != y->record.line)
		return hcc_error("%s: function '%s' site %u is on line %u on %s, %u on %s", output,
				 a->name, idx, y->record.line, other->isa->name, x->record.line,
				 first->isa->name);
	if (x->record.flags != y->record.flags)
		return hcc_error("%s: function '%s' site %u has flags 0x%x on %s, 0x%x on %s",
			output, a->name, idx, y->record.flags, other->isa->name, x->record.flags,
			first->isa->name);
	for (unsigned v = 0; v < x->record.n_values; v++)
		if (x->types[v] != y->types[v])
			return hcc_error(
				"%s: function '%s' site %u value %u has type %u on %s, %u on %s",
				output, a->name, idx, v, y->types[v], other->isa->name, x->types[v],
				first->isa->name);
	return 0;
}

static int compare_function(const struct table *first, const struct table *other,
			    const struct table_function *a, const struct table_function *b)
{
	const char *output = first->options->output;

	if (strcmp(a->name, b->name) || strcmp(a->file, b->file))
		return hcc_error("%s: function at 0x%llx is '%s' of '%s' on %s, '%s' of '%s' on %s",
				 output, (unsigned long long)a->record.entry_va, b->name, b->file,
				 other->isa->name, a->name, a->file, first->isa->name);
	if (a->record.n_sites != b->record.n_sites)
		return hcc_error("%s: function '%s' has %u call sites on %s, %u on %s", output,
			a->name, b->record.n_sites, other->isa->name, a->record.n_sites,
			first->isa->name);
	if (a->record.flags != b->record.flags)
		return hcc_error("%s: function '%s' has flags 0x%x on %s, 0x%x on %s", output,
			a->name, b->record.flags, other->isa->name, a->record.flags,
			first->isa->name);
	for (uint32_t s = 0; s < a->record.n_sites; s++)
		if (compare_site(first, other, a, b, s) < 0)
			return -1;
	return 0;
}

int table_compare(const struct table *first, const struct table *other)
{
	for (size_t i = 0; i < first->n_functions || i < other->n_functions; i++) {
		const struct table_function *a = &first->functions[i], *b = &other->functions[i];
		bool has_a = i < first->n_functions, has_b = i < other->n_functions;
		bool is_one = has_a && has_b && !strcmp(a->name, b->name);
		bool only_a = has_a && !is_one &&
			      (!has_b || a->record.entry_va < b->record.entry_va);
		bool only_b = has_b && !is_one &&
			      (!has_a || b->record.entry_va < a->record.entry_va);

		if (only_a || only_b)
			return hcc_error(
				"%s: function '%s' at 0x%llx has call sites on %s, none on %s",
				first->options->output, only_a ? a->name : b->name,
				(unsigned long long)(only_a ? a : b)->record.entry_va,
				only_a ? first->isa->name : other->isa->name,
				only_a ? other->isa->name : first->isa->name);
		if (compare_function(first, other, a, b) < 0)
			return -1;
	}
	return 0;
}

static uint32_t start_part(struct buffer *out, size_t start)
{
	static const char zeros[8];

	buffer_add(out, zeros, -(out->bytes - start) & 7);
	return (uint32_t)(out->bytes - start);
}

static void write_functions(struct buffer *out, struct table *table)
{
	for (size_t i = 0; i < table->n_functions; i++) {
		const struct table_function *function = &table->functions[i];
		struct hcc_meta_function record = {
			.entry_va = (uint32_t)function->record.entry_va,
			.resume_va = (uint32_t)function->record.resume_va,
			.first_site = function->first_site & 0xffffff,
			.flags = (uint8_t)function->record.flags,
			.name_off = pool_add(&table->strings, function->name,
					     strlen(function->name) + 1),
			.file_off = pool_add(&table->strings, function->file,
					     strlen(function->file) + 1),
		};

		buffer_add(out, &record, sizeof record);
	}
}

static void write_sites(struct buffer *out, struct table *table)
{
	for (size_t i = 0; i < table->n_functions; i++)
		for (uint32_t s = 0; s < table->functions[i].record.n_sites; s++) {
			const struct table_site *site = &table->functions[i].sites[s];
			struct hcc_meta_site record = {
				.types_off = pool_add(&table->types, site->types,
						      site->record.n_values),
				.n_values = site->record.n_values,
				.line = site->record.line,
				.flags = site->record.flags,
			};

			buffer_add(out, &record, sizeof record);
		}
}

static void write_returns(struct buffer *out, const struct table *table)
{
	for (size_t i = 0; i < table->n_returns; i++) {
		const struct table_return *ret = &table->returns[i];
		struct hcc_meta_return record = {
			.return_va = (uint32_t)ret->return_va,
			.site_idx = table->functions[ret->function_idx].first_site + ret->site,
			.unwind_off = ret->unwind_off,
			.locations_off = ret->locations_off,
		};

		buffer_add(out, &record, sizeof record);
	}
}

static void write_pool(struct buffer *out, size_t start, const struct pool *pool, uint32_t *off,
		       uint32_t *bytes)
{
	*off = start_part(out, start);
	*bytes = (uint32_t)pool->contents.bytes;
	buffer_add(out, pool->contents.data, pool->contents.bytes);
}

static void write_unpacked(struct buffer *out, struct table *table, const struct layout *layout,
			   const uint8_t build_id[HCC_BUILD_ID_BYTES])
{
	struct hcc_meta_header header = {
		.magic = HCC_META_MAGIC,
		.version = HCC_META_UNPACKED,
		.isa = table->isa->id,
		.shared_data_start_va = layout->data_va,
		.shared_data_end_va = layout->end_va,
		.tls_image_va = layout->tls_va,
		.tls_image_bytes = layout->tls_image_bytes,
		.tls_bytes = layout->tls_bytes,
		.tls_align_bytes = TLS_ALIGN_BYTES,
		.n_functions = (uint32_t)table->n_functions,
		.n_sites = (uint32_t)table->n_sites,
		.n_returns = (uint32_t)table->n_returns,
		.flags = compresses_clones(table->options, layout) ? HCC_META_COMPRESSED : 0,
	};
	size_t start = out->bytes;

	memcpy(header.build_id, build_id, sizeof header.build_id);
	buffer_add(out, &header, sizeof header);
	header.functions_off = start_part(out, start);
	write_functions(out, table);
	header.sites_off = start_part(out, start);
	write_sites(out, table);
	header.returns_off = start_part(out, start);
	write_returns(out, table);
	write_pool(out, start, &table->unwind, &header.unwind_off, &header.unwind_bytes);
	write_pool(out, start, &table->locations, &header.locations_off, &header.locations_bytes);
	write_pool(out, start, &table->types, &header.types_off, &header.types_bytes);
	write_pool(out, start, &table->strings, &header.strings_off, &header.strings_bytes);
	header.bytes = start_part(out, start);
	memcpy(out->data + start, &header, sizeof header);
}

static int check_room(const struct table *table)
{
	const char *output = table->options->output;
	struct hcc_meta_function function;

	if (table->n_sites > 1u << 24)
		return hcc_error("%s: has more call sites than the table has room for", output);
	for (size_t i = 0; i < table->n_functions; i++) {
		function.flags = (uint8_t)table->functions[i].record.flags;
		if (function.flags != table->functions[i].record.flags)
			return hcc_error("%s: function '%s' has flags 0x%x, which the table has no "
					 "room for", output, table->functions[i].name,
					 table->functions[i].record.flags);
		for (uint32_t s = 0; s < table->functions[i].record.n_sites; s++)
			if (table->functions[i].sites[s].record.flags >>
			    HCC_PACKED_LINE_SHIFT)
				return hcc_error("%s: function '%s' site %u has flags 0x%x, which "
						 "the table has no room for", output,
						 table->functions[i].name, s,
						 table->functions[i].sites[s].record.flags);
	}
	for (size_t i = 0; i < table->n_returns; i++)
		if (table->returns[i].return_va > UINT32_MAX)
			return hcc_error("%s: has more code than the table has room for", output);
	return 0;
}

int table_write(struct buffer *out, struct table *table, const struct layout *layout,
		const uint8_t build_id[HCC_BUILD_ID_BYTES])
{
	struct buffer unpacked = { 0 };
	const char *problem;

	if (check_room(table) < 0)
		return -1;
	write_unpacked(&unpacked, table, layout, build_id);
	problem = unpacked.bytes > UINT32_MAX ? "more call sites than 4 GiB" :
		table_pack(out, (const void *)unpacked.data);
	buffer_free(&unpacked);
	return problem ? hcc_error("%s: the table on %s has %s", table->options->output,
				   table->isa->name, problem) : 0;
}
