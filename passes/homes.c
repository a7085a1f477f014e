/* Where more lives across calls than registers survive them, what is used least gets a home in the native
 * frame: stored there once, loaded before each stretch of code that uses it. Its record names the home, which
 * costs no instruction at the call; of a value in SSA form the register allocator has a copy made for each
 * call's record, in a register that is then wanted for others.
 *
 *     %v = ...                               %home = alloca             ; in the entry block
 *     call @f() [ ... %v ... ]       -->     %v = ...
 *     use %v                                 store %v, %home
 *                                            call @f() [ ... %home ... ]
 *                                            %v1 = load %home
 *                                            use %v1
 *
 * In loops that make no call but polls a value is loaded before the loop. A home is live from a store to
 * the last load (hcc_liveness), in a record a value of the type that lies in it. */
#include "liveness.h"
#include "loops.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

/* That many values may live across a call without: x86-64 has callee-saved registers for six. */
#define KEPT 7
#define MAX_DEPTH 5
#define HOME_ALIGN 8

static const char kind[] = "hcc.home";

/* A call with too much living across it. */
struct crowd {
	uint64_t *set;     /* of values, as hcc_liveness numbers them */
	unsigned n;        /* of those, in registers yet */
	double frequency;
};

struct candidate {
	size_t value;
	double cost, gain;
};

struct homes {
	struct hcc_unit *unit;
	LLVMBuilderRef builder;
	LLVMValueRef function;
	struct hcc_graph graph;
	struct hcc_liveness live;
	struct crowd *crowd;
	size_t n_crowds, capacity;
	bool *calls;            /* by block: whether a value cannot stay in a register through it */
	unsigned *depth;        /* by block: loops around it */
	size_t *around;         /* by block: the widest loop around it without such calls; HCC_ABSENT: none */
	struct hcc_loops loops;
	/* Of the value that gets its home now. */
	LLVMValueRef value, home;
	size_t definition;      /* its block */
	LLVMValueRef *at_end;   /* by block: what it is there, if known */
};

bool hcc_is_home(LLVMValueRef value)
{
	return LLVMIsAAllocaInst(value) && LLVMHasMetadata(value)
		&& LLVMGetMetadata(value, LLVMGetMDKindIDInContext(LLVMGetTypeContext(LLVMTypeOf(value)), kind,
			sizeof kind - 1));
}

LLVMTypeRef hcc_recorded_type(LLVMValueRef value)
{
	return hcc_is_home(value) ? LLVMGetAllocatedType(value) : LLVMTypeOf(value);
}

/* A poll's registers are all preserved, or nearly. */
static bool is_crossing(LLVMValueRef i)
{
	return hcc_is_call(i) && hcc_call_reaches(i) && strcmp(hcc_callee_name(i), "__hcc_poll");
}

/* ---- Loops ------------------------------------------------------------------------------------- */

static void enter_loop(struct homes *h, size_t l)
{
	const struct hcc_loop *loop = &h->loops.loop[l];
	bool calls = loop->before == HCC_ABSENT;

	for (size_t b = 0; b < h->graph.n; b++) {
		h->depth[b] += loop->body[b];
		calls |= loop->body[b] && h->calls[b];
	}
	for (size_t b = 0; b < h->graph.n && !calls; b++)
		if (loop->body[b] && (h->around[b] == HCC_ABSENT
				|| h->loops.loop[h->around[b]].n_blocks < loop->n_blocks))
			h->around[b] = l;
}

static void find_loops(struct homes *h)
{
	const struct hcc_graph *g = &h->graph;

	h->calls = hcc_alloc(g->n * sizeof *h->calls);
	h->depth = hcc_alloc(g->n * sizeof *h->depth);
	h->around = hcc_alloc(g->n * sizeof *h->around);
	for (size_t b = 0; b < g->n; b++) {
		h->around[b] = HCC_ABSENT;
		HCC_FOR_INSTRUCTIONS(i, g->block[b])
			h->calls[b] |= is_crossing(i);
	}
	hcc_loops_find(&h->loops, g);
	for (size_t l = 0; l < h->loops.n; l++)
		enter_loop(h, l);
}

