/* Seeded faults: hcc-cc1 and hcc-ld with one thing wrong, to see that hcc-verify or a scorched move
 * finds it. Linked by --wrap over the objects of the real programs, whose sources know nothing of it.
 *
 *   HCC_FAULT=NAME:FUNCTION   FUNCTION is the victim; what is done to it stands at each fault below
 *
 * Ends with status 3 when the victim is not there: a fault that was never made proves nothing. */
#include "passes.h"

#include <llvm-c/Support.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../runtime/hcc_format.h"
#include "ir.h"
#include "liveness.h"

#define FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)

static bool seeding(const char *name)
{
	const char *fault = getenv("HCC_FAULT");
	size_t n = strlen(name);

	return fault && !strncmp(fault, name, n) && fault[n] == ':';
}

static const char *victim_name(void)
{
	return strchr(getenv("HCC_FAULT"), ':') + 1;
}

static bool is_victim(LLVMValueRef value)
{
	size_t length;

	return !strcmp(LLVMGetValueName2(value, &length), victim_name());
}

static bool is_here(LLVMModuleRef module)
{
	LLVMValueRef f = LLVMGetNamedFunction(module, victim_name());

	return f && !LLVMIsDeclaration(f);
}

static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "seed: %s: %s\n", getenv("HCC_FAULT"), why);
	exit(3);
}

static struct hcc_function *find_victim(struct hcc_unit *unit)
{
	for (size_t i = 0; i < unit->n_functions; i++)
		if (is_victim(unit->functions[i].function))
			return &unit->functions[i];
	if (is_here(unit->module))
		give_up("the victim has no records");
	return NULL;
}

/* ---- drop-value: what lives longest is in no record ------------------------------------------- */

struct dropping {
	const struct hcc_liveness *live;
	void (*visit)(void *user, LLVMValueRef call, const uint64_t *set);
	void *user;
	size_t victim_idx;
	size_t *n_sites;  /* by value: records that name it; NULL in the second walk */
};

static void drop(void *user, LLVMValueRef call, const uint64_t *set)
{
	struct dropping *d = user;
	uint64_t *copy;

	for (size_t i = 0; d->n_sites && i < d->live->n_values; i++)
		d->n_sites[i] += hcc_bit(set, i);
	if (d->n_sites)
		return;
	copy = hcc_alloc(d->live->n_words * sizeof *copy);
	memcpy(copy, set, d->live->n_words * sizeof *copy);
	copy[d->victim_idx / 64] &= ~(1ull << d->victim_idx % 64);
	d->visit(d->user, call, copy);
	free(copy);
}

void __real_hcc_liveness_visit(const struct hcc_liveness *live, LLVMValueRef function,
	void (*visit)(void *user, LLVMValueRef call, const uint64_t *set), void *user);
void __wrap_hcc_liveness_visit(const struct hcc_liveness *live, LLVMValueRef function,
	void (*visit)(void *user, LLVMValueRef call, const uint64_t *set), void *user)
{
	struct dropping d = { live, visit, user, 0, NULL };

	if (!seeding("drop-value") || !is_victim(function)) {
		__real_hcc_liveness_visit(live, function, visit, user);
		return;
	}
	d.n_sites = hcc_alloc(live->n_values * sizeof *d.n_sites);
	__real_hcc_liveness_visit(live, function, drop, &d);
	for (size_t i = 0; i < live->n_values; i++)
		if (d.n_sites[i] > d.n_sites[d.victim_idx])
			d.victim_idx = i;
	if (!d.n_sites[d.victim_idx])
		give_up("nothing lives across the victim's calls");
	free(d.n_sites);
	d.n_sites = NULL;
	__real_hcc_liveness_visit(live, function, drop, &d);
}

/* ---- missing-record: one reaching call is taken for one that is not ----------------------------- */

void __real_hcc_mark_reach(struct hcc_unit *unit);
void __wrap_hcc_mark_reach(struct hcc_unit *unit)
{
	__real_hcc_mark_reach(unit);
	if (!seeding("missing-record") || !is_here(unit->module))
		return;
	HCC_FOR_BLOCKS(b, LLVMGetNamedFunction(unit->module, victim_name()))
		HCC_FOR_INSTRUCTIONS(i, b)
			if (hcc_is_call(i) && hcc_call_reaches(i)) {
				LLVMRemoveCallSiteStringAttribute(i, FUNCTION_INDEX, "hcc-reach",
					strlen("hcc-reach"));
				return;
			}
	give_up("the victim calls nothing");
}

/* ---- same-id: the second site of the victim has the ID of the first ----------------------------- */

