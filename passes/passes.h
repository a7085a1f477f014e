/* The transformations that make a module movable, in the order of pipeline.c.
 *
 * Every pass works on one module of portable IR (see pipeline.c) in place, never prints and never
 * exits. A pass that can fail returns 0 or -1 and leaves one line about it in unit->error; memory
 * exhaustion aborts, as it does in LLVM.
 */
#ifndef HCC_PASSES_H
#define HCC_PASSES_H

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa.h"

/* How much of a unit can be captured. */
enum hcc_migrate {
	HCC_MIGRATE_LEAF,   /* neither polls nor records, as nothing here reaches a migration point */
	HCC_MIGRATE_NONE,   /* neither polls nor records: a capture waits until it has returned */
	HCC_MIGRATE_CALLS,  /* records at its calls, no polls of its own */
	HCC_MIGRATE_FULL,
};

/* How a poll finds out that a migration is asked for. */
enum hcc_polls {
	HCC_POLLS_PATCHED,  /* the runtime makes it a jump (struct hcc_poll of hcc_format.h) */
	HCC_POLLS_FLAG,     /* it tests a flag */
};

/* One recorded call and what lives across it. */
struct hcc_site {
	LLVMValueRef call;
	LLVMValueRef *values;  /* in the order of the deopt bundle */
	uint32_t n_values;
	uint32_t flags;        /* HCC_SITE_* of hcc_format.h */
	uint32_t line;
};

/* One function with recorded calls, or one that is kept out of migration and so has none. */
struct hcc_function {
	LLVMValueRef function;
	LLVMValueRef resume;   /* NULL if there are no sites */
	uint32_t flags;        /* HCC_FUNCTION_* of hcc_format.h */
	struct hcc_site *sites;
	uint32_t n_sites;
};

/* The warnings that clang leaves to the optimiser and to code generation. */
enum hcc_warning {
	HCC_WARNING_ATTRIBUTE,   /* -Wattribute-warning */
	HCC_WARNING_PASS_FAILED, /* -Wpass-failed: a loop that was to be transformed was not */
	HCC_WARNINGS
};

/* Something to tell the user that is no failure of a pass. */
struct hcc_note {
	bool is_error;
	enum hcc_warning warning; /* if it is no error */
	char *place; /* file:line:column */
	char *text;
};

/* A translation unit on its way through the passes. */
struct hcc_unit {
	LLVMModuleRef module;
	LLVMContextRef context;
	LLVMTargetMachineRef machine;  /* the build host's, for the optimiser's cost model */
	enum hcc_migrate migrate;
	enum hcc_polls polls;
	const char *id;                /* 16 hex digits, unique in the program */
	const char *keep_out;           /* names of functions, separated by commas; or NULL */
	char opt_level;                /* 0 1 2 3 s z */
	const struct hcc_set *no_reach; /* external functions that reach no migration point */
	struct hcc_function *functions;
	size_t n_functions;
	struct hcc_note *notes;
	size_t n_notes;
	char error[1024];
};

