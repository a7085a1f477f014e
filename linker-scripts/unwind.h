/* Unwind programs (hcc_format.h) from .eh_frame. */
#ifndef HCC_LD_UNWIND_H
#define HCC_LD_UNWIND_H

#include <elfutils/libdw.h>

#include "buffer.h"
#include "isa.h"

/* Append the unwind program of the call that returns to return_va.
 *   returns  NULL; or what is wrong with the unwind data there, in words */
const char *unwind_program(struct buffer *out, Dwarf_CFI *cfi, const struct hcc_isa *isa,
			   uint64_t return_va);

#endif
