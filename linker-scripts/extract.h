/* The ISAs' objects as archives of their own, for lld. */
#ifndef HCC_LD_EXTRACT_H
#define HCC_LD_EXTRACT_H

#include "layout.h"
#include "resolve.h"
#include "temps.h"

/* Write the pieces of all objects in their order to an archive an ISA, and set their members' names:
 * <number>-<name>. Shared sections get the size and alignment of the layout. One file in place of
 * hundreds: to make and to remove them is what takes time. Returns 0; -1 after a message. */
int extract_objects(const struct resolution *resolution, const struct layout *layout,
		    const struct options *options, const struct temps *temps);

/* Where: <temps>/<isa>.a. To be freed. */
char *extract_path(const struct temps *temps, const struct hcc_isa *isa);

#endif
