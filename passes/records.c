/* Give every reaching call its record: the values live across it as a deopt bundle, and an ID by
 * which its stack map record is found.
 *
 *     %r = call i32 @g(i32 %x)
 *       -->  %r = call i32 @g(i32 %x) "statepoint-id"="(function << 32) + site"
 *                 [ "deopt"(all values live across it) ]
 *
 * Being only uses, the operands stay right under every pass of code generation. */
#include "../runtime/hcc_format.h"
#include "ir.h"
#include "liveness.h"
#include "passes.h"

#include <inttypes.h>
#include <llvm-c/DebugInfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)

struct recording {
	struct hcc_unit *unit;
	const struct hcc_liveness *live;
	LLVMValueRef base;             /* of a function that calls setjmp, else NULL */
	struct hcc_function *out;
	size_t capacity;
};

/* In the function itself, not in what was inlined there; the optimiser gives code that it has merged
 * line 0, then the function's own line is the best there is. */
static uint32_t source_line(LLVMValueRef call, LLVMValueRef function)
{
	LLVMMetadataRef location = LLVMInstructionGetDebugLoc(call), outer;
	LLVMMetadataRef subprogram = LLVMGetSubprogram(function);
	uint32_t line = 0;

	if (location) {
		while ((outer = LLVMDILocationGetInlinedAt(location)))
			location = outer;
		line = LLVMDILocationGetLine(location);
	}
	return !line && subprogram ? LLVMDISubprogramGetLine(subprogram) : line;
}

static void add_site(void *user, LLVMValueRef call, const uint64_t *set)
{
	struct recording *r = user;
	struct hcc_function *out = r->out;
	struct hcc_site *site;
	size_t n = 1;

	if (out->n_sites == r->capacity) {
		r->capacity = r->capacity ? 2 * r->capacity : 16;
		out->sites = hcc_realloc(out->sites, r->capacity * sizeof *out->sites);
	}
	site = &out->sites[out->n_sites++];
	for (size_t i = 0; i < r->live->n_values; i++)
		n += hcc_bit(set, i);
	*site = (struct hcc_site){ .call = call, .line = source_line(call, out->function) };
	site->values = hcc_alloc(n * sizeof *site->values);
	if (r->base)
		site->values[site->n_values++] = r->base;
	for (size_t i = 0; i < r->live->n_values; i++)
		if (hcc_bit(set, i) && r->live->value[i] != r->base)
			site->values[site->n_values++] = r->live->value[i];
	if (!strcmp(hcc_callee_name(call), "__hcc_poll"))
		site->flags = HCC_SITE_POLL;
	if (hcc_call_is_setjmp(call))
		site->flags = HCC_SITE_SETJMP;
}

/* ---- Order of values: those of most sites first, so that clones can load them once for all ------- */

struct ranked {
	LLVMValueRef value;
	size_t n_sites;
	uint32_t idx;  /* in the order that was found */
};

static int compare_ranks(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->n_sites != y->n_sites)
		return x->n_sites < y->n_sites ? 1 : -1;
	return x->idx < y->idx ? -1 : x->idx > y->idx;
}

static void sort_site(struct hcc_site *site, uint32_t first, const struct hcc_map *n_sites)
{
	uint32_t n = site->n_values - first;
	struct ranked *ranked = hcc_alloc((n + 1) * sizeof *ranked);

	for (uint32_t i = 0; i < n; i++)
		ranked[i] = (struct ranked){ site->values[first + i],
			hcc_map_get(n_sites, site->values[first + i]), i };
	qsort(ranked, n, sizeof *ranked, compare_ranks);
	for (uint32_t i = 0; i < n; i++)
		site->values[first + i] = ranked[i].value;
	free(ranked);
}

/* The first value of all sites stays where a function calls setjmp. */
static void sort_values(struct hcc_function *f)
{
	uint32_t first = f->flags & HCC_FUNCTION_SETJMP ? 1 : 0;
	struct hcc_map n_sites = { 0 };

	for (uint32_t s = 0; s < f->n_sites; s++)
		for (uint32_t i = first; i < f->sites[s].n_values; i++) {
			size_t n = hcc_map_get(&n_sites, f->sites[s].values[i]);

			hcc_map_set(&n_sites, f->sites[s].values[i], n == HCC_ABSENT ? 1 : n + 1);
		}
	for (uint32_t s = 0; s < f->n_sites; s++)
		sort_site(&f->sites[s], first, &n_sites);
	hcc_map_free(&n_sites);
}

