/* Which calls can reach a migration point, and so need a record: found bottom-up within the module;
 * beyond it, whatever is not on the list of functions that cannot. A call marked here carries the
 * attribute "hcc-reach" until hcc_record has made its record. */
#include "ir.h"
#include "passes.h"

#include <string.h>

#define MARK "hcc-reach"
#define DECLINES "hcc-declines"
#define FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)

bool hcc_call_reaches(LLVMValueRef call)
{
	return LLVMGetCallSiteStringAttribute(call, FUNCTION_INDEX, MARK, strlen(MARK)) != NULL;
}

bool hcc_declines(LLVMValueRef function)
{
	return LLVMGetStringAttributeAtIndex(function, FUNCTION_INDEX, DECLINES, strlen(DECLINES));
}

/* The function that a call certainly enters and that this module shows, else NULL. */
static LLVMValueRef known_callee(LLVMValueRef call)
{
	LLVMValueRef callee = LLVMGetCalledValue(call);

	return LLVMIsAFunction(callee) && hcc_is_defined(callee) && !hcc_is_replaceable(callee)
		? callee : NULL;
}

static bool is_call_of_code(LLVMValueRef i)
{
	return hcc_is_call(i) && !hcc_is_asm_call(i) && !hcc_is_intrinsic_call(i);
}

/* The runtime's own entry points return before anything is captured, but for polls and for system
 * calls that wait. */
static bool reaches_by_name(struct hcc_unit *unit, LLVMValueRef call)
{
	const char *name = hcc_callee_name(call);

	if (!strcmp(name, "__hcc_poll") || !strcmp(name, "__hcc_syscall_point")
	    || hcc_call_is_setjmp(call))
		return true;
	return strncmp(name, "__hcc_", 6) && !hcc_set_has(unit->no_reach, name);
}

/* As far as `reaching`, the functions of the module that do, is known. */
static bool call_reaches(struct hcc_unit *unit, LLVMValueRef i, const struct hcc_map *reaching)
{
	LLVMValueRef callee;

	if (!is_call_of_code(i))
		return false;
	callee = known_callee(i);
	return callee ? hcc_map_get(reaching, callee) != HCC_ABSENT : reaches_by_name(unit, i);
}

static bool function_reaches(struct hcc_unit *unit, LLVMValueRef f, const struct hcc_map *reaching)
{
	HCC_FOR_BLOCKS(b, f)
		HCC_FOR_INSTRUCTIONS(i, b)
			if (call_reaches(unit, i, reaching))
				return true;
	return false;
}

static void mark(struct hcc_unit *unit, LLVMValueRef f, const struct hcc_map *reaching)
{
	LLVMAttributeRef attribute = LLVMCreateStringAttribute(unit->context, MARK, strlen(MARK),
		"", 0);

	HCC_FOR_BLOCKS(b, f)
		HCC_FOR_INSTRUCTIONS(i, b)
			if (call_reaches(unit, i, reaching))
				LLVMAddCallSiteAttribute(i, FUNCTION_INDEX, attribute);
}

void hcc_mark_reach(struct hcc_unit *unit)
{
	struct hcc_map reaching = { 0 };
	bool changed = true;

	while (changed) {
		changed = false;
		HCC_FOR_FUNCTIONS(f, unit->module)
			if (hcc_is_defined(f) && hcc_map_get(&reaching, f) == HCC_ABSENT
			    && function_reaches(unit, f, &reaching)) {
				hcc_map_set(&reaching, f, 1);
				changed = true;
			}
	}
	HCC_FOR_FUNCTIONS(f, unit->module)
		if (hcc_is_defined(f) && !hcc_is_kept_out(f))
			mark(unit, f, &reaching);
		else if (hcc_map_get(&reaching, f) != HCC_ABSENT)
			LLVMAddAttributeAtIndex(f, FUNCTION_INDEX, LLVMCreateStringAttribute(
				unit->context, DECLINES, strlen(DECLINES), "", 0));
	hcc_map_free(&reaching);
}
