/* Dominators by Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm (2001); cycles by strongly
 * connected components in Kosaraju's way. */
#include "graph.h"

#include <stdlib.h>

/* Edges of a graph of n nodes from a list of pairs (from, to). */
static struct hcc_edges make_edges(size_t n, const size_t *pair, size_t n_pairs, bool turned)
{
	struct hcc_edges e = {
		.start = hcc_alloc((n + 2) * sizeof *e.start),
		.to = hcc_alloc((n_pairs + 1) * sizeof *e.to),
	};

	for (size_t i = 0; i < n_pairs; i++)
		e.start[pair[2 * i + turned] + 2]++;
	for (size_t b = 2; b < n + 2; b++)
		e.start[b] += e.start[b - 1];
	for (size_t i = 0; i < n_pairs; i++)
		e.to[e.start[pair[2 * i + turned] + 1]++] = pair[2 * i + !turned];
	return e;
}

static void free_edges(struct hcc_edges *e)
{
	free(e->start);
	free(e->to);
}

/* Put what is reached from `root` and not seen yet in `post`, in postorder; returns how many. `stack` has
 * room for two of each node. */
static size_t postorder(const struct hcc_edges *e, size_t root, bool *seen, size_t *post, size_t *stack)
{
	size_t n_post = 0, depth = 2;

	seen[root] = true;
	stack[0] = root;
	stack[1] = e->start[root];
	while (depth) {
		size_t b = stack[depth - 2];

		if (stack[depth - 1] == e->start[b + 1]) {
			post[n_post++] = b;
			depth -= 2;
			continue;
		}
		b = e->to[stack[depth - 1]++];
		if (seen[b])
			continue;
		seen[b] = true;
		stack[depth++] = b;
		stack[depth++] = e->start[b];
	}
	return n_post;
}

static size_t intersect(const size_t *idom, const size_t *order, size_t a, size_t b)
{
	while (a != b) {
		while (order[a] < order[b])
			a = idom[a];
		while (order[b] < order[a])
			b = idom[b];
	}
	return a;
}

/* order[b] is the place of b in the postorder from root, so that the root's is the highest; idom of what
 * is not reached is HCC_ABSENT. Both have n entries. */
static size_t *dominators(const struct hcc_edges *next, const struct hcc_edges *previous, size_t n,
	size_t root, size_t *order)
{
	size_t *idom = hcc_alloc(n * sizeof *idom), *post = hcc_alloc(3 * n * sizeof *post), n_post;
	bool *seen = hcc_alloc(n * sizeof *seen), changed = true;

	n_post = postorder(next, root, seen, post, post + n);
	for (size_t i = 0; i < n; i++)
		idom[i] = HCC_ABSENT;
	for (size_t i = 0; i < n_post; i++)
		order[post[i]] = i;
	idom[root] = root;
	while (changed) {
		changed = false;
		for (size_t i = n_post - 1; i--;) {
			size_t b = post[i], fresh = HCC_ABSENT;

			for (size_t k = previous->start[b]; k < previous->start[b + 1]; k++) {
				size_t p = previous->to[k];

				if (idom[p] != HCC_ABSENT)
					fresh = fresh == HCC_ABSENT ? p : intersect(idom, order, p, fresh);
			}
			if (idom[b] != fresh) {
				idom[b] = fresh;
				changed = true;
			}
		}
	}
	free(post);
	free(seen);
	return idom;
}

static void find_cycles(struct hcc_graph *g)
{
	size_t *post = hcc_alloc(4 * g->n * sizeof *post), *part = post + g->n;
	bool *seen = hcc_alloc(g->n * sizeof *seen), *again = hcc_alloc(g->n * sizeof *again);

	postorder(&g->next, 0, seen, post, post + 2 * g->n);
	for (size_t i = g->n; i--;) {
		size_t n_part;

		if (again[post[i]])
			continue;
		n_part = postorder(&g->previous, post[i], again, part, post + 2 * g->n);
		for (size_t k = 0; n_part > 1 && k < n_part; k++)
			g->cycle[part[k]] = true;
	}
	for (size_t b = 0; b < g->n; b++)
		for (size_t k = g->next.start[b]; k < g->next.start[b + 1]; k++)
			if (g->next.to[k] == b)
				g->cycle[b] = true;
	free(post);
	free(seen);
	free(again);
}

/* On paths that return alone: the edges between blocks that may return, turned, and one from the exit to
 * each return. */
