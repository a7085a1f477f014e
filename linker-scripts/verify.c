/* Compares symbols and sections of the executables of all ISAs, and checks relocations of shared
 * data. Knows nothing of how the addresses came about. */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "hcc_format.h"

struct shared_symbol {
	const char *name;
	uint64_t value;
	unsigned char type, binding;
};

struct symbol_list {
	struct shared_symbol *items;
	size_t n, capacity;
};

/* Of one ISA: everything by name, and the shared symbols in order. */
struct symbol_index {
	struct strmap names;
	const Elf64_Sym **by_number;
	size_t capacity;
	struct symbol_list shared;
};

/* Symbols that the second link must leave where they are: not those of the table and of what it was
 * made of, nor labels in debug sections. */
static bool must_stay(const struct image *image, const Elf64_Sym *symbol)
{
	Elf_Scn *section = symbol->st_shndx < SHN_LORESERVE ?
		elf_getscn(image->elf, symbol->st_shndx) : NULL;
	const Elf64_Shdr *header = section ? elf64_getshdr(section) : NULL;
	const char *name = image_symbol_name(image, symbol);

	if (ELF64_ST_TYPE(symbol->st_info) == STT_FILE || *name == '$')
		return false;
	if (!strcmp(name, "__hcc_meta_end") || !strcmp(name, "__hcc_image_end"))
		return false;
	if (!header)
		return symbol->st_shndx == SHN_ABS;
	name = elf_strptr(image->elf, image->names_idx, header->sh_name);
	return header->sh_flags & SHF_ALLOC && strcmp(name, HCC_SITES_SECTION) &&
	       strcmp(name, HCC_STACKMAP_SECTION);
}

static void compare_sections(const struct image *first, const struct image *second)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(second->elf, section))) {
		const Elf64_Shdr *header = elf64_getshdr(section), *before;
		const char *name = elf_strptr(second->elf, second->names_idx, header->sh_name);

		if (!(header->sh_flags & SHF_ALLOC) || !strcmp(name, HCC_META_SECTION))
			continue;
		before = image_section(first, name, NULL);
		if (!before || before->sh_addr != header->sh_addr ||
		    before->sh_size != header->sh_size)
			hcc_bug("%s: section '%s' has moved between two links", second->path, name);
	}
}

void verify_unmoved(const struct image *first, const struct image *second, bool stripped)
{
	size_t i = 0, j = 0;

	compare_sections(first, second);
	if (stripped)
		return;
	for (;; i++, j++) {
		const Elf64_Sym *a, *b;

		while (i < first->n_symbols && !must_stay(first, &first->symbols[i]))
			i++;
		while (j < second->n_symbols && !must_stay(second, &second->symbols[j]))
			j++;
		if (i == first->n_symbols && j == second->n_symbols)
			return;
		if (i == first->n_symbols || j == second->n_symbols)
			hcc_bug("%s: %zu symbols, %zu after the second link", second->path,
				first->n_symbols, second->n_symbols);
		a = &first->symbols[i];
		b = &second->symbols[j];
		if (strcmp(image_symbol_name(first, a), image_symbol_name(second, b)) ||
		    a->st_value != b->st_value)
			hcc_bug("%s: '%s' at 0x%llx is '%s' at 0x%llx after the second link",
				second->path, image_symbol_name(first, a),
				(unsigned long long)a->st_value, image_symbol_name(second, b),
				(unsigned long long)b->st_value);
	}
}

static bool is_packed_va(const struct layout *layout, uint64_t va)
{
	const struct extent *packed = &layout->classes[CLASS_PACKED_TEXT];

	return va >= packed->va && va < packed->va + packed->bytes;
}

