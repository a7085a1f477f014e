/* Which class a section belongs to. The only place that knows what is shared and what is an ISA's
 * own (hcc_format.h, "Sections of an object"). */
#include <string.h>

#include "diag.h"
#include "hcc_format.h"
#include "layout.h"

struct name_rule {
	const char *prefix;
	enum section_class class;
};

/* First match wins. */
static const struct name_rule rules[] = {
	{ HCC_RESUME_SECTION, CLASS_RESUME },
	{ HCC_RESUME_RODATA_SECTION, CLASS_RESUME_RODATA },
	{ HCC_POLLS_SECTION, CLASS_POLLS },
	{ HCC_MOVES_SECTION, CLASS_MOVES },
	{ HCC_SITES_SECTION, CLASS_SITES },
	{ HCC_STACKMAP_SECTION, CLASS_STACKMAP },
	{ ".text.hcc.", CLASS_TEXT },
	{ ".rodata.hcc.", CLASS_RODATA },
	{ ".tdata.hcc.", CLASS_TDATA },
	{ ".tbss.hcc.", CLASS_TBSS },
	{ ".data.hcc.", CLASS_DATA },
	{ ".bss.hcc.", CLASS_BSS },
	{ ".preinit_array", CLASS_PREINIT_ARRAY },
	{ ".init_array", CLASS_INIT_ARRAY },
	{ ".fini_array", CLASS_FINI_ARRAY },
	{ ".eh_frame", CLASS_EH_FRAME },
	{ NULL, CLASS_NONE },
};

/* Names that compilers and assemblers choose by themselves: X or X.anything. */
static const char *const private_names[] = {
	".text", ".rodata", ".data", ".bss", ".tdata", ".tbss", ".lrodata", ".ldata", ".lbss",
	".ltext", ".sdata", ".sbss", ".srodata", ".init", ".fini", ".note", ".comment",
	".gcc_except_table", ".stack_sizes", ".got", ".plt", ".iplt", ".rela", NULL,
};

/* X, or X.anything. */
static bool has_stem(const char *name, const char *stem)
{
	size_t bytes = strlen(stem);

	return !strncmp(name, stem, bytes) && (!name[bytes] || name[bytes] == '.');
}

static bool is_private_name(const char *name)
{
	for (size_t i = 0; private_names[i]; i++)
		if (has_stem(name, private_names[i]))
			return true;
	return false;
}

static enum section_class classify(const struct input_section *section, bool builtin)
{
	const char *name = section->name;

	if (!(section->flags & SHF_ALLOC))
		return CLASS_NONE;
	if (!builtin || !strcmp(name, ".eh_frame")) {
		for (const struct name_rule *rule = rules; rule->prefix; rule++) {
			size_t bytes = strlen(rule->prefix);

			if (rule->prefix[bytes - 1] == '.' ? !strncmp(name, rule->prefix, bytes) :
							     has_stem(name, rule->prefix))
				return rule->class;
		}
	}
	if (builtin || is_private_name(name)) {
		if (section->flags & SHF_EXECINSTR)
			return CLASS_PRIVATE_TEXT;
		if (section->type == SHT_NOBITS)
			return CLASS_PRIVATE_BSS;
		return section->flags & SHF_WRITE ? CLASS_PRIVATE_DATA : CLASS_PRIVATE_RODATA;
	}
	if (section->flags & SHF_EXECINSTR)
		return strstr(name, ".hcc.") ? CLASS_USER_FUNCTION : CLASS_USER_TEXT;
	if (section->type == SHT_NOBITS)
		return CLASS_USER_BSS;
	return section->flags & SHF_WRITE ? CLASS_USER_DATA : CLASS_USER_RODATA;
}

