/* Values that cost an instruction to make again are made again behind a reaching call rather than
 * kept across it: constant offsets and casts of what lives anyway, and what is calculated from or compared with
 * a constant. Each use that a reaching call may separate from the definition gets a copy of its own, one per
 * stretch of straight code.
 *
 *     %p = gep %base, 8                         %p = gep %base, 8
 *     load %p                                   load %p
 *     call @f()                            -->  call @f()
 *     load %p                                   %p1 = gep %base, 8
 *                                               load %p1
 *
 * The optimiser joins such values by phis where it has made loads of one place one; these go first, so that
 * nothing but what they are made from lives on:
 *
 *     %q = phi [ gep %base, 8 ], [ gep %base, 8 ]    -->    %q = gep %base, 8
 */
#include "ir.h"
#include "liveness.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

/* Whether it is made of one scalar and a constant. A comparison that is kept costs three: the instruction that
 * makes a value of it, its place, and the test of it; a branch compares anyway. */
static bool is_of_constant(LLVMValueRef value)
{
	LLVMValueRef left = LLVMGetOperand(value, 0), right = LLVMGetOperand(value, 1);
	LLVMTypeRef type = LLVMTypeOf(left);

	return (LLVMIsAInstruction(left) || LLVMIsAArgument(left))
		&& (LLVMIsAConstantInt(right) || LLVMIsAConstantPointerNull(right))
		&& (LLVMGetTypeKind(type) == LLVMPointerTypeKind
			|| (LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) <= 64));
}

static bool is_cheap(LLVMValueRef value)
{
	/* The base is what other values are made from again. */
	if (!LLVMIsAInstruction(value) || hcc_is_frame_base(value))
		return false;
	switch (LLVMGetInstructionOpcode(value)) {
	case LLVMGetElementPtr:
		for (int i = 1; i < LLVMGetNumOperands(value); i++)
			if (!LLVMIsAConstantInt(LLVMGetOperand(value, (unsigned)i)))
				return false;
		return true;
	case LLVMPtrToInt:
	case LLVMIntToPtr:
	case LLVMZExt:
	case LLVMSExt:
	case LLVMTrunc:
		/* What it is made from will live across the call instead, and has to have a type that
		 * a record can name: hcc_demote() is over. */
		return LLVMGetTypeKind(LLVMTypeOf(value)) != LLVMVectorTypeKind
			&& hcc_value_type(LLVMTypeOf(LLVMGetOperand(value, 0)));
	case LLVMAnd:
	case LLVMOr:
	case LLVMXor:
	case LLVMAdd:
	case LLVMSub:
	case LLVMShl:
	case LLVMLShr:
	case LLVMAShr:
	case LLVMICmp:
		return is_of_constant(value);
	default:
		return false;
	}
}

struct across {
	size_t n_words;
	uint64_t *set;  /* live across some reaching call */
};

static void collect(void *user, LLVMValueRef call, const uint64_t *set)
{
	struct across *across = user;

	(void)call;
	for (size_t i = 0; i < across->n_words; i++)
		across->set[i] |= set[i];
}

/* Where straight code that a use belongs to starts: behind the last reaching call before it, else at
 * the head of its block. */
static LLVMValueRef stretch_start(LLVMValueRef before, LLVMValueRef definition)
{
	for (LLVMValueRef i = before; i; i = LLVMGetPreviousInstruction(i)) {
		LLVMValueRef previous = LLVMGetPreviousInstruction(i);

		if (i == definition)
			return definition;
		if (!previous || LLVMGetInstructionOpcode(previous) == LLVMPHI
		    || (hcc_is_call(previous) && hcc_call_reaches(previous)))
			return previous == definition ? definition : i;
	}
	return before;
}

struct rematerialisation {
	LLVMBuilderRef builder;
	struct hcc_map copies;      /* start of a stretch -> index of copy */
	struct hcc_list copy;
};

/* A copy that is valid at `before`, which is no phi. */
static LLVMValueRef copy_at(struct rematerialisation *r, LLVMValueRef value, LLVMValueRef before)
{
	LLVMValueRef start = stretch_start(before, value), copy;
	size_t known;

	if (start == value)
		return value;
	known = hcc_map_get(&r->copies, start);
	if (known != HCC_ABSENT)
		return r->copy.item[known];
	copy = LLVMInstructionClone(value);
	LLVMPositionBuilderBefore(r->builder, start);
	LLVMInsertIntoBuilder(r->builder, copy);
	LLVMInstructionSetDebugLoc(copy, LLVMInstructionGetDebugLoc(start));
	hcc_map_set(&r->copies, start, r->copy.n);
	hcc_list_add(&r->copy, copy);
	/* The stretch starts at its copy from now on. */
	hcc_map_set(&r->copies, copy, r->copy.n - 1);
	return copy;
}