static void set_id(struct hcc_unit *unit, LLVMValueRef call, size_t function_id, size_t site)
{
	char id[32];

	snprintf(id, sizeof id, "%" PRIu64, (uint64_t)function_id << 32 | site);
	LLVMAddCallSiteAttribute(call, FUNCTION_INDEX, LLVMCreateStringAttribute(unit->context,
		"statepoint-id", strlen("statepoint-id"), id, (unsigned)strlen(id)));
}

/* Code generation takes the first result of the node that a callee comes from (llvm#207508), which is
 * wrong for one part of an aggregate, also behind a cast. A freeze makes a node of its own. */
static LLVMValueRef safe_callee(LLVMBuilderRef builder, LLVMValueRef call)
{
	LLVMValueRef callee = LLVMGetCalledValue(call);

	if (LLVMIsConstant(callee) || LLVMIsAArgument(callee) || LLVMIsALoadInst(callee)
	    || LLVMIsAPHINode(callee))
		return callee;
	LLVMPositionBuilderBefore(builder, call);
	return LLVMBuildFreeze(builder, callee, "");
}

LLVMValueRef hcc_record_operand(LLVMBuilderRef builder, LLVMValueRef value)
{
	LLVMTypeRef type = LLVMTypeOf(value);
	LLVMContextRef context = LLVMGetTypeContext(type);
	unsigned bits;

	/* All of 128 bits (hcc_value_type): in memory, then. A register that a call preserves counts for 64
	 * of them. */
	if ((LLVMGetTypeKind(type) == LLVMVectorTypeKind || LLVMGetTypeKind(type) == LLVMFP128TypeKind)
	    && !LLVMIsConstant(value))
		return LLVMBuildBitCast(builder, value, LLVMIntTypeInContext(context, 128), "");
	if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMIsConstant(value))
		return value;
	bits = LLVMGetIntTypeWidth(type);
	if (bits > 64)
		return LLVMIsAArgument(value) ? LLVMBuildFreeze(builder, value, "") : value;
	/* No machine's registers have fewer than 32: such a value would be stored before each call. */
	if (bits < 32 || bits & (bits - 1))
		return LLVMBuildZExt(builder, value,
			LLVMIntTypeInContext(context, bits > 32 ? 64 : 32), "");
	return value;
}

static LLVMValueRef record_call(struct hcc_unit *unit, LLVMBuilderRef builder,
	struct hcc_function *f, uint32_t site_idx, size_t function_id)
{
	struct hcc_site *site = &f->sites[site_idx];
	unsigned n_args = LLVMGetNumArgOperands(site->call);
	LLVMValueRef *args = hcc_alloc((n_args + 1) * sizeof *args), call;
	LLVMValueRef *operands = hcc_alloc((site->n_values + 1) * sizeof *operands);
	LLVMOperandBundleRef bundle;

	for (unsigned i = 0; i < n_args; i++)
		args[i] = LLVMGetOperand(site->call, i);
	if (site->flags & HCC_SITE_SETJMP) {
		args[1] = site->values[0];
		args[2] = f->function;
		args[3] = hcc_const_int(unit->module, 32, site_idx);
	}
	LLVMPositionBuilderBefore(builder, site->call);
	for (uint32_t i = 0; i < site->n_values; i++)
		operands[i] = hcc_record_operand(builder, site->values[i]);
	bundle = LLVMCreateOperandBundle("deopt", strlen("deopt"), operands, site->n_values);
	call = hcc_rebuild_call(builder, site->call, LLVMGetCalledFunctionType(site->call),
		safe_callee(builder, site->call), args, n_args, n_args, bundle);
	LLVMDisposeOperandBundle(bundle);
	LLVMRemoveCallSiteStringAttribute(call, FUNCTION_INDEX, "hcc-reach", strlen("hcc-reach"));
	set_id(unit, call, function_id, site_idx);
	free(operands);
	free(args);
	return call;
}

