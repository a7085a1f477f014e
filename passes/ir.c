/* Small things that LLVM-C leaves to its users. No pass logic here. */
#include "ir.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Error.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *hcc_alloc(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	if (!p)
		abort();
	return p;
}

void *hcc_realloc(void *old, size_t bytes)
{
	void *p = realloc(old, bytes ? bytes : 1);

	if (!p)
		abort();
	return p;
}

void hcc_list_add(struct hcc_list *list, void *item)
{
	if (list->n == list->capacity) {
		list->capacity = list->capacity ? 2 * list->capacity : 16;
		list->item = hcc_realloc(list->item, list->capacity * sizeof *list->item);
	}
	list->item[list->n++] = item;
}

void hcc_list_free(struct hcc_list *list)
{
	free(list->item);
	*list = (struct hcc_list){ 0 };
}

static size_t hash_pointer(const void *key)
{
	uint64_t x = (uintptr_t)key;

	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15u;
	return x ^ x >> 29;
}

static struct hcc_map_slot *map_slot(const struct hcc_map *map, const void *key)
{
	size_t i = hash_pointer(key) & (map->capacity - 1);

	while (map->slot[i].key && map->slot[i].key != key)
		i = (i + 1) & (map->capacity - 1);
	return &map->slot[i];
}

void hcc_map_set(struct hcc_map *map, const void *key, size_t value)
{
	if (map->n * 2 >= map->capacity) {
		struct hcc_map bigger = { .capacity = map->capacity ? 2 * map->capacity : 64 };

		bigger.slot = hcc_alloc(bigger.capacity * sizeof *bigger.slot);
		for (size_t i = 0; i < map->capacity; i++)
			if (map->slot[i].key)
				*map_slot(&bigger, map->slot[i].key) = map->slot[i];
		bigger.n = map->n;
		free(map->slot);
		*map = bigger;
	}
	struct hcc_map_slot *slot = map_slot(map, key);
	map->n += !slot->key;
	*slot = (struct hcc_map_slot){ key, value };
}

size_t hcc_map_get(const struct hcc_map *map, const void *key)
{
	if (!map->capacity)
		return HCC_ABSENT;
	struct hcc_map_slot *slot = map_slot(map, key);
	return slot->key ? slot->value : HCC_ABSENT;
}

void hcc_map_free(struct hcc_map *map)
{
	free(map->slot);
	*map = (struct hcc_map){ 0 };
}

/* Sorted, looked up by bisection. */
struct hcc_set {
	char *text;
	char **string;
	size_t n;
};

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct hcc_set *hcc_set_read(const char *path)
{
	FILE *file = fopen(path, "r");
	struct hcc_set *set;
	struct hcc_list lines = { 0 };
	size_t n = 0, capacity = 1 << 16, got;

	if (!file)
		return NULL;
	set = hcc_alloc(sizeof *set);
	set->text = hcc_alloc(capacity);
	while ((got = fread(set->text + n, 1, capacity - n - 1, file)) > 0) {
		n += got;
		if (n + 1 == capacity)
			set->text = hcc_realloc(set->text, capacity *= 2);
	}
	fclose(file);
	set->text[n] = 0;
	for (char *line = strtok(set->text, "\n"); line; line = strtok(NULL, "\n"))
		hcc_list_add(&lines, line);
	set->string = (char **)lines.item;
	set->n = lines.n;
	if (set->n)
		qsort(set->string, set->n, sizeof *set->string, compare_strings);
	return set;
}

bool hcc_set_has(const struct hcc_set *set, const char *string)
{
	return set && set->n
		&& bsearch(&string, set->string, set->n, sizeof *set->string, compare_strings);
}

void hcc_set_free(struct hcc_set *set)
{
	if (!set)
		return;
	free(set->string);
	free(set->text);
	free(set);
}

bool hcc_is_defined(LLVMValueRef function)
{
	return !LLVMIsDeclaration(function)
		&& LLVMGetLinkage(function) != LLVMAvailableExternallyLinkage;
}

bool hcc_is_replaceable(LLVMValueRef function)
{
	switch (LLVMGetLinkage(function)) {
	case LLVMWeakAnyLinkage:
	case LLVMWeakODRLinkage:
	case LLVMLinkOnceAnyLinkage:
	case LLVMLinkOnceODRLinkage:
		return true;
	default:
		return false;
	}
}

bool hcc_is_call(LLVMValueRef instruction)
{
	return LLVMGetInstructionOpcode(instruction) == LLVMCall;
}

const char *hcc_callee_name(LLVMValueRef call)
{
	LLVMValueRef callee = LLVMGetCalledValue(call);
	size_t length;

	return LLVMIsAFunction(callee) ? LLVMGetValueName2(callee, &length) : "";
}