static void rematerialise(struct rematerialisation *r, LLVMValueRef value)
{
	struct hcc_list users = { 0 };

	for (LLVMUseRef u = LLVMGetFirstUse(value); u; u = LLVMGetNextUse(u))
		hcc_list_add(&users, LLVMGetUser(u));
	for (size_t k = 0; k < users.n; k++) {
		LLVMValueRef user = users.item[k];
		bool phi = LLVMGetInstructionOpcode(user) == LLVMPHI;

		for (int i = 0; i < LLVMGetNumOperands(user); i++) {
			LLVMValueRef at = user;

			if (LLVMGetOperand(user, (unsigned)i) != value)
				continue;
			if (phi)
				at = LLVMGetBasicBlockTerminator(
					LLVMGetIncomingBlock(user, (unsigned)i));
			LLVMSetOperand(user, (unsigned)i, copy_at(r, value, at));
		}
	}
	hcc_list_free(&users);
	hcc_list_free(&r->copy);
	hcc_map_free(&r->copies);
}

/* Whether two offsets are one. */
static bool is_same(LLVMValueRef a, LLVMValueRef b)
{
	if (LLVMGetNumOperands(a) != LLVMGetNumOperands(b) || LLVMIsInBounds(a) != LLVMIsInBounds(b)
			|| LLVMGetGEPSourceElementType(a) != LLVMGetGEPSourceElementType(b))
		return false;
	for (int i = 0; i < LLVMGetNumOperands(a); i++)
		if (LLVMGetOperand(a, (unsigned)i) != LLVMGetOperand(b, (unsigned)i))
			return false;
	return true;
}

/* The offset that all of a phi's values are, made of what is there at the phi's block: an
 * operand that dominates all blocks before it does, unless it is defined in it. NULL when they differ. */
static LLVMValueRef only_value(LLVMValueRef phi)
{
	LLVMValueRef only = NULL, operand;

	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
		LLVMValueRef value = LLVMGetIncomingValue(phi, i);

		if (value == phi)
			continue;
		if (!is_cheap(value) || !LLVMIsAGetElementPtrInst(value) || (only && !is_same(only, value)))
			return NULL;
		only = value;
	}
	operand = only ? LLVMGetOperand(only, 0) : NULL;
	if (!only || operand == phi || (LLVMIsAInstruction(operand)
			&& LLVMGetInstructionParent(operand) == LLVMGetInstructionParent(phi)))
		return NULL;
	return only;
}

static void replace_phis(LLVMValueRef f, LLVMBuilderRef builder)
{
	bool changed;

	do {
		changed = false;
		HCC_FOR_BLOCKS(b, f)
			for (LLVMValueRef phi = LLVMGetFirstInstruction(b), next;
					LLVMGetInstructionOpcode(phi) == LLVMPHI; phi = next) {
				LLVMValueRef value = only_value(phi);

				next = LLVMGetNextInstruction(phi);
				if (!value)
					continue;
				value = LLVMInstructionClone(value);
				LLVMPositionBuilderBefore(builder, hcc_first_non_phi(b));
				LLVMInsertIntoBuilder(builder, value);
				LLVMReplaceAllUsesWith(phi, value);
				LLVMInstructionEraseFromParent(phi);
				changed = true;
			}
	} while (changed);
}

static void run(LLVMValueRef f, LLVMBuilderRef builder)
{
	struct hcc_liveness live;
	struct across across;
	struct rematerialisation r = { .builder = builder };

	replace_phis(f, builder);
	hcc_liveness_init(&live, f);
	across.n_words = live.n_words;
	across.set = hcc_alloc(live.n_words * sizeof *across.set);
	hcc_liveness_visit(&live, f, collect, &across);
	/* Last to first: a copy of a use brings a use of its operand. An operand may become live across
	 * a call only now, so cheap operands of what was copied are treated as live, too. */
	for (size_t i = live.n_values; i--;) {
		LLVMValueRef value = live.value[i];

		if (!hcc_bit(across.set, i) || !is_cheap(value))
			continue;
		rematerialise(&r, value);
		size_t operand = hcc_map_get(&live.index, LLVMGetOperand(value, 0));
		if (operand != HCC_ABSENT && operand < i)
			across.set[operand / 64] |= (uint64_t)1 << operand % 64;
		if (!LLVMGetFirstUse(value))
			LLVMInstructionEraseFromParent(value);
	}
	free(across.set);
	hcc_liveness_free(&live);
}

void hcc_rematerialise(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);

	HCC_FOR_FUNCTIONS(f, unit->module)
		if (hcc_is_defined(f))
			run(f, builder);
	LLVMDisposeBuilder(builder);
}
