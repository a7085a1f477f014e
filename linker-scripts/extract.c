/* Copies objects out of fat files. Contents stay as they are but for one flag: sections of the
 * shared image are not mergeable, or lld would join equal strings and move what follows. */
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

static int clear_merge_flags(int fd, const struct piece *piece)
{
	const Elf64_Ehdr *header = elf64_getehdr(piece->elf);

	for (size_t i = 1; i < piece->n_sections; i++) {
		const struct input_section *section = &piece->sections[i];
		uint64_t flags = section->flags & ~(uint64_t)(SHF_MERGE | SHF_STRINGS);
		off_t offset = (off_t)(header->e_shoff + i * sizeof(Elf64_Shdr) +
				       offsetof(Elf64_Shdr, sh_flags));

		if (class_is_shared(section->class) && flags != section->flags &&
		    write_all(fd, (const char *)&flags, sizeof flags, offset) < 0)
			return -1;
	}
	return 0;
}

static int extract_piece(struct piece *piece)
{
	int fd = open(piece->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), failed;

	if (fd < 0)
		return hcc_error("%s: %s", piece->path, strerror(errno));
	failed = write_all(fd, piece->image, piece->bytes, 0) < 0 ||
		 clear_merge_flags(fd, piece) < 0;
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

int extract_objects(const struct resolution *resolution, const struct options *options,
		    const struct temps *temps)
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
				if (extract_piece(piece) < 0)
					return -1;
			}
		}
		free(name);
	}
	return 0;
}
