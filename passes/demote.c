/* What a record cannot name, or must not, is kept in portable memory instead: it becomes an alloca,
 * stored after its definition and loaded before each use.
 *
 *  - values of odd types live across a reaching call: i128-like odd integers, half, mask vectors, vectors
 *    of other than 128 bits;
 *  - everything live across a setjmp, so that longjmp finds it on whatever machine it lands.
 *
 * Aggregates, in which the ABI passes and returns small structs, become their elements:
 *
 *     define void @f([2 x i64] %s)              define void @f([2 x i64] %s)
 *                                                 %s0 = extractvalue %s, 0
 *                                                 %s1 = extractvalue %s, 1
 *     call @g()                            -->    call @g()
 *                                                 %t = insertvalue poison, %s0, 0
 *                                                 %u = insertvalue %t, %s1, 1
 *     call @h([2 x i64] %s)                       call @h([2 x i64] %u)
 */
#include "../runtime/hcc_format.h"
#include "ir.h"
#include "liveness.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

struct demotion {
	struct hcc_unit *unit;
	LLVMBuilderRef builder;
	const struct hcc_liveness *live;
	uint64_t *victims;
	bool has_setjmp;
};

static bool is_static_alloca(LLVMValueRef value)
{
	return LLVMIsAAllocaInst(value) && LLVMIsAConstantInt(LLVMGetOperand(value, 0))
		&& LLVMGetInstructionParent(value) == LLVMGetEntryBasicBlock(
			LLVMGetBasicBlockParent(LLVMGetInstructionParent(value)));
}

static void choose(void *user, LLVMValueRef call, const uint64_t *set)
{
	struct demotion *d = user;
	bool all = hcc_call_is_setjmp(call);

	d->has_setjmp |= all;
	for (size_t i = 0; i < d->live->n_values; i++) {
		LLVMValueRef v = d->live->value[i];

		if (hcc_bit(set, i) && !is_static_alloca(v)
		    && (all || !hcc_value_type(LLVMTypeOf(v))))
			d->victims[i / 64] |= (uint64_t)1 << i % 64;
	}
}

/* What stands for a value: its slot; or, of an aggregate that is split, its elements. */
struct stand_in {
	LLVMTypeRef type;
	LLVMValueRef slot;
	LLVMValueRef *elements;
	unsigned n_elements;
};

/* At the builder's place. */
static LLVMValueRef make_again(struct demotion *d, const struct stand_in *by)
{
	LLVMValueRef whole = by->slot ? LLVMBuildLoad2(d->builder, by->type, by->slot, "") :
					LLVMGetPoison(by->type);

	for (unsigned i = 0; i < by->n_elements; i++)
		whole = LLVMBuildInsertValue(d->builder, whole, by->elements[i], i, "");
	return whole;
}

struct made {
	LLVMBasicBlockRef from;
	LLVMValueRef value;
};

/* A block that comes in several times must bring the same value each time. */
static void make_for_phi(struct demotion *d, LLVMValueRef phi, LLVMValueRef value,
	const struct stand_in *by)
{
	unsigned n = LLVMCountIncoming(phi), n_made = 0;
	struct made *made = hcc_alloc(n * sizeof *made);

	for (unsigned i = 0; i < n; i++) {
		LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);
		unsigned k = 0;

		if (LLVMGetIncomingValue(phi, i) != value)
			continue;
		while (k < n_made && made[k].from != from)
			k++;
		if (k == n_made) {
			LLVMPositionBuilderBefore(d->builder, LLVMGetBasicBlockTerminator(from));
			made[n_made++] = (struct made){ from, make_again(d, by) };
		}
		LLVMSetOperand(phi, i, made[k].value);
	}
	free(made);
}

static void make_for(struct demotion *d, LLVMValueRef user, LLVMValueRef value,
	const struct stand_in *by)
{
	LLVMValueRef again;

	if (by->n_elements && LLVMIsAExtractValueInst(user)) {
		LLVMReplaceAllUsesWith(user, by->elements[*LLVMGetIndices(user)]);
		LLVMInstructionEraseFromParent(user);
		return;
	}
	LLVMPositionBuilderBefore(d->builder, user);
	LLVMSetCurrentDebugLocation2(d->builder, LLVMInstructionGetDebugLoc(user));
	again = make_again(d, by);
	for (int i = 0; i < LLVMGetNumOperands(user); i++)
		if (LLVMGetOperand(user, (unsigned)i) == value)
			LLVMSetOperand(user, (unsigned)i, again);
}

