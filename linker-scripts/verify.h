/* What must hold of finished executables, whatever the linker has done. */
#ifndef HCC_LD_VERIFY_H
#define HCC_LD_VERIFY_H

#include "image.h"
#include "layout.h"
#include "resolve.h"

/* The second link has moved nothing. With stripped, only sections can be compared.
 * Aborts if it has: the same inputs were linked twice. */
void verify_unmoved(const struct image *first, const struct image *second, bool stripped);

/* Every symbol of the shared image has one address on all ISAs, and no shared datum holds an
 * address that is private to an ISA.
 *   images   options->n_isas executables with symbol tables
 *   returns  0; -1 after a message */
int verify_shared(const struct image *images, const struct resolution *resolution,
		  const struct layout *layout, const struct options *options);

#endif