/* Set unit->error; returns -1. */
int hcc_unit_fail(struct hcc_unit *unit, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Add a note; place and text are the unit's from then on, for free(). */
void hcc_unit_note(struct hcc_unit *unit, struct hcc_note note);

/* Run everything up to code generation.
 *   returns  0, or -1 with unit->error set */
int hcc_pipeline_run(struct hcc_unit *unit);

/* Write the object or assembly of one ISA. Changes the module's target, and options of LLVM
 * that all of a process share.
 *   type     LLVMObjectFile or LLVMAssemblyFile
 *   returns  0; HCC_OUT_OF_REGISTERS or -1 with one line in error */
#define HCC_OUT_OF_REGISTERS (-2)
int hcc_codegen(LLVMModuleRef module, const struct hcc_isa *isa, LLVMCodeGenFileType type,
	const char *path, char *error, size_t error_bytes);

/* Set the options of code generation that records rest on. Once per process.
 *   in_memory  keep the values of records in memory: slower code, for a unit that could not be
 *              compiled otherwise */
void hcc_codegen_init(bool in_memory);

/* The target machine code is generated with. The caller disposes of it. */
LLVMTargetMachineRef hcc_target_machine(const struct hcc_isa *isa);

/* One function per pass; what each requires and breaks stands in pipeline.c. */
void hcc_keep_out(struct hcc_unit *unit);
void hcc_retarget(LLVMModuleRef module, LLVMTargetMachineRef machine);
void hcc_align_arrays(LLVMModuleRef module);
int hcc_lower_labels(struct hcc_unit *unit);
int hcc_optimise(struct hcc_unit *unit);
void hcc_fold_dispatch(struct hcc_unit *unit);
void hcc_delete_dead_blocks(struct hcc_unit *unit);
/* Of that: one function's. The builder is left anywhere. */
void hcc_delete_dead(LLVMBuilderRef builder, LLVMValueRef function);
void hcc_find_dontcalls(struct hcc_unit *unit);
int hcc_lower_variadic(struct hcc_unit *unit);
#define HCC_VARIADIC_BUFFER "hcc.variadic"  /* how the names of its buffers begin */
void hcc_lower_abi(struct hcc_unit *unit);
void hcc_lower_lanes(struct hcc_unit *unit);
void hcc_lower_setjmp(struct hcc_unit *unit);
void hcc_insert_polls(struct hcc_unit *unit);
/* Of hcc_insert_polls: make its polls those of an ISA, before code generation for that. */
void hcc_adapt_polls(LLVMModuleRef module, const struct hcc_isa *isa);
void hcc_mark_reach(struct hcc_unit *unit);
void hcc_demote(struct hcc_unit *unit);
int hcc_portable_stack(struct hcc_unit *unit);
void hcc_rematerialise(struct hcc_unit *unit);
void hcc_give_homes(struct hcc_unit *unit);
/* Of hcc_give_homes: an alloca whose contents a record names, and the type of what a record does. */
bool hcc_is_home(LLVMValueRef value);
LLVMTypeRef hcc_recorded_type(LLVMValueRef value);
int hcc_record(struct hcc_unit *unit);
int hcc_make_resume(struct hcc_unit *unit);
/* Part of that, before mem2reg: the loops of a clone get one entry (natural.c). The block behind the entry is where the
 * original begins. */
void hcc_keep_natural(LLVMValueRef resume);
void hcc_emit_sites(struct hcc_unit *unit);
void hcc_assign_sections(struct hcc_unit *unit);

/* Whether the function is kept out of migration. Valid after hcc_keep_out. */
bool hcc_is_kept_out(LLVMValueRef function);

/* Whether a function that is kept out can be on a stack when a capture is asked for, which it then
 * declines: decided by hcc_mark_reach. */
bool hcc_declines(LLVMValueRef function);

/* Whether a call gets a record: decided by hcc_mark_reach, valid until hcc_record. */
bool hcc_call_reaches(LLVMValueRef call);

/* The operand that stands for a value in the bundle of a record, made where the builder is: the value
 * itself but for these.
 *  - Of a parameter that came on the stack in two parts code generation would note the place as if its
 *    address were the value (FunctionLoweringInfo's getArgumentFrameIndex, LLVM 19): that would be an
 *    address of the native stack. A freeze is a value of its own.
 *  - An integer of an odd width, kept in memory, makes aarch64's divide by zero when it lays out the
 *    frame (LLVM 19): it gets a width that registers have. Bits above the type's count for nothing.
 *  - A vector may be kept in a tuple of registers (of tbl or ld2, aarch64), and where that is spilled its
 *    place is noted as that of the tuple's first vector (getSubRegIdxOffset gives 0 for each, LLVM 19).
 *    An integer of its size is not. */
LLVMValueRef hcc_record_operand(LLVMBuilderRef builder, LLVMValueRef value);

/* Whether the call is to setjmp or one of its kin. */
bool hcc_call_is_setjmp(LLVMValueRef call);
bool hcc_calls_setjmp(LLVMValueRef function);

/* Of hcc_portable_stack: the declared variables that live in allocas of a frame, which have these offsets
 * from its lowest address now, become values that say so; before the allocas are replaced. base is
 * base_off bytes above that address. Needs debug intrinsics, not records. */
struct hcc_list;
void hcc_move_variables(LLVMModuleRef module, LLVMValueRef function, const struct hcc_list *allocas,
	const uint64_t *offsets, int64_t base_off, LLVMValueRef base);

/* The portable frame's base in a function that has one, else NULL. Valid after
 * hcc_portable_stack. */
LLVMValueRef hcc_frame_base(LLVMValueRef function);
bool hcc_is_frame_base(LLVMValueRef value);

#endif
