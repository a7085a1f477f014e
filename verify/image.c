/* Opens executables by libelf; finds sections, symbols and functions. A stripped executable has the
 * functions that the table and .eh_frame name. */
#include "image.h"

#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "image_private.h"
#include "memory.h"

#define CLONES_MOST_BYTES (1u << 31) /* of an image */

/* What an ISA has for itself behind what is shared. */
static bool is_private(const char *section)
{
	static const char *const names[] = {
		HCC_RESUME_RODATA_SECTION, HCC_POLLS_SECTION, ".eh_frame", HCC_META_SECTION,
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(section, names[i]))
			return true;
	return false;
}

static enum region region_of(const char *section, uint64_t va, uint64_t private_end_va)
{
	if (!strcmp(section, HCC_RESUME_SECTION))
		return REGION_RESUME;
	if (!strcmp(section, HCC_PACKED_SECTION))
		return REGION_PACKED;
	if (is_private(section) || va < private_end_va)
		return REGION_PRIVATE;
	return REGION_SHARED;
}

/* Private sections come first, and end with .bss; what follows is shared. */
static uint64_t private_end(Elf *elf, size_t names_idx)
{
	Elf_Scn *scn = NULL;
	uint64_t end_va = 0;

	while ((scn = elf_nextscn(elf, scn))) {
		const Elf64_Shdr *header = elf64_getshdr(scn);
		const char *name = elf_strptr(elf, names_idx, header->sh_name);

		if (header->sh_flags & SHF_ALLOC && name && !strcmp(name, ".bss"))
			end_va = header->sh_addr + header->sh_size;
	}
	return end_va;
}

static int compare_sections(const void *a, const void *b)
{
	const struct section *x = a, *y = b;

	if (x->va != y->va)
		return (x->va > y->va) - (x->va < y->va);
	return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

static void read_sections(struct image *image, size_t names_idx)
{
	uint64_t private_end_va = private_end(image->elf, names_idx);
	size_t capacity = 0;
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(image->elf, scn))) {
		const Elf64_Shdr *header = elf64_getshdr(scn);
		const char *name = elf_strptr(image->elf, names_idx, header->sh_name);
		Elf_Data *data = header->sh_type == SHT_NOBITS ? NULL : elf_rawdata(scn, NULL);

		if (!(header->sh_flags & SHF_ALLOC))
			continue;
		image->sections = memory_grow(image->sections, &capacity, image->n_sections + 1,
					      sizeof *image->sections);
		image->sections[image->n_sections++] = (struct section){
			.name = name ? name : "",
			.data = data ? data->d_buf : NULL,
			.va = header->sh_addr,
			.bytes = header->sh_size,
			.align_bytes = header->sh_addralign,
			.flags = header->sh_flags,
			.type = header->sh_type,
			.region = region_of(name ? name : "", header->sh_addr, private_end_va),
		};
	}
	if (image->n_sections)
		qsort(image->sections, image->n_sections, sizeof *image->sections,
		      compare_sections);
}

/* The sections of the clones, where these are compressed. */
static int read_clones(struct image *image, size_t names_idx, char **problem)
{
	const struct hcc_clones_header *h;
	Elf_Scn *scn = NULL;
	Elf_Data *data = NULL;

	while (!data && (scn = elf_nextscn(image->elf, scn))) {
		const char *name = elf_strptr(image->elf, names_idx, elf64_getshdr(scn)->sh_name);

		if (name && !strcmp(name, HCC_CLONES_SECTION))
			data = elf_rawdata(scn, NULL);
	}
	if (!data)
		return 0;
	h = data->d_buf;
	if (!h || data->d_size < sizeof *h || memcmp(h->magic, HCC_CLONES_MAGIC, sizeof h->magic) ||
	    h->bytes > CLONES_MOST_BYTES) {
		*problem = memory_format("%s: section %s is damaged", image->path,
					 HCC_CLONES_SECTION);
		return -1;
	}
	image->clones = memory_alloc(h->bytes + 1);
	if (ZSTD_decompress(image->clones, h->bytes, h + 1, data->d_size - sizeof *h) != h->bytes) {
		*problem = memory_format("%s: section %s cannot be unpacked", image->path,
					 HCC_CLONES_SECTION);
		return -1;
	}
	for (size_t i = 0; i < image->n_sections; i++) {
		struct section *s = &image->sections[i];

		if (s->va - h->va >= h->bytes || s->bytes > h->bytes - (s->va - h->va))
			continue;
		s->data = image->clones + (s->va - h->va);
		s->type = SHT_PROGBITS;
	}
	return 0;
}

static void read_symbols(struct image *image, Elf *elf)
{
	size_t capacity = 0;
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn))) {
		const Elf64_Shdr *header = elf64_getshdr(scn);
		Elf_Data *data = header->sh_type == SHT_SYMTAB ? elf_getdata(scn, NULL) : NULL;
		const Elf64_Sym *symbols = data ? data->d_buf : NULL;
		const char *file = "";

		for (size_t i = 0; data && i < data->d_size / sizeof *symbols; i++) {
			const char *name = elf_strptr(elf, header->sh_link,
						      symbols[i].st_name);

			if (symbols[i].st_shndx == SHN_UNDEF)
				continue;
			if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FILE)
				file = name ? name : "";
			image->symbols = memory_grow(image->symbols, &capacity,
						     image->n_symbols + 1, sizeof *image->symbols);
			image->symbols[image->n_symbols++] = (struct symbol){
				.name = name ? name : "",
				.file = ELF64_ST_BIND(symbols[i].st_info) == STB_LOCAL ? file : "",
				.va = symbols[i].st_value,
				.bytes = symbols[i].st_size,
				.type = ELF64_ST_TYPE(symbols[i].st_info),
				.binding = ELF64_ST_BIND(symbols[i].st_info),
				.section_idx = symbols[i].st_shndx,
			};
		}
	}
}

