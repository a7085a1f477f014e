/* Make f.resume for every function f with records: the body of f, entered at a recorded call with the
 * live values of a neutral frame (struct hcc_frame). There the call is made of the next inner frame's
 * resume function, in place of the one that it was made of.
 *
 *     define T @f.resume(ptr nest %frame)
 *       values that most sites have
 *       %next = %frame + %frame->bytes              the next inner frame
 *       switch (%frame->site)                       one case per site (enter.c):
 *     site:
 *       other values = the slots of %frame
 *       br call
 *     body:
 *       ...
 *       br call
 *     call:
 *       %callee = phi [%next->resume, site], [@g, body]
 *       %frame = phi [%next, site], [poison, body]
 *       %r = call T %callee(ptr nest %frame, arguments)
 *
 * So the clone has one call for a site, and one record. The register of a nest argument is none that
 * others travel in; a resume function finds poison in theirs, and g in this one.
 *
 * A poll keeps a call of its own, in the midst of loops as it is: the next inner frame's is made in
 * `site`, which goes on behind the poll.
 *
 * Values that the call takes or that live across it go through allocas, which mem2reg turns into phis.
 * Blocks that no call reaches are deleted. */
#include "../runtime/hcc_format.h"
#include "resume.h"

#include <inttypes.h>
#include <llvm-c/Comdat.h>
#include <llvm-c/DebugInfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)

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
		LLVMBuildAlloca(c->builder, hcc_recorded_type(value), ""));
}

LLVMValueRef hcc_clone_slot(const struct clone *c, LLVMValueRef value)
{
	return recall(&c->slot, &c->slots, value);
}

static bool is_local(LLVMValueRef value)
{
	return LLVMIsAInstruction(value) || LLVMIsAArgument(value);
}

/* Everything that lives across a recorded call, its arguments and its result; and the homes. */
static void add_slots(struct clone *c)
{
	HCC_FOR_INSTRUCTIONS(i, LLVMGetEntryBasicBlock(c->f->function))
		if (hcc_is_home(i))
			add_slot(c, i);
	for (uint32_t s = 0; s < c->f->n_sites; s++) {
		struct hcc_site *site = &c->f->sites[s];

		hcc_map_set(&c->site, site->call, s);
		for (uint32_t i = 0; i < site->n_values; i++)
			add_slot(c, site->values[i]);
		for (unsigned i = 0; i < LLVMGetNumArgOperands(site->call); i++)
			if (is_local(LLVMGetOperand(site->call, i)))
				add_slot(c, LLVMGetOperand(site->call, i));
		if (is_local(LLVMGetCalledValue(site->call)))
			add_slot(c, LLVMGetCalledValue(site->call));
		if (LLVMGetFirstUse(site->call))
			add_slot(c, site->call);
	}
}

