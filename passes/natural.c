/* Keep the inner loops of resume clones natural. A clone is entered behind the poll of a loop's header, which is
 * in the middle of the loop; and a loop with two entries is none for code generation, which then leaves in it
 * what it would have taken out. So where the loop calls nothing that has a record behind the poll, it is
 * peeled: a copy of its body is where the frame enters, and from the end of that it goes round to the header as
 * others come in.
 *
 * Loops around others stay as they are: it is the inner ones that count, and what leads into them would be in
 * their way. But a whole nest that calls nothing is peeled as well, when it is small.
 *
 * Needs a clone whose values go through allocas where a frame brings some: before mem2reg. */
#include "ir.h"
#include "passes.h"

#include <string.h>

static LLVMValueRef last_of(LLVMBasicBlockRef block)
{
	return LLVMGetBasicBlockTerminator(block);
}

/* All that can be reached from a block, but through another; only: of these, or NULL. */
static void reach(struct hcc_map *seen, LLVMBasicBlockRef from, LLVMBasicBlockRef without,
	const struct hcc_map *only)
{
	struct hcc_list left = { 0 };

	hcc_map_set(seen, from, 1);
	hcc_list_add(&left, from);
	while (left.n) {
		LLVMValueRef last = last_of(left.item[--left.n]);

		for (unsigned i = 0; i < LLVMGetNumSuccessors(last); i++) {
			LLVMBasicBlockRef to = LLVMGetSuccessor(last, i);

			if (to == without || hcc_map_get(seen, to) != HCC_ABSENT
			    || (only && hcc_map_get(only, to) == HCC_ABSENT))
				continue;
			hcc_map_set(seen, to, 1);
			hcc_list_add(&left, to);
		}
	}
	hcc_list_free(&left);
}

/* Blocks that go to a block, each once. */
static void find_predecessors(LLVMBasicBlockRef block, struct hcc_list *out)
{
	struct hcc_map seen = { 0 };

	for (LLVMUseRef u = LLVMGetFirstUse(LLVMBasicBlockAsValue(block)); u; u = LLVMGetNextUse(u)) {
		LLVMBasicBlockRef from;

		if (!LLVMIsATerminatorInst(LLVMGetUser(u)))
			continue;
		from = LLVMGetInstructionParent(LLVMGetUser(u));
		if (hcc_map_get(&seen, from) == HCC_ABSENT)
			hcc_list_add(out, from);
		hcc_map_set(&seen, from, 1);
	}
	hcc_map_free(&seen);
}

struct around {
	LLVMBuilderRef builder;
	LLVMValueRef function;
	LLVMBasicBlockRef start, header;
	struct hcc_map *all;        /* blocks that are reached without a frame */
	struct hcc_map body;
	struct hcc_list back, in;   /* blocks that go to the header: from the loop, from outside */
	struct hcc_list frames, middles; /* blocks that go from outside all into the body, and where to */
	struct hcc_map peel;        /* blocks that are copied */
	struct hcc_list peeled;
	struct hcc_map copied;      /* value or block -> index of its copy */
	struct hcc_list copies;
};

static void redirect(LLVMBasicBlockRef block, LLVMBasicBlockRef from, LLVMBasicBlockRef to)
{
	LLVMValueRef last = last_of(block);

	for (unsigned i = 0; i < LLVMGetNumSuccessors(last); i++)
		if (LLVMGetSuccessor(last, i) == from)
			LLVMSetSuccessor(last, i, to);
}

static bool is_in(const struct hcc_map *set, const void *key)
{
	return hcc_map_get(set, key) != HCC_ABSENT;
}

static void find_body(struct around *a)
{
	struct hcc_list left = { 0 };

	hcc_map_set(&a->body, a->header, 1);
	for (size_t i = 0; i < a->back.n; i++)
		hcc_list_add(&left, a->back.item[i]);
	while (left.n) {
		LLVMBasicBlockRef b = left.item[--left.n];
		struct hcc_list from = { 0 };

		if (is_in(&a->body, b))
			continue;
		hcc_map_set(&a->body, b, 1);
		find_predecessors(b, &from);
		for (size_t i = 0; i < from.n; i++)
			if (is_in(a->all, from.item[i]))
				hcc_list_add(&left, from.item[i]);
		hcc_list_free(&from);
	}
	hcc_list_free(&left);
}

