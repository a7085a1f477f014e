/* Keep loops natural in resume clones. A clone is entered behind the poll of a loop's header, which is in
 * the middle of the loop: a loop with two entries is none for code generation, which then leaves in it what it
 * would have taken out. So the way round gets a header, a poll and a cold block of its own, and what was there
 * becomes the way in, by which a frame enters as well:
 *
 *     header:                              header:                         again:
 *       %i = phi [.., in], [.., round]       %i.in = phi [.., in]            %i.again = phi [.., round]
 *       callbr to %rest or %cold      -->    callbr to %before or %cold      callbr to %after or %cold.again
 *     cold:                                cold:                           cold.again:
 *       call @__hcc_poll() ; a frame         call @__hcc_poll()              call @__hcc_poll()
 *       br %rest           ; enters here     br %before                      br %after
 *     rest:                                before:                         after:
 *       body                                 br %rest                        br %rest
 *
 * Both calls have the same record: a call site may have several return addresses. The loop's header is
 * %rest now, what comes before it %before, and its only way round %after. A loop around it still has the frame's
 * entry; it is the inner ones that count. Needs a clone whose values go through allocas (before mem2reg), as
 * phis of the header do afterwards. */
#include "ir.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>

struct loop {
	LLVMBuilderRef builder;
	LLVMValueRef function;
	LLVMBasicBlockRef header, rest;
	struct hcc_list chain;      /* from the cold block to the one that goes to rest */
	struct hcc_list back, in;   /* blocks that go to the header: from inside the loop, from outside */
	struct hcc_map copied;      /* value or block of the header or the chain -> index in copies */
	struct hcc_list copies;
};

/* ---- What it is --------------------------------------------------------------------------------- */

static LLVMValueRef last_of(LLVMBasicBlockRef block)
{
	return LLVMGetBasicBlockTerminator(block);
}

