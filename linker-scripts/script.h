/* The linker script: image.ld filled in with a layout. */
#ifndef HCC_LD_SCRIPT_H
#define HCC_LD_SCRIPT_H

#include <stdbool.h>

#include "buffer.h"
#include "layout.h"
#include "options.h"

/* Append the script to *out. It is the same for all ISAs.
 *   first_link  the link that keeps stack maps and sites for the table builder */
void script_write(struct buffer *out, const struct layout *layout, const struct options *options,
		  bool first_link);

#endif
