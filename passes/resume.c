/* Make f.resume for every function f with records: the body of f, entered at the continuation of a
 * recorded call with the live values of a neutral frame (struct hcc_frame). deopt.ll in the design
 * notes shows one in full.
 *
 *     define T @f.resume(ptr %frame)
 *       switch (%frame->site)                       one case per site:
 *     site:
 *       values = the slots of %frame
 *       %next = %frame + %frame->bytes              the next inner frame
 *       %r = call T @(%next->resume)(%next)         same record as the original call has
 *       br continuation
 *
 * Values that live into a continuation go through allocas, which mem2reg turns into phis. Blocks
 * that no continuation reaches are left to code generation's dead block elimination. */
#include "../runtime/hcc_format.h"
#include "ir.h"
#include "passes.h"

#include <inttypes.h>
#include <llvm-c/DebugInfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)
#define SLOT_BYTES 16

struct clone {
	struct hcc_unit *unit;
	LLVMBuilderRef builder;
	struct hcc_function *f;
	LLVMValueRef resume;
	LLVMBasicBlockRef entry;
	struct hcc_map slot;        /* original value -> index in slots, if kept in an alloca */
	struct hcc_list slots;
	struct hcc_map value;       /* original value -> index in values */
	struct hcc_list values;
	struct hcc_map site;        /* recorded call -> its number */
	struct hcc_map head, tail;  /* original block -> index of its first, last piece */
	struct hcc_list pieces;
	LLVMBasicBlockRef *continuation;  /* by site */
};

static void remember(struct hcc_map *map, struct hcc_list *list, void *key, void *item)
{
	hcc_map_set(map, key, list->n);
	hcc_list_add(list, item);
}

static void *recall(const struct hcc_map *map, const struct hcc_list *list, const void *key)
{
	size_t i = hcc_map_get(map, key);

	return i == HCC_ABSENT ? NULL : list->item[i];
}

static void add_slot(struct clone *c, LLVMValueRef value)
{
	if (hcc_map_get(&c->slot, value) != HCC_ABSENT)
		return;
	LLVMPositionBuilderAtEnd(c->builder, c->entry);
	remember(&c->slot, &c->slots, value,
		LLVMBuildAlloca(c->builder, LLVMTypeOf(value), ""));
}

/* Everything that lives into a continuation, the results of the calls with it. */
static void add_slots(struct clone *c)
{
	for (uint32_t s = 0; s < c->f->n_sites; s++) {
		struct hcc_site *site = &c->f->sites[s];

		hcc_map_set(&c->site, site->call, s);
		for (uint32_t i = 0; i < site->n_values; i++)
			add_slot(c, site->values[i]);
		if (LLVMGetFirstUse(site->call))
			add_slot(c, site->call);
	}
}

/* The clone's value for an operand of the original, loaded at the builder's position if in a slot. */
static LLVMValueRef translate(struct clone *c, LLVMValueRef operand)
{
	LLVMValueRef known = recall(&c->slot, &c->slots, operand);

	if (known)
		return LLVMBuildLoad2(c->builder, LLVMTypeOf(operand), known, "");
	if (LLVMIsAArgument(operand))
		return LLVMGetPoison(LLVMTypeOf(operand));  /* only dead blocks use it */
	known = recall(&c->value, &c->values, operand);
	return known ? known : operand;
}

static LLVMValueRef copy_instruction(struct clone *c, LLVMValueRef original)
{
	LLVMValueRef copy;

	if (LLVMGetInstructionOpcode(original) == LLVMPHI)
		return LLVMBuildPhi(c->builder, LLVMTypeOf(original), "");
	copy = LLVMInstructionClone(original);
	LLVMInsertIntoBuilder(c->builder, copy);
	LLVMInstructionSetDebugLoc(copy, NULL);
	return copy;
}

/* Copy a block; operands still name the original's values. */
static void copy_block(struct clone *c, LLVMBasicBlockRef b)
{
	LLVMBasicBlockRef at = recall(&c->head, &c->pieces, b);
	struct hcc_list phi_results = { 0 };

	LLVMPositionBuilderAtEnd(c->builder, at);
	HCC_FOR_INSTRUCTIONS(i, b) {
		if (hcc_is_call(i) && !strncmp(hcc_callee_name(i), "llvm.dbg.", 9))
			continue;
		LLVMValueRef copy = copy_instruction(c, i);
		LLVMValueRef slot = recall(&c->slot, &c->slots, i);
		size_t site = hcc_map_get(&c->site, i);

		remember(&c->value, &c->values, i, copy);
		if (LLVMGetInstructionOpcode(i) == LLVMPHI) {
			if (slot)
				hcc_list_add(&phi_results, i);
			if (LLVMGetInstructionOpcode(LLVMGetNextInstruction(i)) == LLVMPHI)
				continue;
			for (size_t k = 0; k < phi_results.n; k++)
				LLVMBuildStore(c->builder,
					recall(&c->value, &c->values, phi_results.item[k]),
					recall(&c->slot, &c->slots, phi_results.item[k]));
		} else if (slot) {
			LLVMBuildStore(c->builder, copy, slot);
		}
		if (site != HCC_ABSENT) {
			LLVMBasicBlockRef rest = LLVMInsertBasicBlockInContext(c->unit->context, at,
				"");

			LLVMMoveBasicBlockAfter(rest, at);
			LLVMBuildBr(c->builder, rest);
			LLVMPositionBuilderAtEnd(c->builder, rest);
			c->continuation[site] = rest;
			at = rest;
		}
	}
	remember(&c->tail, &c->pieces, b, at);
	hcc_list_free(&phi_results);
}

