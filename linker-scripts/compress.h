/* The clones of an executable, compressed (HCC_CLONES_SECTION): on disk they would be more than all that the
 * program runs, and they are needed only where a process arrives. */
#ifndef HCC_LD_COMPRESS_H
#define HCC_LD_COMPRESS_H

#include "image.h"
#include "layout.h"

/* Whether that is asked for, and there are any. */
static inline bool compresses_clones(const struct options *options, const struct layout *layout)
{
	return options->compress && layout->private_names[CLASS_RESUME].n_entries;
}

/* Write an executable again with its clones compressed; metaobj_write() has made it a section for them. The image
 * is of no use afterwards, but to be closed.
 * Returns 0; -1 after a message. */
int compress_clones(const struct image *image);

#endif
