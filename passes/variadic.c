/* Variadic calls pass their variadic arguments in a buffer of 8-byte slots, laid out as the neutral
 * ABI's va_arg reads them (RISC-V psABI, "Integer calling convention": 2*XLEN-aligned types in an
 * aligned pair of slots); `va_list` is a pointer into it, and a hidden last parameter carries it:
 *
 *     call i32 (ptr, ...) @printf(ptr %f, i32 %i, fp128 %q)
 *       -->  store i32 %i, [buf + 0]; store fp128 %q, [buf + 16]; call i32 (ptr, ptr) @printf(%f, buf)
 *     define i32 @f(i32 %n, ...)  -->  define i32 @f(i32 %n, ptr %va)
 *     va_start(%ap)               -->  store ptr %va, ptr %ap
 *
 * The buffer is an alloca, so the portable stack holds it. A hidden parameter and not a thread-local
 * as the first design had it: nothing is torn when a signal handler prints between call and entry,
 * and a caller whose prototype lacks the ellipsis passes garbage that nobody reads, as natively.
 */
#include "ir.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

/* A function such as syscall(3) reads slots that its caller did not pass; some memory must be there. */
#define NO_VARIADIC_BYTES 64

struct variadic {
	struct hcc_unit *unit;
	LLVMBuilderRef builder;
	LLVMTargetDataRef layout;
	LLVMValueRef nothing;  /* constant buffer of calls without variadic arguments */
};

static unsigned slot_align_bytes(struct variadic *v, LLVMTypeRef type)
{
	return LLVMABIAlignmentOfType(v->layout, type) > 8 ? 16 : 8;
}

static uint64_t slot_bytes(struct variadic *v, LLVMTypeRef type)
{
	return (LLVMABISizeOfType(v->layout, type) + 7) & ~(uint64_t)7;
}

static LLVMTypeRef with_hidden_parameter(struct hcc_unit *unit, LLVMTypeRef type)
{
	unsigned n = LLVMCountParamTypes(type);
	LLVMTypeRef *params = hcc_alloc((n + 1) * sizeof *params), fixed;

	LLVMGetParamTypes(type, params);
	params[n] = hcc_ptr_type(unit->module);
	fixed = LLVMFunctionType(LLVMGetReturnType(type), params, n + 1, 0);
	free(params);
	return fixed;
}

static LLVMValueRef no_arguments(struct variadic *v)
{
	if (!v->nothing) {
		LLVMTypeRef type = LLVMArrayType2(hcc_int_type(v->unit->module, 8), NO_VARIADIC_BYTES);

		v->nothing = LLVMAddGlobal(v->unit->module, type, "hcc.novariadic");
		LLVMSetInitializer(v->nothing, LLVMConstNull(type));
		LLVMSetGlobalConstant(v->nothing, 1);
		LLVMSetLinkage(v->nothing, LLVMPrivateLinkage);
		LLVMSetAlignment(v->nothing, 16);
	}
	return v->nothing;
}

/* Bytes of the buffer that the variadic arguments of a call need. */
static uint64_t buffer_bytes(struct variadic *v, LLVMValueRef call, unsigned n_fixed)
{
	uint64_t at = 0;

	for (unsigned i = n_fixed; i < LLVMGetNumArgOperands(call); i++) {
		LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(call, i));
		uint64_t align = slot_align_bytes(v, type);

		at = ((at + align - 1) & -align) + slot_bytes(v, type);
	}
	return at;
}

/* The ABI leaves the upper half of an int's slot undefined; programs end lists with a plain 0. */
static LLVMValueRef widen(struct variadic *v, LLVMValueRef value)
{
	LLVMTypeRef type = LLVMTypeOf(value), i64 = hcc_int_type(v->unit->module, 64);

	if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) >= 64)
		return value;
	return LLVMBuildSExt(v->builder, value, i64, "");
}

static void mark(struct variadic *v, const char *name, LLVMValueRef buffer, uint64_t bytes,
	LLVMValueRef before)
{
	LLVMModuleRef module = v->unit->module;
	LLVMTypeRef params[] = { hcc_int_type(module, 64), hcc_ptr_type(module) };
	LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(v->unit->context), params, 2, 0);
	LLVMValueRef args[] = { LLVMConstInt(params[0], bytes, 0), buffer };

	LLVMPositionBuilderBefore(v->builder, before);
	LLVMBuildCall2(v->builder, type, hcc_declare(module, name, type), args, 2, "");
}

