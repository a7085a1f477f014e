/* The natural loops of a function, which LLVM-C does not tell. */
#ifndef HCC_LOOPS_H
#define HCC_LOOPS_H

#include "graph.h"

/* A header and what comes back to it without leaving what it dominates. */
struct hcc_loop {
	size_t header;
	size_t before;  /* the only block that leads to the header from outside; HCC_ABSENT: there are others */
	bool *body;     /* by block */
	size_t n_blocks;
};

struct hcc_loops {
	struct hcc_loop *loop;
	size_t n;
};

/* Loops of one header are one. Free with hcc_loops_free. */
void hcc_loops_find(struct hcc_loops *loops, const struct hcc_graph *graph);
void hcc_loops_free(struct hcc_loops *loops);

#endif
