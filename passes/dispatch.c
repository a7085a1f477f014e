/* An interpreter's `goto *table[i]`, whose labels are numbers by now (labels.c), jumps by the number that
 * it finds in the table: it can as well jump by the index, and needs no load before the jump.
 *
 *     %at = getelementptr [4 x ptr], ptr @table, i64 0, i64 %i
 *     %p = load ptr, ptr %at
 *     %n = ptrtoint ptr %p to i64
 *     switch i64 %n, label %no [1: %a, 2: %b, 3: %c]    -->  switch i64 %i, label %no
 *                                                                 [0: %b, 1: %a, 2: %c, 3: %a]
 *
 * The table is constant and the program does not read past it. */
#include "ir.h"
#include "passes.h"

#include <stdlib.h>

struct dispatch {
	LLVMValueRef jump;   /* the switch */
	LLVMValueRef table;  /* initializer: an array of pointers */
	LLVMValueRef index;
};

/* The index of an element of a constant table of pointers, at this address. */
static bool find_table(struct dispatch *d, LLVMValueRef at)
{
	LLVMValueRef table;
	LLVMTypeRef type;
	int n;

	if (!LLVMIsAGetElementPtrInst(at))
		return false;
	n = LLVMGetNumOperands(at);
	table = LLVMGetOperand(at, 0);
	if (!LLVMIsAGlobalVariable(table) || !LLVMIsGlobalConstant(table)
	    || LLVMIsDeclaration(table) || hcc_is_replaceable(table))
		return false;
	d->table = LLVMGetInitializer(table);
	d->index = LLVMGetOperand(at, (unsigned)n - 1);
	type = LLVMTypeOf(d->table);
	if (LLVMGetIntTypeWidth(LLVMTypeOf(d->index)) < 32 || !LLVMIsAConstantArray(d->table)
	    || LLVMGetTypeKind(LLVMGetElementType(type)) != LLVMPointerTypeKind)
		return false;
	if (n == 3)
		return LLVMGetGEPSourceElementType(at) == type
			&& LLVMIsNull(LLVMGetOperand(at, 1));
	return n == 2 && LLVMGetTypeKind(LLVMGetGEPSourceElementType(at)) == LLVMPointerTypeKind;
}

static bool find_dispatch(struct dispatch *d, LLVMValueRef last)
{
	LLVMValueRef number, label;

	if (LLVMGetInstructionOpcode(last) != LLVMSwitch)
		return false;
	d->jump = last;
	number = LLVMGetOperand(last, 0);
	if (!LLVMIsAPtrToIntInst(number))
		return false;
	label = LLVMGetOperand(number, 0);
	return LLVMIsALoadInst(label) && !LLVMGetVolatile(label)
		&& LLVMGetOrdering(label) == LLVMAtomicOrderingNotAtomic
		&& find_table(d, LLVMGetOperand(label, 0));
}

/* The number of a label in a table; false: it is something else. */
static bool label_number(LLVMValueRef element, uint64_t *number)
{
	if (!LLVMIsAConstantExpr(element) || LLVMGetConstOpcode(element) != LLVMIntToPtr
	    || !LLVMIsAConstantInt(LLVMGetOperand(element, 0)))
		return false;
	*number = LLVMConstIntGetZExtValue(LLVMGetOperand(element, 0));
	return true;
}

static LLVMBasicBlockRef successor(LLVMValueRef jump, uint64_t number)
{
	unsigned n = LLVMGetNumSuccessors(jump);

	for (unsigned i = 1; i < n; i++)
		if (LLVMConstIntGetZExtValue(LLVMGetOperand(jump, 2 * i)) == number)
			return LLVMGetSuccessor(jump, i);
	return LLVMGetSwitchDefaultDest(jump);
}

static unsigned count(const struct hcc_map *edges, LLVMBasicBlockRef to)
{
	size_t n = hcc_map_get(edges, to);

	return n == HCC_ABSENT ? 0 : (unsigned)n;
}

