/* How a resume clone is entered: it looks which site its frame is of, loads the frame's values into their
 * slots, and goes to the call.
 *
 *     %value = the frame's, of places where most sites have the same
 *     switch (%frame->site)
 *   site:
 *     load the rest; store all; br call
 */
#include "../runtime/hcc_format.h"
#include "resume.h"

#include <stdlib.h>
#include <string.h>

#define FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)
#define SLOT_BYTES 16

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

/* In place of a poll. */
static void call_inner(struct clone *c, uint32_t s, LLVMValueRef next)
{
	struct hcc_site *site = &c->f->sites[s];
	LLVMTypeRef ptr = hcc_ptr_type(c->unit->module);
	LLVMTypeRef type = LLVMFunctionType(LLVMTypeOf(site->call), &ptr, 1, 0);
	LLVMValueRef *values = hcc_alloc((site->n_values + 1) * sizeof *values), call;
	LLVMOperandBundleRef bundle;

	for (uint32_t i = 0; i < site->n_values; i++)
		values[i] = hcc_record_operand(c->builder, hcc_clone_value(c, site->values[i]));
	bundle = LLVMCreateOperandBundle("deopt", strlen("deopt"), values, site->n_values);
	call = LLVMBuildCallWithOperandBundles(c->builder, type,
		LLVMBuildLoad2(c->builder, ptr, c->callee, ""), &next, 1, &bundle, 1, "");
	LLVMDisposeOperandBundle(bundle);
	LLVMAddCallSiteAttribute(call, 1, hcc_clone_nest(c));
	LLVMAddCallSiteAttribute(call, FUNCTION_INDEX, LLVMGetCallSiteStringAttribute(site->call,
		FUNCTION_INDEX, "statepoint-id", strlen("statepoint-id")));
	free(values);
}

static void resume_at(struct clone *c, uint32_t s, LLVMValueRef jump, LLVMValueRef next)
{
	struct hcc_site *site = &c->f->sites[s];
	LLVMBasicBlockRef block = LLVMAppendBasicBlockInContext(c->unit->context, c->resume, "");

	LLVMAddCase(jump, hcc_const_int(c->unit->module, 64, s), block);
	LLVMPositionBuilderAtEnd(c->builder, block);
	for (uint32_t i = 0; i < site->n_values; i++) {
		LLVMValueRef loaded = c->known[i].value == site->values[i] ? c->known[i].loaded
			: load_value(c, LLVMGetParam(c->resume, 0), i, hcc_recorded_type(site->values[i]));

		LLVMBuildStore(c->builder, loaded, hcc_clone_slot(c, site->values[i]));
	}
	if (hcc_clone_is_poll(c, s))
		call_inner(c, s, next);
	else /* Of its own, or the other ways to the call would keep it, too. */
		LLVMBuildStore(c->builder, LLVMBuildFreeze(c->builder, next, ""), c->next);
	LLVMBuildBr(c->builder, c->call[s]);
}

/* What most sites have in this place of their frames; NULL: no two the same. */
static LLVMValueRef most_frequent(const struct hcc_function *f, uint32_t place)
{
	LLVMValueRef best = NULL;
	size_t most = 1;
	struct hcc_map n_sites = { 0 };

	for (uint32_t s = 0; s < f->n_sites; s++) {
		LLVMValueRef value = place < f->sites[s].n_values ? f->sites[s].values[place] : NULL;
		size_t n = value ? hcc_map_get(&n_sites, value) : 0;

		if (!value)
			continue;
		n = n == HCC_ABSENT ? 1 : n + 1;
		hcc_map_set(&n_sites, value, n);
		if (n > most) {
			most = n;
			best = value;
		}
	}
	hcc_map_free(&n_sites);
	return best;
}

/* Values that many sites have are loaded once, before the dispatch; other sites have something else in that
 * place, or nothing, and leave it alone. Records list the values of most sites first (records.c). That
 * many: with 10, clones are larger again. */
static void load_shared(struct clone *c)
{
	for (uint32_t i = 0; i < HCC_FRAME_SHARED; i++) {
		LLVMValueRef value = most_frequent(c->f, i);

		if (!value)
			continue;
		c->known[i].value = value;
		c->known[i].loaded = load_value(c, LLVMGetParam(c->resume, 0), i,
			hcc_recorded_type(value));
	}
}

static uint32_t most_values(const struct hcc_function *f)
{
	uint32_t most = HCC_FRAME_SHARED;

	for (uint32_t s = 0; s < f->n_sites; s++)
		if (f->sites[s].n_values > most)
			most = f->sites[s].n_values;
	return most;
}

void hcc_clone_enter(struct clone *c)
{
	LLVMModuleRef module = c->unit->module;
	LLVMTypeRef ptr = hcc_ptr_type(module), i64 = hcc_int_type(module, 64);
	LLVMBasicBlockRef nowhere = LLVMAppendBasicBlockInContext(c->unit->context, c->resume, "");
	LLVMValueRef frame = LLVMGetParam(c->resume, 0), next, jump;

	c->known = hcc_alloc(most_values(c->f) * sizeof *c->known);
	LLVMPositionBuilderAtEnd(c->builder, c->entry);
	load_shared(c);
	next = frame_field(c, frame, offsetof(struct hcc_frame, bytes), i64);
	next = LLVMBuildGEP2(c->builder, hcc_int_type(module, 8), frame, &next, 1, "");
	LLVMBuildStore(c->builder,
		frame_field(c, next, offsetof(struct hcc_frame, resume), ptr), c->callee);
	c->number = frame_field(c, frame, offsetof(struct hcc_frame, site), i64);
	jump = LLVMBuildSwitch(c->builder, c->number, nowhere, c->f->n_sites);
	LLVMPositionBuilderAtEnd(c->builder, nowhere);
	LLVMBuildUnreachable(c->builder);
	for (uint32_t s = 0; s < c->f->n_sites; s++)
		resume_at(c, s, jump, next);
	free(c->known);
	c->known = NULL;
}

