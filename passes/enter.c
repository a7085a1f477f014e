/* How a resume clone is entered: it looks which site its frame is of, loads the frame's values into their
 * slots, and goes to the call.
 *
 *     %value = the frame's, of places where most sites have the same
 *     switch (%frame->site)
 *   group:                            sites that have more in common: load that, and look again
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
			: load_value(c, LLVMGetParam(c->resume, 0), i, LLVMTypeOf(site->values[i]));

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
			LLVMTypeOf(value));
	}
}

/* ---- Dispatch: sites that have the same values in the same places share what loads them ------------- */

struct order {
	const struct clone *c;
	uint32_t site;
};

/* How many values two sites begin with in common. */
static uint32_t common(const struct hcc_site *a, const struct hcc_site *b)
{
	uint32_t n = 0;

	while (n < a->n_values && n < b->n_values && a->values[n] == b->values[n])
		n++;
	return n;
}

static int compare_sites(const void *a, const void *b)
{
	const struct order *x = a, *y = b;
	const struct hcc_site *p = &x->c->f->sites[x->site], *q = &y->c->f->sites[y->site];
	uint32_t n = common(p, q);
	size_t i, k;

	if (n == p->n_values || n == q->n_values)
		return p->n_values != q->n_values ? (p->n_values < q->n_values ? -1 : 1)
			: x->site < y->site ? -1 : x->site > y->site;
	i = hcc_map_get(&x->c->slot, p->values[n]);
	k = hcc_map_get(&x->c->slot, q->values[n]);
	return i < k ? -1 : 1;
}

static const struct hcc_site *site_of(const struct order *order)
{
	return &order->c->f->sites[order->site];
}

/* What sites begin with in common, and how much of that is still to be loaded. */
static uint32_t common_of(const struct clone *c, const struct order *sites, size_t n, uint32_t *n_new)
{
	const struct hcc_site *first = site_of(&sites[0]);
	uint32_t n_common = common(first, site_of(&sites[n - 1]));

	*n_new = 0;
	for (uint32_t i = 0; i < n_common; i++)
		*n_new += c->known[i].value != first->values[i];
	return n_common;
}

/* Bytes of a load into a place of the clone, and of a case of a switch: about. */
#define LOAD_BYTES 10
#define CASE_BYTES 12

/* Not yet: SQLite's entries for aarch64, with groups, have ways that hcc-verify cannot follow. */
#define WITH_GROUPS false

static void divide(struct clone *c, LLVMValueRef jump, LLVMValueRef next, const struct order *sites,
	size_t n);

/* A block for sites: loads what they have in common, then looks again which it is. */
static void resume_group(struct clone *c, LLVMValueRef jump, LLVMValueRef next,
	const struct order *sites, size_t n, uint32_t n_common)
{
	LLVMBasicBlockRef block = LLVMAppendBasicBlockInContext(c->unit->context, c->resume, "");
	struct known *before = hcc_alloc((n_common + 1) * sizeof *before);
	const struct hcc_site *first = site_of(&sites[0]);
	LLVMValueRef again;

	for (size_t i = 0; i < n; i++)
		LLVMAddCase(jump, hcc_const_int(c->unit->module, 64, sites[i].site), block);
	LLVMPositionBuilderAtEnd(c->builder, block);
	memcpy(before, c->known, n_common * sizeof *before);
	for (uint32_t i = 0; i < n_common; i++)
		if (c->known[i].value != first->values[i])
			c->known[i] = (struct known){ first->values[i], load_value(c,
				LLVMGetParam(c->resume, 0), i, LLVMTypeOf(first->values[i])) };
	again = LLVMBuildSwitch(c->builder, c->number, LLVMGetSwitchDefaultDest(jump), (unsigned)n);
	divide(c, again, next, sites, n);
	memcpy(c->known, before, n_common * sizeof *before);
	free(before);
}

/* Cases of a switch for sites in their order. */
static void divide(struct clone *c, LLVMValueRef jump, LLVMValueRef next, const struct order *sites,
	size_t n)
{
	uint32_t n_new, n_common = common_of(c, sites, n, &n_new);
	size_t end;

	if (n == 1) {
		resume_at(c, sites[0].site, jump, next);
		return;
	}
	if (WITH_GROUPS && (n - 1) * n_new * LOAD_BYTES > (n + 1) * CASE_BYTES) {
		resume_group(c, jump, next, sites, n, n_common);
		return;
	}
	for (size_t i = 0; i < n; i = end) {
		end = i + 1;
		while (site_of(&sites[i])->n_values > n_common && end < n
		    && site_of(&sites[end])->values[n_common] == site_of(&sites[i])->values[n_common])
			end++;
		divide(c, jump, next, sites + i, end - i);
	}
}

static void divide_all(struct clone *c, LLVMValueRef jump, LLVMValueRef next)
{
	struct order *sites = hcc_alloc(c->f->n_sites * sizeof *sites);

	for (uint32_t s = 0; s < c->f->n_sites; s++)
		sites[s] = (struct order){ c, s };
	qsort(sites, c->f->n_sites, sizeof *sites, compare_sites);
	divide(c, jump, next, sites, c->f->n_sites);
	free(sites);
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
	divide_all(c, jump, next);
	free(c->known);
	c->known = NULL;
}

