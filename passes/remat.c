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
 * The optimiser joins such values by phis where it has made loads of one place one, webs of them round
 * loops; these go first, so that nothing but what they are made from lives on:
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

/* Whether two values of one opcode promise the same of what they are made from. (What a trunc promises,
 * LLVM-C does not tell.) */
static bool promises_same(LLVMValueRef a, LLVMValueRef b)
{
	switch (LLVMGetInstructionOpcode(a)) {
	case LLVMTrunc:
		return a == b;
	case LLVMZExt:
		return LLVMGetNNeg(a) == LLVMGetNNeg(b);
	case LLVMICmp:
		return LLVMGetICmpPredicate(a) == LLVMGetICmpPredicate(b);
	case LLVMOr:
		return LLVMGetIsDisjoint(a) == LLVMGetIsDisjoint(b);
	case LLVMLShr:
	case LLVMAShr:
		return LLVMGetExact(a) == LLVMGetExact(b);
	case LLVMAdd:
	case LLVMSub:
	case LLVMShl:
		return LLVMGetNSW(a) == LLVMGetNSW(b) && LLVMGetNUW(a) == LLVMGetNUW(b);
	case LLVMGetElementPtr:
		return LLVMIsInBounds(a) == LLVMIsInBounds(b)
			&& LLVMGetGEPSourceElementType(a) == LLVMGetGEPSourceElementType(b);
	default:
		return true;
	}
}

/* Whether two cheap values are made of the same in the same way. */
static bool is_same(LLVMValueRef a, LLVMValueRef b)
{
	if (LLVMGetInstructionOpcode(a) != LLVMGetInstructionOpcode(b) || LLVMTypeOf(a) != LLVMTypeOf(b)
			|| LLVMGetNumOperands(a) != LLVMGetNumOperands(b) || !promises_same(a, b))
		return false;
	for (int i = 0; i < LLVMGetNumOperands(a); i++)
		if (LLVMGetOperand(a, (unsigned)i) != LLVMGetOperand(b, (unsigned)i))
			return false;
	return true;
}

/* The phis of a function, and the cheap value that each of them always is: NULL while nothing is
 * known, the phi itself when there is none. */
struct joins {
	struct hcc_list phi, value;
	struct hcc_map index;
};

/* What the values of a phi agree on, as far as is known. It must be possible to make it again at the phi's
 * block. Its operand dominates that: each way to the phi leads past one of the values that are joined. And it is the
 * same there: when the operand is computed anew, so is all that it dominates before the phi is reached
 * again, unless the operand stands in the phi's own block. */
static LLVMValueRef meet(const struct joins *joins, LLVMValueRef phi)
{
	LLVMValueRef only = NULL, operand;

	for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
		LLVMValueRef value = LLVMGetIncomingValue(phi, i);

		if (LLVMIsAPHINode(value))
			value = joins->value.item[hcc_map_get(&joins->index, value)];
		if (!value)
			continue;
		if (!is_cheap(value) || (only && !is_same(only, value)))
			return phi;
		only = value;
	}
	operand = only ? LLVMGetOperand(only, 0) : NULL;
	if (operand && LLVMIsAInstruction(operand)
			&& LLVMGetInstructionParent(operand) == LLVMGetInstructionParent(phi))
		return phi;
	return only;
}

/* Optimistic, as phis join one another round loops: each is taken to be what it can be until it cannot. */
static void solve(struct joins *joins, LLVMValueRef f)
{
	bool changed;

	HCC_FOR_BLOCKS(b, f)
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i && LLVMIsAPHINode(i);
				i = LLVMGetNextInstruction(i)) {
			hcc_map_set(&joins->index, i, joins->phi.n);
			hcc_list_add(&joins->phi, i);
			hcc_list_add(&joins->value, NULL);
		}
	do {
		changed = false;
		for (size_t k = 0; k < joins->phi.n; k++) {
			LLVMValueRef phi = joins->phi.item[k], before = joins->value.item[k], now;

			if (before == phi)
				continue;
			now = meet(joins, phi);
			if (before && now != phi)
				continue;
			changed |= now != before;
			joins->value.item[k] = now;
		}
	} while (changed);
}

/* Whether there were such phis: others may be so now. */
static bool replace_phis(LLVMValueRef f, LLVMBuilderRef builder)
{
	struct joins joins = { 0 };
	struct hcc_list made = { 0 };

	solve(&joins, f);
	for (size_t k = 0; k < joins.phi.n; k++) {
		LLVMValueRef phi = joins.phi.item[k], value = joins.value.item[k];

		if (!value || value == phi)
			continue;
		value = LLVMInstructionClone(value);
		LLVMPositionBuilderBefore(builder, hcc_first_non_phi(LLVMGetInstructionParent(phi)));
		LLVMInsertIntoBuilder(builder, value);
		LLVMReplaceAllUsesWith(phi, value);
		LLVMInstructionEraseFromParent(phi);
		hcc_list_add(&made, value);
	}
	for (size_t k = 0; k < made.n; k++)
		if (!LLVMGetFirstUse(made.item[k]))
			LLVMInstructionEraseFromParent(made.item[k]);
	hcc_list_free(&joins.phi);
	hcc_list_free(&joins.value);
	hcc_map_free(&joins.index);
	hcc_list_free(&made);
	return made.n != 0;
}

static void run(LLVMValueRef f, LLVMBuilderRef builder)
{
	struct hcc_liveness live;
	struct across across;
	struct rematerialisation r = { .builder = builder };

	while (replace_phis(f, builder))
		;
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
