/* Backward dataflow over bit sets of SSA values and homes. A phi's operands are used at the end of the
 * incoming blocks, a phi itself is defined at the head of its block. */
#include "../runtime/hcc_format.h"
#include "liveness.h"
#include "passes.h"

#include <stdlib.h>
#include <string.h>

static void clear_bit(uint64_t *set, size_t i)
{
	set[i / 64] &= ~((uint64_t)1 << i % 64);
}

static void set_bit(uint64_t *set, size_t i)
{
	set[i / 64] |= (uint64_t)1 << i % 64;
}

static void use(const struct hcc_liveness *live, uint64_t *set, LLVMValueRef operand)
{
	size_t i = hcc_map_get(&live->index, operand);

	if (i != HCC_ABSENT)
		set_bit(set, i);
}

/* Step backwards over one instruction that is not a phi. Of a home (homes.c) what counts is what lies in
 * it: a store defines that, a load uses it. */
static void step(const struct hcc_liveness *live, uint64_t *set, LLVMValueRef instruction)
{
	int n = LLVMGetNumOperands(instruction);
	size_t self = hcc_map_get(&live->index, instruction);

	if (self != HCC_ABSENT)
		clear_bit(set, self);
	if (LLVMIsAStoreInst(instruction) && hcc_is_home(LLVMGetOperand(instruction, 1))) {
		clear_bit(set, hcc_map_get(&live->index, LLVMGetOperand(instruction, 1)));
		n = 1;
	}
	for (int i = 0; i < n; i++)
		use(live, set, LLVMGetOperand(instruction, (unsigned)i));
}

static void number(struct hcc_liveness *live, LLVMValueRef value, size_t *capacity)
{
	if (live->n_values == *capacity) {
		*capacity = *capacity ? 2 * *capacity : 256;
		live->value = hcc_realloc(live->value, *capacity * sizeof *live->value);
	}
	hcc_map_set(&live->index, value, live->n_values);
	live->value[live->n_values++] = value;
}

/* live_out[block] |= what its successor needs; whether anything was new. */
static bool merge_successors(struct hcc_liveness *live, LLVMBasicBlockRef b, uint64_t *live_in,
	size_t b_idx)
{
	LLVMValueRef terminator = LLVMGetBasicBlockTerminator(b);
	uint64_t *out = live->live_out + b_idx * live->n_words;
	unsigned n = LLVMGetNumSuccessors(terminator);
	bool changed = false;

	for (unsigned s = 0; s < n; s++) {
		LLVMBasicBlockRef next = LLVMGetSuccessor(terminator, s);
		const uint64_t *in = live_in + hcc_map_get(&live->block, next) * live->n_words;

		for (size_t w = 0; w < live->n_words; w++) {
			changed |= (in[w] & ~out[w]) != 0;
			out[w] |= in[w];
		}
	}
	return changed;
}

static void phi_operands(struct hcc_liveness *live, LLVMBasicBlockRef b)
{
	for (LLVMValueRef phi = LLVMGetFirstInstruction(b);
	     phi && LLVMGetInstructionOpcode(phi) == LLVMPHI; phi = LLVMGetNextInstruction(phi))
		for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
			size_t from = hcc_map_get(&live->block, LLVMGetIncomingBlock(phi, i));

			if (from != HCC_ABSENT)
				use(live, live->live_out + from * live->n_words,
					LLVMGetIncomingValue(phi, i));
		}
}

static void block_in(const struct hcc_liveness *live, LLVMBasicBlockRef b, uint64_t *in,
	const uint64_t *out)
{
	LLVMValueRef i = LLVMGetLastInstruction(b);

	memcpy(in, out, live->n_words * sizeof *in);
	for (; i && LLVMGetInstructionOpcode(i) != LLVMPHI; i = LLVMGetPreviousInstruction(i))
		step(live, in, i);
	for (; i; i = LLVMGetPreviousInstruction(i))
		clear_bit(in, hcc_map_get(&live->index, i));
}