/* The ELF executable at a path. */
static int open_elf(int *fd, Elf **elf, const char *path, const char *name, char **problem)
{
	const Elf64_Ehdr *header;

	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0) {
		*problem = memory_format("%s: %s", path, strerror(errno));
		return -1;
	}
	elf_version(EV_CURRENT);
	*elf = elf_begin(*fd, ELF_C_READ_MMAP, NULL);
	header = *elf && elf_kind(*elf) == ELF_K_ELF ? elf64_getehdr(*elf) : NULL;
	if (!header || header->e_type != ET_EXEC) {
		*problem = memory_format("%s: not a static executable", name);
		return -1;
	}
	return 0;
}

static int read_elf(struct image *image, char **problem)
{
	const Elf64_Ehdr *header = elf64_getehdr(image->elf);
	size_t names_idx;

	image->isa = isa_by_machine(header->e_machine);
	if (!image->isa) {
		*problem = memory_format("%s: is for an ISA that hcc does not know (ELF machine "
					 "%u)",
					 image->path, header->e_machine);
		return -1;
	}
	if (elf_getshdrstrndx(image->elf, &names_idx)) {
		*problem = memory_format("%s: has no names of sections", image->path);
		return -1;
	}
	read_sections(image, names_idx);
	return read_clones(image, names_idx, problem);
}

int image_open(struct image *image, const char *path, const char *name, const char *symbols,
	       char **problem)
{
	*image = (struct image){ .path = name, .fd = -1, .symbols_fd = -1, .has_dwarf = true };
	if (open_elf(&image->fd, &image->elf, path, name, problem) || read_elf(image, problem) ||
	    (symbols &&
	     open_elf(&image->symbols_fd, &image->symbols_elf, symbols, symbols, problem)))
		return -1;
	read_symbols(image, symbols ? image->symbols_elf : image->elf);
	if (table_open(image, problem))
		return -1;
	polls_find(image);
	functions_find(image);
	references_find(image);
	return 0;
}

void image_close(struct image *image)
{
	dwarf_end(image->dwarf);
	elf_end(image->elf);
	elf_end(image->symbols_elf);
	if (image->fd >= 0)
		close(image->fd);
	if (image->symbols_fd >= 0)
		close(image->symbols_fd);
	for (size_t i = 0; i < image->n_names; i++)
		free(image->names[i]);
	free(image->names);
	free(image->sections);
	free(image->clones);
	free(image->symbols);
	free(image->functions);
	free(image->references);
	free(image->polls);
	free((void *)image->meta);
	*image = (struct image){ .fd = -1, .symbols_fd = -1 };
}

const struct section *image_section(const struct image *image, uint64_t va)
{
	for (size_t i = 0; i < image->n_sections; i++) {
		const struct section *section = &image->sections[i];

		/* Zero-initialised thread-locals have no place of their own in memory. */
		if (section->flags & SHF_TLS && section->type == SHT_NOBITS)
			continue;
		if (va - section->va < section->bytes)
			return section;
	}
	return NULL;
}

const void *image_bytes(const struct image *image, uint64_t va, uint64_t n_bytes)
{
	const struct section *section = image_section(image, va);

	if (!section || !section->data || n_bytes > section->bytes - (va - section->va))
		return NULL;
	return section->data + (va - section->va);
}

/* The line that debug information gives. */
static uint32_t debug_line(struct image *image, uint64_t va, const char **file)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die die;
	int line = 0;

	if (!image->dwarf && image->has_dwarf)
		image->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
	image->has_dwarf = image->dwarf != NULL;
	if (!image->dwarf)
		return 0;
	while (!dwarf_get_units(image->dwarf, cu, &cu, NULL, NULL, &die, NULL)) {
		Dwarf_Line *found = dwarf_haspc(&die, va) == 1 ? dwarf_getsrc_die(&die, va) : NULL;

		if (!found || dwarf_lineno(found, &line) || !line)
			continue;
		*file = dwarf_linesrc(found, NULL, NULL);
		*file = *file ? *file : "?";
		return (uint32_t)line;
	}
	return 0;
}

/* The record at an address, or right after a call there. */
static const struct hcc_meta_return *record_near(const struct image *image, uint64_t va)
{
	enum { LONGEST_CALL = 8 };
	const struct hcc_meta_return *ret = NULL;

	for (unsigned n = 0; n <= LONGEST_CALL && !ret; n++)
		ret = image_return(image, va + n);
	return ret;
}

uint32_t image_line(const struct image *image, uint64_t va, const char **file)
{
	const struct hcc_meta_return *ret = record_near(image, va);
	const struct hcc_meta_site *site = ret ? image_site(image, ret) : NULL;

	if (!site || !site->line)
		return debug_line((struct image *)image, va, file);
	*file = image_string(image, image_site_function(image, ret)->file_off);
	return site->line;
}
