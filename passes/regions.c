/* A local that only some paths need costs the others nothing: its frame is taken where those paths begin
 * and given back where they have come together again, as code generation does for registers (shrink
 * wrapping). Three kinds, by where the uses and the lifetime of an alloca lie:
 *
 *   - where nothing returns any more, as before a call that reports an error and exits: taken there,
 *     never given back;
 *   - within one block that is neither in a cycle nor on every path: taken and given back in it;
 *   - all others share one region: from the nearest common dominator of all they need to the nearest common
 *     postdominator, both outside of cycles. Where an alloca has no end of its lifetime, or there is no
 *     such block, to all returns.
 */
#include "regions.h"
#include "graph.h"

#include <stdlib.h>
#include <string.h>

enum { MAIN = 0, MAX_BYTES = 1 << 25 };

/* Of one alloca. */
struct extent {
	size_t dominator;          /* nearest common one of all blocks with uses and markers */
	bool *block;               /* those blocks */
	size_t n_blocks;
	bool marked;               /* has lifetime markers, starts and ends */
	bool at_end;               /* used by a phi or terminator: at the end of a block */
	struct hcc_list starts, ends;
};

struct finding {
	struct hcc_graph graph;
	LLVMValueRef function;
	const struct hcc_list *allocas;
	struct extent *extent;
	struct hcc_regions *out;
};

static size_t block_of(struct finding *f, LLVMBasicBlockRef b)
{
	return hcc_map_get(&f->graph.index, b);
}

static void touch(struct finding *f, struct extent *e, size_t block)
{
	if (!e->block[block])
		e->n_blocks++;
	e->block[block] = true;
	e->dominator = hcc_common_dominator(&f->graph, e->dominator, block);
}

static void survey(struct finding *f, struct extent *e, LLVMValueRef alloca)
{
	e->dominator = HCC_ABSENT;
	for (LLVMUseRef u = LLVMGetFirstUse(alloca); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);

		if (LLVMGetInstructionOpcode(user) == LLVMPHI) {
			e->at_end = true;
			for (unsigned i = 0; i < LLVMCountIncoming(user); i++)
				if (LLVMGetIncomingValue(user, i) == alloca)
					touch(f, e, block_of(f, LLVMGetIncomingBlock(user, i)));
			continue;
		}
		touch(f, e, block_of(f, LLVMGetInstructionParent(user)));
		if (LLVMIsATerminatorInst(user))
			e->at_end = true;
		else if (hcc_is_call(user) && !strncmp(hcc_callee_name(user), "llvm.lifetime.start", 19))
			hcc_list_add(&e->starts, user);
		else if (hcc_is_call(user) && !strncmp(hcc_callee_name(user), "llvm.lifetime.end", 17))
			hcc_list_add(&e->ends, user);
	}
	e->marked = e->starts.n && e->ends.n;
}

static bool has(const struct hcc_list *list, LLVMValueRef value)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->item[i] == value)
			return true;
	return false;
}

static size_t add_region(struct hcc_regions *out, LLVMValueRef enter)
{
	out->region = hcc_realloc(out->region, (out->n + 1) * sizeof *out->region);
	out->region[out->n] = (struct hcc_region){ .enter = enter };
	return out->n++;
}

/* The region that is entered first in a block whose instructions are looked at from `first` on; one
 * for all allocas of the block. */
static size_t region_in(struct finding *f, size_t *of_block, size_t block, LLVMValueRef first)
{
	if (!of_block[block])
		of_block[block] = add_region(f->out, first);
	return of_block[block];
}

/* Whether all that concerns an alloca is one stretch of a block that some paths avoid. */
static bool is_local(struct finding *f, const struct extent *e)
{
	return e->n_blocks == 1 && e->marked && !e->at_end && !f->graph.cycle[e->dominator]
		&& e->dominator && hcc_common_postdominator(&f->graph, 0, e->dominator) != e->dominator;
}

/* Enter before the first instruction of the block that uses one of its allocas, leave behind the last;
 * false when one would live on behind the block. */
