/* Reads .hcc.sites, object by object, pairs it with the stack maps and unwind data, and writes the
 * executable's table. */
#include "table.h"

#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "unwind.h"

static size_t sites_index(const struct piece *piece)
{
	for (size_t s = 1; s < piece->n_sections; s++)
		if (piece->sections[s].class == CLASS_SITES)
			return s;
	return 0;
}

/* Where the object's own definition of what a relocation names lies, by the layout; 0: it does not
 * lie in a section of its own. */
static uint64_t own_address(const struct piece *piece, const struct layout *layout,
			    const Elf64_Rela *rela, size_t isa_idx)
{
	uint64_t idx = ELF64_R_SYM(rela->r_info);
	const Elf64_Sym *symbol = idx < piece->n_symbols ? &piece->symbols[idx] : NULL;
	const struct shared_section *section;

	if (!symbol || symbol->st_shndx == SHN_UNDEF ||
	    symbol->st_shndx >= piece->n_sections ||
	    !class_is_text(piece->sections[symbol->st_shndx].class) ||
	    class_is_joined(piece->sections[symbol->st_shndx].class))
		return 0;
	section = layout_find(layout, piece->sections[symbol->st_shndx].name);
	return section_va(section, isa_idx) + symbol->st_value + (uint64_t)rela->r_addend;
}

static int compare_offsets(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Drop the functions of an object that another object's definition has replaced: the symbol in
 * their record, and in their stack map, is the other one. offsets: of the records, ascending. */
static void drop_replaced(struct table *table, const struct piece *piece,
			  const struct layout *layout, size_t first, const uint64_t *offsets)
{
	size_t sites_idx = sites_index(piece);
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(piece->elf, scn))) {
		const Elf64_Shdr *header = elf64_getshdr(scn);
		const Elf64_Rela *relas;
		Elf_Data *data;

		if (header->sh_type != SHT_RELA || header->sh_info != sites_idx ||
		    !(data = elf_getdata(scn, NULL)))
			continue;
		relas = data->d_buf;
		for (size_t r = 0; r < data->d_size / sizeof *relas; r++) {
			uint64_t off = relas[r].r_offset -
				offsetof(struct hcc_sites_function, entry_va), own_va;
			const uint64_t *found = bsearch(&off, offsets, table->n_functions - first,
							sizeof off, compare_offsets);
			struct table_function *function;

			if (!found)
				continue;
			function = &table->functions[first + (size_t)(found - offsets)];
			own_va = own_address(piece, layout, &relas[r], table->isa_idx);
			function->dropped = own_va && own_va != function->record.entry_va;
		}
	}
}

static bool has_value_types(const struct table_site *site)
{
	for (unsigned v = 0; v < site->record.n_values; v++)
		if (!site->types[v] || (site->types[v] > 64 && site->types[v] < HCC_VALUE_I128) ||
		    site->types[v] > HCC_VALUE_V128)
			return false;
	return true;
}

static int read_sites(struct table_function *function, const char *data, const char *object)
{
	const char *at = data + sizeof function->record;
	const char *end = data + function->record.record_bytes;

	if (function->record.n_sites > (size_t)(end - at) / sizeof function->sites->record)
		return hcc_error("%s: its call-site records are damaged", object);
	function->sites = hcc_alloc(function->record.n_sites * sizeof *function->sites);
	for (uint32_t s = 0; s < function->record.n_sites; s++) {
		struct table_site *site = &function->sites[s];

		if ((size_t)(end - at) < sizeof site->record)
			return hcc_error("%s: its call-site records are damaged", object);
		memcpy(&site->record, at, sizeof site->record);
		at += sizeof site->record;
		site->types = (const uint8_t *)at;
		if ((size_t)(end - at) < align_up(site->record.n_values, 4))
			return hcc_error("%s: its call-site records are damaged", object);
		at += align_up(site->record.n_values, 4);
		if (!has_value_types(site))
			return hcc_error("%s: its call-site records have values of unknown types",
					 object);
	}
	at = data + function->record.strings_off;
	if (function->record.strings_off >= function->record.record_bytes ||
	    !memchr(at, 0, (size_t)(end - at)))
		return hcc_error("%s: its call-site records are damaged", object);
	function->name = at;
	at += strlen(at) + 1;
	if (at >= end || !memchr(at, 0, (size_t)(end - at)))
		return hcc_error("%s: its call-site records are damaged", object);
	function->file = at;
	return 0;
}

