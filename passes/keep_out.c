/* Functions that their author keeps out of migration, as hcc.h offers it, by name, or all of a unit:
 *
 *     @llvm.global.annotations = [ { ptr @f, ptr @"hcc-no-migrate", ... } ]
 *       -->  define @f(...) "hcc-no-migrate" noinline
 *
 * Such a function has neither polls nor records: while it is on a stack, a capture is declined by its
 * name. One among others is not inlined, as its body would then be someone else's. */
#include "ir.h"
#include "passes.h"

#include <stdlib.h>
#include <string.h>

#define KEEP_OUT "hcc-no-migrate"
#define FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)

bool hcc_is_kept_out(LLVMValueRef function)
{
	return LLVMGetStringAttributeAtIndex(function, FUNCTION_INDEX, KEEP_OUT, strlen(KEEP_OUT));
}

static void keep_out(struct hcc_unit *unit, LLVMValueRef f)
{
	LLVMAddAttributeAtIndex(f, FUNCTION_INDEX, LLVMCreateStringAttribute(unit->context, KEEP_OUT,
		strlen(KEEP_OUT), "", 0));
}

static void keep_out_alone(struct hcc_unit *unit, LLVMValueRef f)
{
	keep_out(unit, f);
	hcc_drop_attribute(f, FUNCTION_INDEX, "alwaysinline");
	hcc_add_attribute(f, "noinline", 0);
}

static bool is_our_text(LLVMValueRef text)
{
	LLVMValueRef value;
	const char *string;
	size_t bytes;

	if (!LLVMIsAGlobalVariable(text) || !(value = LLVMGetInitializer(text))
	    || !LLVMIsConstantString(value))
		return false;
	string = LLVMGetAsString(value, &bytes);
	return bytes == sizeof KEEP_OUT && !memcmp(string, KEEP_OUT, bytes);
}

static void read_annotations(struct hcc_unit *unit)
{
	LLVMValueRef list = LLVMGetNamedGlobal(unit->module, "llvm.global.annotations");
	LLVMValueRef entries = list ? LLVMGetInitializer(list) : NULL;

	for (int i = 0; entries && i < LLVMGetNumOperands(entries); i++) {
		LLVMValueRef entry = LLVMGetOperand(entries, (unsigned)i);
		LLVMValueRef subject = LLVMGetOperand(entry, 0);

		if (LLVMIsAFunction(subject) && hcc_is_defined(subject)
		    && is_our_text(LLVMGetOperand(entry, 1)))
			keep_out_alone(unit, subject);
	}
}

static void read_names(struct hcc_unit *unit)
{
	char *names = strdup(unit->keep_out ? unit->keep_out : ""), *rest = names, *name;

	while ((name = strsep(&rest, ","))) {
		LLVMValueRef f = *name ? LLVMGetNamedFunction(unit->module, name) : NULL;

		if (f && hcc_is_defined(f))
			keep_out_alone(unit, f);
	}
	free(names);
}

void hcc_keep_out(struct hcc_unit *unit)
{
	read_annotations(unit);
	read_names(unit);
	if (unit->migrate == HCC_MIGRATE_NONE)
		HCC_FOR_FUNCTIONS(f, unit->module)
			if (hcc_is_defined(f))
				keep_out(unit, f);
}
