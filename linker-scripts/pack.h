/* Packs a table: from arrays of sites and return addresses to what hcc_format.h says is in an executable. */
#ifndef HCC_LD_PACK_H
#define HCC_LD_PACK_H

#include "buffer.h"
#include "hcc_format.h"

/* Append the packed form of an unpacked table, whose types are preceded by their number in the pool.
 * Returns NULL, or what the packed form has no room for. */
const char *table_pack(struct buffer *out, const struct hcc_meta_header *unpacked);

#endif