bool hcc_is_intrinsic_call(LLVMValueRef call)
{
	LLVMValueRef callee = LLVMGetCalledValue(call);

	return LLVMIsAFunction(callee) && LLVMGetIntrinsicID(callee);
}

bool hcc_is_asm_call(LLVMValueRef call)
{
	return LLVMIsAInlineAsm(LLVMGetCalledValue(call)) != NULL;
}

LLVMValueRef hcc_first_non_phi(LLVMBasicBlockRef block)
{
	LLVMValueRef i = LLVMGetFirstInstruction(block);

	while (i && LLVMGetInstructionOpcode(i) == LLVMPHI)
		i = LLVMGetNextInstruction(i);
	return i;
}

/* A phi's incoming blocks cannot be changed: make it anew. */
static void repoint_phis(LLVMBasicBlockRef block, LLVMBasicBlockRef from, LLVMBasicBlockRef to,
	LLVMBuilderRef builder)
{
	LLVMValueRef next;

	for (LLVMValueRef phi = LLVMGetFirstInstruction(block);
	     phi && LLVMGetInstructionOpcode(phi) == LLVMPHI; phi = next) {
		bool hit = false;
		unsigned n = LLVMCountIncoming(phi);

		next = LLVMGetNextInstruction(phi);
		for (unsigned i = 0; i < n && !hit; i++)
			hit = LLVMGetIncomingBlock(phi, i) == from;
		if (!hit)
			continue;
		LLVMPositionBuilderBefore(builder, phi);
		LLVMValueRef fresh = LLVMBuildPhi(builder, LLVMTypeOf(phi), "");
		for (unsigned i = 0; i < n; i++) {
			LLVMValueRef value = LLVMGetIncomingValue(phi, i);
			LLVMBasicBlockRef pred = LLVMGetIncomingBlock(phi, i);

			if (value == phi)
				value = fresh;
			if (pred == from)
				pred = to;
			LLVMAddIncoming(fresh, &value, &pred, 1);
		}
		LLVMReplaceAllUsesWith(phi, fresh);
		LLVMInstructionEraseFromParent(phi);
	}
}

LLVMBasicBlockRef hcc_split_before(LLVMValueRef first, const char *name)
{
	LLVMBasicBlockRef block = LLVMGetInstructionParent(first), rest;
	LLVMContextRef context = LLVMGetTypeContext(LLVMTypeOf(LLVMBasicBlockAsValue(block)));
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
	LLVMValueRef next, terminator = LLVMGetBasicBlockTerminator(block);
	unsigned n = LLVMGetNumSuccessors(terminator);
	LLVMBasicBlockRef follow = LLVMGetNextBasicBlock(block);

	rest = follow ? LLVMInsertBasicBlockInContext(context, follow, name)
	              : LLVMAppendBasicBlockInContext(context, LLVMGetBasicBlockParent(block), name);
	for (unsigned i = 0; i < n; i++)
		repoint_phis(LLVMGetSuccessor(terminator, i), block, rest, builder);
	for (LLVMValueRef i = first; i; i = next) {
		next = LLVMGetNextInstruction(i);
		LLVMInstructionRemoveFromParent(i);
		LLVMPositionBuilderAtEnd(builder, rest);
		LLVMMetadataRef location = LLVMInstructionGetDebugLoc(i);
		LLVMSetCurrentDebugLocation2(builder, location);
		LLVMInsertIntoBuilder(builder, i);
		LLVMInstructionSetDebugLoc(i, location);
	}
	LLVMDisposeBuilder(builder);
	return rest;
}

void hcc_copy_attributes(LLVMValueRef to, LLVMAttributeIndex to_idx, LLVMValueRef from,
	LLVMAttributeIndex from_idx)
{
	unsigned n = LLVMGetAttributeCountAtIndex(from, from_idx);
	LLVMAttributeRef *list = hcc_alloc(n * sizeof *list);

	LLVMGetAttributesAtIndex(from, from_idx, list);
	for (unsigned i = 0; i < n; i++)
		LLVMAddAttributeAtIndex(to, to_idx, list[i]);
	free(list);
}

void hcc_copy_call_attributes(LLVMValueRef to, LLVMAttributeIndex to_idx, LLVMValueRef from,
	LLVMAttributeIndex from_idx)
{
	unsigned n = LLVMGetCallSiteAttributeCount(from, from_idx);
	LLVMAttributeRef *list = hcc_alloc(n * sizeof *list);

	LLVMGetCallSiteAttributes(from, from_idx, list);
	for (unsigned i = 0; i < n; i++)
		LLVMAddCallSiteAttribute(to, to_idx, list[i]);
	free(list);
}

