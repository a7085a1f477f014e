/* Reads fat objects (hcc_format.h) and archives with libelf. Does not decide which are linked. */
#include "object.h"

#include <ar.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "hcc_format.h"

const char *piece_symbol_name(const struct piece *piece, const Elf64_Sym *symbol)
{
	const char *name = elf_strptr(piece->elf, piece->strings_idx, symbol->st_name);

	return name ? name : "";
}

/* libelf hands out pointers into the file: it must lie as its structures want it, which members of
 * archives, on even addresses, do not. */
static Elf *open_memory(const char *image, size_t bytes)
{
	if ((uintptr_t)image % _Alignof(Elf64_Ehdr))
		image = memcpy(hcc_alloc(bytes), image, bytes);
	return elf_memory((char *)image, bytes);
}

static int read_symbols(struct piece *piece, const char *name)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(piece->elf, section))) {
		Elf64_Shdr *header = elf64_getshdr(section);
		Elf_Data *data;

		if (!header)
			return hcc_error("%s: %s", name, elf_errmsg(-1));
		if (header->sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(section, NULL);
		if (!data || data->d_size % sizeof(Elf64_Sym))
			return hcc_error("%s: has a broken symbol table", name);
		piece->symbols = data->d_buf;
		piece->n_symbols = data->d_size / sizeof(Elf64_Sym);
		piece->strings_idx = header->sh_link;
	}
	return 0;
}

static int add_piece(struct object *object, size_t isa_idx, Elf *elf)
{
	struct piece *piece = hcc_alloc(sizeof *piece), **last = &object->pieces[isa_idx];

	piece->elf = elf;
	piece->image = elf_rawfile(elf, &piece->bytes);
	while (*last)
		last = &(*last)->next;
	*last = piece;
	return read_symbols(piece, object->name);
}

static int isa_index(const struct options *options, uint16_t machine)
{
	for (size_t i = 0; i < options->n_isas; i++)
		if (options->isas[i]->elf_machine == machine)
			return (int)i;
	return -1;
}

/* The header of a 64-bit little-endian relocatable of an ISA known to us, or NULL. */
static const Elf64_Ehdr *relocatable_header(Elf *elf)
{
	const Elf64_Ehdr *header;

	if (elf_kind(elf) != ELF_K_ELF || !(header = elf64_getehdr(elf)))
		return NULL;
	if (header->e_ident[EI_DATA] != ELFDATA2LSB || header->e_type != ET_REL ||
	    header->e_shentsize != sizeof(Elf64_Shdr))
		return NULL;
	return hcc_isa_by_machine(header->e_machine) ? header : NULL;
}

/* The records of one .hcc.obj.<isa> section. */
static int read_records(struct object *object, const struct options *options, const char *isa_name,
			const char *image, size_t bytes)
{
	const struct hcc_isa *isa = hcc_isa_by_name(isa_name, strlen(isa_name));

	if (!isa)
		return hcc_error("%s: has an object of unknown ISA '%s'", object->name, isa_name);
	while (bytes) {
		struct hcc_fat_header record;
		const Elf64_Ehdr *header;
		uint64_t total;
		Elf *elf;

		if (bytes < sizeof record)
			return hcc_error("%s: its %s object is truncated", object->name, isa_name);
		memcpy(&record, image, sizeof record);
		if (memcmp(record.magic, HCC_FAT_MAGIC, sizeof record.magic))
			return hcc_error(
				"%s: its %s object has a bad header", object->name, isa_name);
		total = sizeof record + ((record.elf_bytes + 7) & ~(uint64_t)7);
		if (record.elf_bytes > bytes || total > bytes)
			return hcc_error("%s: its %s object is truncated", object->name, isa_name);
		elf = open_memory(image + sizeof record, record.elf_bytes);
		header = elf ? relocatable_header(elf) : NULL;
		if (!header || header->e_machine != isa->elf_machine)
			return hcc_error("%s: its %s object is not one", object->name, isa_name);
		if (isa_index(options, isa->elf_machine) >= 0 &&
		    add_piece(object, (size_t)isa_index(options, isa->elf_machine), elf) < 0)
			return -1;
		image += total;
		bytes -= total;
	}
	return 0;
}

