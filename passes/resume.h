/* A resume clone while it is made: between resume.c, which copies the body, and enter.c. */
#ifndef HCC_RESUME_H
#define HCC_RESUME_H

#include "ir.h"
#include "passes.h"

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
	LLVMBasicBlockRef *call;    /* by site: the block that begins with it, or behind a poll */
	struct known { LLVMValueRef value, loaded; } *known;  /* by place in the frame: loaded before here */
	LLVMValueRef number;        /* of the site */
	LLVMValueRef callee, next;  /* allocas: what the next call to be made is made of, and with */
};

/* The clone's value for an operand of the original, loaded at the builder's position if in a slot. */
LLVMValueRef hcc_clone_value(struct clone *c, LLVMValueRef operand);

/* The alloca of an original value, or NULL. */
LLVMValueRef hcc_clone_slot(const struct clone *c, LLVMValueRef value);

bool hcc_clone_is_poll(const struct clone *c, uint32_t site);
LLVMAttributeRef hcc_clone_nest(const struct clone *c);

/* Fill the entry, and make the blocks that lead from there to the calls, which are there. */
void hcc_clone_enter(struct clone *c);

#endif