/* How often the switch goes to each block but by default. */
static void count_edges(struct hcc_map *edges, LLVMValueRef jump)
{
	unsigned n = LLVMGetNumSuccessors(jump);

	for (unsigned i = 1; i < n; i++) {
		LLVMBasicBlockRef to = LLVMGetSuccessor(jump, i);

		hcc_map_set(edges, to, count(edges, to) + 1);
	}
}

/* A phi has the same value from a block for each of that block's edges. */
static void add_incoming(LLVMBasicBlockRef to, LLVMBasicBlockRef from, unsigned more)
{
	for (LLVMValueRef phi = LLVMGetFirstInstruction(to);
	     LLVMGetInstructionOpcode(phi) == LLVMPHI; phi = LLVMGetNextInstruction(phi)) {
		LLVMValueRef value = NULL;

		for (unsigned i = 0; !value; i++)
			if (LLVMGetIncomingBlock(phi, i) == from)
				value = LLVMGetIncomingValue(phi, i);
		for (unsigned i = 0; i < more; i++)
			LLVMAddIncoming(phi, &value, &from, 1);
	}
}

/* Edges can be added, not taken away: every block has to be in the table as often as among the cases. */
static bool fits(const struct dispatch *d, unsigned n, const struct hcc_map *before,
	struct hcc_map *after)
{
	for (unsigned i = 0; i < n; i++) {
		LLVMBasicBlockRef to;
		uint64_t number;

		if (!label_number(LLVMGetOperand(d->table, i), &number))
			return false;
		to = successor(d->jump, number);
		hcc_map_set(after, to, count(after, to) + 1);
	}
	for (size_t i = 0; i < before->capacity; i++)
		if (before->slot[i].key
		    && count(after, (LLVMBasicBlockRef)before->slot[i].key) < before->slot[i].value)
			return false;
	return true;
}

static void erase_unused(LLVMValueRef value)
{
	while (value && LLVMIsAInstruction(value) && !LLVMGetFirstUse(value)) {
		LLVMValueRef from = LLVMGetOperand(value, 0);

		LLVMInstructionEraseFromParent(value);
		value = LLVMIsALoadInst(from) || LLVMIsAGetElementPtrInst(from) ? from : NULL;
	}
}

static void jump_by_index(const struct dispatch *d, LLVMBuilderRef builder)
{
	unsigned n = (unsigned)LLVMGetNumOperands(d->table);
	LLVMBasicBlockRef from = LLVMGetInstructionParent(d->jump);
	struct hcc_map before = { 0 }, after = { 0 };
	LLVMValueRef jump;

	count_edges(&before, d->jump);
	if (fits(d, n, &before, &after)) {
		LLVMPositionBuilderBefore(builder, d->jump);
		jump = LLVMBuildSwitch(builder, d->index, LLVMGetSwitchDefaultDest(d->jump), n);
		for (unsigned i = 0; i < n; i++) {
			uint64_t number = 0;

			label_number(LLVMGetOperand(d->table, i), &number);
			LLVMAddCase(jump, LLVMConstInt(LLVMTypeOf(d->index), i, 0),
				successor(d->jump, number));
		}
		for (size_t i = 0; i < after.capacity; i++) {
			LLVMBasicBlockRef to = (LLVMBasicBlockRef)after.slot[i].key;

			if (to && after.slot[i].value > count(&before, to))
				add_incoming(to, from, (unsigned)after.slot[i].value
					- count(&before, to));
		}
		LLVMValueRef number = LLVMGetOperand(d->jump, 0);

		LLVMInstructionEraseFromParent(d->jump);
		erase_unused(number);
	}
	hcc_map_free(&before);
	hcc_map_free(&after);
}

void hcc_fold_dispatch(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);

	HCC_FOR_FUNCTIONS(f, unit->module)
		HCC_FOR_BLOCKS(b, f) {
			struct dispatch d;

			if (find_dispatch(&d, LLVMGetBasicBlockTerminator(b)))
				jump_by_index(&d, builder);
		}
	LLVMDisposeBuilder(builder);
}
