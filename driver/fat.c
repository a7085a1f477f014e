/* Join objects, or executables, of several ISAs into one. The bytes of the host's stay as they are, so
 * that everything in it (symbols, groups, relocations, segments) keeps its meaning; only the section
 * header table and the table of section names are written anew, at the end, after the added sections.
 * Does not read what a fat object holds: the linker does, and hcc-migrate of an executable. */
#include "fat.h"

#include "diag.h"
#include "file.h"
#include "words.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What goes into a section, by type of file. What an object holds is the linker's input and must not
 * get into its output as it is; what an executable holds is for good. */
static const struct kind {
	Elf64_Half e_type;
	const char *what, *prefix;
	Elf64_Xword sh_flags;
} kinds[] = {
	{ET_REL, "object", HCC_FAT_SECTION_PREFIX, SHF_EXCLUDE},
	{ET_EXEC, "executable", HCC_EXE_SECTION_PREFIX, 0},
};

/* An object of one ISA in memory. The bytes are malloc'ed, so aligned for any header; section
 * headers are copied out, as e_shoff need not be aligned. */
struct object {
	const struct fat_part *part;
	const struct kind *kind;
	unsigned char *bytes;
	size_t n_bytes;
	Elf64_Ehdr header;
	Elf64_Shdr *section;
	size_t n_sections;
	size_t names_idx; /* section of section names */
};

static void object_free(struct object *object)
{
	free(object->bytes);
	free(object->section);
}

static int damaged(const struct object *object, const char *what)
{
	diag_error("%s: damaged %s: %s", object->part->path, object->kind->what, what);
	return -EINVAL;
}

static int read_header(struct object *object)
{
	const struct fat_part *part = object->part;
	Elf64_Ehdr *header = &object->header;

	if (object->n_bytes < sizeof *header || memcmp(object->bytes, ELFMAG, SELFMAG)) {
		diag_error("%s: not an ELF object", part->path);
		return -EINVAL;
	}
	memcpy(header, object->bytes, sizeof *header);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (header->e_type == kinds[i].e_type)
			object->kind = &kinds[i];
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
		header->e_ident[EI_VERSION] != EV_CURRENT || header->e_version != EV_CURRENT ||
		!object->kind) {
		diag_error("%s: not a 64-bit little-endian relocatable object", part->path);
		return -EINVAL;
	}
	if (header->e_machine != part->isa->elf_machine) {
		diag_error("%s: ELF machine is %u, expected %u as for %s", part->path,
			header->e_machine, part->isa->elf_machine, part->isa->name);
		return -EINVAL;
	}
	if (header->e_shentsize != sizeof(Elf64_Shdr))
		return damaged(object, "size of section headers");
	return 0;
}

static int read_sections(struct object *object)
{
	const Elf64_Ehdr *header = &object->header;
	size_t room;
	Elf64_Shdr first;

	if (header->e_shoff > object->n_bytes ||
		object->n_bytes - header->e_shoff < sizeof(Elf64_Shdr))
		return damaged(object, "place of the section header table");
	/* Numbers that do not fit the header are in section 0. */
	memcpy(&first, object->bytes + header->e_shoff, sizeof first);
	object->n_sections = header->e_shnum ? header->e_shnum : first.sh_size;
	object->names_idx = header->e_shstrndx == SHN_XINDEX ? first.sh_link : header->e_shstrndx;
	if (header->e_phnum && (header->e_phoff > object->n_bytes ||
		(object->n_bytes - header->e_phoff) / sizeof(Elf64_Phdr) < header->e_phnum))
		return damaged(object, "place of the program headers");
	room = (object->n_bytes - header->e_shoff) / sizeof(Elf64_Shdr);
	if (object->n_sections > room || !object->names_idx ||
		object->names_idx >= object->n_sections)
		return damaged(object, "number of sections");
	object->section = reallocarray(NULL, object->n_sections, sizeof(Elf64_Shdr));
	if (!object->section)
		return -ENOMEM;
	memcpy(object->section, object->bytes + header->e_shoff,
		object->n_sections * sizeof(Elf64_Shdr));
	for (size_t i = 1; i < object->n_sections; i++) {
		const Elf64_Shdr *section = &object->section[i];

		if (section->sh_type != SHT_NOBITS &&
			(section->sh_offset > object->n_bytes ||
				object->n_bytes - section->sh_offset < section->sh_size))
			return damaged(object, "a section is longer than the file");
	}
	return 0;
}

/* A fat object within a fat object would never be found again. */
static int check_names(const struct object *object)
{
	const Elf64_Shdr *names = &object->section[object->names_idx];
	const char *text = (const char *)object->bytes + names->sh_offset;

	if (names->sh_type != SHT_STRTAB || names->sh_flags & SHF_COMPRESSED || !names->sh_size ||
		text[names->sh_size - 1])
		return damaged(object, "table of section names");
	for (size_t i = 1; i < object->n_sections; i++) {
		if (object->section[i].sh_name >= names->sh_size)
			return damaged(object, "name of a section");
		if (text_after(text + object->section[i].sh_name, object->kind->prefix)) {
			diag_error("%s: already a fat %s", object->part->path, object->kind->what);
			return -EINVAL;
		}
	}
	return 0;
}

