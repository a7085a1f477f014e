/* Which SSA values are live across the calls of a function. */
#ifndef HCC_LIVENESS_H
#define HCC_LIVENESS_H

#include "ir.h"

struct hcc_liveness {
	LLVMValueRef *value;   /* n_values: arguments, then instructions in block order */
	size_t n_values;
	struct hcc_map index;  /* value -> its number */
	struct hcc_map block;  /* block -> its number */
	size_t n_words;        /* of one bit set */
	uint64_t *live_out;    /* a bit set for each block */
};

/* Solve for one function. Frees nothing of the caller's; free with hcc_liveness_free. */
void hcc_liveness_init(struct hcc_liveness *live, LLVMValueRef function);
void hcc_liveness_free(struct hcc_liveness *live);

/* Call `visit` for each call that is marked as reaching a migration point, last to first in each
 * block, with the set of values live after it, its own result excepted. `visit` must not change the
 * function. */
void hcc_liveness_visit(const struct hcc_liveness *live, LLVMValueRef function,
	void (*visit)(void *user, LLVMValueRef call, const uint64_t *set), void *user);

static inline bool hcc_bit(const uint64_t *set, size_t i)
{
	return set[i / 64] >> i % 64 & 1;
}

/* The type byte of hcc_format.h for a value a record can name; 0 for one it cannot. */
unsigned hcc_value_type(LLVMTypeRef type);

#endif
