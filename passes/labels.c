/* Label addresses differ between ISAs and between a function and its resume clone, so a label
 * becomes a small number, which may be stored anywhere:
 *
 *     blockaddress(@f, %b)             -->  inttoptr (i64 2 to ptr)
 *     indirectbr ptr %p, [%a, %b]      -->  switch i64 ptrtoint(%p) [1: %a, 2: %b]
 *
 * Numbers count from 1 within each function, in block order: the null pointer stays apart. */
#include "ir.h"
#include "passes.h"

static void lower_indirectbr(struct hcc_unit *unit, LLVMValueRef branch,
	const struct hcc_map *numbers, LLVMBuilderRef builder)
{
	LLVMBasicBlockRef block = LLVMGetInstructionParent(branch);
	LLVMBasicBlockRef nowhere = LLVMAppendBasicBlockInContext(unit->context,
		LLVMGetBasicBlockParent(block), "hcc.nolabel");
	unsigned n = LLVMGetNumSuccessors(branch);
	LLVMTypeRef i64 = hcc_int_type(unit->module, 64);
	struct hcc_map seen = { 0 };

	LLVMPositionBuilderBefore(builder, branch);
	LLVMValueRef number = LLVMBuildPtrToInt(builder, LLVMGetOperand(branch, 0), i64, "");
	LLVMValueRef jump = LLVMBuildSwitch(builder, number, nowhere, n);
	for (unsigned i = 0; i < n; i++) {
		LLVMBasicBlockRef to = LLVMGetSuccessor(branch, i);
		size_t k = hcc_map_get(numbers, to);

		/* A destination whose address nobody took, or that is listed again, cannot be
		 * reached by this edge, but its phis count it: a number that no label has. */
		if (k == HCC_ABSENT || hcc_map_get(&seen, to) != HCC_ABSENT)
			k = (1u << 31) + i;
		hcc_map_set(&seen, to, 1);
		LLVMAddCase(jump, LLVMConstInt(i64, k, 0), to);
	}
	hcc_map_free(&seen);
	LLVMInstructionEraseFromParent(branch);
	LLVMPositionBuilderAtEnd(builder, nowhere);
	LLVMBuildUnreachable(builder);
}

static void lower_function(struct hcc_unit *unit, LLVMValueRef f, LLVMBuilderRef builder)
{
	struct hcc_list addresses = { 0 }, branches = { 0 };
	struct hcc_map numbers = { 0 };
	size_t n = 0;

	for (LLVMUseRef u = LLVMGetFirstUse(f); u; u = LLVMGetNextUse(u))
		if (LLVMIsABlockAddress(LLVMGetUser(u)))
			hcc_list_add(&addresses, LLVMGetUser(u));
	for (size_t i = 0; i < addresses.n; i++)
		hcc_map_set(&numbers, LLVMGetBlockAddressBasicBlock(addresses.item[i]), 0);
	HCC_FOR_BLOCKS(b, f) {
		LLVMValueRef last = LLVMGetBasicBlockTerminator(b);

		if (hcc_map_get(&numbers, b) != HCC_ABSENT)
			hcc_map_set(&numbers, b, ++n);
		if (last && LLVMGetInstructionOpcode(last) == LLVMIndirectBr)
			hcc_list_add(&branches, last);
	}
	for (size_t i = 0; i < addresses.n; i++) {
		LLVMBasicBlockRef b = LLVMGetBlockAddressBasicBlock(addresses.item[i]);
		LLVMValueRef number = hcc_const_int(unit->module, 64, hcc_map_get(&numbers, b));

		LLVMReplaceAllUsesWith(addresses.item[i],
			LLVMConstIntToPtr(number, hcc_ptr_type(unit->module)));
	}
	for (size_t i = 0; i < branches.n; i++)
		lower_indirectbr(unit, branches.item[i], &numbers, builder);
	hcc_map_free(&numbers);
	hcc_list_free(&addresses);
	hcc_list_free(&branches);
}

int hcc_lower_labels(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);

	HCC_FOR_FUNCTIONS(f, unit->module)
		if (!LLVMIsDeclaration(f))
			lower_function(unit, f, builder);
	LLVMDisposeBuilder(builder);
	return 0;
}
