/* Dominators and the like of a function's blocks, which LLVM-C does not tell. */
#ifndef HCC_GRAPH_H
#define HCC_GRAPH_H

#include "ir.h"

/* Blocks are numbered as they stand in the function, 0 is the entry; n stands for the exit, behind all
 * returns. Sets of blocks are arrays of bool. */
struct hcc_graph {
	size_t n;
	LLVMBasicBlockRef *block;
	struct hcc_map index;
	struct hcc_edges { size_t *start, *to; } next, previous;  /* to[start[b]] .. to[start[b + 1] - 1] */
	bool *returns;   /* some path from the block returns */
	bool *cycle;     /* some path from the block comes back to it */
	size_t *idom;    /* immediate dominator; the entry's is itself */
	size_t *ipdom;   /* immediate postdominator on paths that return; HCC_ABSENT where none does */
	size_t *order, *back_order;
};

/* false, and nothing to free, when a block cannot be reached from the entry */
bool hcc_graph_init(struct hcc_graph *graph, LLVMValueRef function);
void hcc_graph_free(struct hcc_graph *graph);

/* The nearest block that dominates, or postdominates, both. HCC_ABSENT stands for no block yet. */
size_t hcc_common_dominator(const struct hcc_graph *graph, size_t a, size_t b);
size_t hcc_common_postdominator(const struct hcc_graph *graph, size_t a, size_t b);

/* Add to `set` what can be reached from `block` by at least one edge. */
void hcc_reachable(const struct hcc_graph *graph, size_t block, bool *set);

#endif
