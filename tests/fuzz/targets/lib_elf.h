/* ELF files for the targets: made from a list of sections, and changed by what their parts mean. */
#ifndef HCC_FUZZ_ELF_H
#define HCC_FUZZ_ELF_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

struct elf_section {
	const char *name;
	uint32_t type;
	uint64_t flags, va;
	const void *data;
	uint64_t bytes;
	uint32_t link, info;
	uint64_t align_bytes, entry_bytes;
};

/* Make a file of these sections, numbered from 1, and a table of their names after them. Returns its
 * size; out must have room. */
size_t elf_make(uint8_t *out, uint16_t type, uint16_t machine, const struct elf_section *sections,
	unsigned n_sections);

/* Mutate an ELF file, or an archive of some, or what is in one of its fat sections: a header, a field
 * of a section, a symbol, the contents of a section, or bytes anywhere. Sizes stay, but for the
 * last. Returns the new size. */
size_t elf_mutate(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);

#endif