static void fill_phi(struct clone *c, LLVMValueRef original, LLVMValueRef copy)
{
	unsigned n = LLVMCountIncoming(original);
	LLVMValueRef *seen_value = hcc_alloc(n * sizeof *seen_value);

	for (unsigned i = 0; i < n; i++) {
		LLVMBasicBlockRef pred = LLVMGetIncomingBlock(original, i), from;
		LLVMValueRef value = NULL;

		/* The same block twice must bring the same value, not two loads of it. */
		for (unsigned k = 0; k < i && !value; k++)
			if (LLVMGetIncomingBlock(original, k) == pred)
				value = seen_value[k];
		from = recall(&c->tail, &c->pieces, pred);
		if (!value) {
			LLVMPositionBuilderBefore(c->builder, LLVMGetBasicBlockTerminator(from));
			value = translate(c, LLVMGetIncomingValue(original, i));
		}
		seen_value[i] = value;
		LLVMAddIncoming(copy, &value, &from, 1);
	}
	free(seen_value);
}

static void fill_operands(struct clone *c, LLVMValueRef original, LLVMValueRef copy)
{
	int n = LLVMGetNumOperands(original);

	LLVMPositionBuilderBefore(c->builder, copy);
	for (int i = 0; i < n; i++) {
		LLVMValueRef operand = LLVMGetOperand(original, (unsigned)i);

		if (LLVMValueIsBasicBlock(operand))
			operand = LLVMBasicBlockAsValue(
				recall(&c->head, &c->pieces, LLVMValueAsBasicBlock(operand)));
		else if (LLVMIsAInstruction(operand) || LLVMIsAArgument(operand))
			operand = translate(c, operand);
		else
			continue;
		LLVMSetOperand(copy, (unsigned)i, operand);
	}
}

static void copy_body(struct clone *c)
{
	HCC_FOR_BLOCKS(b, c->f->function)
		remember(&c->head, &c->pieces, b,
			LLVMAppendBasicBlockInContext(c->unit->context, c->resume, ""));
	HCC_FOR_BLOCKS(b, c->f->function)
		copy_block(c, b);
	HCC_FOR_BLOCKS(b, c->f->function)
		HCC_FOR_INSTRUCTIONS(i, b) {
			LLVMValueRef copy = recall(&c->value, &c->values, i);

			if (!copy)
				continue;
			if (LLVMGetInstructionOpcode(i) == LLVMPHI)
				fill_phi(c, i, copy);
			else
				fill_operands(c, i, copy);
		}
}

static LLVMValueRef frame_field(struct clone *c, LLVMValueRef frame, size_t offset, LLVMTypeRef type)
{
	LLVMValueRef at = hcc_build_offset(c->builder, c->unit->module, frame, (int64_t)offset, "");

	return LLVMBuildLoad2(c->builder, type, at, "");
}

/* Small integers lie zero-extended in their slots. */
static LLVMValueRef load_value(struct clone *c, LLVMValueRef frame, uint32_t i, LLVMTypeRef type)
{
	size_t offset = sizeof(struct hcc_frame) + (size_t)i * SLOT_BYTES;
	bool small = LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) < 64;
	LLVMValueRef value = frame_field(c, frame, offset,
		small ? hcc_int_type(c->unit->module, 64) : type);

	return small ? LLVMBuildTrunc(c->builder, value, type, "") : value;
}