LLVMValueRef hcc_clone_value(struct clone *c, LLVMValueRef operand)
{
	LLVMValueRef known = hcc_clone_slot(c, operand);

	if (known && hcc_is_home(operand))
		return known;
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

LLVMAttributeRef hcc_clone_nest(const struct clone *c)
{
	return LLVMCreateEnumAttribute(c->unit->context,
		LLVMGetEnumAttributeKindForName("nest", strlen("nest")), 0);
}

/* How arguments travel stays as it is, one place further on; all else that is said of g, and of what it
 * is given, is not true of its resume function. */
static void copy_attributes(struct clone *c, LLVMValueRef call, LLVMValueRef original)
{
	static const char *const kept[] = { "zeroext", "signext", "inreg" };
	LLVMAttributeIndex n = LLVMGetNumArgOperands(original);

	LLVMSetInstructionCallConv(call, LLVMGetInstructionCallConv(original));
	hcc_copy_call_attributes(call, FUNCTION_INDEX, original, FUNCTION_INDEX);
	hcc_copy_call_attributes(call, LLVMAttributeReturnIndex, original,
		LLVMAttributeReturnIndex);
	hcc_drop_call_attribute(call, FUNCTION_INDEX, "memory");
	hcc_drop_call_attribute(call, FUNCTION_INDEX, "allocsize");
	LLVMAddCallSiteAttribute(call, 1, hcc_clone_nest(c));
	for (LLVMAttributeIndex i = 1; i <= n; i++)
		for (size_t k = 0; k < sizeof kept / sizeof *kept; k++) {
			LLVMAttributeRef attribute = LLVMGetCallSiteEnumAttribute(original, i,
				LLVMGetEnumAttributeKindForName(kept[k], strlen(kept[k])));

			if (attribute)
				LLVMAddCallSiteAttribute(call, i + 1, attribute);
		}
}

/* A recorded call at the builder's position, and the block it gets. */
static LLVMBasicBlockRef copy_site(struct clone *c, LLVMBasicBlockRef at, uint32_t s)
{
	struct hcc_site *site = &c->f->sites[s];
	LLVMTypeRef ptr = hcc_ptr_type(c->unit->module), type, old_type;
	LLVMBasicBlockRef block = LLVMInsertBasicBlockInContext(c->unit->context, at, "");
	unsigned n = LLVMGetNumArgOperands(site->call);
	LLVMTypeRef *params = hcc_alloc((n + 1) * sizeof *params);
	LLVMValueRef *args = hcc_alloc((n + 1) * sizeof *args), callee, call, slot;
	LLVMValueRef *values = hcc_alloc((site->n_values + 1) * sizeof *values);
	LLVMOperandBundleRef bundle;

	LLVMMoveBasicBlockAfter(block, at);
	LLVMBuildStore(c->builder, hcc_clone_value(c, LLVMGetCalledValue(site->call)), c->callee);
	LLVMBuildStore(c->builder, LLVMGetPoison(ptr), c->next);
	LLVMBuildBr(c->builder, block);
	LLVMPositionBuilderAtEnd(c->builder, block);
	c->call[s] = block;
	old_type = LLVMGetCalledFunctionType(site->call);
	params[0] = ptr;
	for (unsigned i = 0; i < n; i++) {
		args[i + 1] = hcc_clone_value(c, LLVMGetOperand(site->call, i));
		params[i + 1] = LLVMTypeOf(args[i + 1]);
	}
	for (uint32_t i = 0; i < site->n_values; i++)
		values[i] = hcc_record_operand(c->builder, hcc_clone_value(c, site->values[i]));
	args[0] = LLVMBuildLoad2(c->builder, ptr, c->next, "");
	callee = LLVMBuildLoad2(c->builder, ptr, c->callee, "");
	type = LLVMFunctionType(LLVMGetReturnType(old_type), params, n + 1, 0);
	bundle = LLVMCreateOperandBundle("deopt", strlen("deopt"), values, site->n_values);
	call = LLVMBuildCallWithOperandBundles(c->builder, type, callee, args, n + 1, &bundle, 1,
		"");
	LLVMDisposeOperandBundle(bundle);
	copy_attributes(c, call, site->call);
	remember(&c->value, &c->values, site->call, call);
	slot = hcc_clone_slot(c, site->call);
	if (slot)
		LLVMBuildStore(c->builder, call, slot);
	free(params);
	free(args);
	free(values);
	return block;
}

static void store_phis(struct clone *c, struct hcc_list *phis)
{
	for (size_t k = 0; k < phis->n; k++)
		LLVMBuildStore(c->builder, recall(&c->value, &c->values, phis->item[k]),
			hcc_clone_slot(c, phis->item[k]));
	phis->n = 0;
}

bool hcc_clone_is_poll(const struct clone *c, uint32_t s)
{
	return c->f->sites[s].flags & HCC_SITE_POLL;
}

/* Go on in a new block. */
static LLVMBasicBlockRef start_block(struct clone *c, LLVMBasicBlockRef at)
{
	LLVMBasicBlockRef block = LLVMInsertBasicBlockInContext(c->unit->context, at, "");

	LLVMMoveBasicBlockAfter(block, at);
	LLVMBuildBr(c->builder, block);
	LLVMPositionBuilderAtEnd(c->builder, block);
	return block;
}

/* Copy a block; operands still name the original's values, but for recorded calls'. */
static void copy_block(struct clone *c, LLVMBasicBlockRef b)
{
	LLVMBasicBlockRef at = recall(&c->head, &c->pieces, b);
	struct hcc_list phis = { 0 };

	LLVMPositionBuilderAtEnd(c->builder, at);
	HCC_FOR_INSTRUCTIONS(i, b) {
		size_t site = hcc_map_get(&c->site, i);
		LLVMValueRef copy, slot;

		if (hcc_is_home(i) || (hcc_is_call(i) && !strncmp(hcc_callee_name(i), "llvm.dbg.", 9)))
			continue;
		if (LLVMGetInstructionOpcode(i) != LLVMPHI)
			store_phis(c, &phis);
		if (site != HCC_ABSENT && !hcc_clone_is_poll(c, (uint32_t)site)) {
			at = copy_site(c, at, (uint32_t)site);
			continue;
		}
		copy = copy_instruction(c, i);
		if (site != HCC_ABSENT) {
			remember(&c->value, &c->values, i, copy);
			at = c->call[site] = start_block(c, at);
			continue;
		}
		slot = hcc_clone_slot(c, i);
		remember(&c->value, &c->values, i, copy);
		if (slot && LLVMGetInstructionOpcode(i) == LLVMPHI)
			hcc_list_add(&phis, i);
		else if (slot)
			LLVMBuildStore(c->builder, copy, slot);
	}
	remember(&c->tail, &c->pieces, b, at);
	hcc_list_free(&phis);
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
			value = hcc_clone_value(c, LLVMGetIncomingValue(original, i));
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
			operand = hcc_clone_value(c, operand);
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

			size_t site = hcc_map_get(&c->site, i);

			if (!copy || (site != HCC_ABSENT && !hcc_clone_is_poll(c, (uint32_t)site)))
				continue;
			if (LLVMGetInstructionOpcode(i) == LLVMPHI)
				fill_phi(c, i, copy);
			else
				fill_operands(c, i, copy);
		}
}