static int check_section(const struct object *object, const struct input_section *section)
{
	bool is_tls = section->class == CLASS_TDATA || section->class == CLASS_TBSS;

	if (section->class == CLASS_NONE)
		return 0;
	/* So that sums of sizes never overflow. */
	if (section->bytes > IMAGE_LIMIT_VA || section->align_bytes > IMAGE_LIMIT_VA)
		return hcc_error("%s: section '%s' has %llu bytes and alignment %llu, at most 0x%x",
				 object->name, section->name, (unsigned long long)section->bytes,
				 (unsigned long long)section->align_bytes, IMAGE_LIMIT_VA);
	if (section->type == SHT_NOBITS && (class_is_text(section->class) ||
					    section->class == CLASS_SITES ||
					    section->class == CLASS_STACKMAP))
		return hcc_error("%s: section '%s' has no contents", object->name, section->name);
	if (section->align_bytes & (section->align_bytes - 1))
		return hcc_error("%s: section '%s' has alignment %llu", object->name, section->name,
				 (unsigned long long)section->align_bytes);
	if (strpbrk(section->name, "\"\n"))
		return hcc_error("%s: section '%s' has a name that cannot be linked", object->name,
				 section->name);
	if (object->builtin && (has_stem(section->name, ".init_array") ||
				has_stem(section->name, ".ctors")) && section->bytes)
		return hcc_error("%s: has a constructor", object->name);
	if (has_stem(section->name, ".ctors") || has_stem(section->name, ".dtors"))
		return hcc_error("%s: section '%s' is not supported, use .init_array", object->name,
				 section->name);
	if (!!(section->flags & SHF_TLS) != is_tls)
		return hcc_error("%s: section '%s' %s thread-local", object->name, section->name,
				 is_tls ? "is not" : "cannot be");
	if (is_tls && section->align_bytes > TLS_ALIGN_BYTES)
		return hcc_error(
			"%s: section '%s' has alignment %llu, thread-locals have at most %u",
			object->name, section->name, (unsigned long long)section->align_bytes,
			TLS_ALIGN_BYTES);
	return 0;
}

static int read_piece_sections(const struct object *object, struct piece *piece)
{
	size_t names_idx, n;

	if (elf_getshdrstrndx(piece->elf, &names_idx) < 0 || elf_getshdrnum(piece->elf, &n) < 0)
		return hcc_error("%s: %s", object->name, elf_errmsg(-1));
	piece->n_sections = n;
	piece->sections = hcc_alloc(n * sizeof *piece->sections);
	for (size_t i = 1; i < n; i++) {
		struct input_section *section = &piece->sections[i];
		Elf_Scn *scn = elf_getscn(piece->elf, i);
		Elf64_Shdr *header = scn ? elf64_getshdr(scn) : NULL;
		const char *name =
			header ? elf_strptr(piece->elf, names_idx, header->sh_name) : NULL;

		if (!name)
			return hcc_error("%s: %s", object->name, elf_errmsg(-1));
		section->name = name;
		section->bytes = header->sh_size;
		section->align_bytes = header->sh_addralign ? header->sh_addralign : 1;
		section->flags = header->sh_flags;
		section->type = header->sh_type;
		section->class = classify(section, object->builtin);
		if (section->type != SHT_NOBITS && section->type != SHT_NULL &&
		    (header->sh_offset > piece->bytes ||
		     section->bytes > piece->bytes - header->sh_offset))
			return hcc_error("%s: section '%s' ends after the file", object->name,
					 name);
		if (check_section(object, section) < 0)
			return -1;
	}
	return 0;
}

int object_next_relocations(const struct object *object, const struct piece *piece,
			    struct relocations *relocations)
{
	while ((relocations->scn = elf_nextscn(piece->elf, relocations->scn))) {
		const Elf64_Shdr *header = elf64_getshdr(relocations->scn);
		const struct input_section *section;
		Elf_Data *data;

		if (header->sh_type != SHT_RELA || header->sh_info >= piece->n_sections)
			continue;
		data = elf_getdata(relocations->scn, NULL);
		if (!data)
			return hcc_error("%s: %s", object->name, elf_errmsg(-1));
		section = &piece->sections[header->sh_info];
		relocations->section = section;
		relocations->contents = section->type == SHT_NOBITS || section->type == SHT_NULL ? NULL :
			(const uint8_t *)piece->image +
				elf64_getshdr(elf_getscn(piece->elf, header->sh_info))->sh_offset;
		relocations->relas = data->d_buf;
		relocations->n = data->d_size / sizeof *relocations->relas;
		return 1;
	}
	return 0;
}

int object_read_sections(struct object *object, size_t n_isas)
{
	for (size_t i = 0; i < n_isas; i++)
		for (struct piece *piece = object->pieces[i]; piece; piece = piece->next)
			if (read_piece_sections(object, piece) < 0)
				return -1;
	return 0;
}