static int read_object(struct object *object, const struct options *options, Elf *elf,
		       int builtin_isa)
{
	const Elf64_Ehdr *header = relocatable_header(elf);
	size_t prefix = strlen(HCC_FAT_SECTION_PREFIX), names_idx;
	Elf_Scn *section = NULL;
	int isa_idx;

	if (!header)
		return hcc_error("%s: not an ELF relocatable of a known ISA", object->name);
	isa_idx = isa_index(options, header->e_machine);
	if (builtin_isa >= 0 && isa_idx != builtin_isa)
		return hcc_error("%s: not an %s object", object->name,
				 options->isas[builtin_isa]->name);
	if (isa_idx >= 0 && add_piece(object, (size_t)isa_idx, elf) < 0)
		return -1;
	if (builtin_isa >= 0)
		return 0;
	if (elf_getshdrstrndx(elf, &names_idx) < 0)
		return hcc_error("%s: %s", object->name, elf_errmsg(-1));
	while ((section = elf_nextscn(elf, section))) {
		Elf64_Shdr *section_header = elf64_getshdr(section);
		const char *name = section_header ?
			elf_strptr(elf, names_idx, section_header->sh_name) : NULL;
		Elf_Data *data;

		if (!name)
			return hcc_error("%s: %s", object->name, elf_errmsg(-1));
		if (strncmp(name, HCC_FAT_SECTION_PREFIX, prefix))
			continue;
		data = elf_rawdata(section, NULL);
		if (!data || (data->d_size && !data->d_buf))
			return hcc_error("%s: section '%s' has no contents", object->name, name);
		if (read_records(object, options, name + prefix, data->d_buf, data->d_size) < 0)
			return -1;
	}
	return 0;
}

