/* Fat objects: see runtime/hcc_format.h for the format. */
#ifndef HCC_FAT_H
#define HCC_FAT_H

#include "target.h"

struct fat_part {
	const struct hcc_isa *isa;
	char *path;
};

/* Join one relocatable object per ISA into a fat object at output, or one executable per ISA into one
 * that carries the others. There an executable's output may be one of its parts.
 *   parts    n_parts of them, all of one type, at least one; parts[0] becomes the outermost ELF file, the others its
 *            sections; with one part the output is a copy of it
 *   output   written whole or not at all (file_write)
 *   returns  0; -EINVAL a part is no relocatable of its ISA, is fat already, or is damaged; or the
 *            negative errno of reading or writing. The message has been printed.
 *   source   ELF gABI: section header table, e_shstrndx and its escape SHN_XINDEX */
int fat_join(const struct fat_part *parts, size_t n_parts, const char *output);

#endif