/* The buffer of a call, which lives from its first argument to the return. */
static LLVMValueRef make_buffer(struct variadic *v, LLVMValueRef call, uint64_t bytes)
{
	LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(LLVMGetBasicBlockParent(
		LLVMGetInstructionParent(call)));
	LLVMValueRef buffer;

	LLVMPositionBuilderBefore(v->builder, LLVMGetFirstInstruction(entry));
	LLVMSetCurrentDebugLocation2(v->builder, NULL);
	buffer = LLVMBuildAlloca(v->builder,
		LLVMArrayType2(hcc_int_type(v->unit->module, 64), bytes / 8), HCC_VARIADIC_BUFFER);
	LLVMSetAlignment(buffer, 16);
	mark(v, "llvm.lifetime.start.p0", buffer, bytes, call);
	mark(v, "llvm.lifetime.end.p0", buffer, bytes, LLVMGetNextInstruction(call));
	return buffer;
}

static void lower_call(struct variadic *v, LLVMValueRef call, LLVMValueRef buffer)
{
	LLVMModuleRef module = v->unit->module;
	LLVMTypeRef type = LLVMGetCalledFunctionType(call);
	unsigned n_fixed = LLVMCountParamTypes(type), n = LLVMGetNumArgOperands(call);
	LLVMValueRef *args = hcc_alloc((n_fixed + 1) * sizeof *args), fresh;
	uint64_t at = 0;

	for (unsigned i = 0; i < n_fixed; i++)
		args[i] = LLVMGetOperand(call, i);
	LLVMPositionBuilderBefore(v->builder, call);
	LLVMSetCurrentDebugLocation2(v->builder, LLVMInstructionGetDebugLoc(call));
	for (unsigned i = n_fixed; i < n; i++) {
		LLVMValueRef value = LLVMGetOperand(call, i);
		uint64_t align = slot_align_bytes(v, LLVMTypeOf(value));

		at = (at + align - 1) & -align;
		value = widen(v, value);
		LLVMValueRef to = hcc_build_offset(v->builder, module, buffer, (int64_t)at, "");
		LLVMSetAlignment(LLVMBuildStore(v->builder, value, to), 8);
		at += slot_bytes(v, LLVMTypeOf(value));
	}
	args[n_fixed] = buffer;
	fresh = hcc_rebuild_call(v->builder, call, with_hidden_parameter(v->unit, type),
		LLVMGetCalledValue(call), args, n_fixed + 1, n_fixed, NULL);
	hcc_drop_call_attribute(fresh, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, "memory");
	/* Or a later pass takes printf("%s\n", buffer) for what it knows, and makes it puts(buffer). */
	hcc_add_call_attribute(fresh, "nobuiltin", 0);
	LLVMReplaceAllUsesWith(call, fresh);
	LLVMInstructionEraseFromParent(call);
	free(args);
}

static void lower_calls(struct variadic *v, LLVMValueRef f)
{
	struct hcc_list calls = { 0 };

	HCC_FOR_BLOCKS(b, f)
		HCC_FOR_INSTRUCTIONS(i, b)
			if (hcc_is_call(i) && LLVMIsFunctionVarArg(LLVMGetCalledFunctionType(i))
			    && !hcc_is_intrinsic_call(i) && !hcc_is_asm_call(i))
				hcc_list_add(&calls, i);
	for (size_t i = 0; i < calls.n; i++) {
		unsigned n = LLVMCountParamTypes(LLVMGetCalledFunctionType(calls.item[i]));
		uint64_t bytes = buffer_bytes(v, calls.item[i], n);

		lower_call(v, calls.item[i], bytes ? make_buffer(v, calls.item[i], bytes) : no_arguments(v));
	}
	hcc_list_free(&calls);
}

/* `va` is the hidden parameter; NULL where the function is not variadic. */
static int lower_va_intrinsics(struct variadic *v, LLVMValueRef f, LLVMValueRef va)
{
	LLVMTypeRef ptr = hcc_ptr_type(v->unit->module);
	LLVMValueRef next;

	HCC_FOR_BLOCKS(b, f)
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = next) {
			const char *name = hcc_is_call(i) ? hcc_callee_name(i) : "";

			next = LLVMGetNextInstruction(i);
			LLVMPositionBuilderBefore(v->builder, i);
			if (!strncmp(name, "llvm.va_start", 13)) {
				if (!va)
					return hcc_unit_fail(v->unit,
						"'va_start' in a function of fixed arguments");
				LLVMBuildStore(v->builder, va, LLVMGetOperand(i, 0));
			} else if (!strncmp(name, "llvm.va_copy", 12)) {
				LLVMValueRef list = LLVMBuildLoad2(v->builder, ptr,
					LLVMGetOperand(i, 1), "");

				LLVMBuildStore(v->builder, list, LLVMGetOperand(i, 0));
			} else if (strncmp(name, "llvm.va_end", 11)) {
				continue;
			}
			LLVMInstructionEraseFromParent(i);
		}
	return 0;
}