/* One object's part of .hcc.sites. */
static int read_functions(struct table *table, const char *data, size_t bytes,
			  const struct piece *piece, const struct layout *layout,
			  const char *object, size_t piece_number)
{
	size_t first = table->n_functions, capacity = 0;
	uint64_t *offsets = NULL;
	int result = 0;

	for (size_t at = 0; at + 8 <= bytes && !result;) {
		struct table_function *function;
		struct hcc_sites_function record;

		memcpy(&record, data + at, 8);
		if (!record.record_bytes) { /* padding between objects joined by ld -r */
			at += 8;
			continue;
		}
		if (record.record_bytes % 8 || record.record_bytes < sizeof record ||
		    record.record_bytes > bytes - at) {
			result = hcc_error("%s: its call-site records are damaged", object);
			break;
		}
		memcpy(&record, data + at, sizeof record);
		/* The table has 32 bits of addresses. */
		if ((record.entry_va | record.resume_va) >> 32) {
			result = hcc_error("%s: its call-site records are damaged", object);
			break;
		}
		table->functions = hcc_grow(table->functions, &table->functions_capacity,
					    table->n_functions + 1, sizeof *table->functions);
		offsets = hcc_grow(
			offsets, &capacity, table->n_functions - first + 1, sizeof *offsets);
		offsets[table->n_functions - first] = at;
		function = &table->functions[table->n_functions++];
		function->record = record;
		function->piece_number = piece_number;
		result = read_sites(function, data + at, object);
		at += record.record_bytes;
	}
	if (!result && offsets)
		drop_replaced(table, piece, layout, first, offsets);
	free(offsets);
	return result;
}

/* An output section, as far as it has been read. */
struct input {
	const char *name, *data;
	uint64_t bytes, at;
};

static struct input open_input(const struct image *image, const char *name)
{
	struct input input = { .name = name };
	const Elf64_Shdr *header = image_section(image, name, &input.data);

	input.bytes = header && input.data ? header->sh_size : 0;
	return input;
}

/* The part of an output section that a piece has contributed: the next one. */
static int next_part(struct input *input, const struct image *image, const struct piece *piece,
	const char *object, enum section_class class, const char **part, uint64_t *bytes)
{
	*part = NULL;
	*bytes = 0;
	for (size_t s = 1; s < piece->n_sections; s++) {
		const struct input_section *section = &piece->sections[s];

		if (section->class != class)
			continue;
		if (*bytes)
			return hcc_error("%s: has two sections '%s'", object, input->name);
		input->at = align_up(input->at, section->align_bytes);
		*bytes = section->bytes;
	}
	if (!*bytes)
		return 0;
	if (input->at > input->bytes || *bytes > input->bytes - input->at)
		return hcc_error("%s: section '%s' is shorter than its inputs", image->path,
				 input->name);
	*part = input->data + input->at;
	input->at += *bytes;
	return 0;
}

static int read_piece(struct table *table, const struct image *image, struct input *sites,
		      struct input *maps, const struct object *object, const struct piece *piece,
		      const struct layout *layout, size_t number)
{
	size_t first = table->n_functions;
	uint64_t bytes;
	const char *part;

	if (next_part(sites, image, piece, object->name, CLASS_SITES, &part, &bytes) < 0 ||
	    (bytes && read_functions(table, part, bytes, piece, layout, object->name, number) < 0))
		return -1;
	if (next_part(maps, image, piece, object->name, CLASS_STACKMAP, &part, &bytes) < 0 ||
	    (bytes && stackmap_read(table, part, bytes, first, table->n_functions,
				    object->name) < 0))
		return -1;
	return 0;
}

static int read_pieces(struct table *table, const struct image *image,
		       const struct resolution *resolution, const struct layout *layout,
		       size_t isa_idx)
{
	struct input sites = open_input(image, HCC_SITES_SECTION);
	struct input maps = open_input(image, HCC_STACKMAP_SECTION);
	size_t number = 0;

	for (size_t o = 0; o < resolution->n_objects; o++) {
		const struct object *object = resolution->objects[o];
		const struct piece *piece = object->pieces[isa_idx];

		for (; piece; piece = piece->next, number++)
			if (read_piece(table, image, &sites, &maps, object, piece, layout,
				       number) < 0)
				return -1;
	}
	return 0;
}