/* All that can be reached from a block, but through another. */
static void reach(struct hcc_map *seen, LLVMBasicBlockRef from, LLVMBasicBlockRef without)
{
	struct hcc_list left = { 0 };

	hcc_map_set(seen, from, 1);
	hcc_list_add(&left, from);
	while (left.n) {
		LLVMValueRef last = last_of(left.item[--left.n]);

		for (unsigned i = 0; i < LLVMGetNumSuccessors(last); i++) {
			LLVMBasicBlockRef to = LLVMGetSuccessor(last, i);

			if (to == without || hcc_map_get(seen, to) != HCC_ABSENT)
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

static bool is_in_chain(const struct loop *l, LLVMBasicBlockRef block)
{
	for (size_t i = 0; i < l->chain.n; i++)
		if (l->chain.item[i] == block)
			return true;
	return false;
}

/* The blocks of the cold way to rest, whose values nobody else uses. */
static bool find_chain(struct loop *l, LLVMBasicBlockRef cold)
{
	for (LLVMBasicBlockRef b = cold; b != l->rest; b = LLVMGetSuccessor(last_of(b), 0)) {
		if (LLVMGetInstructionOpcode(last_of(b)) != LLVMBr
		    || LLVMGetNumSuccessors(last_of(b)) != 1 || b == l->header
		    || is_in_chain(l, b) || LLVMIsAPHINode(LLVMGetFirstInstruction(b)))
			return false;
		hcc_list_add(&l->chain, b);
	}
	for (size_t k = 0; k < l->chain.n; k++)
		HCC_FOR_INSTRUCTIONS(i, (LLVMBasicBlockRef)l->chain.item[k])
			for (LLVMUseRef u = LLVMGetFirstUse(i); u; u = LLVMGetNextUse(u))
				if (!is_in_chain(l, LLVMGetInstructionParent(LLVMGetUser(u))))
					return false;
	return l->chain.n != 0;
}

/* Phis, their stores, and the poll. */
static bool is_header(LLVMBasicBlockRef block)
{
	LLVMValueRef i = hcc_first_non_phi(block);

	if (LLVMGetInstructionOpcode(last_of(block)) != LLVMCallBr)
		return false;
	while (LLVMGetInstructionOpcode(i) == LLVMStore)
		i = LLVMGetNextInstruction(i);
	return i == last_of(block);
}

/* Whether there is such a loop. start: where the function is entered if not by a frame. */
static bool find_loop(struct loop *l, LLVMBasicBlockRef block, LLVMBasicBlockRef start,
	const struct hcc_map *all)
{
	struct hcc_list to_rest = { 0 }, to_header = { 0 };
	struct hcc_map around = { 0 };
	bool is_one;

	if (!is_header(block))
		return false;
	l->header = block;
	l->rest = LLVMGetSuccessor(last_of(block), 0);
	if (LLVMIsAPHINode(LLVMGetFirstInstruction(l->rest))
	    || !find_chain(l, LLVMGetSuccessor(last_of(block), 1)))
		return false;
	find_predecessors(l->rest, &to_rest);
	find_predecessors(block, &to_header);
	if (block != start)
		reach(&around, start, block);
	for (size_t i = 0; i < to_header.n; i++)
		hcc_list_add(hcc_map_get(all, to_header.item[i]) != HCC_ABSENT
			&& hcc_map_get(&around, to_header.item[i]) == HCC_ABSENT ? &l->back : &l->in,
			to_header.item[i]);
	is_one = to_rest.n == 2 && l->back.n && l->in.n;
	hcc_list_free(&to_rest);
	hcc_list_free(&to_header);
	hcc_map_free(&around);
	return is_one;
}

/* ---- The header's values through memory --------------------------------------------------------- */

static void load_for_phi(struct loop *l, LLVMValueRef phi, LLVMValueRef value, LLVMValueRef slot)
{
	struct hcc_map seen = { 0 };
	struct hcc_list loads = { 0 };

	/* A block that comes in several times must bring the same value each time. */
	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
		LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);

		if (LLVMGetIncomingValue(phi, i) != value)
			continue;
		if (hcc_map_get(&seen, from) == HCC_ABSENT) {
			LLVMPositionBuilderBefore(l->builder, last_of(from));
			hcc_map_set(&seen, from, loads.n);
			hcc_list_add(&loads, LLVMBuildLoad2(l->builder, LLVMTypeOf(value), slot, ""));
		}
		LLVMSetOperand(phi, i, loads.item[hcc_map_get(&seen, from)]);
	}
	hcc_map_free(&seen);
	hcc_list_free(&loads);
}

static void load_for(struct loop *l, LLVMValueRef user, LLVMValueRef value, LLVMValueRef slot)
{
	LLVMValueRef load;

	LLVMPositionBuilderBefore(l->builder, user);
	load = LLVMBuildLoad2(l->builder, LLVMTypeOf(value), slot, "");
	for (int i = 0; i < LLVMGetNumOperands(user); i++)
		if (LLVMGetOperand(user, (unsigned)i) == value)
			LLVMSetOperand(user, (unsigned)i, load);
}

/* Whoever uses a phi of the header takes it out of an alloca. */
static void spill(struct loop *l, LLVMValueRef phi)
{
	struct hcc_list users = { 0 };
	struct hcc_map seen = { 0 };
	LLVMValueRef slot;

	for (LLVMUseRef u = LLVMGetFirstUse(phi); u; u = LLVMGetNextUse(u))
		if (hcc_map_get(&seen, LLVMGetUser(u)) == HCC_ABSENT) {
			hcc_map_set(&seen, LLVMGetUser(u), 1);
			hcc_list_add(&users, LLVMGetUser(u));
		}
	LLVMPositionBuilderBefore(l->builder,
		LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(l->function)));
	slot = LLVMBuildAlloca(l->builder, LLVMTypeOf(phi), "");
	for (size_t i = 0; i < users.n; i++)
		if (LLVMIsAPHINode(users.item[i]))
			load_for_phi(l, users.item[i], phi, slot);
		else
			load_for(l, users.item[i], phi, slot);
	LLVMPositionBuilderBefore(l->builder, hcc_first_non_phi(l->header));
	LLVMBuildStore(l->builder, phi, slot);
	hcc_map_free(&seen);
	hcc_list_free(&users);
}

/* ---- The way round ------------------------------------------------------------------------------ */

static bool is_from(const struct hcc_list *blocks, LLVMBasicBlockRef from)
{
	for (size_t i = 0; i < blocks->n; i++)
		if (blocks->item[i] == from)
			return true;
	return false;
}

static void remember(struct loop *l, void *original, void *copy)
{
	hcc_map_set(&l->copied, original, l->copies.n);
	hcc_list_add(&l->copies, copy);
}

static void *copy_of(const struct loop *l, const void *original)
{
	size_t i = hcc_map_get(&l->copied, original);

	return i == HCC_ABSENT ? NULL : l->copies.item[i];
}

/* A phi with what comes from these blocks, before another. */
static LLVMValueRef part_of_phi(struct loop *l, LLVMValueRef phi, const struct hcc_list *blocks)
{
	LLVMValueRef part = LLVMBuildPhi(l->builder, LLVMTypeOf(phi), "");

	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
		LLVMValueRef value = LLVMGetIncomingValue(phi, i);
		LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);

		if (is_from(blocks, from))
			LLVMAddIncoming(part, &value, &from, 1);
	}
	return part;
}