/* The loop before which a value that is defined in a block is loaded for uses in block b; NULL: none. */
static const struct hcc_loop *loop_around(const struct homes *h, size_t b, size_t definition)
{
	const struct hcc_loop *loop = h->around[b] == HCC_ABSENT ? NULL : &h->loops.loop[h->around[b]];

	return loop && !loop->body[definition] ? loop : NULL;
}

/* ---- Choice ------------------------------------------------------------------------------------ */

static double frequency(const struct homes *h, size_t b)
{
	unsigned depth = h->depth[b] < MAX_DEPTH ? h->depth[b] : MAX_DEPTH;

	return (double)((uint64_t)1 << 3 * depth);
}

/* What takes one of the registers that calls preserve: floating-point values find none on x86-64. */
static bool takes_register(LLVMValueRef value)
{
	LLVMTypeRef type = LLVMTypeOf(value);

	return LLVMGetTypeKind(type) == LLVMPointerTypeKind
		|| (LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) <= 64);
}

static bool can_have_home(LLVMValueRef value)
{
	LLVMTypeRef type = LLVMTypeOf(value);
	unsigned bits;

	if (!takes_register(value) || hcc_is_frame_base(value)
			|| (LLVMIsAInstruction(value) && LLVMIsATerminatorInst(value)))
		return false;
	if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind)
		return true;
	bits = LLVMGetIntTypeWidth(type);
	return bits >= 8 && !(bits & (bits - 1));
}

static void find_crowd(void *user, LLVMValueRef call, const uint64_t *set)
{
	struct homes *h = user;
	size_t bytes = h->live.n_words * sizeof *set;
	struct crowd crowd = { 0 };

	if (!is_crossing(call))
		return;
	for (size_t i = 0; i < h->live.n_values; i++)
		crowd.n += hcc_bit(set, i) && takes_register(h->live.value[i]);
	if (crowd.n <= KEPT)
		return;
	if (h->n_crowds == h->capacity) {
		h->capacity = h->capacity ? 2 * h->capacity : 16;
		h->crowd = hcc_realloc(h->crowd, h->capacity * sizeof *h->crowd);
	}
	crowd.frequency = frequency(h, hcc_map_get(&h->graph.index, LLVMGetInstructionParent(call)));
	crowd.set = hcc_alloc(bytes);
	memcpy(crowd.set, set, bytes);
	h->crowd[h->n_crowds++] = crowd;
}

static size_t block_of(const struct homes *h, LLVMValueRef value)
{
	return LLVMIsAInstruction(value)
		? hcc_map_get(&h->graph.index, LLVMGetInstructionParent(value)) : 0;
}

/* Where it is loaded for a use in block b. */
static size_t load_block(const struct homes *h, size_t definition, size_t b)
{
	const struct hcc_loop *loop;

	while ((loop = loop_around(h, b, definition)))
		b = loop->before;
	return b;
}

/* A store and a load for each use: of some uses none is needed, others share one. */
static double cost(const struct homes *h, LLVMValueRef value)
{
	size_t definition = block_of(h, value), last = HCC_ABSENT;
	double sum = frequency(h, definition);

	for (LLVMUseRef u = LLVMGetFirstUse(value); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);
		size_t b = load_block(h, definition, block_of(h, user));

		if (b != last)
			sum += frequency(h, b);
		last = b;
	}
	return sum;
}

/* Copies from home to home, and to and from registers, that a phi makes of what the register allocator would
 * have kept in one place. */
static double copies(const struct homes *h, LLVMValueRef value)
{
	double sum = 0;

	for (unsigned i = 0; LLVMIsAPHINode(value) && i < LLVMCountIncoming(value); i++)
		sum += frequency(h, hcc_map_get(&h->graph.index, LLVMGetIncomingBlock(value, i)));
	for (LLVMUseRef u = LLVMGetFirstUse(value); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);

		for (unsigned i = 0; LLVMIsAPHINode(user) && i < LLVMCountIncoming(user); i++)
			if (LLVMGetIncomingValue(user, i) == value)
				sum += frequency(h, hcc_map_get(&h->graph.index, LLVMGetIncomingBlock(user, i)));
	}
	return sum;
}

static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	double left = x->cost * y->gain, right = y->cost * x->gain;

	if (left != right)
		return left < right ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