static int object_read(struct object *object, const struct fat_part *part)
{
	void *bytes;
	int error;

	object->part = part;
	error = file_read(part->path, &bytes, &object->n_bytes);
	if (error) {
		diag_error("cannot read '%s': %s", part->path, strerror(-error));
		return error;
	}
	object->bytes = bytes;
	error = read_header(object);
	if (!error)
		error = read_sections(object);
	if (!error)
		error = check_names(object);
	return error;
}

/* ---- Writing -------------------------------------------------------------------------------- */

struct image {
	unsigned char *bytes;
	size_t n_bytes;
	size_t capacity;
};

static void append(struct image *image, const void *bytes, size_t n_bytes)
{
	image->bytes = array_grow(image->bytes, &image->capacity, image->n_bytes + n_bytes, 1);
	if (n_bytes)
		memcpy(image->bytes + image->n_bytes, bytes, n_bytes);
	image->n_bytes += n_bytes;
}

static void align_8(struct image *image)
{
	append(image, "\0\0\0\0\0\0\0", -image->n_bytes & 7);
}

/* How much of the host's object to keep: all up to the old tables, when they come last, as they do
 * in what LLVM writes. */
static size_t kept_bytes(const struct object *host)
{
	const Elf64_Shdr *names = &host->section[host->names_idx];
	size_t end = sizeof(Elf64_Ehdr);

	if (host->header.e_phnum)
		end = host->header.e_phoff + host->header.e_phnum * sizeof(Elf64_Phdr);
	for (size_t i = 1; i < host->n_sections; i++) {
		const Elf64_Shdr *section = &host->section[i];

		if (section == names || section->sh_type == SHT_NOBITS)
			continue;
		if (section->sh_offset + section->sh_size > end)
			end = section->sh_offset + section->sh_size;
	}
	return end;
}

static Elf64_Shdr append_record(struct image *image, const struct object *object)
{
	struct hcc_fat_header record = {
		.magic = HCC_FAT_MAGIC,
		.elf_bytes = object->n_bytes,
	};
	Elf64_Shdr section = {
		.sh_type = SHT_PROGBITS,
		.sh_flags = object->kind->sh_flags,
		.sh_addralign = 8,
	};

	align_8(image);
	section.sh_offset = image->n_bytes;
	append(image, &record, sizeof record);
	append(image, object->bytes, object->n_bytes);
	align_8(image);
	section.sh_size = image->n_bytes - section.sh_offset;
	return section;
}

/* The table of section names may be the symbols' string table too (LLVM makes one of both): it is
 * copied whole, then the new names follow. */
static void append_names(struct image *image, const struct object *objects, size_t n_objects,
	Elf64_Shdr *added)
{
	Elf64_Shdr *names = &objects[0].section[objects[0].names_idx];
	size_t start_off = image->n_bytes;

	append(image, objects[0].bytes + names->sh_offset, names->sh_size);
	for (size_t i = 1; i < n_objects; i++) {
		const char *isa = objects[i].part->isa->name, *prefix = objects[i].kind->prefix;

		added[i].sh_name = (Elf64_Word)(image->n_bytes - start_off);
		append(image, prefix, strlen(prefix));
		append(image, isa, strlen(isa) + 1);
	}
	names->sh_offset = start_off;
	names->sh_size = image->n_bytes - start_off;
}

static void append_sections(struct image *image, struct object *host, const Elf64_Shdr *added,
	size_t n_added)
{
	size_t n_sections = host->n_sections + n_added;

	align_8(image);
	host->header.e_shoff = image->n_bytes;
	if (n_sections < SHN_LORESERVE) {
		host->header.e_shnum = (Elf64_Half)n_sections;
	} else {
		host->header.e_shnum = 0;
		host->section[0].sh_size = n_sections;
	}
	append(image, host->section, host->n_sections * sizeof(Elf64_Shdr));
	append(image, added, n_added * sizeof(Elf64_Shdr));
	memcpy(image->bytes, &host->header, sizeof host->header);
}

static void build_image(struct image *image, struct object *objects, size_t n_objects)
{
	Elf64_Shdr added[HCC_MAX_ISAS];

	append(image, objects[0].bytes, kept_bytes(&objects[0]));
	for (size_t i = 1; i < n_objects; i++)
		added[i] = append_record(image, &objects[i]);
	append_names(image, objects, n_objects, added);
	append_sections(image, &objects[0], added + 1, n_objects - 1);
}

int fat_join(const struct fat_part *parts, size_t n_parts, const char *output)
{
	struct object objects[HCC_MAX_ISAS] = {0};
	struct image image = {0};
	int error = 0;

	if (!n_parts || n_parts > HCC_MAX_ISAS)
		diag_bug("%zu parts of a fat object", n_parts);
	for (size_t i = 0; i < n_parts && !error; i++) {
		error = object_read(&objects[i], &parts[i]);
		if (!error && objects[i].kind != objects[0].kind) {
			diag_error("%s: is an %s, expected an %s as %s", parts[i].path,
				objects[i].kind->what, objects[0].kind->what, parts[0].path);
			error = -EINVAL;
		}
	}
	if (error)
		goto out;
	if (n_parts == 1)
		append(&image, objects[0].bytes, objects[0].n_bytes);
	else
		build_image(&image, objects, n_parts);
	error = file_write_mode(output, image.bytes, image.n_bytes,
		objects[0].kind->e_type == ET_EXEC ? 0777 : 0666);
	if (error)
		diag_error("cannot write '%s': %s", output, strerror(-error));
out:
	free(image.bytes);
	for (size_t i = 0; i < n_parts; i++)
		object_free(&objects[i]);
	return error;
}