LLVMValueRef hcc_rebuild_call(LLVMBuilderRef builder, LLVMValueRef old, LLVMTypeRef type,
	LLVMValueRef callee, LLVMValueRef *args, unsigned n_args, unsigned n_params,
	LLVMOperandBundleRef bundle)
{
	LLVMMetadataRef location = LLVMInstructionGetDebugLoc(old);
	LLVMValueRef call;

	LLVMPositionBuilderBefore(builder, old);
	LLVMSetCurrentDebugLocation2(builder, location);
	call = LLVMBuildCallWithOperandBundles(builder, type, callee, args, n_args, &bundle,
		bundle ? 1 : 0, "");
	LLVMSetInstructionCallConv(call, LLVMGetInstructionCallConv(old));
	hcc_copy_call_attributes(call, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, old,
		(LLVMAttributeIndex)LLVMAttributeFunctionIndex);
	hcc_copy_call_attributes(call, LLVMAttributeReturnIndex, old, LLVMAttributeReturnIndex);
	for (unsigned i = 1; i <= n_params; i++)
		hcc_copy_call_attributes(call, i, old, i);
	return call;
}

static LLVMAttributeRef make_attribute(LLVMContextRef context, const char *name, uint64_t value)
{
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));

	if (!kind)
		abort();
	return LLVMCreateEnumAttribute(context, kind, value);
}

void hcc_add_attribute(LLVMValueRef function, const char *name, uint64_t value)
{
	LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(function));

	LLVMAddAttributeAtIndex(function, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
		make_attribute(context, name, value));
}

void hcc_add_call_attribute(LLVMValueRef call, const char *name, uint64_t value)
{
	LLVMAddCallSiteAttribute(call, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
		make_attribute(LLVMGetTypeContext(LLVMTypeOf(call)), name, value));
}

void hcc_drop_attribute(LLVMValueRef function, LLVMAttributeIndex idx, const char *name)
{
	LLVMRemoveEnumAttributeAtIndex(function, idx,
		LLVMGetEnumAttributeKindForName(name, strlen(name)));
}

void hcc_drop_call_attribute(LLVMValueRef call, LLVMAttributeIndex idx, const char *name)
{
	LLVMRemoveCallSiteEnumAttribute(call, idx,
		LLVMGetEnumAttributeKindForName(name, strlen(name)));
}

LLVMValueRef hcc_declare(LLVMModuleRef module, const char *name, LLVMTypeRef type)
{
	LLVMValueRef f = LLVMGetNamedFunction(module, name);

	return f ? f : LLVMAddFunction(module, name, type);
}

LLVMTypeRef hcc_ptr_type(LLVMModuleRef module)
{
	return LLVMPointerTypeInContext(LLVMGetModuleContext(module), 0);
}

LLVMTypeRef hcc_int_type(LLVMModuleRef module, unsigned bits)
{
	return LLVMIntTypeInContext(LLVMGetModuleContext(module), bits);
}

LLVMValueRef hcc_const_int(LLVMModuleRef module, unsigned bits, uint64_t value)
{
	return LLVMConstInt(hcc_int_type(module, bits), value, 0);
}

LLVMValueRef hcc_build_offset(LLVMBuilderRef builder, LLVMModuleRef module, LLVMValueRef ptr,
	int64_t bytes, const char *name)
{
	LLVMValueRef idx = hcc_const_int(module, 64, (uint64_t)bytes);

	return LLVMBuildGEP2(builder, hcc_int_type(module, 8), ptr, &idx, 1, name);
}

void hcc_mark_cold_branch(LLVMModuleRef module, LLVMValueRef branch)
{
	LLVMContextRef context = LLVMGetModuleContext(module);
	LLVMMetadataRef nodes[] = {
		LLVMMDStringInContext2(context, "branch_weights", strlen("branch_weights")),
		LLVMValueAsMetadata(hcc_const_int(module, 32, 1)),
		LLVMValueAsMetadata(hcc_const_int(module, 32, 1 << 20)),
	};
	LLVMMetadataRef node = LLVMMDNodeInContext2(context, nodes, 3);

	LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(context, "prof", 4),
		LLVMMetadataAsValue(context, node));
}

char *hcc_run_passes(LLVMModuleRef module, const char *pipeline, LLVMTargetMachineRef machine)
{
	LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
	LLVMErrorRef error;

	LLVMPassBuilderOptionsSetSLPVectorization(options, 1);
	LLVMPassBuilderOptionsSetMergeFunctions(options, 0);
	error = LLVMRunPasses(module, pipeline, machine, options);
	LLVMDisposePassBuilderOptions(options);
	return error ? LLVMGetErrorMessage(error) : NULL;
}