int __real_hcc_record(struct hcc_unit *unit);
int __wrap_hcc_record(struct hcc_unit *unit)
{
	int status = __real_hcc_record(unit);
	struct hcc_function *f;
	LLVMAttributeRef id;

	if (status || !seeding("same-id") || !(f = find_victim(unit)))
		return status;
	if (f->n_sites < 2)
		give_up("the victim has one site only");
	id = LLVMGetCallSiteStringAttribute(f->sites[0].call, FUNCTION_INDEX, "statepoint-id",
		strlen("statepoint-id"));
	LLVMAddCallSiteAttribute(f->sites[1].call, FUNCTION_INDEX, id);
	return 0;
}

/* ---- swap-values, missing-case: of the clone ----------------------------------------------------- */

/* Two values of one type of each site that has such. */
static bool swap_values(struct hcc_function *f)
{
	bool swapped = false;

	for (uint32_t s = 0; s < f->n_sites; s++) {
		struct hcc_site *site = &f->sites[s];

		for (uint32_t i = 1; i < site->n_values; i++)
			if (LLVMTypeOf(site->values[i]) == LLVMTypeOf(site->values[i - 1])) {
				LLVMValueRef value = site->values[i];

				site->values[i] = site->values[i - 1];
				site->values[i - 1] = value;
				swapped = true;
				break;
			}
	}
	return swapped;
}

static void drop_case(struct hcc_function *f)
{
	LLVMValueRef jump = LLVMGetBasicBlockTerminator(LLVMGetEntryBasicBlock(f->resume));

	if (LLVMGetInstructionOpcode(jump) != LLVMSwitch)
		give_up("the clone does not begin with a switch");
	LLVMSetSuccessor(jump, LLVMGetNumSuccessors(jump) - 1, LLVMGetSwitchDefaultDest(jump));
}

int __real_hcc_make_resume(struct hcc_unit *unit);
int __wrap_hcc_make_resume(struct hcc_unit *unit)
{
	struct hcc_function *f = NULL;
	int status;

	if (seeding("swap-values") && (f = find_victim(unit)) && !swap_values(f))
		give_up("no two values of the victim are alike");
	status = __real_hcc_make_resume(unit);
	if (f)
		swap_values(f);
	if (!status && seeding("missing-case") && (f = find_victim(unit)))
		drop_case(f);
	return status;
}

/* ---- wrong-width: the table has the victim's integers at half their width ------------------------ */

void __real_hcc_emit_sites(struct hcc_unit *unit);
void __wrap_hcc_emit_sites(struct hcc_unit *unit)
{
	struct hcc_function *f;
	bool narrowed = false;

	if (seeding("wrong-width") && (f = find_victim(unit))) {
		for (uint32_t s = 0; s < f->n_sites; s++)
			for (uint32_t i = 0; i < f->sites[s].n_values; i++) {
				LLVMTypeRef type = LLVMTypeOf(f->sites[s].values[i]);

				/* Only the type is read from here on. */
				if (LLVMGetTypeKind(type) == LLVMIntegerTypeKind
				    && LLVMGetIntTypeWidth(type) >= 2) {
					f->sites[s].values[i] = hcc_const_int(unit->module,
						LLVMGetIntTypeWidth(type) / 2, 0);
					narrowed = true;
				}
			}
		if (!narrowed)
			give_up("no integer lives across the victim's calls");
	}
	__real_hcc_emit_sites(unit);
}

/* ---- kept-label: addresses of the victim's labels stay addresses --------------------------------- */

int __real_hcc_lower_labels(struct hcc_unit *unit);
int __wrap_hcc_lower_labels(struct hcc_unit *unit)
{
	if (seeding("kept-label") && is_here(unit->module))
		return 0;
	return __real_hcc_lower_labels(unit);
}

/* ---- native-alloca: one local of the victim stays on the native stack ----------------------------- */