/* Frames that come into the body elsewhere than at its header. Returns whether all can be led there. */
static bool find_frames(struct around *a)
{
	HCC_FOR_BLOCKS(b, a->function) {
		struct hcc_list from = { 0 };
		bool can = true;

		if (!is_in(&a->body, b) || b == a->header)
			continue;
		find_predecessors(b, &from);
		for (size_t i = 0; i < from.n; i++) {
			LLVMValueRef last = last_of(from.item[i]);

			if (is_in(a->all, from.item[i]))
				continue;
			can &= LLVMGetInstructionOpcode(last) == LLVMBr && LLVMGetNumSuccessors(last) == 1
				&& !LLVMIsAPHINode(LLVMGetFirstInstruction(b));
			hcc_list_add(&a->frames, from.item[i]);
			hcc_list_add(&a->middles, b);
		}
		hcc_list_free(&from);
		if (!can)
			return false;
	}
	return a->frames.n != 0;
}

static bool find_loop(struct around *a, LLVMBasicBlockRef header)
{
	struct hcc_list from = { 0 };
	struct hcc_map elsewhere = { 0 };

	a->header = header;
	if (header == a->start)
		return false;
	find_predecessors(header, &from);
	reach(&elsewhere, a->start, header, a->all);
	for (size_t i = 0; i < from.n; i++)
		hcc_list_add(is_in(a->all, from.item[i]) && !is_in(&elsewhere, from.item[i])
			? &a->back : &a->in, from.item[i]);
	hcc_list_free(&from);
	hcc_map_free(&elsewhere);
	if (!a->back.n)
		return false;
	find_body(a);
	return true;
}

static LLVMBasicBlockRef new_block(const struct around *a)
{
	return LLVMAppendBasicBlockInContext(LLVMGetModuleContext(LLVMGetGlobalParent(a->function)),
		a->function, "");
}

/* Targets of the back edges of a depth-first walk; outer ones come first. */
static void find_headers(LLVMBasicBlockRef start, const struct hcc_map *all, struct hcc_list *out)
{
	struct hcc_map state = { 0 }, found = { 0 };
	struct hcc_list path = { 0 }, order = { 0 };

	hcc_list_add(&path, start);
	while (path.n) {
		LLVMBasicBlockRef b = path.item[path.n - 1];
		LLVMValueRef last = last_of(b);
		size_t seen = hcc_map_get(&state, b);

		if (seen != HCC_ABSENT) {
			hcc_map_set(&state, b, 2);
			path.n--;
			continue;
		}
		hcc_map_set(&state, b, 1);
		hcc_list_add(&order, b);
		for (unsigned i = 0; i < LLVMGetNumSuccessors(last); i++) {
			LLVMBasicBlockRef to = LLVMGetSuccessor(last, i);

			if (!is_in(all, to))
				continue;
			seen = hcc_map_get(&state, to);
			if (seen == HCC_ABSENT)
				hcc_list_add(&path, to);
			else if (seen == 1)
				hcc_map_set(&found, to, 1);
		}
	}
	for (size_t i = 0; i < order.n; i++)
		if (is_in(&found, order.item[i]))
			hcc_list_add(out, order.item[i]);
	hcc_map_free(&state);
	hcc_map_free(&found);
	hcc_list_free(&path);
	hcc_list_free(&order);
}

/* ---- Peel --------------------------------------------------------------------------------------- */

#define PEELED_MOST 400 /* instructions */

static bool is_recorded(LLVMValueRef i)
{
	return hcc_is_call(i) && LLVMGetCallSiteStringAttribute(i,
		(LLVMAttributeIndex)LLVMAttributeFunctionIndex, "statepoint-id",
		sizeof "statepoint-id" - 1);
}

