/* Reads the relocations of all objects. */
#include "taken.h"

#include <string.h>

#include "diag.h"
#include "hcc_format.h"

struct finder {
	const struct options *options;
	struct strmap *sections;
	struct strmap symbols; /* global ones whose address is taken */
};

/* System V psABI x86-64, table 4.9. Compilers use R_X86_64_PLT32 for nothing else; whoever writes
 * assembly may: the instruction is looked at (call, jmp, jcc). */
static bool is_call_x86_64(const struct relocations *all, const Elf64_Rela *rela)
{
	const uint8_t *at;

	if (ELF64_R_TYPE(rela->r_info) != R_X86_64_PLT32 || !all->contents || !rela->r_offset ||
	    rela->r_offset >= all->section->bytes)
		return false;
	at = all->contents + rela->r_offset;
	return at[-1] == 0xe8 || at[-1] == 0xe9 ||
	       (rela->r_offset > 1 && at[-2] == 0x0f && (at[-1] & 0xf0) == 0x80);
}

/* AAELF64, "Control-flow instructions". */
static bool is_call_aarch64(const Elf64_Rela *rela)
{
	switch (ELF64_R_TYPE(rela->r_info)) {
	case R_AARCH64_CALL26:
	case R_AARCH64_JUMP26:
	case R_AARCH64_CONDBR19:
	case R_AARCH64_TSTBR14:
		return true;
	}
	return false;
}

static bool is_call(const struct relocations *all, const Elf64_Rela *rela, uint16_t elf_machine)
{
	if (!(all->section->flags & SHF_EXECINSTR))
		return false;
	return elf_machine == EM_X86_64	 ? is_call_x86_64(all, rela) :
	       elf_machine == EM_AARCH64 ? is_call_aarch64(rela) :
					   false;
}

static void take_symbol(struct finder *finder, const char *name)
{
	const struct string_list *wrapped = &finder->options->wrapped;

	strmap_add(&finder->symbols, name);
	for (size_t i = 0; i < wrapped->n; i++) {
		if (!strcmp(name, wrapped->items[i]))
			strmap_add(&finder->symbols, hcc_format("__wrap_%s", name));
		else if (!strncmp(name, "__real_", 7) && !strcmp(name + 7, wrapped->items[i]))
			strmap_add(&finder->symbols, wrapped->items[i]);
	}
}

static int look_at(struct finder *finder, const struct object *object, const struct piece *piece,
		   const struct relocations *all, const Elf64_Rela *rela, uint16_t elf_machine)
{
	uint64_t idx = ELF64_R_SYM(rela->r_info);
	const Elf64_Sym *symbol;

	if (!idx || is_call(all, rela, elf_machine))
		return 0;
	if (idx >= piece->n_symbols)
		return hcc_error("%s: section '%s' has a relocation against symbol %llu of %zu",
				 object->name, all->section->name, (unsigned long long)idx,
				 piece->n_symbols);
	symbol = &piece->symbols[idx];
	if (ELF64_ST_BIND(symbol->st_info) != STB_LOCAL) {
		take_symbol(finder, piece_symbol_name(piece, symbol));
		return 0;
	}
	if (symbol->st_shndx >= piece->n_sections ||
	    piece->sections[symbol->st_shndx].class != CLASS_TEXT)
		return 0;
	/* A jump table's entry; a function is at the beginning of its section. */
	if (all->section->class == CLASS_PRIVATE_RODATA &&
	    ELF64_ST_TYPE(symbol->st_info) == STT_SECTION && rela->r_addend)
		return 0;
	strmap_add(finder->sections, piece->sections[symbol->st_shndx].name);
	return 0;
}

static bool counts(const struct input_section *section)
{
	switch (section->class) {
	case CLASS_NONE:
	case CLASS_EH_FRAME:
	case CLASS_SITES:
	case CLASS_STACKMAP:
	case CLASS_RESUME:
	case CLASS_RESUME_RODATA:
	case CLASS_POLLS:
		return false;
	default:
		return true;
	}
}

static int look_at_piece(struct finder *finder, const struct object *object,
			 const struct piece *piece, uint16_t elf_machine)
{
	struct relocations all = { 0 };
	int more;

	while ((more = object_next_relocations(object, piece, &all)) > 0) {
		if (!counts(all.section))
			continue;
		for (size_t r = 0; r < all.n; r++)
			if (look_at(finder, object, piece, &all, &all.relas[r], elf_machine) < 0)
				return -1;
	}
	return more;
}

/* Sections in which a global symbol is whose address is taken. */
static void add_sections(struct finder *finder, const struct piece *piece)
{
	for (size_t s = 0; s < piece->n_symbols; s++) {
		const Elf64_Sym *symbol = &piece->symbols[s];

		if (symbol->st_shndx < piece->n_sections &&
		    piece->sections[symbol->st_shndx].class == CLASS_TEXT &&
		    strmap_find(&finder->symbols, piece_symbol_name(piece, symbol)) != STRMAP_NONE)
			strmap_add(finder->sections, piece->sections[symbol->st_shndx].name);
	}
}

int find_taken(struct strmap *sections, const struct resolution *resolution,
	       const struct options *options)
{
	struct finder finder = { .options = options, .sections = sections };
	int result = 0;

	for (size_t o = 0; o < resolution->n_objects && !result; o++)
		for (size_t i = 0; i < options->n_isas && !result; i++) {
			const struct piece *piece = resolution->objects[o]->pieces[i];

			for (; piece && !result; piece = piece->next)
				result = look_at_piece(&finder, resolution->objects[o], piece,
						       options->isas[i]->elf_machine);
		}
	for (size_t o = 0; o < resolution->n_objects && !result; o++)
		for (size_t i = 0; i < options->n_isas; i++) {
			const struct piece *piece = resolution->objects[o]->pieces[i];

			for (; piece; piece = piece->next)
				add_sections(&finder, piece);
		}
	strmap_free(&finder.symbols);
	return result;
}