/* Functions, data and thread-locals of shared sections; labels only when they are global. */
static bool is_shared_symbol(const Elf64_Sym *symbol, const struct layout *layout)
{
	unsigned type = ELF64_ST_TYPE(symbol->st_info);

	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS)
		return false;
	if (type == STT_TLS)
		return true;
	if (symbol->st_value < layout->text_va || symbol->st_value >= layout->end_va ||
	    is_packed_va(layout, symbol->st_value))
		return false;
	if (type == STT_NOTYPE)
		return ELF64_ST_BIND(symbol->st_info) != STB_LOCAL;
	return type != STT_SECTION && type != STT_FILE;
}

static int compare_symbols(const void *a, const void *b)
{
	const struct shared_symbol *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->value > y->value) - (x->value < y->value);
}

static void index_symbols(struct symbol_index *index, const struct image *image,
			  const struct layout *layout)
{
	for (size_t i = 0; i < image->n_symbols; i++) {
		const Elf64_Sym *symbol = &image->symbols[i];
		const char *name = image_symbol_name(image, symbol);
		struct symbol_list *list = &index->shared;
		uint32_t number;

		if (!*name || symbol->st_shndx == SHN_UNDEF)
			continue;
		if (ELF64_ST_BIND(symbol->st_info) != STB_LOCAL ||
		    ELF64_ST_VISIBILITY(symbol->st_other) != STV_DEFAULT) {
			number = strmap_add(&index->names, name);
			index->by_number = hcc_grow(index->by_number, &index->capacity,
						    (size_t)number + 1, sizeof *index->by_number);
			index->by_number[number] = symbol;
		}
		if (!is_shared_symbol(symbol, layout))
			continue;
		list->items = hcc_grow(list->items, &list->capacity, list->n + 1,
				       sizeof *list->items);
		list->items[list->n++] = (struct shared_symbol){
			name, symbol->st_value, ELF64_ST_TYPE(symbol->st_info),
			ELF64_ST_BIND(symbol->st_info),
		};
	}
	if (index->shared.n)
		qsort(index->shared.items, index->shared.n, sizeof *index->shared.items,
		      compare_symbols);
}

static const Elf64_Sym *find_global(const struct symbol_index *index, const char *name)
{
	uint32_t number = strmap_find(&index->names, name);

	return number == STRMAP_NONE ? NULL : index->by_number[number];
}

static int mismatch(const struct options *options, const char *name, uint64_t value, size_t isa_idx,
		    uint64_t other_value, size_t other_idx)
{
	return hcc_error("%s: '%s' is at 0x%llx on %s, at 0x%llx on %s", options->output, name,
			 (unsigned long long)value, options->isas[isa_idx]->name,
			 (unsigned long long)other_value, options->isas[other_idx]->name);
}

/* A symbol that is shared on one ISA and not on the other: code that only one ISA has may be. */
static int check_alone(const struct options *options, const struct shared_symbol *symbol,
		       size_t isa_idx, const struct symbol_index *other, size_t other_idx)
{
	const Elf64_Sym *found = find_global(other, symbol->name);

	if (found && symbol->binding != STB_LOCAL)
		return mismatch(options, symbol->name, symbol->value, isa_idx, found->st_value,
				other_idx);
	if (symbol->type == STT_OBJECT || symbol->type == STT_TLS)
		return hcc_error("%s: '%s' is at 0x%llx on %s, absent on %s", options->output,
				 symbol->name, (unsigned long long)symbol->value,
				 options->isas[isa_idx]->name, options->isas[other_idx]->name);
	return 0;
}

static int compare_isas(const struct symbol_index *indexes, const struct options *options,
			size_t isa_idx)
{
	const struct symbol_list *a = &indexes[0].shared, *b = &indexes[isa_idx].shared;
	size_t i = 0, j = 0;

	while (i < a->n || j < b->n) {
		int order = i == a->n ? 1 : j == b->n ? -1 :
			    strcmp(a->items[i].name, b->items[j].name);

		if (order < 0) {
			if (check_alone(options, &a->items[i++], 0, &indexes[isa_idx], isa_idx) < 0)
				return -1;
		} else if (order > 0) {
			if (check_alone(options, &b->items[j++], isa_idx, &indexes[0], 0) < 0)
				return -1;
		} else {
			if (a->items[i].value != b->items[j].value)
				return mismatch(options, a->items[i].name, b->items[j].value,
					isa_idx, a->items[i].value, 0);
			i++, j++;
		}
	}
	return 0;
}