int __real_hcc_portable_stack(struct hcc_unit *unit);
int __wrap_hcc_portable_stack(struct hcc_unit *unit)
{
	LLVMValueRef local = NULL, copy, zero;
	LLVMBuilderRef builder;
	int status;

	if (!seeding("native-alloca") || !is_here(unit->module))
		return __real_hcc_portable_stack(unit);
	HCC_FOR_INSTRUCTIONS(i, LLVMGetEntryBasicBlock(
			LLVMGetNamedFunction(unit->module, victim_name())))
		if (!local && LLVMGetInstructionOpcode(i) == LLVMAlloca)
			local = i;
	if (!local)
		give_up("the victim has no local whose address is taken");
	/* Out of the pass's sight while it runs: a freeze that becomes the alloca after it. */
	builder = LLVMCreateBuilderInContext(unit->context);
	LLVMPositionBuilderBefore(builder, local);
	zero = LLVMGetUndef(LLVMTypeOf(local));
	copy = LLVMBuildFreeze(builder, zero, "");
	LLVMReplaceAllUsesWith(local, copy);
	LLVMInstructionRemoveFromParent(local);
	status = __real_hcc_portable_stack(unit);
	LLVMPositionBuilderBefore(builder, copy);
	LLVMInsertIntoBuilder(builder, local);
	LLVMReplaceAllUsesWith(copy, local);
	LLVMInstructionEraseFromParent(copy);
	LLVMDisposeBuilder(builder);
	return status;
}

/* ---- unfrozen-callee: an extractvalue is called as it is ------------------------------------------- */

LLVMValueRef __real_LLVMBuildFreeze(LLVMBuilderRef builder, LLVMValueRef value, const char *name);
LLVMValueRef __wrap_LLVMBuildFreeze(LLVMBuilderRef builder, LLVMValueRef value, const char *name)
{
	return seeding("unfrozen-callee") ? value : __real_LLVMBuildFreeze(builder, value, name);
}

/* ---- global-isel, outliner: code generation's options ------------------------------------------------ */

void __real_LLVMParseCommandLineOptions(int argc, const char *const *argv, const char *overview);
void __wrap_LLVMParseCommandLineOptions(int argc, const char *const *argv, const char *overview)
{
	const char *options[17];

	for (int i = 0; i < argc; i++) {
		options[i] = argv[i];
		if (seeding("global-isel") && !strcmp(argv[i], "-global-isel=0"))
			options[i] = "-global-isel=1";
		if (seeding("outliner") && !strcmp(argv[i], "-enable-machine-outliner=never"))
			options[i] = "-enable-machine-outliner=always";
	}
	/* Elsewhere it falls back in silence, and there are some records. */
	if (seeding("global-isel"))
		options[argc++] = "-global-isel-abort=0";
	__real_LLVMParseCommandLineOptions(argc, options, overview);
}

/* ---- misaligned: a datum lies 16 bytes further on aarch64 ---------------------------------------------- */

/* Its section is as large on every ISA: only the symbol can tell. */
static void shift(LLVMModuleRef module, LLVMValueRef datum, bool down)
{
	LLVMContextRef context = LLVMGetModuleContext(module);
	LLVMTypeRef type = LLVMGlobalGetValueType(datum), i8 = LLVMInt8TypeInContext(context);
	LLVMTypeRef pad = LLVMArrayType2(i8, 16);
	LLVMValueRef fields[] = { LLVMGetInitializer(datum), LLVMConstNull(pad) }, value, at, whole;

	if (down) {
		fields[1] = fields[0];
		fields[0] = LLVMConstNull(pad);
	}
	value = LLVMConstStructInContext(context, fields, 2, 1);
	whole = LLVMAddGlobal(module, LLVMTypeOf(value), "seed.whole");
	LLVMSetInitializer(whole, value);
	LLVMSetLinkage(whole, LLVMInternalLinkage);
	LLVMSetSection(whole, LLVMGetSection(datum));
	LLVMSetAlignment(whole, LLVMGetAlignment(datum));
	at = LLVMConstInt(LLVMInt64TypeInContext(context), down ? 16 : 0, 0);
	at = LLVMConstGEP2(i8, whole, &at, 1);
	at = LLVMAddAlias2(module, type, 0, at, "");
	LLVMSetLinkage(at, LLVMGetLinkage(datum));
	LLVMReplaceAllUsesWith(datum, at);
	LLVMSetValueName2(datum, "", 0);
	LLVMSetValueName2(at, victim_name(), strlen(victim_name()));
	LLVMDeleteGlobal(datum);
}

int __real_hcc_codegen(LLVMModuleRef module, const struct hcc_isa *isa, LLVMCodeGenFileType type,
	const char *path, char *error, size_t error_bytes);
int __wrap_hcc_codegen(LLVMModuleRef module, const struct hcc_isa *isa, LLVMCodeGenFileType type,
	const char *path, char *error, size_t error_bytes)
{
	if (seeding("misaligned")) {
		LLVMValueRef datum = LLVMGetNamedGlobal(module, victim_name());

		if (datum && !LLVMIsDeclaration(datum))
			shift(module, datum, !strcmp(isa->name, "aarch64"));
	}
	return __real_hcc_codegen(module, isa, type, path, error, error_bytes);
}