static void bound(struct finding *f, size_t region, size_t block)
{
	struct hcc_region *r = &f->out->region[region];
	LLVMValueRef last = NULL;

	r->enter = NULL;
	HCC_FOR_INSTRUCTIONS(i, f->graph.block[block])
		for (size_t k = 0; k < f->allocas->n; k++) {
			bool uses = false;

			if (f->out->of[k] != region)
				continue;
			for (int o = 0; o < LLVMGetNumOperands(i); o++)
				uses = uses || LLVMGetOperand(i, (unsigned)o) == f->allocas->item[k];
			if (!uses)
				continue;
			if (!r->enter)
				r->enter = i;
			last = i;
		}
	hcc_list_add(&r->leave, LLVMGetNextInstruction(last));
}

/* Whether the last marker of the only block of an alloca is the end of its lifetime. */
static bool ends_in_block(const struct extent *e, LLVMBasicBlockRef block)
{
	bool alive = false;

	HCC_FOR_INSTRUCTIONS(i, block)
		if (has(&e->starts, i))
			alive = true;
		else if (has(&e->ends, i))
			alive = false;
	return !alive;
}

/* Add the blocks in which an alloca is alive to `live`, by its markers. */
static void add_lifetime(struct finding *f, const struct extent *e, bool *live)
{
	struct hcc_graph *g = &f->graph;
	size_t *stack = hcc_alloc((g->n + 1) * sizeof *stack), n = 0;
	bool *in = hcc_alloc(g->n * sizeof *in);
	signed char *last = hcc_alloc(g->n * sizeof *last);  /* 1 a start, -1 an end */

	for (size_t b = 0; b < g->n; b++) {
		if (!e->block[b])
			continue;
		HCC_FOR_INSTRUCTIONS(i, g->block[b])
			if (has(&e->starts, i))
				last[b] = 1;
			else if (has(&e->ends, i))
				last[b] = -1;
		if (last[b] > 0)
			stack[n++] = b;
	}
	while (n) {
		size_t b = stack[--n];

		for (size_t k = g->next.start[b]; k < g->next.start[b + 1]; k++) {
			size_t to = g->next.to[k];

			if (in[to])
				continue;
			in[to] = live[to] = true;
			if (!last[to])
				stack[n++] = to;
		}
	}
	free(stack);
	free(in);
	free(last);
}

/* Give the region back before all returns that its entry leads to, which it has to dominate. */
static size_t until_returns(struct finding *f, size_t start, struct hcc_list *leave)
{
	struct hcc_graph *g = &f->graph;
	bool *reached = hcc_alloc(g->n * sizeof *reached);
	size_t before;

	do {
		before = start;
		while (g->cycle[start])
			start = g->idom[start];
		reached[start] = true;
		hcc_reachable(g, start, reached);
		for (size_t b = 0; b < g->n; b++)
			if (reached[b] && LLVMIsAReturnInst(LLVMGetBasicBlockTerminator(g->block[b])))
				start = hcc_common_dominator(g, start, b);
	} while (start != before);
	for (size_t b = 0; b < g->n; b++) {
		LLVMValueRef end = LLVMGetBasicBlockTerminator(g->block[b]);

		if (reached[b] && LLVMIsAReturnInst(end))
			hcc_list_add(leave, end);
	}
	free(reached);
	return start;
}

/* Whether something that is needed may come behind the end of block `end` on a path that never returns. */
static bool needed_behind(struct finding *f, size_t end, const bool *live)
{
	bool *reached = hcc_alloc(f->graph.n * sizeof *reached), any = false;

	hcc_reachable(&f->graph, end, reached);
	for (size_t b = 0; b < f->graph.n; b++)
		any = any || (reached[b] && live[b]);
	free(reached);
	return any;
}

