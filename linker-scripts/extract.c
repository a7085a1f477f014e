/* Copies objects out of fat files, and makes the ISAs' copies alike: a shared section is as large
 * and as aligned as the largest of them, so that lld, which places one after the other, gives all
 * ISAs the same addresses. Code is padded with what traps. Nothing is mergeable: lld would join
 * equal strings and move what follows. */
#include "extract.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "diag.h"

static int write_all(int fd, const char *data, size_t bytes, off_t offset)
{
	while (bytes) {
		ssize_t n = pwrite(fd, data, bytes, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		data += n;
		offset += n;
		bytes -= (size_t)n;
	}
	return 0;
}

/* Move a section's contents to the end of the file, where there is room to pad them. */
static int move_section(int fd, const struct piece *piece, Elf64_Shdr *header, uint64_t bytes,
			uint64_t *end, uint8_t fill)
{
	uint64_t offset = align_up(*end, FUNCTION_ALIGN_BYTES);
	char *contents = hcc_alloc(bytes);
	int result;

	if (header->sh_offset > piece->bytes ||
		header->sh_size > piece->bytes - header->sh_offset) {
		free(contents);
		return -1;
	}
	memset(contents, fill, bytes);
	memcpy(contents, piece->image + header->sh_offset, header->sh_size);
	result = write_all(fd, contents, bytes, (off_t)offset);
	free(contents);
	header->sh_offset = offset;
	header->sh_size = bytes;
	*end = offset + bytes;
	return result;
}

static int adapt_sections(int fd, const struct piece *piece, const struct layout *layout,
			  uint8_t fill)
{
	const Elf64_Ehdr *header = elf64_getehdr(piece->elf);
	uint64_t bytes = piece->n_sections * sizeof(Elf64_Shdr), end = piece->bytes;
	Elf64_Shdr *headers = hcc_alloc(bytes);
	int result = -1;

	if (header->e_shoff > piece->bytes || bytes > piece->bytes - header->e_shoff)
		goto out;
	memcpy(headers, piece->image + header->e_shoff, bytes);
	for (size_t i = 1; i < piece->n_sections; i++) {
		const struct input_section *section = &piece->sections[i];
		const struct shared_section *shared;

		if (!class_is_shared(section->class))
			continue;
		headers[i].sh_flags &= ~(uint64_t)(SHF_MERGE | SHF_STRINGS);
		if (class_is_joined(section->class))
			continue;
		shared = layout_find(layout, section->name);
		headers[i].sh_addralign = shared->align_bytes;
		if (headers[i].sh_type != SHT_NOBITS && headers[i].sh_size != shared->bytes &&
		    move_section(fd, piece, &headers[i], shared->bytes, &end, fill) < 0)
			goto out;
	}
	result = write_all(fd, (const char *)headers, bytes, (off_t)header->e_shoff);
out:
	free(headers);
	return result;
}

static int extract_piece(struct piece *piece, const struct layout *layout, uint8_t fill)
{
	int fd = open(piece->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), failed;

	if (fd < 0)
		return hcc_error("%s: %s", piece->path, strerror(errno));
	errno = EINVAL;
	failed = write_all(fd, piece->image, piece->bytes, 0) < 0 ||
		 adapt_sections(fd, piece, layout, fill) < 0 ||
		 (piece->names &&
		  write_all(fd, piece->names, piece->names_bytes, (off_t)piece->names_off) < 0);
	if (failed)
		hcc_error("%s: %s", piece->path, strerror(errno));
	close(fd);
	return failed ? -1 : 0;
}

/* What a person recognises in a folder of temporaries: the member's or file's own name. */
static char *plain_name(const struct object *object)
{
	const char *paren = strrchr(object->name, '('), *slash = strrchr(object->name, '/');
	char *name = hcc_format("%s", paren ? paren + 1 : slash ? slash + 1 : object->name);

	if (paren && *name)
		name[strlen(name) - 1] = 0;
	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._-", *p))
			*p = '_';
	return name;
}

int extract_objects(const struct resolution *resolution, const struct layout *layout,
		    const struct options *options, const struct temps *temps)
{
	unsigned number = 0;

	for (size_t o = 0; o < resolution->n_objects; o++) {
		const struct object *object = resolution->objects[o];
		char *name = plain_name(object);

		for (size_t i = 0; i < options->n_isas; i++) {
			struct piece *piece = object->pieces[i];

			for (; piece; piece = piece->next) {
				piece->path = hcc_format("%s/%s/%06u-%.100s", temps->dir,
							 options->isas[i]->name, number++, name);
				if (extract_piece(piece, layout, options->isas[i]->fill) < 0)
					return -1;
			}
		}
		free(name);
	}
	return 0;
}
