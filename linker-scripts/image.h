/* A linked executable, opened for reading. */
#ifndef HCC_LD_IMAGE_H
#define HCC_LD_IMAGE_H

#include <elf.h>
#include <libelf.h>
#include <stddef.h>
#include <stdint.h>

struct image {
	char *path;
	int fd;
	Elf *elf;
	const Elf64_Ehdr *header;
	const Elf64_Sym *symbols; /* n_symbols; NULL when stripped */
	size_t n_symbols, strings_idx;
	size_t names_idx; /* of the sections' names */
};

/* Open an ELF executable. Returns 0; -1 after a message. */
int image_open(struct image *image, const char *path);
void image_close(struct image *image);

const char *image_symbol_name(const struct image *image, const Elf64_Sym *symbol);

/* Header of a section by name, or NULL; its contents by *data when that is not NULL: sh_size bytes, or
 * NULL where the file does not have them. */
const Elf64_Shdr *image_section(const struct image *image, const char *name, const char **data);

/* The symbol that is defined under a name, or NULL. */
const Elf64_Sym *image_symbol(const struct image *image, const char *name);

#endif
