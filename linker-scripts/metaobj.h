/* The table as an object that lld can link. */
#ifndef HCC_LD_METAOBJ_H
#define HCC_LD_METAOBJ_H

#include <stdbool.h>

#include "buffer.h"
#include "isa.h"

/* Write a relocatable for the ISA with the blob in section HCC_META_SECTION; has_clones: and a section
 * HCC_CLONES_SECTION, which is filled later (compress.h).
 * Returns 0; -1 after a message. */
int metaobj_write(const char *path, const struct hcc_isa *isa, const struct buffer *blob,
		  bool has_clones);

#endif
