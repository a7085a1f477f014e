/* Delete blocks that a branch on a constant leaves out. The optimiser does so, but not in functions that
 * it must not touch (-O0, optnone), and code generation does it on some ISAs only: a call there would
 * have a record on one ISA and none on another.
 *
 *     br i1 true, label %a, label %b      -->  br label %a
 */
#include "ir.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>

/* The only block that a terminator can go to, or NULL when there are several or none. */
static LLVMBasicBlockRef only_successor(LLVMValueRef terminator)
{
	LLVMValueRef condition;
	unsigned n = LLVMGetNumSuccessors(terminator);

	switch (LLVMGetInstructionOpcode(terminator)) {
	case LLVMBr:
		if (n < 2)
			return NULL;
		condition = LLVMGetCondition(terminator);
		if (!LLVMIsAConstantInt(condition))
			return NULL;
		return LLVMGetSuccessor(terminator, LLVMConstIntGetZExtValue(condition) ? 0 : 1);
	case LLVMSwitch:
		condition = LLVMGetOperand(terminator, 0);
		if (!LLVMIsAConstantInt(condition))
			return NULL;
		/* Integer constants are unique; operands are the condition, the default, then pairs. */
		for (unsigned i = 1; i < n; i++)
			if (LLVMGetOperand(terminator, 2 * i) == condition)
				return LLVMGetSuccessor(terminator, i);
		return LLVMGetSuccessor(terminator, 0);
	default:
		return NULL;
	}
}

static void reach(struct hcc_map *reached, struct hcc_list *list, LLVMBasicBlockRef block)
{
	if (hcc_map_get(reached, block) != HCC_ABSENT)
		return;
	hcc_map_set(reached, block, list->n);
	hcc_list_add(list, block);
}

static bool goes_to(LLVMBasicBlockRef from, LLVMBasicBlockRef to)
{
	LLVMValueRef terminator = LLVMGetBasicBlockTerminator(from);
	unsigned n = LLVMGetNumSuccessors(terminator);

	for (unsigned i = 0; i < n; i++)
		if (LLVMGetSuccessor(terminator, i) == to)
			return true;
	return false;
}

/* A branch may have gone to one block by several edges; then one is left. */
static void mend_phi(LLVMBuilderRef builder, LLVMValueRef phi, const struct hcc_map *reached)
{
	LLVMBasicBlockRef block = LLVMGetInstructionParent(phi);
	struct hcc_map edges = { 0 };
	unsigned n = LLVMCountIncoming(phi);
	LLVMValueRef fresh;

	LLVMPositionBuilderBefore(builder, phi);
	fresh = LLVMBuildPhi(builder, LLVMTypeOf(phi), "");
	for (unsigned i = 0; i < n; i++) {
		LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);
		LLVMValueRef value = LLVMGetIncomingValue(phi, i);
		LLVMValueRef terminator = LLVMGetBasicBlockTerminator(from);
		size_t edge = hcc_map_get(&edges, from);

		if (hcc_map_get(reached, from) == HCC_ABSENT || !goes_to(from, block))
			continue;
		if (edge != HCC_ABSENT && LLVMGetNumSuccessors(terminator) == 1)
			continue;
		hcc_map_set(&edges, from, 1);
		LLVMAddIncoming(fresh, &value, &from, 1);
	}
	hcc_map_free(&edges);
	LLVMReplaceAllUsesWith(phi, fresh);
	LLVMInstructionEraseFromParent(phi);
}

/* Nothing refers to a dead block's values or goes to one any more. (Instructions stay: a debug record
 * needs one that it stands at.) */
static void cut(LLVMBuilderRef builder, LLVMBasicBlockRef block)
{
	LLVMValueRef terminator = LLVMGetBasicBlockTerminator(block);

	for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
		if (LLVMGetFirstUse(i))
			LLVMReplaceAllUsesWith(i, LLVMGetPoison(LLVMTypeOf(i)));
	LLVMPositionBuilderBefore(builder, terminator);
	LLVMBuildUnreachable(builder);
	LLVMInstructionEraseFromParent(terminator);
}

void hcc_delete_dead(LLVMBuilderRef builder, LLVMValueRef f)
{
	struct hcc_map reached = { 0 };
	struct hcc_list list = { 0 }, dead = { 0 };
	bool changed = false;

	reach(&reached, &list, LLVMGetEntryBasicBlock(f));
	for (size_t k = 0; k < list.n; k++) {
		LLVMValueRef terminator = LLVMGetBasicBlockTerminator(list.item[k]);
		LLVMBasicBlockRef only = only_successor(terminator);

		if (only) {
			LLVMPositionBuilderBefore(builder, terminator);
			LLVMSetCurrentDebugLocation2(builder,
				LLVMInstructionGetDebugLoc(terminator));
			LLVMBuildBr(builder, only);
			LLVMInstructionEraseFromParent(terminator);
			terminator = LLVMGetBasicBlockTerminator(list.item[k]);
			changed = true;
		}
		for (unsigned i = 0; i < LLVMGetNumSuccessors(terminator); i++)
			reach(&reached, &list, LLVMGetSuccessor(terminator, i));
	}
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
		if (hcc_map_get(&reached, b) == HCC_ABSENT)
			hcc_list_add(&dead, b);
	for (size_t k = 0; k < list.n && (changed || dead.n); k++) {
		LLVMValueRef next, i = LLVMGetFirstInstruction(list.item[k]);

		for (; i && LLVMGetInstructionOpcode(i) == LLVMPHI; i = next) {
			next = LLVMGetNextInstruction(i);
			mend_phi(builder, i, &reached);
		}
	}
	LLVMSetCurrentDebugLocation2(builder, NULL);
	for (size_t k = 0; k < dead.n; k++)
		cut(builder, dead.item[k]);
	for (size_t k = 0; k < dead.n; k++)
		LLVMDeleteBasicBlock(dead.item[k]);
	hcc_list_free(&dead);
	hcc_list_free(&list);
	hcc_map_free(&reached);
}

void hcc_delete_dead_blocks(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);

	for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f))
		if (LLVMCountBasicBlocks(f))
			hcc_delete_dead(builder, f);
	LLVMDisposeBuilder(builder);
}