static void resume_at(struct clone *c, uint32_t s, LLVMValueRef jump)
{
	struct hcc_site *site = &c->f->sites[s];
	LLVMModuleRef module = c->unit->module;
	LLVMTypeRef ptr = hcc_ptr_type(module), i64 = hcc_int_type(module, 64);
	LLVMTypeRef result = LLVMTypeOf(site->call), type = LLVMFunctionType(result, &ptr, 1, 0);
	LLVMValueRef frame = LLVMGetParam(c->resume, 0), next, inner, call;
	LLVMValueRef *values = hcc_alloc((site->n_values + 1) * sizeof *values);
	LLVMBasicBlockRef block = LLVMAppendBasicBlockInContext(c->unit->context, c->resume, "");
	LLVMOperandBundleRef bundle;

	LLVMAddCase(jump, LLVMConstInt(i64, s, 0), block);
	LLVMPositionBuilderAtEnd(c->builder, block);
	for (uint32_t i = 0; i < site->n_values; i++) {
		values[i] = load_value(c, frame, i, LLVMTypeOf(site->values[i]));
		LLVMBuildStore(c->builder, values[i],
			recall(&c->slot, &c->slots, site->values[i]));
	}
	next = frame_field(c, frame, offsetof(struct hcc_frame, bytes), i64);
	next = LLVMBuildGEP2(c->builder, hcc_int_type(module, 8), frame, &next, 1, "");
	inner = frame_field(c, next, offsetof(struct hcc_frame, resume), ptr);
	for (uint32_t i = 0; i < site->n_values; i++)
		values[i] = hcc_record_operand(c->builder, values[i]);
	bundle = LLVMCreateOperandBundle("deopt", strlen("deopt"), values, site->n_values);
	call = LLVMBuildCallWithOperandBundles(c->builder, type, inner, &next, 1, &bundle, 1, "");
	LLVMDisposeOperandBundle(bundle);
	hcc_copy_call_attributes(call, LLVMAttributeReturnIndex, site->call,
		LLVMAttributeReturnIndex);
	LLVMAddCallSiteAttribute(call, FUNCTION_INDEX, LLVMGetCallSiteStringAttribute(site->call,
		FUNCTION_INDEX, "statepoint-id", strlen("statepoint-id")));
	if (recall(&c->slot, &c->slots, site->call))
		LLVMBuildStore(c->builder, call, recall(&c->slot, &c->slots, site->call));
	LLVMBuildBr(c->builder, c->continuation[s]);
	free(values);
}

static void dispatch(struct clone *c)
{
	LLVMTypeRef i64 = hcc_int_type(c->unit->module, 64);
	LLVMBasicBlockRef nowhere = LLVMAppendBasicBlockInContext(c->unit->context, c->resume, "");
	LLVMValueRef jump, frame = LLVMGetParam(c->resume, 0);

	LLVMPositionBuilderAtEnd(c->builder, c->entry);
	jump = LLVMBuildSwitch(c->builder,
		frame_field(c, frame, offsetof(struct hcc_frame, site), i64), nowhere,
		c->f->n_sites);
	LLVMPositionBuilderAtEnd(c->builder, nowhere);
	LLVMBuildUnreachable(c->builder);
	for (uint32_t s = 0; s < c->f->n_sites; s++)
		resume_at(c, s, jump);
}

static LLVMValueRef declare_resume(struct hcc_unit *unit, LLVMValueRef f)
{
	LLVMTypeRef ptr = hcc_ptr_type(unit->module);
	LLVMTypeRef type = LLVMFunctionType(LLVMGetReturnType(LLVMGlobalGetValueType(f)), &ptr, 1, 0);
	size_t length;
	const char *name = LLVMGetValueName2(f, &length);
	char *resume_name = hcc_alloc(length + sizeof ".resume");
	LLVMValueRef resume;

	sprintf(resume_name, "%s.resume", name[0] == '\1' ? name + 1 : name);
	resume = LLVMAddFunction(unit->module, resume_name, type);
	free(resume_name);
	LLVMSetLinkage(resume, LLVMInternalLinkage);
	LLVMSetSection(resume, HCC_RESUME_SECTION);
	LLVMSetGC(resume, "statepoint-example");
	hcc_add_attribute(resume, "uwtable", 2);
	hcc_copy_attributes(resume, FUNCTION_INDEX, f, FUNCTION_INDEX);
	hcc_copy_attributes(resume, LLVMAttributeReturnIndex, f, LLVMAttributeReturnIndex);
	hcc_drop_attribute(resume, FUNCTION_INDEX, "memory");
	hcc_drop_attribute(resume, FUNCTION_INDEX, "alwaysinline");
	hcc_drop_attribute(resume, FUNCTION_INDEX, "inlinehint");
	hcc_drop_attribute(resume, FUNCTION_INDEX, "allocsize");
	hcc_drop_attribute(resume, FUNCTION_INDEX, "allockind");
	return resume;
}

static void make_resume(struct hcc_unit *unit, struct hcc_function *f, LLVMBuilderRef builder)
{
	struct clone c = { .unit = unit, .builder = builder, .f = f };

	c.resume = f->resume = declare_resume(unit, f->function);
	c.entry = LLVMAppendBasicBlockInContext(unit->context, c.resume, "entry");
	c.continuation = hcc_alloc(f->n_sites * sizeof *c.continuation);
	LLVMSetCurrentDebugLocation2(builder, NULL);
	add_slots(&c);
	copy_body(&c);
	dispatch(&c);
	hcc_keep_natural(c.resume);
	free(c.continuation);
	hcc_map_free(&c.slot);
	hcc_map_free(&c.value);
	hcc_map_free(&c.site);
	hcc_map_free(&c.head);
	hcc_map_free(&c.tail);
	hcc_list_free(&c.slots);
	hcc_list_free(&c.values);
	hcc_list_free(&c.pieces);
}

int hcc_make_resume(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);
	char *message;

	for (size_t i = 0; i < unit->n_functions; i++)
		if (unit->functions[i].n_sites)
			make_resume(unit, &unit->functions[i], builder);
	LLVMDisposeBuilder(builder);
	message = hcc_run_passes(unit->module, "function(mem2reg)", unit->machine);
	if (!message)
		return 0;
	hcc_unit_fail(unit, "%s", message);
	free(message);
	return -1;
}