/* What a frame can come to before the header. Returns whether it is to be copied. */
static bool find_peel(struct around *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->middles.n; i++)
		reach(&a->peel, a->middles.item[i], a->header, &a->body);
	HCC_FOR_BLOCKS(b, a->function) {
		if (!is_in(&a->peel, b))
			continue;
		hcc_list_add(&a->peeled, b);
		if (LLVMGetInstructionOpcode(last_of(b)) == LLVMCallBr)
			return false;
		HCC_FOR_INSTRUCTIONS(i, b)
			if (++n > PEELED_MOST || is_recorded(i))
				return false;
	}
	return true;
}

/* The copy of a value or block. */
static void *copy_of(const struct around *a, const void *original)
{
	size_t i = hcc_map_get(&a->copied, original);

	return i == HCC_ABSENT ? NULL : a->copies.item[i];
}

static void remember(struct around *a, void *original, void *copy)
{
	hcc_map_set(&a->copied, original, a->copies.n);
	hcc_list_add(&a->copies, copy);
}

static bool is_outside(const struct around *a, LLVMBasicBlockRef block)
{
	return !is_in(&a->peel, block);
}

static LLVMValueRef load_before(struct around *a, LLVMValueRef before, LLVMValueRef value,
	LLVMValueRef slot)
{
	LLVMPositionBuilderBefore(a->builder, before);
	return LLVMBuildLoad2(a->builder, LLVMTypeOf(value), slot, "");
}

/* A block that comes in several times must bring the same value each time. */
static void load_for_phi(struct around *a, LLVMValueRef phi, LLVMValueRef value, LLVMValueRef slot)
{
	struct hcc_map seen = { 0 };
	struct hcc_list loads = { 0 };

	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
		LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);

		if (LLVMGetIncomingValue(phi, i) != value || !is_outside(a, from))
			continue;
		if (!is_in(&seen, from)) {
			hcc_map_set(&seen, from, loads.n);
			hcc_list_add(&loads, load_before(a, last_of(from), value, slot));
		}
		LLVMSetOperand(phi, i, loads.item[hcc_map_get(&seen, from)]);
	}
	hcc_map_free(&seen);
	hcc_list_free(&loads);
}

/* Where this value of the body is used outside, it will come from the copy, too: through an alloca. */
static void spill(struct around *a, LLVMValueRef value)
{
	struct hcc_list users = { 0 };
	struct hcc_map seen = { 0 };
	LLVMValueRef slot;

	for (LLVMUseRef u = LLVMGetFirstUse(value); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);
		bool is_out = !LLVMIsAPHINode(user) && is_outside(a, LLVMGetInstructionParent(user));

		for (unsigned i = 0; LLVMIsAPHINode(user) && i < LLVMCountIncoming(user); i++)
			is_out |= LLVMGetIncomingValue(user, i) == value
				&& is_outside(a, LLVMGetIncomingBlock(user, i));
		if (!is_out || is_in(&seen, user))
			continue;
		hcc_map_set(&seen, user, 1);
		hcc_list_add(&users, user);
	}
	hcc_map_free(&seen);
	if (!users.n)
		return;
	LLVMPositionBuilderBefore(a->builder,
		LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(a->function)));
	slot = LLVMBuildAlloca(a->builder, LLVMTypeOf(value), "");
	for (size_t i = 0; i < users.n; i++) {
		LLVMValueRef user = users.item[i], load;

		if (LLVMIsAPHINode(user)) {
			load_for_phi(a, user, value, slot);
			continue;
		}
		load = load_before(a, user, value, slot);
		for (int k = 0; k < LLVMGetNumOperands(user); k++)
			if (LLVMGetOperand(user, (unsigned)k) == value)
				LLVMSetOperand(user, (unsigned)k, load);
	}
	LLVMPositionBuilderBefore(a->builder, LLVMIsAPHINode(value)
		? hcc_first_non_phi(LLVMGetInstructionParent(value)) : LLVMGetNextInstruction(value));
	LLVMBuildStore(a->builder, value, slot);
	hcc_list_free(&users);
}

static void copy_phi(struct around *a, LLVMValueRef phi, LLVMValueRef copy)
{
	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
		LLVMValueRef value = LLVMGetIncomingValue(phi, i), known = copy_of(a, value);
		LLVMBasicBlockRef from = copy_of(a, LLVMGetIncomingBlock(phi, i));

		if (from)
			LLVMAddIncoming(copy, known ? &known : &value, &from, 1);
	}
}

