/* Copies objects out of fat files, and makes the ISAs' copies alike: a shared section is as large
 * and as aligned as the largest of them, so that lld, which places one after the other, gives all
 * ISAs the same addresses. Code is padded with what traps. Nothing is mergeable: lld would join
 * equal strings and move what follows. */
#include "extract.h"

#include <ar.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "buffer.h"
#include "diag.h"

/* A member of an archive that is being written. */
struct member {
	int fd;
	uint64_t start; /* in the archive */
	uint64_t bytes;
};

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

static int write_member(const struct member *member, const void *data, size_t bytes, uint64_t offset)
{
	return write_all(member->fd, data, bytes, (off_t)(member->start + offset));
}

/* Move a section's contents to the end of the file, where there is room to pad them. */
static int move_section(struct member *member, const struct piece *piece, Elf64_Shdr *header,
			uint64_t bytes, uint8_t fill)
{
	uint64_t offset = align_up(member->bytes, 16);
	char *contents = hcc_alloc(bytes);
	int result;

	if (header->sh_offset > piece->bytes ||
		header->sh_size > piece->bytes - header->sh_offset) {
		free(contents);
		return -1;
	}
	memset(contents, fill, bytes);
	memcpy(contents, piece->image + header->sh_offset, header->sh_size);
	result = write_member(member, contents, bytes, offset);
	free(contents);
	header->sh_offset = offset;
	header->sh_size = bytes;
	member->bytes = offset + bytes;
	return result;
}

/* So that image.ld can tell what goes where: from ".text.hcc." on. */
static unsigned letters_left_out(const struct shared_section *section)
{
	if (section->class == CLASS_PACKED_TEXT)
		return section->apart ? strlen(".text.hcc.") - strlen(PACKED_APART_PREFIX) :
					strlen(".text.hcc.") - strlen(PACKED_PREFIX);
	return section->apart ? strlen(".text.hcc.") - strlen(APART_PREFIX) : 0;
}

static int adapt_sections(struct member *member, const struct piece *piece,
			  const struct layout *layout, uint8_t fill)
{
	const Elf64_Ehdr *header = elf64_getehdr(piece->elf);
	uint64_t bytes = piece->n_sections * sizeof(Elf64_Shdr);
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
		headers[i].sh_name += letters_left_out(shared);
		if (shared->class == CLASS_PACKED_TEXT)
			continue;
		if (headers[i].sh_type != SHT_NOBITS && headers[i].sh_size != shared->bytes &&
		    move_section(member, piece, &headers[i], shared->bytes, fill) < 0)
			goto out;
	}
	result = write_member(member, headers, bytes, header->e_shoff);
out:
	free(headers);
	return result;
}

/* Members begin at even places; their headers are blank-padded text. */
static int write_header(int fd, const char *name, uint64_t bytes, uint64_t offset)
{
	struct ar_hdr header;
	char *text = hcc_format("%-16s%-12u%-6u%-6u%-8u%-10llu%s", name, 0, 0, 0, 0644,
				(unsigned long long)bytes, ARFMAG);
	bool fits = strlen(text) == sizeof header;
	int result = fits ? write_all(fd, text, sizeof header, (off_t)offset) : -1;

	free(text);
	return result;
}

/* Add a piece at *end of the archive; its name is at name_off of the table of names. */
static int extract_piece(int fd, uint64_t *end, const struct piece *piece, size_t name_off,
			 const struct layout *layout, uint8_t fill)
{
	struct member member = { fd, *end + sizeof(struct ar_hdr), piece->bytes };
	char *name = hcc_format("/%zu", name_off);
	int result = -1;

	if (write_member(&member, piece->image, piece->bytes, 0) == 0 &&
	    adapt_sections(&member, piece, layout, fill) == 0 &&
	    (!piece->names ||
	     write_member(&member, piece->names, piece->names_bytes, piece->names_off) == 0))
		result = write_header(fd, name, member.bytes, *end);
	*end = align_up(member.start + member.bytes, 2);
	free(name);
	return result;
}

/* GNU's table of long names, each ended by "/\n", as the first member. */
static void add_name(struct buffer *names, struct piece *piece, size_t number, const char *name)
{
	piece->member = hcc_format("%06zu-%.100s", number, name);
	buffer_printf(names, "%s/\n", piece->member);
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

static void name_pieces(struct buffer *names, const struct resolution *resolution, size_t isa_idx)
{
	size_t number = 0;

	for (size_t o = 0; o < resolution->n_objects; o++) {
		char *name = plain_name(resolution->objects[o]);
		struct piece *piece = resolution->objects[o]->pieces[isa_idx];

		for (; piece; piece = piece->next)
			add_name(names, piece, number++, name);
		free(name);
	}
	if (names->bytes % 2)
		buffer_printf(names, "\n");
}

static int write_archive(int fd, const struct resolution *resolution, const struct layout *layout,
			 const struct options *options, size_t isa_idx)
{
	uint64_t end = SARMAG + sizeof(struct ar_hdr);
	struct buffer names = { 0 };
	size_t name_off = 0;
	int result;

	name_pieces(&names, resolution, isa_idx);
	result = write_all(fd, ARMAG, SARMAG, 0);
	result |= write_header(fd, "//", names.bytes, SARMAG);
	result |= write_all(fd, names.data, names.bytes, (off_t)end);
	end += names.bytes;
	buffer_free(&names);
	for (size_t o = 0; o < resolution->n_objects && !result; o++) {
		const struct piece *piece = resolution->objects[o]->pieces[isa_idx];

		for (; piece && !result; piece = piece->next) {
			result = extract_piece(fd, &end, piece, name_off, layout,
					       options->isas[isa_idx]->fill);
			name_off += strlen(piece->member) + 2;
		}
	}
	return result ? result : ftruncate(fd, (off_t)end); /* the last may end at an odd place */
}

char *extract_path(const struct temps *temps, const struct hcc_isa *isa)
{
	return hcc_format("%s/%s.a", temps->dir, isa->name);
}

int extract_objects(const struct resolution *resolution, const struct layout *layout,
		    const struct options *options, const struct temps *temps)
{
	int result = 0;

	for (size_t i = 0; i < options->n_isas && !result; i++) {
		char *path = extract_path(temps, options->isas[i]);
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

		errno = fd < 0 ? errno : EINVAL;
		if (fd < 0 || write_archive(fd, resolution, layout, options, i))
			result = hcc_error("%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		free(path);
	}
	return result;
}