/* The same function with the hidden parameter, in its place. */
static LLVMValueRef rebuild_function(struct variadic *v, LLVMValueRef f)
{
	LLVMTypeRef type = LLVMGlobalGetValueType(f);
	unsigned n = LLVMCountParamTypes(type);
	size_t length;
	char *name = strdup(LLVMGetValueName2(f, &length));
	LLVMValueRef fresh;
	LLVMBasicBlockRef b;

	LLVMSetValueName2(f, "", 0);
	fresh = LLVMAddFunction(v->unit->module, name, with_hidden_parameter(v->unit, type));
	free(name);
	LLVMSetLinkage(fresh, LLVMGetLinkage(f));
	LLVMSetVisibility(fresh, LLVMGetVisibility(f));
	LLVMSetUnnamedAddress(fresh, LLVMGetUnnamedAddress(f));
	LLVMSetFunctionCallConv(fresh, LLVMGetFunctionCallConv(f));
	LLVMSetAlignment(fresh, LLVMGetAlignment(f));
	if (LLVMGetSection(f))
		LLVMSetSection(fresh, LLVMGetSection(f));
	hcc_copy_attributes(fresh, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, f,
		(LLVMAttributeIndex)LLVMAttributeFunctionIndex);
	hcc_copy_attributes(fresh, LLVMAttributeReturnIndex, f, LLVMAttributeReturnIndex);
	hcc_drop_attribute(fresh, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, "memory");
	if (LLVMGetSubprogram(f)) {
		LLVMMetadataRef subprogram = LLVMGetSubprogram(f);

		LLVMSetSubprogram(f, NULL);
		LLVMSetSubprogram(fresh, subprogram);
	}
	for (unsigned i = 0; i < n; i++) {
		LLVMValueRef from = LLVMGetParam(f, i), to = LLVMGetParam(fresh, i);

		hcc_copy_attributes(fresh, i + 1, f, i + 1);
		LLVMReplaceAllUsesWith(from, to);
		name = strdup(LLVMGetValueName2(from, &length));
		LLVMSetValueName2(from, "", 0);
		LLVMSetValueName2(to, name, length);
		free(name);
	}
	/* MoveBasicBlockBefore does not work between functions, After does. */
	LLVMBasicBlockRef anchor = LLVMAppendBasicBlockInContext(v->unit->context, fresh, "");
	LLVMBasicBlockRef last = anchor;
	while ((b = LLVMGetFirstBasicBlock(f))) {
		LLVMMoveBasicBlockAfter(b, last);
		last = b;
	}
	LLVMDeleteBasicBlock(anchor);
	LLVMReplaceAllUsesWith(f, fresh);
	LLVMDeleteFunction(f);
	return fresh;
}

int hcc_lower_variadic(struct hcc_unit *unit)
{
	struct variadic v = {
		.unit = unit,
		.builder = LLVMCreateBuilderInContext(unit->context),
		.layout = LLVMGetModuleDataLayout(unit->module),
	};
	struct hcc_list functions = { 0 };
	int status = 0;
	bool any = false;

	HCC_FOR_FUNCTIONS(f, unit->module)
		if (!LLVMIsDeclaration(f))
			hcc_list_add(&functions, f);
	for (size_t i = 0; i < functions.n && !status; i++) {
		LLVMValueRef f = functions.item[i], va = NULL;

		lower_calls(&v, f);
		if (LLVMIsFunctionVarArg(LLVMGlobalGetValueType(f))) {
			f = rebuild_function(&v, f);
			va = LLVMGetLastParam(f);
			any = true;
		}
		status = lower_va_intrinsics(&v, f, va);
	}
	hcc_list_free(&functions);
	LLVMDisposeBuilder(v.builder);
	/* The lists themselves are ordinary locals now. */
	if (!status && any && unit->opt_level != '0') {
		char *message = hcc_run_passes(unit->module,
			"function(sroa,instcombine<no-verify-fixpoint>,simplifycfg)", unit->machine);

		if (message) {
			status = hcc_unit_fail(unit, "%s", message);
			free(message);
		}
	}
	return status;
}
