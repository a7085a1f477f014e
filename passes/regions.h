/* Which part of a function needs the frame of which allocas. */
#ifndef HCC_REGIONS_H
#define HCC_REGIONS_H

#include "ir.h"

/* The frame of some allocas is taken before `enter` and given back before each of `leave`, which dominate
 * and postdominate all that may touch them; nothing is given back on paths that never return. */
struct hcc_region {
	LLVMValueRef enter;
	struct hcc_list leave;
};

struct hcc_regions {
	struct hcc_region *region;
	size_t n;
	size_t *of;  /* the region of each alloca */
};

/* Find regions for the allocas of constant size of `function`, in the order of the list, by their uses and
 * lifetime markers, which must still be there. Regions nest or are apart: those given back in the block
 * that takes them lie within others or outside. Free with hcc_regions_free. */
void hcc_regions_find(struct hcc_regions *regions, LLVMValueRef function, const struct hcc_list *allocas);

/* One region, the whole function. */
void hcc_regions_whole(struct hcc_regions *regions, LLVMValueRef function, const struct hcc_list *allocas);

void hcc_regions_free(struct hcc_regions *regions);

#endif
