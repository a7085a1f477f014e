/* Lanes of vectors by a number that is not constant go through memory of the portable frame.
 *
 *     %e = extractelement <8 x i16> %v, i32 %i
 *       -->  store <8 x i16> %v, %slot; %e = load i16, %slot[%i & 7]
 *
 * Code generation would do the same in the native frame, and takes a place there that a record has of the
 * vector: its address in a form that only loads and stores know (LLVM 19: a target frame index, out of which
 * aarch64 makes an operand of orr, and ends by a division by zero). */
#include "ir.h"
#include "passes.h"

#include <string.h>

struct lane {
	LLVMBuilderRef builder;
	LLVMModuleRef module;
	LLVMTypeRef element, cell; /* as a value, in memory */
	LLVMValueRef slot;
	unsigned n;                /* cells, a power of two */
};

/* In memory lanes of odd widths are packed. */
static LLVMTypeRef cell_type(LLVMModuleRef module, LLVMTypeRef element)
{
	unsigned bits;

	if (LLVMGetTypeKind(element) != LLVMIntegerTypeKind)
		return element;
	bits = LLVMGetIntTypeWidth(element);
	return bits >= 8 && !(bits & (bits - 1)) ? element : hcc_int_type(module, bits < 8 ? 8 :
		bits < 16 ? 16 : bits < 32 ? 32 : bits < 64 ? 64 : 128);
}

static LLVMTypeRef cells_type(const struct lane *l, LLVMTypeRef vector)
{
	return LLVMVectorType(l->cell, LLVMGetVectorSize(vector));
}

static void lane_init(struct lane *l, LLVMValueRef function, LLVMTypeRef vector)
{
	unsigned size = LLVMGetVectorSize(vector);

	l->module = LLVMGetGlobalParent(function);
	l->element = LLVMGetElementType(vector);
	l->cell = cell_type(l->module, l->element);
	for (l->n = 1; l->n < size;)
		l->n *= 2;
	LLVMPositionBuilderBefore(l->builder,
		LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)));
	l->slot = LLVMBuildAlloca(l->builder, LLVMArrayType2(l->cell, l->n), "hcc.lanes");
	LLVMSetAlignment(l->slot, 16);
}

static void store_all(const struct lane *l, LLVMValueRef vector)
{
	if (l->cell != l->element)
		vector = LLVMBuildZExt(l->builder, vector, cells_type(l, LLVMTypeOf(vector)), "");
	LLVMSetAlignment(LLVMBuildStore(l->builder, vector, l->slot), 16);
}

/* What is out of range has no value, but must not reach beyond. */
static LLVMValueRef cell_at(const struct lane *l, LLVMValueRef number)
{
	LLVMTypeRef type = LLVMTypeOf(number);

	number = LLVMBuildAnd(l->builder, LLVMBuildFreeze(l->builder, number, ""),
		LLVMConstInt(type, l->n - 1, 0), "");
	number = LLVMBuildZExtOrBitCast(l->builder, number,
		LLVMGetIntTypeWidth(type) < 64 ? hcc_int_type(l->module, 64) : type, "");
	return LLVMBuildGEP2(l->builder, l->cell, l->slot, &number, 1, "");
}

static void take_out(const struct lane *l, LLVMValueRef i)
{
	LLVMValueRef value;

	LLVMPositionBuilderBefore(l->builder, i);
	store_all(l, LLVMGetOperand(i, 0));
	value = LLVMBuildLoad2(l->builder, l->cell, cell_at(l, LLVMGetOperand(i, 1)), "");
	if (l->cell != l->element)
		value = LLVMBuildTrunc(l->builder, value, l->element, "");
	LLVMReplaceAllUsesWith(i, value);
}

static void put_in(const struct lane *l, LLVMValueRef i)
{
	LLVMValueRef value = LLVMGetOperand(i, 1);

	LLVMPositionBuilderBefore(l->builder, i);
	store_all(l, LLVMGetOperand(i, 0));
	if (l->cell != l->element)
		value = LLVMBuildZExt(l->builder, value, l->cell, "");
	LLVMBuildStore(l->builder, value, cell_at(l, LLVMGetOperand(i, 2)));
	value = LLVMBuildLoad2(l->builder, cells_type(l, LLVMTypeOf(i)), l->slot, "");
	LLVMSetAlignment(value, 16);
	if (l->cell != l->element)
		value = LLVMBuildTrunc(l->builder, value, LLVMTypeOf(i), "");
	LLVMReplaceAllUsesWith(i, value);
}

static void lower(LLVMBuilderRef builder, LLVMValueRef function, LLVMValueRef i)
{
	struct lane l = { .builder = builder };
	bool is_put = LLVMGetInstructionOpcode(i) == LLVMInsertElement;

	lane_init(&l, function, LLVMTypeOf(LLVMGetOperand(i, 0)));
	(is_put ? put_in : take_out)(&l, i);
	LLVMInstructionEraseFromParent(i);
}

void hcc_lower_lanes(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);

	HCC_FOR_FUNCTIONS(f, unit->module) {
		struct hcc_list found = { 0 };

		if (hcc_is_kept_out(f))
			continue;
		HCC_FOR_BLOCKS(b, f)
			HCC_FOR_INSTRUCTIONS(i, b) {
				LLVMOpcode opcode = LLVMGetInstructionOpcode(i);

				if ((opcode == LLVMExtractElement
				     && !LLVMIsAConstantInt(LLVMGetOperand(i, 1)))
				    || (opcode == LLVMInsertElement
					&& !LLVMIsAConstantInt(LLVMGetOperand(i, 2))))
					hcc_list_add(&found, i);
			}
		for (size_t k = 0; k < found.n; k++)
			lower(builder, f, found.item[k]);
		hcc_list_free(&found);
	}
	LLVMDisposeBuilder(builder);
}