/* What is stored there, where it is one value that is there from the start; else NULL. */
static LLVMValueRef only_stored(const struct clone *c, LLVMValueRef slot)
{
	LLVMValueRef only = NULL;

	for (LLVMUseRef u = LLVMGetFirstUse(slot); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u), value;

		if (LLVMIsALoadInst(user))
			continue;
		if (!LLVMIsAStoreInst(user))
			return NULL; /* a home, in a record */
		value = LLVMGetOperand(user, 0);
		if ((only && value != only) || !LLVMIsAInstruction(value)
		    || LLVMGetInstructionParent(value) != c->entry)
			return NULL;
		only = value;
	}
	return only;
}

/* A value that comes from the frame only, and is loaded before the dispatch, needs no slot. For mem2reg there
 * would be a phi of it at each site, which are all the same but not seen to be where they are in loops. */
static void fold_slots(struct clone *c)
{
	for (size_t i = 0; i < c->slots.n; i++) {
		LLVMValueRef slot = c->slots.item[i], value = only_stored(c, slot);
		LLVMUseRef use;

		while (value && (use = LLVMGetFirstUse(slot))) {
			LLVMValueRef user = LLVMGetUser(use);

			if (!LLVMIsAStoreInst(user))
				LLVMReplaceAllUsesWith(user, value);
			LLVMInstructionEraseFromParent(user);
		}
	}
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
	hcc_drop_attribute(resume, FUNCTION_INDEX, "cold"); /* these two have prefixes of their own */
	hcc_drop_attribute(resume, FUNCTION_INDEX, "hot");
	hcc_drop_attribute(resume, FUNCTION_INDEX, "allocsize");
	hcc_drop_attribute(resume, FUNCTION_INDEX, "allockind");
	LLVMAddAttributeAtIndex(resume, 1, LLVMCreateEnumAttribute(unit->context,
		LLVMGetEnumAttributeKindForName("nest", strlen("nest")), 0));
	return resume;
}

static void make_resume(struct hcc_unit *unit, struct hcc_function *f, LLVMBuilderRef builder)
{
	struct clone c = { .unit = unit, .builder = builder, .f = f };

	c.resume = f->resume = declare_resume(unit, f->function);
	c.entry = LLVMAppendBasicBlockInContext(unit->context, c.resume, "entry");
	c.call = hcc_alloc(f->n_sites * sizeof *c.call);
	LLVMSetCurrentDebugLocation2(builder, NULL);
	LLVMPositionBuilderAtEnd(builder, c.entry);
	c.callee = LLVMBuildAlloca(builder, hcc_ptr_type(unit->module), "");
	c.next = LLVMBuildAlloca(builder, hcc_ptr_type(unit->module), "");
	add_slots(&c);
	copy_body(&c);
	hcc_clone_enter(&c);
	hcc_keep_natural(c.resume);
	hcc_delete_dead(builder, c.resume);
	fold_slots(&c);
	free(c.call);
	hcc_map_free(&c.slot);
	hcc_map_free(&c.value);
	hcc_map_free(&c.site);
	hcc_map_free(&c.head);
	hcc_map_free(&c.tail);
	hcc_list_free(&c.slots);
	hcc_list_free(&c.values);
	hcc_list_free(&c.pieces);
}

/* Jump tables go where clones are. Code generation puts the tables of a function into .rodata, among those of
 * all others, unless it is in a group: then into .rodata.<prefix>.<its name>. All clones are in one group, which
 * has the name of the first, and is none that a linker chooses one of. */
static void place_tables(struct hcc_unit *unit, LLVMValueRef resume, LLVMComdatRef *group)
{
	LLVMMetadataRef node[] = {
		LLVMMDStringInContext2(unit->context, "function_section_prefix", 23),
		LLVMMDStringInContext2(unit->context, HCC_RESUME_PREFIX, strlen(HCC_RESUME_PREFIX)),
	};
	size_t length;

	if (!*group) {
		*group = LLVMGetOrInsertComdat(unit->module, LLVMGetValueName2(resume, &length));
		LLVMSetComdatSelectionKind(*group, LLVMNoDeduplicateComdatSelectionKind);
	}
	LLVMSetComdat(resume, *group);
	LLVMGlobalSetMetadata(resume, LLVMGetMDKindIDInContext(unit->context, "section_prefix", 14),
		LLVMMDNodeInContext2(unit->context, node, 2));
}

int hcc_make_resume(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);
	LLVMComdatRef group = NULL;
	char *message;

	for (size_t i = 0; i < unit->n_functions; i++)
		if (unit->functions[i].n_sites) {
			make_resume(unit, &unit->functions[i], builder);
			place_tables(unit, unit->functions[i].resume, &group);
		}
	LLVMDisposeBuilder(builder);
	message = hcc_run_passes(unit->module, "function(mem2reg)", unit->machine);
	if (!message)
		return 0;
	hcc_unit_fail(unit, "%s", message);
	free(message);
	return -1;
}