static void solve(struct hcc_liveness *live, LLVMValueRef function, size_t n_blocks)
{
	uint64_t *live_in = hcc_alloc(n_blocks * live->n_words * sizeof *live_in);
	bool *dirty = hcc_alloc(n_blocks * sizeof *dirty), changed = true;

	memset(dirty, true, n_blocks);
	HCC_FOR_BLOCKS(b, function)
		phi_operands(live, b);
	while (changed) {
		size_t k = n_blocks;

		changed = false;
		for (LLVMBasicBlockRef b = LLVMGetLastBasicBlock(function); b;
		     b = LLVMGetPreviousBasicBlock(b)) {
			k--;
			if (!merge_successors(live, b, live_in, k) && !dirty[k])
				continue;
			dirty[k] = false;
			changed = true;
			block_in(live, b, live_in + k * live->n_words,
				live->live_out + k * live->n_words);
		}
	}
	free(dirty);
	free(live_in);
}

void hcc_liveness_init(struct hcc_liveness *live, LLVMValueRef function)
{
	size_t capacity = 0, n_blocks = 0;

	*live = (struct hcc_liveness){ 0 };
	for (unsigned i = 0; i < LLVMCountParams(function); i++)
		number(live, LLVMGetParam(function, i), &capacity);
	HCC_FOR_BLOCKS(b, function) {
		hcc_map_set(&live->block, b, n_blocks++);
		HCC_FOR_INSTRUCTIONS(i, b)
			if (LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind)
				number(live, i, &capacity);
	}
	live->n_words = live->n_values / 64 + 1;
	live->live_out = hcc_alloc(n_blocks * live->n_words * sizeof *live->live_out);
	solve(live, function, n_blocks);
}

void hcc_liveness_free(struct hcc_liveness *live)
{
	free(live->value);
	free(live->live_out);
	hcc_map_free(&live->index);
	hcc_map_free(&live->block);
}

void hcc_liveness_visit(const struct hcc_liveness *live, LLVMValueRef function,
	void (*visit)(void *user, LLVMValueRef call, const uint64_t *set), void *user)
{
	uint64_t *set = hcc_alloc(live->n_words * sizeof *set);

	HCC_FOR_BLOCKS(b, function) {
		size_t k = hcc_map_get(&live->block, b);

		memcpy(set, live->live_out + k * live->n_words, live->n_words * sizeof *set);
		for (LLVMValueRef i = LLVMGetLastInstruction(b);
		     i && LLVMGetInstructionOpcode(i) != LLVMPHI;
		     i = LLVMGetPreviousInstruction(i)) {
			size_t self = hcc_map_get(&live->index, i);

			if (self != HCC_ABSENT)
				clear_bit(set, self);
			if (hcc_is_call(i) && hcc_call_reaches(i))
				visit(user, i, set);
			step(live, set, i);
		}
	}
	free(set);
}

unsigned hcc_value_type(LLVMTypeRef type)
{
	unsigned bits;
	LLVMTypeRef element;

	switch (LLVMGetTypeKind(type)) {
	case LLVMIntegerTypeKind:
		bits = LLVMGetIntTypeWidth(type);
		return bits <= 64 ? bits : bits == 128 ? HCC_VALUE_I128 : 0;
	case LLVMPointerTypeKind:
		return HCC_VALUE_PTR;
	case LLVMFloatTypeKind:
		return HCC_VALUE_F32;
	case LLVMDoubleTypeKind:
		return HCC_VALUE_F64;
	case LLVMFP128TypeKind:
		return HCC_VALUE_F128;
	case LLVMVectorTypeKind:
		element = LLVMGetElementType(type);
		switch (LLVMGetTypeKind(element)) {
		case LLVMIntegerTypeKind: bits = LLVMGetIntTypeWidth(element); break;
		case LLVMFloatTypeKind: bits = 32; break;
		case LLVMDoubleTypeKind: bits = 64; break;
		default: return 0;
		}
		return bits >= 8 && bits <= 64 && !(bits & (bits - 1))
			&& bits * LLVMGetVectorSize(type) == 128 ? HCC_VALUE_V128 : 0;
	default:
		return 0;
	}
}