static void repoint(struct hcc_site *site, const struct hcc_map *replaced, LLVMValueRef *fresh)
{
	for (uint32_t i = 0; i < site->n_values; i++) {
		size_t k = hcc_map_get(replaced, site->values[i]);

		if (k != HCC_ABSENT)
			site->values[i] = fresh[k];
	}
}

/* Live lists, earlier ones too, may name a call that is replaced now. */
static void record_calls(struct hcc_unit *unit, LLVMBuilderRef builder, struct hcc_function *f,
	size_t function_id)
{
	struct hcc_map replaced = { 0 };
	LLVMValueRef *fresh = hcc_alloc(f->n_sites * sizeof *fresh);

	for (uint32_t s = 0; s < f->n_sites; s++) {
		struct hcc_site *site = &f->sites[s];

		repoint(site, &replaced, fresh);
		fresh[s] = record_call(unit, builder, f, s, function_id);
		LLVMReplaceAllUsesWith(site->call, fresh[s]);
		hcc_map_set(&replaced, site->call, s);
	}
	for (uint32_t s = 0; s < f->n_sites; s++) {
		struct hcc_site *site = &f->sites[s];

		repoint(site, &replaced, fresh);
		LLVMInstructionEraseFromParent(site->call);
		site->call = fresh[s];
	}
	free(fresh);
	hcc_map_free(&replaced);
}

bool hcc_calls_setjmp(LLVMValueRef f)
{
	HCC_FOR_BLOCKS(b, f)
		HCC_FOR_INSTRUCTIONS(i, b)
			if (hcc_call_is_setjmp(i))
				return true;
	return false;
}

/* What the link takes for what lies in a home must not be the address of something else. */
static int check_allocas(struct hcc_unit *unit, const struct hcc_function *f)
{
	size_t length;

	for (uint32_t s = 0; s < f->n_sites; s++)
		for (uint32_t i = 0; i < f->sites[s].n_values; i++)
			if (LLVMIsAAllocaInst(f->sites[s].values[i]) && !hcc_is_home(f->sites[s].values[i]))
				return hcc_unit_fail(unit, "bug: '%s': site %u: the address of an alloca",
					LLVMGetValueName2(f->function, &length), s);
	return 0;
}

static int check_setjmp(struct hcc_unit *unit, const struct hcc_function *f)
{
	size_t length;

	for (uint32_t s = 0; s < f->n_sites; s++)
		if (f->sites[s].flags & HCC_SITE_SETJMP && f->sites[s].n_values != 1)
			return hcc_unit_fail(unit, "bug: %s: %u values live across setjmp, expected 1",
				LLVMGetValueName2(f->function, &length), f->sites[s].n_values);
	return 0;
}

static void add_function(struct hcc_unit *unit, const struct hcc_function *f)
{
	unit->functions = hcc_realloc(unit->functions,
		(unit->n_functions + 1) * sizeof *unit->functions);
	unit->functions[unit->n_functions++] = *f;
}

static int record_function(struct hcc_unit *unit, LLVMValueRef f, LLVMBuilderRef builder)
{
	struct hcc_liveness live;
	struct hcc_function out = { .function = f };
	struct recording r = { .unit = unit, .live = &live, .out = &out };

	if (hcc_is_kept_out(f)) {
		out.flags = HCC_FUNCTION_DECLINES;
		if (hcc_declines(f))
			add_function(unit, &out);
		return 0;
	}
	if (hcc_calls_setjmp(f)) {
		r.base = hcc_frame_base(f);
		out.flags = HCC_FUNCTION_SETJMP;
	}
	hcc_liveness_init(&live, f);
	hcc_liveness_visit(&live, f, add_site, &r);
	hcc_liveness_free(&live);
	if (!out.n_sites)
		return 0;
	sort_values(&out);
	record_calls(unit, builder, &out, unit->n_functions);
	LLVMSetGC(f, "statepoint-example");
	hcc_add_attribute(f, "uwtable", 2); /* clang leaves it out of freestanding code */
	add_function(unit, &out);
	return check_setjmp(unit, &out) ? -1 : check_allocas(unit, &out);
}

int hcc_record(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);
	int status = 0;

	for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f && !status;
	     f = LLVMGetNextFunction(f))
		if (hcc_is_defined(f))
			status = record_function(unit, f, builder);
	LLVMDisposeBuilder(builder);
	return status;
}