static void copy_operands(struct around *a, LLVMValueRef copy)
{
	for (int k = 0; k < LLVMGetNumOperands(copy); k++) {
		LLVMValueRef operand = LLVMGetOperand(copy, (unsigned)k), known;

		if (LLVMValueIsBasicBlock(operand))
			continue;
		known = copy_of(a, operand);
		if (known)
			LLVMSetOperand(copy, (unsigned)k, known);
	}
	for (unsigned k = 0; LLVMIsATerminatorInst(copy) && k < LLVMGetNumSuccessors(copy); k++) {
		LLVMBasicBlockRef target = copy_of(a, LLVMGetSuccessor(copy, k));

		if (target)
			LLVMSetSuccessor(copy, k, target);
	}
}

static void copy_instructions(struct around *a, LLVMBasicBlockRef block)
{
	LLVMPositionBuilderAtEnd(a->builder, copy_of(a, block));
	HCC_FOR_INSTRUCTIONS(i, block) {
		LLVMValueRef copy;

		if (LLVMIsAPHINode(i)) {
			copy = LLVMBuildPhi(a->builder, LLVMTypeOf(i), "");
		} else {
			copy = LLVMInstructionClone(i);
			LLVMInsertIntoBuilder(a->builder, copy);
		}
		remember(a, i, copy);
	}
}

/* The copies come to where the originals do. */
static void add_incoming(struct around *a, LLVMBasicBlockRef block)
{
	for (LLVMValueRef phi = LLVMGetFirstInstruction(block); phi && LLVMIsAPHINode(phi);
	     phi = LLVMGetNextInstruction(phi)) {
		unsigned n = LLVMCountIncoming(phi);

		for (unsigned i = 0; i < n; i++) {
			LLVMValueRef value = LLVMGetIncomingValue(phi, i), known = copy_of(a, value);
			LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i), copy = copy_of(a, from);

			if (copy)
				LLVMAddIncoming(phi, known ? &known : &value, &copy, 1);
		}
	}
}

static void peel(struct around *a)
{
	struct hcc_list blocks = { 0 };

	HCC_FOR_BLOCKS(b, a->function)
		if (is_outside(a, b))
			hcc_list_add(&blocks, b);
	for (size_t i = 0; i < a->peeled.n; i++)
		HCC_FOR_INSTRUCTIONS(k, (LLVMBasicBlockRef)a->peeled.item[i])
			spill(a, k);
	for (size_t i = 0; i < a->peeled.n; i++)
		remember(a, a->peeled.item[i], new_block(a));
	for (size_t i = 0; i < a->peeled.n; i++)
		copy_instructions(a, a->peeled.item[i]);
	for (size_t i = 0; i < a->peeled.n; i++)
		HCC_FOR_INSTRUCTIONS(k, (LLVMBasicBlockRef)a->peeled.item[i]) {
			if (LLVMIsAPHINode(k))
				copy_phi(a, k, copy_of(a, k));
			else
				copy_operands(a, copy_of(a, k));
		}
	for (size_t i = 0; i < blocks.n; i++)
		add_incoming(a, blocks.item[i]);
	for (size_t i = 0; i < a->frames.n; i++)
		redirect(a->frames.item[i], a->middles.item[i], copy_of(a, a->middles.item[i]));
	hcc_list_free(&blocks);
}

/* ---- Nests -------------------------------------------------------------------------------------- */

#define NEST_MOST 1500 /* instructions */

/* A nest of loops that has no records but of polls. What comes from its inner loops after a frame goes to a
 * copy of all that is left of the outermost one's iteration, so that from the next on it is as it was. */