static void copy_block(struct loop *l, LLVMBasicBlockRef block)
{
	LLVMBasicBlockRef to = copy_of(l, block);

	HCC_FOR_INSTRUCTIONS(i, block) {
		LLVMValueRef copy;

		LLVMPositionBuilderAtEnd(l->builder, to);
		if (LLVMIsAPHINode(i)) {
			remember(l, i, part_of_phi(l, i, &l->back));
			continue;
		}
		copy = LLVMInstructionClone(i);
		LLVMInsertIntoBuilder(l->builder, copy);
		LLVMInstructionSetDebugLoc(copy, NULL);
		remember(l, i, copy);
		for (int k = 0; k < LLVMGetNumOperands(copy); k++) {
			LLVMValueRef known = copy_of(l, LLVMGetOperand(copy, (unsigned)k));

			if (known && !LLVMValueIsBasicBlock(LLVMGetOperand(copy, (unsigned)k)))
				LLVMSetOperand(copy, (unsigned)k, known);
		}
		for (unsigned k = 0; LLVMIsATerminatorInst(copy) && k < LLVMGetNumSuccessors(copy); k++) {
			LLVMBasicBlockRef target = copy_of(l, LLVMGetSuccessor(copy, k));

			if (target)
				LLVMSetSuccessor(copy, k, target);
		}
	}
}

static void redirect(LLVMBasicBlockRef block, LLVMBasicBlockRef from, LLVMBasicBlockRef to)
{
	LLVMValueRef last = last_of(block);

	for (unsigned i = 0; i < LLVMGetNumSuccessors(last); i++)
		if (LLVMGetSuccessor(last, i) == from)
			LLVMSetSuccessor(last, i, to);
}

static LLVMBasicBlockRef add_block(struct loop *l)
{
	return LLVMAppendBasicBlockInContext(LLVMGetModuleContext(LLVMGetGlobalParent(l->function)),
		l->function, "");
}

/* A block that goes to rest and does nothing else. */
static LLVMBasicBlockRef add_way(struct loop *l)
{
	LLVMBasicBlockRef block = add_block(l);

	LLVMPositionBuilderAtEnd(l->builder, block);
	LLVMBuildBr(l->builder, l->rest);
	return block;
}

/* The header keeps what comes from outside. */
static void keep_way_in(struct loop *l)
{
	LLVMValueRef i = LLVMGetFirstInstruction(l->header);

	while (LLVMIsAPHINode(i)) {
		LLVMValueRef phi = i, part;

		i = LLVMGetNextInstruction(i);
		LLVMPositionBuilderBefore(l->builder, phi);
		part = part_of_phi(l, phi, &l->in);
		LLVMReplaceAllUsesWith(phi, part);
		LLVMInstructionEraseFromParent(phi);
	}
}

static void split(struct loop *l)
{
	LLVMBasicBlockRef before, after;

	for (LLVMValueRef i = LLVMGetFirstInstruction(l->header); LLVMIsAPHINode(i);
	     i = LLVMGetNextInstruction(i))
		spill(l, i);
	before = add_way(l);
	after = add_way(l);
	remember(l, l->header, add_block(l));
	for (size_t i = 0; i < l->chain.n; i++)
		remember(l, l->chain.item[i], add_block(l));
	remember(l, l->rest, after);
	copy_block(l, l->header);
	for (size_t i = 0; i < l->chain.n; i++)
		copy_block(l, l->chain.item[i]);
	redirect(l->header, l->rest, before);
	redirect(l->chain.item[l->chain.n - 1], l->rest, before);
	for (size_t i = 0; i < l->back.n; i++)
		redirect(l->back.item[i], l->header, copy_of(l, l->header));
	keep_way_in(l);
}

void hcc_keep_natural(LLVMValueRef function)
{
	LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(function));
	LLVMBasicBlockRef start = LLVMGetNextBasicBlock(LLVMGetEntryBasicBlock(function));
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
	struct hcc_list blocks = { 0 };
	struct hcc_map all = { 0 };

	HCC_FOR_BLOCKS(b, function)
		hcc_list_add(&blocks, b);
	reach(&all, start, NULL);
	for (size_t i = 0; i < blocks.n; i++) {
		struct loop l = { .builder = builder, .function = function };

		if (find_loop(&l, blocks.item[i], start, &all))
			split(&l);
		hcc_list_free(&l.chain);
		hcc_list_free(&l.back);
		hcc_list_free(&l.in);
		hcc_map_free(&l.copied);
		hcc_list_free(&l.copies);
	}
	hcc_list_free(&blocks);
	hcc_map_free(&all);
	LLVMDisposeBuilder(builder);
}
