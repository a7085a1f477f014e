/* Reads app and app.<isa> and prints address, size on each ISA, kind and name of every symbol of
 * the shared image; last of those that each ISA has elsewhere. */
#include "print_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "hcc_format.h"
#include "image.h"

struct row {
	const char *name;
	uint64_t va; /* of a thread-local: offset in its block; packed: rank */
	uint64_t bytes;
	size_t isa_idx;
	enum { ROW_PLAIN, ROW_PACKED, ROW_THREAD_LOCAL } sort;
	const char *kind;
};

struct rows {
	struct row *items;
	size_t n, capacity, n_private;
	uint64_t start_va, end_va; /* of the shared image */
};

static const Elf64_Shdr *section_of(const struct image *image, const Elf64_Sym *symbol)
{
	Elf_Scn *section = elf_getscn(image->elf, symbol->st_shndx);

	return section ? elf64_getshdr(section) : NULL;
}

static const char *kind_of(const struct image *image, const Elf64_Sym *symbol)
{
	const Elf64_Shdr *header = section_of(image, symbol);

	if (ELF64_ST_TYPE(symbol->st_info) == STT_TLS)
		return "tls";
	if (!header)
		return "?";
	if (header->sh_flags & SHF_EXECINSTR)
		return "text";
	if (header->sh_type == SHT_NOBITS)
		return "bss";
	return header->sh_flags & SHF_WRITE ? "data" : "rodata";
}

static bool is_packed(const struct image *image, const Elf64_Sym *symbol)
{
	const Elf64_Shdr *header = section_of(image, symbol);
	const char *name = header ? elf_strptr(image->elf, image->names_idx, header->sh_name) : NULL;

	return name && !strcmp(name, HCC_PACKED_SECTION);
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order;

	if (x->sort != y->sort)
		return (int)x->sort - (int)y->sort;
	if (x->va != y->va)
		return x->va < y->va ? -1 : 1;
	order = strcmp(x->name, y->name);
	return order ? order : (x->isa_idx > y->isa_idx) - (x->isa_idx < y->isa_idx);
}

/* In place of addresses, which differ: the order is the same on all ISAs. */
static void number_packed(struct row *rows, size_t n)
{
	uint64_t rank = 0;

	qsort(rows, n, sizeof *rows, compare_rows);
	for (size_t i = 0; i < n; i++)
		if (rows[i].sort == ROW_PACKED)
			rows[i].va = rank++;
}

static void add_rows(struct rows *rows, const struct image *image, size_t isa_idx)
{
	size_t first = rows->n;

	for (size_t i = 0; i < image->n_symbols; i++) {
		const Elf64_Sym *symbol = &image->symbols[i];
		unsigned type = ELF64_ST_TYPE(symbol->st_info);
		const char *name = image_symbol_name(image, symbol);

		if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= SHN_LORESERVE ||
		    type == STT_SECTION || type == STT_FILE || !*name || *name == '$')
			continue;
		if (type != STT_TLS &&
		    (symbol->st_value < rows->start_va || symbol->st_value >= rows->end_va)) {
			rows->n_private += isa_idx == 0;
			continue;
		}
		rows->items =
			hcc_grow(rows->items, &rows->capacity, rows->n + 1, sizeof *rows->items);
		rows->items[rows->n++] = (struct row){
			name, symbol->st_value, symbol->st_size, isa_idx,
			type == STT_TLS ? ROW_THREAD_LOCAL :
			is_packed(image, symbol) ? ROW_PACKED : ROW_PLAIN,
			kind_of(image, symbol),
		};
	}
	if (rows->n > first)
		number_packed(rows->items + first, rows->n - first);
}

static void print_rows(const struct rows *rows, const struct options *options)
{
	printf("%-18s", "address");
	for (size_t i = 0; i < options->n_isas; i++)
		printf(" %10s", options->isas[i]->name);
	printf("  %-6s  symbol\n", "kind");
	for (size_t i = 0; i < rows->n;) {
		const struct row *row = &rows->items[i];

		if (row->sort == ROW_PACKED)
			printf("%-18s", "one each");
		else
			printf("0x%016llx", (unsigned long long)row->va);
		for (size_t isa = 0; isa < options->n_isas; isa++) {
			const struct row *at = &rows->items[i];

			if (i < rows->n && at->isa_idx == isa && at->va == row->va &&
			    at->sort == row->sort && !strcmp(at->name, row->name)) {
				printf(" %10llu", (unsigned long long)at->bytes);
				i++;
			} else {
				printf(" %10s", "-");
			}
		}
		printf("  %-6s  %s\n", row->kind, row->name);
	}
	printf("# sizes in bytes; %zu symbols private to %s are not shown\n", rows->n_private,
	       options->isas[0]->name);
}

static int shared_bounds(struct rows *rows, const struct image *image)
{
	const Elf64_Sym *start = image_symbol(image, "__hcc_shared_start");
	const Elf64_Sym *end = image_symbol(image, "__hcc_shared_end");

	if (!image->symbols)
		return hcc_error("%s: has no symbol table", image->path);
	if (!start || !end)
		return hcc_error("%s: not linked by hcc", image->path);
	rows->start_va = start->st_value;
	rows->end_va = end->st_value;
	return 0;
}

int print_layout(const struct options *options)
{
	struct image images[HCC_MAX_ISAS] = { 0 };
	struct rows rows = { 0 };
	int result = 0;

	for (size_t i = 0; i < options->n_isas && !result; i++) {
		char *path = i ? hcc_format("%s.%s", options->print_layout, options->isas[i]->name)
			       : hcc_format("%s", options->print_layout);

		result = image_open(&images[i], path);
		if (!result)
			result = shared_bounds(&rows, &images[i]);
		if (!result)
			add_rows(&rows, &images[i], i);
		free(path);
	}
	if (!result) {
		qsort(rows.items, rows.n, sizeof *rows.items, compare_rows);
		print_rows(&rows, options);
		if (fflush(stdout))
			result = hcc_error("standard output: write error");
	}
	for (size_t i = 0; i < options->n_isas; i++)
		image_close(&images[i]);
	free(rows.items);
	return result;
}
