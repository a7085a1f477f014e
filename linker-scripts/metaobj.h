/* The table as an object that lld can link. */
#ifndef HCC_LD_METAOBJ_H
#define HCC_LD_METAOBJ_H

#include "buffer.h"
#include "isa.h"

/* Write a relocatable for the ISA with the blob in section HCC_META_SECTION.
 * Returns 0; -1 after a message. */
int metaobj_write(const char *path, const struct hcc_isa *isa, const struct buffer *blob);

#endif
