/* setjmp and its kin become calls of the runtime's own, which also takes the names that stay valid
 * on another machine: base of the portable frame, function, call site. hcc_record fills them in.
 *
 *     call i32 @sigsetjmp(%buf, %save)  -->  call void @__hcc_sigsave(%buf, %save)
 *                                            call i32 @__hcc_setjmp(%buf, null, null, 0)
 */
#include "ir.h"
#include "passes.h"

#include <string.h>

#define SETJMP "__hcc_setjmp"

static bool is_source_setjmp(const char *name)
{
	return !strcmp(name, "setjmp") || !strcmp(name, "_setjmp");
}

static bool is_source_sigsetjmp(const char *name)
{
	return !strcmp(name, "sigsetjmp") || !strcmp(name, "__sigsetjmp");
}

bool hcc_call_is_setjmp(LLVMValueRef call)
{
	return hcc_is_call(call) && !strcmp(hcc_callee_name(call), SETJMP);
}

static void lower_call(struct hcc_unit *unit, LLVMValueRef call, LLVMBuilderRef builder)
{
	LLVMModuleRef module = unit->module;
	LLVMTypeRef ptr = hcc_ptr_type(module), i32 = hcc_int_type(module, 32);
	LLVMTypeRef save_params[] = { ptr, i32 }, params[] = { ptr, ptr, ptr, i32 };
	LLVMTypeRef save_type = LLVMFunctionType(LLVMVoidTypeInContext(unit->context),
		save_params, 2, 0);
	LLVMTypeRef type = LLVMFunctionType(i32, params, 4, 0);
	LLVMValueRef buffer = LLVMGetOperand(call, 0), null = LLVMConstNull(ptr), fresh;
	LLVMValueRef args[] = { buffer, null, null, hcc_const_int(module, 32, 0) };

	LLVMPositionBuilderBefore(builder, call);
	if (is_source_sigsetjmp(hcc_callee_name(call))) {
		LLVMValueRef save_args[] = { buffer, LLVMGetOperand(call, 1) };

		LLVMBuildCall2(builder, save_type,
			hcc_declare(module, "__hcc_sigsave", save_type), save_args, 2, "");
	}
	fresh = hcc_rebuild_call(builder, call, type, hcc_declare(module, SETJMP, type), args, 4,
		0, NULL);
	hcc_add_call_attribute(fresh, "returns_twice", 0);
	LLVMReplaceAllUsesWith(call, fresh);
	LLVMInstructionEraseFromParent(call);
}

void hcc_lower_setjmp(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);
	LLVMValueRef next;

	HCC_FOR_FUNCTIONS(f, unit->module)
		HCC_FOR_BLOCKS(b, f)
			for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = next) {
				const char *name = hcc_is_call(i) ? hcc_callee_name(i) : "";

				next = LLVMGetNextInstruction(i);
				if (is_source_setjmp(name) || is_source_sigsetjmp(name))
					lower_call(unit, i, builder);
			}
	LLVMDisposeBuilder(builder);
}
