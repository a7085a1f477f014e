/* What is left of a target's calling convention in portable IR, and the intrinsics that would look
 * at the native stack:
 *
 *     sret parameters           -->  plain pointers (aarch64 passes sret in x8, x86-64 returns it)
 *     llvm.frameaddress(0)      -->  the portable stack pointer; other levels: null
 *     llvm.returnaddress        -->  null: an address that differs between ISAs
 *     llvm.eh/gc/stackprotector -->  not made by the C front end as hcc calls it
 *     thread-local globals      -->  local-exec, the only model of a static executable
 *     common globals            -->  weak, as a common symbol has no section
 */
#include "ir.h"
#include "passes.h"

#include <string.h>

static void plain_parameters(LLVMValueRef f)
{
	for (unsigned i = 1; i <= LLVMCountParams(f); i++) {
		hcc_drop_attribute(f, i, "sret");
		hcc_drop_attribute(f, i, "returned");
		hcc_drop_attribute(f, i, "inreg");
	}
}

static void plain_arguments(LLVMValueRef call)
{
	for (unsigned i = 1; i <= LLVMGetNumArgOperands(call); i++) {
		hcc_drop_call_attribute(call, i, "sret");
		hcc_drop_call_attribute(call, i, "returned");
		hcc_drop_call_attribute(call, i, "inreg");
	}
}

static void lower_intrinsic(struct hcc_unit *unit, LLVMValueRef call, LLVMBuilderRef builder)
{
	const char *name = hcc_callee_name(call);
	LLVMTypeRef ptr = hcc_ptr_type(unit->module);
	LLVMValueRef value;

	if (!strncmp(name, "llvm.frameaddress", 17)
	    && LLVMConstIntGetZExtValue(LLVMGetOperand(call, 0)) == 0) {
		/* hcc_portable_stack answers stacksave with its pointer. */
		LLVMTypeRef type = LLVMFunctionType(ptr, NULL, 0, 0);

		LLVMPositionBuilderBefore(builder, call);
		value = LLVMBuildCall2(builder, type,
			hcc_declare(unit->module, "llvm.stacksave.p0", type), NULL, 0, "");
	} else if (!strncmp(name, "llvm.frameaddress", 17)
	    || !strncmp(name, "llvm.returnaddress", 18)) {
		value = LLVMConstNull(ptr);
	} else {
		return;
	}
	LLVMReplaceAllUsesWith(call, value);
	LLVMInstructionEraseFromParent(call);
}

static void lower_function(struct hcc_unit *unit, LLVMValueRef f, LLVMBuilderRef builder)
{
	LLVMValueRef next;

	plain_parameters(f);
	HCC_FOR_BLOCKS(b, f)
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = next) {
			next = LLVMGetNextInstruction(i);
			if (!hcc_is_call(i))
				continue;
			if (hcc_is_intrinsic_call(i))
				lower_intrinsic(unit, i, builder);
			else
				plain_arguments(i);
		}
}

void hcc_lower_abi(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);

	HCC_FOR_FUNCTIONS(f, unit->module)
		lower_function(unit, f, builder);
	for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g)) {
		if (LLVMIsThreadLocal(g))
			LLVMSetThreadLocalMode(g, LLVMLocalExecTLSModel);
		if (LLVMGetLinkage(g) == LLVMCommonLinkage)
			LLVMSetLinkage(g, LLVMWeakAnyLinkage);
	}
	LLVMDisposeBuilder(builder);
}