static bool find_nest(struct around *a)
{
	size_t n = 0;

	HCC_FOR_BLOCKS(b, a->function) {
		struct hcc_list from = { 0 };

		if (!is_in(&a->body, b))
			continue;
		HCC_FOR_INSTRUCTIONS(i, b)
			if (++n > NEST_MOST || (is_recorded(i) && strcmp(hcc_callee_name(i), "__hcc_poll")))
				return false;
		if (b == a->header)
			continue;
		find_predecessors(b, &from);
		for (size_t i = 0; i < from.n; i++)
			if (!is_in(a->all, from.item[i])) {
				hcc_list_add(&a->frames, from.item[i]);
				hcc_list_add(&a->middles, b);
			}
		hcc_list_free(&from);
	}
	for (size_t i = 0; i < a->middles.n; i++)
		reach(&a->peel, a->middles.item[i], a->header, &a->body);
	HCC_FOR_BLOCKS(b, a->function)
		if (is_in(&a->peel, b))
			hcc_list_add(&a->peeled, b);
	return a->peeled.n != 0;
}

/* Into an alloca, so that blocks can come from elsewhere. */
static void spill_phi(struct around *a, LLVMValueRef phi)
{
	LLVMBasicBlockRef block = LLVMGetInstructionParent(phi);
	struct hcc_map seen = { 0 };
	LLVMValueRef slot, load;

	LLVMPositionBuilderBefore(a->builder,
		LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(a->function)));
	slot = LLVMBuildAlloca(a->builder, LLVMTypeOf(phi), "");
	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
		LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);

		if (is_in(&seen, from))
			continue;
		hcc_map_set(&seen, from, 1);
		LLVMPositionBuilderBefore(a->builder, last_of(from));
		LLVMBuildStore(a->builder, LLVMGetIncomingValue(phi, i), slot);
	}
	load = load_before(a, hcc_first_non_phi(block), phi, slot);
	LLVMReplaceAllUsesWith(phi, load);
	LLVMInstructionEraseFromParent(phi);
	hcc_map_free(&seen);
}

static void peel_nest(struct around *a)
{
	for (size_t i = 0; i < a->middles.n; i++) {
		LLVMValueRef first;

		while (LLVMIsAPHINode((first = LLVMGetFirstInstruction(a->middles.item[i]))))
			spill_phi(a, first);
	}
	peel(a);
}

/* ---- All ---------------------------------------------------------------------------------------- */

static bool is_innermost(const struct around *a, const struct hcc_list *headers)
{
	for (size_t i = 0; i < headers->n; i++)
		if (headers->item[i] != a->header && is_in(&a->body, headers->item[i]))
			return false;
	return true;
}

static void free_around(struct around *a)
{
	hcc_map_free(&a->body);
	hcc_list_free(&a->back);
	hcc_list_free(&a->in);
	hcc_list_free(&a->frames);
	hcc_list_free(&a->middles);
	hcc_map_free(&a->peel);
	hcc_list_free(&a->peeled);
	hcc_map_free(&a->copied);
	hcc_list_free(&a->copies);
}

static void change_inner(struct around *a, const struct hcc_list *headers)
{
	if (is_innermost(a, headers) && find_frames(a) && find_peel(a))
		peel(a);
}

/* within: blocks of loops that have been looked at, which are the outer ones of all that follow. */
static void change_nest(struct around *a, const struct hcc_list *headers, struct hcc_map *within)
{
	if (is_in(within, a->header))
		return;
	HCC_FOR_BLOCKS(b, a->function)
		if (is_in(&a->body, b))
			hcc_map_set(within, b, 1);
	if (!is_innermost(a, headers) && find_nest(a))
		peel_nest(a);
}

void hcc_keep_natural(LLVMValueRef function)
{
	LLVMBasicBlockRef start = LLVMGetNextBasicBlock(LLVMGetEntryBasicBlock(function));
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(
		LLVMGetGlobalParent(function)));
	struct hcc_list headers = { 0 };
	struct hcc_map all = { 0 }, within = { 0 };

	reach(&all, start, NULL, NULL);
	find_headers(start, &all, &headers);
	for (size_t i = 0; i < 2 * headers.n; i++) {
		struct around a = { .builder = builder, .function = function, .start = start, .all = &all };

		if (find_loop(&a, headers.item[i % headers.n])) {
			if (i < headers.n)
				change_inner(&a, &headers);
			else
				change_nest(&a, &headers, &within);
		}
		free_around(&a);
	}
	hcc_list_free(&headers);
	hcc_map_free(&all);
	hcc_map_free(&within);
	LLVMDisposeBuilder(builder);
}