/* ---- Loads ------------------------------------------------------------------------------------- */

static LLVMValueRef load_before(struct homes *h, LLVMValueRef at)
{
	LLVMPositionBuilderBefore(h->builder, at);
	LLVMSetCurrentDebugLocation2(h->builder, LLVMInstructionGetDebugLoc(at));
	return LLVMBuildLoad2(h->builder, LLVMTypeOf(h->value), h->home, "");
}

static LLVMValueRef at_start(struct homes *h, size_t b);

/* The value at the end of a block, where it is at hand; else it is loaded there if `load` says so. */
static LLVMValueRef at_end(struct homes *h, size_t b, bool load)
{
	LLVMValueRef value = h->at_end[b];

	if (!value && !h->calls[b])
		value = at_start(h, b);
	if (!value && load)
		value = load_before(h, LLVMGetBasicBlockTerminator(h->graph.block[b]));
	h->at_end[b] = value;
	return value;
}

static LLVMValueRef at_start(struct homes *h, size_t b)
{
	const struct hcc_edges *previous = &h->graph.previous;
	const struct hcc_loop *loop = loop_around(h, b, h->definition);

	if (b == h->definition)
		return NULL;
	if (loop)
		return at_end(h, loop->before, true);
	if (previous->start[b + 1] - previous->start[b] != 1)
		return NULL;
	return at_end(h, previous->to[previous->start[b]], false);
}

static LLVMValueRef replace_operands(struct homes *h, LLVMValueRef user, LLVMValueRef now)
{
	int n = LLVMGetNumOperands(user);

	for (int i = 0; i < n; i++)
		if (LLVMGetOperand(user, (unsigned)i) == h->value) {
			now = now ? now : load_before(h, user);
			LLVMSetOperand(user, (unsigned)i, now);
		}
	return now;
}

/* Of the phis of a block that are this value when they are reached from b. */
static void replace_in_phis(struct homes *h, LLVMBasicBlockRef next, size_t b)
{
	for (LLVMValueRef i = LLVMGetFirstInstruction(next); LLVMIsAPHINode(i); i = LLVMGetNextInstruction(i))
		for (unsigned k = 0; k < LLVMCountIncoming(i); k++)
			if (LLVMGetIncomingBlock(i, k) == h->graph.block[b] && LLVMGetIncomingValue(i, k) == h->value)
				LLVMSetOperand(i, k, at_end(h, b, true));
}

static void replace_in_block(struct homes *h, size_t b)
{
	const struct hcc_edges *next = &h->graph.next;
	LLVMValueRef now = at_start(h, b), first = hcc_first_non_phi(h->graph.block[b]);

	if (b == h->definition && (!LLVMIsAInstruction(h->value) || LLVMIsAPHINode(h->value)))
		now = h->value;
	for (LLVMValueRef i = first; i; i = LLVMGetNextInstruction(i)) {
		now = replace_operands(h, i, now);
		if (is_crossing(i))
			now = NULL;
		if (i == h->value)
			now = i;
	}
	h->at_end[b] = now;
	for (size_t k = next->start[b]; k < next->start[b + 1]; k++)
		replace_in_phis(h, h->graph.block[next->to[k]], b);
}

struct place {
	size_t order, block;
};

static int by_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->order > y->order ? -1 : x->order < y->order;
}

/* Blocks that dominate others come first. */
static struct place *blocks_of_uses(struct homes *h, size_t *n)
{
	bool *seen = hcc_alloc(h->graph.n * sizeof *seen);
	struct place *blocks = hcc_alloc(h->graph.n * sizeof *blocks);

	seen[h->definition] = true;
	for (LLVMUseRef u = LLVMGetFirstUse(h->value); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);

		if (!LLVMIsAPHINode(user)) {
			seen[block_of(h, user)] = true;
			continue;
		}
		for (unsigned k = 0; k < LLVMCountIncoming(user); k++)
			if (LLVMGetIncomingValue(user, k) == h->value)
				seen[hcc_map_get(&h->graph.index, LLVMGetIncomingBlock(user, k))] = true;
	}
	*n = 0;
	for (size_t b = 0; b < h->graph.n; b++)
		if (seen[b])
			blocks[(*n)++] = (struct place){ h->graph.order[b], b };
	free(seen);
	qsort(blocks, *n, sizeof *blocks, by_order);
	return blocks;
}

