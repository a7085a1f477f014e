/* The ISAs' objects as files of their own, for lld. */
#ifndef HCC_LD_EXTRACT_H
#define HCC_LD_EXTRACT_H

#include "layout.h"
#include "resolve.h"
#include "temps.h"

/* Write each piece of each object to <temps>/<isa>/<number>-<name>, and set its path. Shared
 * sections get the size and alignment of the layout. Returns 0; -1 after a message. */
int extract_objects(const struct resolution *resolution, const struct layout *layout,
		    const struct options *options, const struct temps *temps);

#endif