static struct object *new_object(const struct options *options, char *name, Elf *elf,
				 int builtin_isa)
{
	struct object *object = hcc_alloc(sizeof *object);

	object->name = name;
	object->builtin = builtin_isa >= 0;
	return read_object(object, options, elf, builtin_isa) < 0 ? NULL : object;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void add_member(struct archive *archive, struct object *object)
{
	archive->members = hcc_grow(archive->members, &archive->capacity, archive->n_members + 1,
		sizeof *archive->members);
	archive->members[archive->n_members++] = object;
}

static int open_file(const struct options *options, const char *path, int builtin_isa,
		     struct object **object, struct archive **archive);

/* A member of a thin archive is a file beside it: an object, never an archive, which could be this
 * one again. */
static int read_thin_member(struct archive *archive, const struct options *options,
			    const char *file, int builtin_isa)
{
	const char *base = base_name(archive->name);
	int dir_bytes = *file == '/' ? 0 : (int)(base - archive->name);
	char *path = hcc_format("%.*s%s", dir_bytes, archive->name, file);
	struct object *object;
	int result = open_file(options, path, builtin_isa, &object, NULL);

	if (!result) {
		free(object->name);
		object->name = hcc_format("%s(%s)", base, file);
		add_member(archive, object);
	}
	free(path);
	return result;
}

/* Headers alone; names, all in one table, end with "/\n" (GNU binutils, "ar T"). */
static int read_thin_archive(struct archive *archive, const struct options *options,
			     const char *image, size_t bytes, int builtin_isa)
{
	size_t at = SARMAG, names_bytes = 0;
	const char *names = NULL;

	while (bytes - at >= sizeof(struct ar_hdr)) {
		const struct ar_hdr *header = (const void *)(image + at);
		size_t member_bytes = strtoul(header->ar_size, NULL, 10);
		bool is_file = header->ar_name[0] == '/' && isdigit((unsigned char)header->ar_name[1]);

		at += sizeof *header;
		if (is_file) {
			size_t name_at = strtoul(header->ar_name + 1, NULL, 10);
			const char *end = name_at < names_bytes ?
				memmem(names + name_at, names_bytes - name_at, "/\n", 2) : NULL;
			char *file;
			int failed;

			if (!end)
				return hcc_error("%s: is damaged", archive->name);
			file = hcc_format("%.*s", (int)(end - names - name_at), names + name_at);
			failed = read_thin_member(archive, options, file, builtin_isa);
			free(file);
			if (failed)
				return -1;
			continue;
		}
		if (header->ar_name[0] != '/' || member_bytes > bytes - at)
			return hcc_error("%s: is damaged", archive->name);
		if (header->ar_name[1] == '/') {
			names = image + at;
			names_bytes = member_bytes;
		}
		at += member_bytes + (member_bytes & 1);
		if (at > bytes)
			break;
	}
	return 0;
}

static int read_archive(struct archive *archive, const struct options *options, Elf *elf,
			int builtin_isa)
{
	Elf *member;

	while ((member = elf_begin(-1, ELF_C_READ_MMAP, elf))) {
		Elf_Arhdr *header = elf_getarhdr(member);
		struct object *object;
		size_t bytes;
		char *image;
		Elf *aligned;

		if (!header)
			return hcc_error("%s: %s", archive->name, elf_errmsg(-1));
		if (elf_kind(member) == ELF_K_ELF) {
			image = elf_rawfile(member, &bytes);
			aligned = open_memory(image, bytes);
			if (!aligned)
				return hcc_error("%s(%s): %s", archive->name, header->ar_name,
						 elf_errmsg(-1));
			object = new_object(options, hcc_format("%s(%s)", base_name(archive->name),
								header->ar_name), aligned,
					    builtin_isa);
			if (!object)
				return -1;
			add_member(archive, object);
		}
		if (elf_next(member) == ELF_C_NULL)
			break;
	}
	return 0;
}

static int read_elf(const struct options *options, const char *path, Elf *elf, int builtin_isa,
		    struct object **object, struct archive **archive)
{
	size_t bytes;
	char *image;

	if (elf_kind(elf) == ELF_K_ELF) {
		*object = new_object(options, hcc_format("%s", path), elf, builtin_isa);
		return *object ? 0 : -1;
	}
	image = elf_kind(elf) == ELF_K_AR ? NULL : elf_rawfile(elf, &bytes);
	if (elf_kind(elf) != ELF_K_AR &&
	    (!image || bytes < SARMAG || memcmp(image, "!<thin>\n", SARMAG)))
		return hcc_error("%s: not an object file or an archive", path);
	if (!archive)
		return hcc_error("%s: an archive is a member of a thin archive", path);
	*archive = hcc_alloc(sizeof **archive);
	(*archive)->name = path;
	return image ? read_thin_archive(*archive, options, image, bytes, builtin_isa) :
		       read_archive(*archive, options, elf, builtin_isa);
}

/* archive: NULL where only an object will do. What is no file must not hold us up. */
static int open_file(const struct options *options, const char *path, int builtin_isa,
		     struct object **object, struct archive **archive)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	Elf *elf;

	*object = NULL;
	if (fd < 0)
		return hcc_error("%s: %s", path, strerror(errno));
	if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
		close(fd);
		return hcc_error("%s: not a regular file", path);
	}
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf && elf_cntl(elf, ELF_C_FDREAD) < 0) {
		elf_end(elf);
		elf = NULL;
	}
	close(fd);
	if (!elf)
		return hcc_error("%s: not an object file or an archive", path);
	return read_elf(options, path, elf, builtin_isa, object, archive);
}

int input_open(const struct options *options, const char *path, int builtin_isa,
	       struct object **object, struct archive **archive)
{
	*archive = NULL;
	return open_file(options, path, builtin_isa, object, archive);
}
