/* Natural loops: an edge to a block that dominates where it comes from, and all that leads there without
 * passing that block. */
#include "loops.h"

#include <stdlib.h>

static bool dominates(const struct hcc_graph *g, size_t a, size_t b)
{
	while (b != a && b != g->idom[b])
		b = g->idom[b];
	return a == b;
}

/* Add a block, and what leads to it. The header is there already. */
static void add(const struct hcc_graph *g, struct hcc_loop *loop, size_t from, size_t *stack)
{
	size_t n = 0;

	if (loop->body[from])
		return;
	loop->body[from] = true;
	stack[n++] = from;
	while (n) {
		size_t b = stack[--n];

		loop->n_blocks++;
		for (size_t k = g->previous.start[b]; k < g->previous.start[b + 1]; k++) {
			size_t p = g->previous.to[k];

			if (loop->body[p])
				continue;
			loop->body[p] = true;
			stack[n++] = p;
		}
	}
}

static size_t find_before(const struct hcc_graph *g, const struct hcc_loop *loop)
{
	size_t before = HCC_ABSENT;

	for (size_t k = g->previous.start[loop->header]; k < g->previous.start[loop->header + 1]; k++) {
		size_t p = g->previous.to[k];

		if (loop->body[p])
			continue;
		if (before != HCC_ABSENT && before != p)
			return HCC_ABSENT;
		before = p;
	}
	return before;
}

void hcc_loops_find(struct hcc_loops *loops, const struct hcc_graph *g)
{
	size_t *stack = hcc_alloc(g->n * sizeof *stack);

	*loops = (struct hcc_loops){ .loop = hcc_alloc(g->n * sizeof *loops->loop) };
	for (size_t header = 0; header < g->n; header++) {
		struct hcc_loop loop = { .header = header, .n_blocks = 1 };

		for (size_t k = g->previous.start[header]; k < g->previous.start[header + 1]; k++) {
			size_t from = g->previous.to[k];

			if (!dominates(g, header, from))
				continue;
			if (!loop.body) {
				loop.body = hcc_alloc(g->n * sizeof *loop.body);
				loop.body[header] = true;
			}
			add(g, &loop, from, stack);
		}
		if (!loop.body)
			continue;
		loop.before = find_before(g, &loop);
		loops->loop[loops->n++] = loop;
	}
	free(stack);
}

void hcc_loops_free(struct hcc_loops *loops)
{
	for (size_t l = 0; l < loops->n; l++)
		free(loops->loop[l].body);
	free(loops->loop);
}