static void give_home(struct homes *h, LLVMValueRef value)
{
	LLVMValueRef behind;
	struct place *blocks;
	size_t n;
	LLVMMetadataRef none;

	h->value = value;
	h->definition = block_of(h, value);
	memset(h->at_end, 0, h->graph.n * sizeof(LLVMValueRef));
	LLVMPositionBuilderBefore(h->builder, LLVMGetFirstInstruction(h->graph.block[0]));
	h->home = LLVMBuildAlloca(h->builder, LLVMTypeOf(value), "");
	/* All of them, or AArch64's needsFrameBaseReg takes offsets for odd, and keeps addresses of homes in
	 * registers. */
	LLVMSetAlignment(h->home, HOME_ALIGN);
	none = LLVMMDNodeInContext2(h->unit->context, NULL, 0);
	LLVMSetMetadata(h->home, LLVMGetMDKindIDInContext(h->unit->context, kind, sizeof kind - 1),
		LLVMMetadataAsValue(h->unit->context, none));
	blocks = blocks_of_uses(h, &n);
	for (size_t k = 0; k < n; k++)
		replace_in_block(h, blocks[k].block);
	free(blocks);
	if (!LLVMIsAInstruction(value))
		behind = LLVMGetNextInstruction(h->home);
	else if (LLVMIsAPHINode(value))
		behind = hcc_first_non_phi(LLVMGetInstructionParent(value));
	else
		behind = LLVMGetNextInstruction(value);
	LLVMPositionBuilderBefore(h->builder, behind);
	LLVMSetCurrentDebugLocation2(h->builder, LLVMInstructionGetDebugLoc(behind));
	LLVMBuildStore(h->builder, value, h->home);
}

/* ---- All of a function ------------------------------------------------------------------------- */

static void choose(struct homes *h)
{
	size_t n = 0;
	struct candidate *candidates = hcc_alloc((h->live.n_values + 1) * sizeof *candidates);

	for (size_t i = 0; i < h->live.n_values; i++) {
		struct candidate c = { .value = i };

		if (!can_have_home(h->live.value[i]))
			continue;
		for (size_t k = 0; k < h->n_crowds; k++)
			if (hcc_bit(h->crowd[k].set, i))
				c.gain += h->crowd[k].frequency;
		if (c.gain == 0 || c.gain < copies(h, h->live.value[i]))
			continue;
		c.cost = cost(h, h->live.value[i]);
		candidates[n++] = c;
	}
	qsort(candidates, n, sizeof *candidates, compare);
	for (size_t i = 0; i < n; i++) {
		size_t v = candidates[i].value;
		bool helps = false;

		for (size_t k = 0; k < h->n_crowds; k++)
			helps |= hcc_bit(h->crowd[k].set, v) && h->crowd[k].n > KEPT;
		if (!helps)
			continue;
		for (size_t k = 0; k < h->n_crowds; k++)
			h->crowd[k].n -= hcc_bit(h->crowd[k].set, v);
		give_home(h, h->live.value[v]);
	}
	free(candidates);
}

static void run(struct homes *h)
{
	if (!hcc_graph_init(&h->graph, h->function))
		return;
	find_loops(h);
	hcc_liveness_init(&h->live, h->function);
	hcc_liveness_visit(&h->live, h->function, find_crowd, h);
	h->at_end = hcc_alloc(h->graph.n * sizeof(LLVMValueRef));
	if (h->n_crowds)
		choose(h);
	free(h->at_end);
	for (size_t k = 0; k < h->n_crowds; k++)
		free(h->crowd[k].set);
	free(h->crowd);
	hcc_loops_free(&h->loops);
	free(h->calls);
	free(h->depth);
	free(h->around);
	hcc_liveness_free(&h->live);
	hcc_graph_free(&h->graph);
}

void hcc_give_homes(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);

	HCC_FOR_FUNCTIONS(f, unit->module) {
		struct homes h = { .unit = unit, .builder = builder, .function = f };

		if (hcc_is_defined(f) && !hcc_is_kept_out(f) && !hcc_calls_setjmp(f))
			run(&h);
	}
	LLVMDisposeBuilder(builder);
}