static void find_postdominators(struct hcc_graph *g)
{
	size_t n_edges = g->next.start[g->n], *pair = hcc_alloc((n_edges + g->n + 1) * 2 * sizeof *pair), n = 0;
	struct hcc_edges back, forth;

	for (size_t b = 0; b < g->n; b++) {
		for (size_t k = g->next.start[b]; k < g->next.start[b + 1]; k++) {
			pair[n++] = g->next.to[k];
			pair[n++] = b;
		}
		if (LLVMGetInstructionOpcode(LLVMGetBasicBlockTerminator(g->block[b])) == LLVMRet) {
			pair[n++] = g->n;
			pair[n++] = b;
		}
	}
	back = make_edges(g->n + 1, pair, n / 2, false);
	forth = make_edges(g->n + 1, pair, n / 2, true);
	g->ipdom = dominators(&back, &forth, g->n + 1, g->n, g->back_order);
	for (size_t b = 0; b < g->n; b++)
		g->returns[b] = g->ipdom[b] != HCC_ABSENT;
	free_edges(&back);
	free_edges(&forth);
	free(pair);
}

bool hcc_graph_init(struct hcc_graph *g, LLVMValueRef function)
{
	size_t n_pairs = 0, *pair;
	bool whole = true;

	*g = (struct hcc_graph){ .n = LLVMCountBasicBlocks(function) };
	g->block = hcc_alloc(g->n * sizeof *g->block);
	LLVMGetBasicBlocks(function, g->block);
	for (size_t b = 0; b < g->n; b++) {
		hcc_map_set(&g->index, g->block[b], b);
		n_pairs += LLVMGetNumSuccessors(LLVMGetBasicBlockTerminator(g->block[b]));
	}
	pair = hcc_alloc((n_pairs + 1) * 2 * sizeof *pair);
	n_pairs = 0;
	for (size_t b = 0; b < g->n; b++) {
		LLVMValueRef terminator = LLVMGetBasicBlockTerminator(g->block[b]);

		for (unsigned s = 0; s < LLVMGetNumSuccessors(terminator); s++) {
			pair[n_pairs++] = b;
			pair[n_pairs++] = hcc_map_get(&g->index, LLVMGetSuccessor(terminator, s));
		}
	}
	g->next = make_edges(g->n, pair, n_pairs / 2, false);
	g->previous = make_edges(g->n, pair, n_pairs / 2, true);
	free(pair);
	g->order = hcc_alloc(g->n * sizeof *g->order);
	g->back_order = hcc_alloc((g->n + 1) * sizeof *g->back_order);
	g->returns = hcc_alloc(g->n * sizeof *g->returns);
	g->cycle = hcc_alloc(g->n * sizeof *g->cycle);
	g->idom = dominators(&g->next, &g->previous, g->n, 0, g->order);
	for (size_t b = 0; b < g->n; b++)
		whole = whole && g->idom[b] != HCC_ABSENT;
	if (!whole) {
		hcc_graph_free(g);
		return false;
	}
	find_cycles(g);
	find_postdominators(g);
	return true;
}

void hcc_graph_free(struct hcc_graph *g)
{
	free(g->block);
	hcc_map_free(&g->index);
	free_edges(&g->next);
	free_edges(&g->previous);
	free(g->returns);
	free(g->cycle);
	free(g->idom);
	free(g->ipdom);
	free(g->order);
	free(g->back_order);
}

size_t hcc_common_dominator(const struct hcc_graph *g, size_t a, size_t b)
{
	if (a == HCC_ABSENT || b == HCC_ABSENT)
		return a == HCC_ABSENT ? b : a;
	return intersect(g->idom, g->order, a, b);
}

size_t hcc_common_postdominator(const struct hcc_graph *g, size_t a, size_t b)
{
	if (a == HCC_ABSENT || b == HCC_ABSENT)
		return a == HCC_ABSENT ? b : a;
	return intersect(g->ipdom, g->back_order, a, b);
}

void hcc_reachable(const struct hcc_graph *g, size_t block, bool *set)
{
	size_t *stack = hcc_alloc((g->n + 1) * sizeof *stack), n = 0;

	stack[n++] = block;
	while (n) {
		size_t b = stack[--n];

		for (size_t k = g->next.start[b]; k < g->next.start[b + 1]; k++)
			if (!set[g->next.to[k]]) {
				set[g->next.to[k]] = true;
				stack[n++] = g->next.to[k];
			}
	}
	free(stack);
}