/* Where a value exists for the first time. */
static LLVMValueRef behind_definition(LLVMValueRef f, LLVMValueRef value)
{
	LLVMValueRef next = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(f));

	if (LLVMIsAInstruction(value))
		return LLVMGetInstructionOpcode(value) == LLVMPHI ?
			hcc_first_non_phi(LLVMGetInstructionParent(value)) :
			LLVMGetNextInstruction(value);
	while (LLVMIsAAllocaInst(next))
		next = LLVMGetNextInstruction(next);
	return next;
}

/* What is stored where nothing is defined is what happens to be in a register: an address of the native
 * stack, perhaps, and something else on each ISA. */
static void define(LLVMValueRef phi)
{
	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
		if (LLVMIsUndef(LLVMGetIncomingValue(phi, i)))
			LLVMSetOperand(phi, i, LLVMConstNull(LLVMTypeOf(phi)));
}

/* Also of phis that others are made of. */
static void define_all(LLVMValueRef f)
{
	HCC_FOR_BLOCKS(b, f)
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i && LLVMIsAPHINode(i);
		     i = LLVMGetNextInstruction(i))
			define(i);
}

static LLVMTypeRef element_type(LLVMTypeRef type, unsigned i)
{
	return LLVMGetTypeKind(type) == LLVMArrayTypeKind ? LLVMGetElementType(type) :
							   LLVMStructGetTypeAtIndex(type, i);
}

/* The elements of an aggregate, if records can name each; 0: it is none. */
static unsigned count_elements(LLVMTypeRef type)
{
	unsigned n;

	if (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
		n = (unsigned)LLVMGetArrayLength2(type);
	else if (LLVMGetTypeKind(type) == LLVMStructTypeKind)
		n = LLVMCountStructElementTypes(type);
	else
		return 0;
	for (unsigned i = 0; i < n; i++)
		if (!hcc_value_type(element_type(type, i)))
			return 0;
	return n;
}

/* At the builder's place; what was inserted need not be taken out. */
static LLVMValueRef build_element(struct demotion *d, LLVMValueRef whole, unsigned i)
{
	for (; LLVMIsAInsertValueInst(whole); whole = LLVMGetOperand(whole, 0))
		if (*LLVMGetIndices(whole) == i)
			return LLVMGetOperand(whole, 1);
	return LLVMBuildExtractValue(d->builder, whole, i, "");
}

static void demote(struct demotion *d, LLVMValueRef f, LLVMValueRef value)
{
	struct stand_in by = { .type = LLVMTypeOf(value) };
	struct hcc_list users = { 0 };
	struct hcc_map seen = { 0 };

	for (LLVMUseRef u = LLVMGetFirstUse(value); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);

		if (hcc_map_get(&seen, user) != HCC_ABSENT)
			continue;
		hcc_map_set(&seen, user, 1);
		hcc_list_add(&users, user);
	}
	LLVMSetCurrentDebugLocation2(d->builder, NULL);
	if (!d->has_setjmp)
		by.n_elements = count_elements(by.type);
	by.elements = hcc_alloc(by.n_elements * sizeof *by.elements);
	if (by.n_elements) {
		LLVMPositionBuilderBefore(d->builder, behind_definition(f, value));
		for (unsigned i = 0; i < by.n_elements; i++)
			by.elements[i] = build_element(d, value, i);
	} else {
		LLVMPositionBuilderBefore(d->builder,
			LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(f)));
		by.slot = LLVMBuildAlloca(d->builder, by.type, "");
	}
	for (size_t i = 0; i < users.n; i++)
		if (LLVMGetInstructionOpcode(users.item[i]) == LLVMPHI)
			make_for_phi(d, users.item[i], value, &by);
		else
			make_for(d, users.item[i], value, &by);
	if (by.slot) {
		LLVMPositionBuilderBefore(d->builder, behind_definition(f, value));
		LLVMBuildStore(d->builder, value, by.slot);
	}
	free(by.elements);
	hcc_map_free(&seen);
	hcc_list_free(&users);
}

void hcc_demote(struct hcc_unit *unit)
{
	struct demotion d = { unit, LLVMCreateBuilderInContext(unit->context), NULL, NULL, false };

	HCC_FOR_FUNCTIONS(f, unit->module) {
		struct hcc_liveness live;
		bool is_defined = false;

		if (!hcc_is_defined(f))
			continue;
		hcc_liveness_init(&live, f);
		d.live = &live;
		d.has_setjmp = false;
		d.victims = hcc_alloc(live.n_words * sizeof *d.victims);
		hcc_liveness_visit(&live, f, choose, &d);
		for (size_t i = 0; i < live.n_values; i++) {
			if (!hcc_bit(d.victims, i))
				continue;
			if (!is_defined)
				define_all(f);
			is_defined = true;
			demote(&d, f, live.value[i]);
		}
		free(d.victims);
		hcc_liveness_free(&live);
	}
	LLVMDisposeBuilder(d.builder);
}
