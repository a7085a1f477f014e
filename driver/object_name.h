/* The name of an object among those of a program. */
#ifndef HCC_OBJECT_NAME_H
#define HCC_OBJECT_NAME_H

#include "options.h"

#include <stdint.h>

/* Sixteen digits that no other object of a program has, and that a second compile makes again: a
 * program may hold two compiles of one file, or two files that say the same.
 *   source  where the text is from; a path, or "-"
 *   output  what will be made of it in the end; the file need not be there
 *   text    text_bytes of source */
uint64_t object_name(const struct options *options, const char *source, const char *output,
	const void *text, size_t text_bytes);

#endif