static int compare_functions(const void *a, const void *b)
{
	const struct table_function *x = a, *y = b;

	if (x->dropped != y->dropped)
		return x->dropped - y->dropped;
	return (x->record.entry_va > y->record.entry_va) -
	       (x->record.entry_va < y->record.entry_va);
}

static int compare_returns(const void *a, const void *b)
{
	const struct table_return *x = a, *y = b;

	return (x->return_va > y->return_va) - (x->return_va < y->return_va);
}

static size_t function_at(const struct table *table, uint64_t entry_va)
{
	struct table_function key = { .record.entry_va = entry_va };
	const struct table_function *found = bsearch(&key, table->functions, table->n_functions,
						     sizeof key, compare_functions);

	if (!found)
		hcc_bug("no function at 0x%llx", (unsigned long long)entry_va);
	return (size_t)(found - table->functions);
}

/* Order functions by address, the dropped ones away; number the sites. */
static int sort_functions(struct table *table)
{
	uint64_t *entries = hcc_alloc((table->n_returns + 1) * sizeof *entries);
	size_t n_kept = 0, n_sites = 0;

	/* Sorting changes the functions' numbers. */
	for (size_t i = 0; i < table->n_returns; i++)
		entries[i] = table->functions[table->returns[i].function_idx].record.entry_va;
	if (table->n_functions)
		qsort(table->functions, table->n_functions, sizeof *table->functions,
		      compare_functions);
	while (n_kept < table->n_functions && !table->functions[n_kept].dropped) {
		struct table_function *function = &table->functions[n_kept];

		if (n_kept && function[-1].record.entry_va == function->record.entry_va) {
			free(entries);
			return hcc_error(
				"%s: function '%s' at 0x%llx on %s has two sets of call sites",
				table->options->output, function->name,
				(unsigned long long)function->record.entry_va, table->isa->name);
		}
		function->first_site = (uint32_t)n_sites;
		n_sites += function->record.n_sites;
		n_kept++;
	}
	for (size_t i = n_kept; i < table->n_functions; i++)
		free(table->functions[i].sites);
	table->n_functions = n_kept;
	table->n_sites = n_sites;
	for (size_t i = 0; i < table->n_returns; i++)
		table->returns[i].function_idx = function_at(table, entries[i]);
	free(entries);
	return 0;
}

static int add_unwind(struct table *table, const struct image *image)
{
	Dwarf_CFI *cfi = table->n_returns ? dwarf_getcfi_elf(image->elf) : NULL;
	struct buffer program = { 0 };
	int result = 0;

	if (table->n_returns && !cfi)
		return hcc_error("%s: no unwind data on %s: %s", table->options->output,
				 table->isa->name, dwarf_errmsg(-1));
	for (size_t i = 0; i < table->n_returns && !result; i++) {
		struct table_return *ret = &table->returns[i];
		const char *name = table->functions[ret->function_idx].name;
		const char *problem;

		program.bytes = 0;
		problem = ret->return_va >> 32 ? "it is not in the image" :
			unwind_program(&program, cfi, table->isa, ret->return_va);
		if (problem)
			result = hcc_error("%s: function '%s' site %u on %s at 0x%llx: %s",
					   table->options->output, name, ret->site,
					   table->isa->name, (unsigned long long)ret->return_va,
					   problem);
		else
			ret->unwind_off = pool_add(&table->unwind, program.data, program.bytes);
		if (!result && i && ret[-1].return_va == ret->return_va)
			result = hcc_error(
				"%s: function '%s' site %u on %s: two records for 0x%llx",
				table->options->output, name, ret->site, table->isa->name,
				(unsigned long long)ret->return_va);
	}
	buffer_free(&program);
	dwarf_cfi_end(cfi);
	return result;
}

int table_read(struct table *table, const struct image *image, const struct resolution *resolution,
	       const struct layout *layout, const struct options *options, size_t isa_idx)
{
	*table = (struct table){
		.isa = options->isas[isa_idx], .isa_idx = isa_idx, .options = options,
	};
	if (read_pieces(table, image, resolution, layout, isa_idx) < 0 || sort_functions(table) < 0)
		return -1;
	if (table->n_returns)
		qsort(table->returns, table->n_returns, sizeof *table->returns, compare_returns);
	return add_unwind(table, image);
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->n_functions; i++)
		free(table->functions[i].sites);
	free(table->functions);
	free(table->returns);
	pool_free(&table->unwind);
	pool_free(&table->locations);
	pool_free(&table->types);
	pool_free(&table->strings);
	*table = (struct table){ 0 };
}
