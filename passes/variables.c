/* Tell the debugger where variables are that have moved to the portable stack. A declaration by an
 * alloca cannot name a place within another object, and code generation drops most of what it cannot
 * name; a value with an expression can.
 *
 *     llvm.dbg.declare(metadata ptr %a, metadata !x, metadata !DIExpression())
 *     -->
 *     llvm.dbg.value(metadata ptr %base, metadata !x,
 *                    metadata !DIExpression(DW_OP_plus_uconst, 24, DW_OP_deref))
 *
 * Works on the intrinsics: the C API cannot walk debug records. */
#include "ir.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <string.h>

enum { DW_OP_deref = 0x06, DW_OP_constu = 0x10, DW_OP_minus = 0x1c, DW_OP_plus_uconst = 0x23 };

/* What a declaration is about. Its first operand wraps a value, or an empty node where that is gone;
 * the C API calls the value the wrapper's only operand. */
static LLVMValueRef declared(LLVMValueRef declare)
{
	LLVMValueRef operand = LLVMGetOperand(declare, 0), value = NULL;

	if (LLVMGetMDNodeNumOperands(operand) == 1)
		LLVMGetMDNodeOperands(operand, &value);
	return value;
}

static void make_value(LLVMModuleRef module, LLVMDIBuilderRef builder, LLVMValueRef declare,
	LLVMValueRef base, int64_t offset)
{
	LLVMContextRef context = LLVMGetModuleContext(module);
	LLVMMetadataRef none = LLVMDIBuilderCreateExpression(builder, NULL, 0);
	uint64_t above[] = { DW_OP_plus_uconst, (uint64_t)offset, DW_OP_deref };
	uint64_t below[] = { DW_OP_constu, (uint64_t)-offset, DW_OP_minus, DW_OP_deref };
	unsigned id = LLVMLookupIntrinsicID("llvm.dbg.value", strlen("llvm.dbg.value"));

	/* An expression of its own cannot be read here: part of a variable, for instance. */
	if (LLVMValueAsMetadata(LLVMGetOperand(declare, 2)) != none)
		return;
	LLVMSetOperand(declare, 0, LLVMMetadataAsValue(context, LLVMValueAsMetadata(base)));
	LLVMSetOperand(declare, 2, LLVMMetadataAsValue(context,
		offset < 0
			? LLVMDIBuilderCreateExpression(builder, below, 4)
			: LLVMDIBuilderCreateExpression(builder, above, 3)));
	/* Both intrinsics take three operands; the callee follows them. */
	LLVMSetOperand(declare, 3, LLVMGetIntrinsicDeclaration(module, id, NULL, 0));
	/* A frame that is taken later: the variable has no place before. */
	if (LLVMGetInstructionParent(base) != LLVMGetEntryBasicBlock(LLVMGetBasicBlockParent(
			LLVMGetInstructionParent(base)))) {
		LLVMBuilderRef mover = LLVMCreateBuilderInContext(context);

		LLVMInstructionRemoveFromParent(declare);
		LLVMPositionBuilderBefore(mover, LLVMGetNextInstruction(base));
		LLVMInsertIntoBuilder(mover, declare);
		LLVMDisposeBuilder(mover);
	}
}

void hcc_move_variables(LLVMModuleRef module, LLVMValueRef function, const struct hcc_list *allocas,
	const uint64_t *offsets, int64_t base_off, LLVMValueRef base)
{
	LLVMDIBuilderRef builder = NULL;

	HCC_FOR_BLOCKS(b, function)
		for (LLVMValueRef i = LLVMGetFirstInstruction(b), next; i; i = next) {
			LLVMValueRef alloca;

			next = LLVMGetNextInstruction(i);
			if (!hcc_is_call(i) || strcmp(hcc_callee_name(i), "llvm.dbg.declare"))
				continue;
			alloca = declared(i);
			for (size_t k = 0; alloca && k < allocas->n; k++) {
				if (allocas->item[k] != alloca)
					continue;
				if (!builder)
					builder = LLVMCreateDIBuilderDisallowUnresolved(module);
				make_value(module, builder, i, base,
					(int64_t)offsets[k] - base_off);
				break;
			}
		}
	if (builder)
		LLVMDisposeDIBuilder(builder);
}