static bool is_private_va(const struct layout *layout, uint64_t va)
{
	return va >= IMAGE_BASE_VA + sizeof(Elf64_Ehdr) &&
	       (va < layout->text_va || va >= layout->resume_va || is_packed_va(layout, va));
}

/* Does a relocation put an address into shared data that other ISAs do not have there? */
static bool holds_private(const struct piece *piece, const struct symbol_index *index,
			  const struct layout *layout, const Elf64_Rela *rela, const char **name)
{
	uint64_t idx = ELF64_R_SYM(rela->r_info);
	const Elf64_Sym *symbol = idx < piece->n_symbols ? &piece->symbols[idx] : NULL, *found;

	if (!symbol || ELF64_R_TYPE(rela->r_info) == 0)
		return false;
	*name = piece_symbol_name(piece, symbol);
	if (ELF64_ST_BIND(symbol->st_info) == STB_LOCAL) {
		enum section_class class;

		if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= piece->n_sections)
			return false;
		class = piece->sections[symbol->st_shndx].class;
		if (ELF64_ST_TYPE(symbol->st_info) == STT_SECTION)
			*name = piece->sections[symbol->st_shndx].name;
		if (class == CLASS_TEXT)
			class = layout_find(layout, piece->sections[symbol->st_shndx].name)->class;
		return class != CLASS_NONE &&
		       (!class_is_shared(class) || class == CLASS_PACKED_TEXT);
	}
	found = find_global(index, *name);
	return found && found->st_shndx != SHN_ABS && ELF64_ST_TYPE(found->st_info) != STT_TLS &&
	       is_private_va(layout, found->st_value);
}

static int check_piece(const struct object *object, const struct piece *piece,
		       const struct symbol_index *index, const struct layout *layout,
		       const struct hcc_isa *isa)
{
	struct relocations all = { 0 };
	const char *name;
	int more;

	while ((more = object_next_relocations(object, piece, &all)) > 0) {
		if (!class_is_shared(all.section->class) || class_is_text(all.section->class))
			continue;
		for (size_t r = 0; r < all.n; r++)
			if (holds_private(piece, index, layout, &all.relas[r], &name))
				return hcc_error(
					"%s: section '%s' holds the address of '%s', which is "
					"private to %s",
					object->name, all.section->name, name, isa->name);
	}
	return more;
}

static int check_relocations(const struct resolution *resolution,
			     const struct symbol_index *indexes, const struct layout *layout,
			     const struct options *options)
{
	for (size_t o = 0; o < resolution->n_objects; o++)
		for (size_t i = 0; i < options->n_isas; i++) {
			const struct object *object = resolution->objects[o];
			const struct piece *piece = object->pieces[i];

			for (; piece; piece = piece->next)
				if (check_piece(object, piece, &indexes[i], layout,
						options->isas[i]) < 0)
					return -1;
		}
	return 0;
}

int verify_shared(const struct image *images, const struct resolution *resolution,
		  const struct layout *layout, const struct options *options)
{
	struct symbol_index indexes[HCC_MAX_ISAS] = { 0 };
	int result = 0;

	for (size_t i = 0; i < options->n_isas; i++)
		index_symbols(&indexes[i], &images[i], layout);
	for (size_t i = 1; i < options->n_isas && !result; i++)
		result = compare_isas(indexes, options, i);
	if (!result)
		result = check_relocations(resolution, indexes, layout, options);
	for (size_t i = 0; i < options->n_isas; i++) {
		strmap_free(&indexes[i].names);
		free(indexes[i].by_number);
		free(indexes[i].shared.items);
	}
	return result;
}
