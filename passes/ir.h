/* Small things that LLVM-C leaves to its users: lists, maps, splitting, rewriting of calls. */
#ifndef HCC_IR_H
#define HCC_IR_H

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HCC_FOR_FUNCTIONS(f, module) \
	for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f))
#define HCC_FOR_BLOCKS(b, function) \
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b))
#define HCC_FOR_INSTRUCTIONS(i, block) \
	for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))

/* A growing array of LLVM references. Zero-initialise; free with hcc_list_free. */
struct hcc_list {
	void **item;
	size_t n, capacity;
};
void hcc_list_add(struct hcc_list *list, void *item);
void hcc_list_free(struct hcc_list *list);

/* Pointer to number; zero-initialise. A key that is absent has the value HCC_ABSENT. */
#define HCC_ABSENT SIZE_MAX
struct hcc_map {
	struct hcc_map_slot { const void *key; size_t value; } *slot;
	size_t n, capacity;
};
void hcc_map_set(struct hcc_map *map, const void *key, size_t value);
size_t hcc_map_get(const struct hcc_map *map, const void *key);
void hcc_map_free(struct hcc_map *map);

/* A set of strings, read from a file of one a line. */
struct hcc_set;
struct hcc_set *hcc_set_read(const char *path);  /* NULL with errno set */
bool hcc_set_has(const struct hcc_set *set, const char *string);
void hcc_set_free(struct hcc_set *set);

/* malloc and realloc that abort when memory is exhausted. */
void *hcc_alloc(size_t bytes);  /* zeroed */
void *hcc_realloc(void *old, size_t bytes);

/* Defined here and emitted here: not a declaration, not available_externally. */
bool hcc_is_defined(LLVMValueRef function);

/* Whether the link may put another definition in its place. */
bool hcc_is_replaceable(LLVMValueRef function);

/* Name of the function that is called directly, "" for an indirect call. */
const char *hcc_callee_name(LLVMValueRef call);
bool hcc_is_call(LLVMValueRef instruction);
bool hcc_is_intrinsic_call(LLVMValueRef call);
bool hcc_is_asm_call(LLVMValueRef call);

/* The first instruction that is not a phi. */
LLVMValueRef hcc_first_non_phi(LLVMBasicBlockRef block);

/* Move `first` and all behind it to a new block right after; phis of the successors are repointed.
 * The old block is left without a terminator. */
LLVMBasicBlockRef hcc_split_before(LLVMValueRef first, const char *name);

/* Copy the attributes of one index of a function or call. */
void hcc_copy_attributes(LLVMValueRef to, LLVMAttributeIndex to_idx, LLVMValueRef from,
	LLVMAttributeIndex from_idx);
void hcc_copy_call_attributes(LLVMValueRef to, LLVMAttributeIndex to_idx, LLVMValueRef from,
	LLVMAttributeIndex from_idx);

/* Like `old` (debug location, calling convention, attributes of the function, the result and the
 * first n_params parameters), in its place, named as it is. The caller replaces and erases it. */
LLVMValueRef hcc_rebuild_call(LLVMBuilderRef builder, LLVMValueRef old, LLVMTypeRef type,
	LLVMValueRef callee, LLVMValueRef *args, unsigned n_args, unsigned n_params,
	LLVMOperandBundleRef bundle);

void hcc_add_attribute(LLVMValueRef function, const char *name, uint64_t value);
void hcc_add_call_attribute(LLVMValueRef call, const char *name, uint64_t value);
void hcc_drop_attribute(LLVMValueRef function, LLVMAttributeIndex idx, const char *name);
void hcc_drop_call_attribute(LLVMValueRef call, LLVMAttributeIndex idx, const char *name);

/* The declaration of that name, made when absent. */
LLVMValueRef hcc_declare(LLVMModuleRef module, const char *name, LLVMTypeRef type);

LLVMTypeRef hcc_ptr_type(LLVMModuleRef module);
LLVMTypeRef hcc_int_type(LLVMModuleRef module, unsigned bits);
LLVMValueRef hcc_const_int(LLVMModuleRef module, unsigned bits, uint64_t value);

/* ptr + bytes, as a GEP of i8. */
LLVMValueRef hcc_build_offset(LLVMBuilderRef builder, LLVMModuleRef module, LLVMValueRef ptr,
	int64_t bytes, const char *name);

/* Mark a two-way branch as hardly ever taken to its first successor. */
void hcc_mark_cold_branch(LLVMModuleRef module, LLVMValueRef branch);

/* Run passes by their textual pipeline; NULL or an error message to free with LLVMDisposeErrorMessage. */
char *hcc_run_passes(LLVMModuleRef module, const char *pipeline, LLVMTargetMachineRef machine);

#endif
