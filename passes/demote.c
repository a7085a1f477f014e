/* What a record cannot name, or must not, is kept in portable memory instead: it becomes an alloca,
 * stored after its definition and loaded before each use.
 *
 *  - values of odd types live across a reaching call: aggregates, i128-like odd integers, half, mask
 *    vectors, vectors of other than 128 bits;
 *  - everything live across a setjmp, so that longjmp finds it on whatever machine it lands. */
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

	for (size_t i = 0; i < d->live->n_values; i++) {
		LLVMValueRef v = d->live->value[i];

		if (hcc_bit(set, i) && !is_static_alloca(v)
		    && (all || !hcc_value_type(LLVMTypeOf(v))))
			d->victims[i / 64] |= (uint64_t)1 << i % 64;
	}
}

struct phi_load {
	LLVMBasicBlockRef from;
	LLVMValueRef load;
};

/* A block that comes in several times must bring the same value each time. */
static void load_for_phi(struct demotion *d, LLVMValueRef phi, LLVMValueRef value,
	LLVMValueRef slot)
{
	unsigned n = LLVMCountIncoming(phi), n_loads = 0;
	struct phi_load *loads = hcc_alloc(n * sizeof *loads);

	for (unsigned i = 0; i < n; i++) {
		LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);
		unsigned k = 0;

		if (LLVMGetIncomingValue(phi, i) != value)
			continue;
		while (k < n_loads && loads[k].from != from)
			k++;
		if (k == n_loads) {
			LLVMPositionBuilderBefore(d->builder, LLVMGetBasicBlockTerminator(from));
			loads[n_loads++] = (struct phi_load){ from, LLVMBuildLoad2(d->builder,
				LLVMTypeOf(value), slot, "") };
		}
		LLVMSetOperand(phi, i, loads[k].load);
	}
	free(loads);
}

static void load_for(struct demotion *d, LLVMValueRef user, LLVMValueRef value, LLVMValueRef slot)
{
	LLVMValueRef load;

	LLVMPositionBuilderBefore(d->builder, user);
	LLVMSetCurrentDebugLocation2(d->builder, LLVMInstructionGetDebugLoc(user));
	load = LLVMBuildLoad2(d->builder, LLVMTypeOf(value), slot, "");
	for (int i = 0; i < LLVMGetNumOperands(user); i++)
		if (LLVMGetOperand(user, (unsigned)i) == value)
			LLVMSetOperand(user, (unsigned)i, load);
}

/* Where a value exists for the first time. */
static LLVMValueRef behind_definition(LLVMValueRef value, LLVMValueRef slot)
{
	if (!LLVMIsAInstruction(value))
		return LLVMGetNextInstruction(slot);
	if (LLVMGetInstructionOpcode(value) == LLVMPHI)
		return hcc_first_non_phi(LLVMGetInstructionParent(value));
	return LLVMGetNextInstruction(value);
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

static void demote(struct demotion *d, LLVMValueRef f, LLVMValueRef value)
{
	struct hcc_list users = { 0 };
	struct hcc_map seen = { 0 };
	LLVMValueRef slot;

	for (LLVMUseRef u = LLVMGetFirstUse(value); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);

		if (hcc_map_get(&seen, user) != HCC_ABSENT)
			continue;
		hcc_map_set(&seen, user, 1);
		hcc_list_add(&users, user);
	}
	LLVMSetCurrentDebugLocation2(d->builder, NULL);
	LLVMPositionBuilderBefore(d->builder,
		LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(f)));
	slot = LLVMBuildAlloca(d->builder, LLVMTypeOf(value), "");
	for (size_t i = 0; i < users.n; i++)
		if (LLVMGetInstructionOpcode(users.item[i]) == LLVMPHI)
			load_for_phi(d, users.item[i], value, slot);
		else
			load_for(d, users.item[i], value, slot);
	LLVMPositionBuilderBefore(d->builder, behind_definition(value, slot));
	LLVMBuildStore(d->builder, value, slot);
	hcc_map_free(&seen);
	hcc_list_free(&users);
}

void hcc_demote(struct hcc_unit *unit)
{
	struct demotion d = { unit, LLVMCreateBuilderInContext(unit->context), NULL, NULL };

	HCC_FOR_FUNCTIONS(f, unit->module) {
		struct hcc_liveness live;
		bool is_defined = false;

		if (!hcc_is_defined(f))
			continue;
		hcc_liveness_init(&live, f);
		d.live = &live;
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