static void find_main(struct finding *f)
{
	struct hcc_graph *g = &f->graph;
	struct hcc_region *r = &f->out->region[MAIN];
	bool *live = hcc_alloc(g->n * sizeof *live), marked = true, changed;
	size_t start = HCC_ABSENT, end = HCC_ABSENT;

	for (size_t k = 0; k < f->allocas->n; k++) {
		struct extent *e = &f->extent[k];

		if (f->out->of[k] != MAIN || !e->n_blocks)
			continue;
		marked = marked && e->marked;
		for (size_t b = 0; b < g->n; b++)
			live[b] = live[b] || e->block[b];
		if (e->marked)
			add_lifetime(f, e, live);
	}
	for (size_t b = 0; b < g->n; b++) {
		if (!live[b])
			continue;
		start = hcc_common_dominator(g, start, b);
		if (g->returns[b])
			end = hcc_common_postdominator(g, end, b);
	}
	if (start == HCC_ABSENT)
		start = 0;
	if (!marked || end == HCC_ABSENT)
		end = g->n;
	do {
		size_t start_before = start, end_before = end;

		while (g->cycle[start])
			start = g->idom[start];
		if (end < g->n && g->returns[start]) {
			end = hcc_common_postdominator(g, end, start);
			while (end < g->n && (g->cycle[end]
				|| LLVMIsACallBrInst(LLVMGetBasicBlockTerminator(g->block[end]))))
				end = g->ipdom[end];
		}
		if (end < g->n)
			start = hcc_common_dominator(g, start, end);
		changed = start != start_before || end != end_before;
	} while (changed);
	if (end < g->n && !needed_behind(f, end, live))
		hcc_list_add(&r->leave, LLVMGetBasicBlockTerminator(g->block[end]));
	else
		start = until_returns(f, start, &r->leave);
	r->enter = start ? hcc_first_non_phi(g->block[start]) : LLVMGetFirstInstruction(g->block[0]);
	free(live);
}

void hcc_regions_whole(struct hcc_regions *out, LLVMValueRef function, const struct hcc_list *allocas)
{
	*out = (struct hcc_regions){ .of = hcc_alloc((allocas->n + 1) * sizeof *out->of) };
	add_region(out, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)));
	HCC_FOR_BLOCKS(b, function) {
		LLVMValueRef end = LLVMGetBasicBlockTerminator(b);

		if (LLVMIsAReturnInst(end))
			hcc_list_add(&out->region[MAIN].leave, end);
	}
}

void hcc_regions_find(struct hcc_regions *out, LLVMValueRef function, const struct hcc_list *allocas)
{
	struct finding f = { .function = function, .allocas = allocas, .out = out };
	size_t *of_block;

	/* A block times an alloca takes a byte. */
	if (allocas->n * LLVMCountBasicBlocks(function) > MAX_BYTES
			|| !hcc_graph_init(&f.graph, function)) {
		hcc_regions_whole(out, function, allocas);
		return;
	}
	*out = (struct hcc_regions){ .of = hcc_alloc((allocas->n + 1) * sizeof *out->of) };
	add_region(out, NULL);
	f.extent = hcc_alloc((allocas->n + 1) * sizeof *f.extent);
	of_block = hcc_alloc(f.graph.n * sizeof *of_block);
	for (size_t k = 0; k < allocas->n; k++) {
		struct extent *e = &f.extent[k];
		size_t at;

		e->block = hcc_alloc(f.graph.n * sizeof *e->block);
		survey(&f, e, allocas->item[k]);
		at = e->dominator;
		if (!e->n_blocks || !at)
			continue;
		if (!f.graph.returns[at] && !f.graph.cycle[at])
			out->of[k] = region_in(&f, of_block, at, hcc_first_non_phi(f.graph.block[at]));
		else if (is_local(&f, e) && ends_in_block(e, f.graph.block[at]))
			out->of[k] = region_in(&f, of_block, at, NULL);
	}
	for (size_t b = 0; b < f.graph.n; b++)
		if (of_block[b] && !out->region[of_block[b]].enter)
			bound(&f, of_block[b], b);
	find_main(&f);
	for (size_t k = 0; k < allocas->n; k++) {
		free(f.extent[k].block);
		hcc_list_free(&f.extent[k].starts);
		hcc_list_free(&f.extent[k].ends);
	}
	free(f.extent);
	free(of_block);
	hcc_graph_free(&f.graph);
}

void hcc_regions_free(struct hcc_regions *regions)
{
	for (size_t i = 0; i < regions->n; i++)
		hcc_list_free(&regions->region[i].leave);
	free(regions->region);
	free(regions->of);
}
