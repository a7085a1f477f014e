/* Calls of functions that must not be called: attributes `error` and `warning`, which speak when a call has
 * outlived the optimiser. clang leaves them to code generation; there they would be met once an ISA, and
 * without the front end's way to say where. */
#include "ir.h"
#include "passes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *attribute, *name;
	bool is_error;
} kinds[] = {
	{ "dontcall-error", "error", true },
	{ "dontcall-warn", "warning", false },
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static LLVMAttributeRef attribute(LLVMValueRef function, size_t kind)
{
	return LLVMGetStringAttributeAtIndex(function, LLVMAttributeFunctionIndex,
		kinds[kind].attribute, (unsigned)strlen(kinds[kind].attribute));
}

static void note(struct hcc_unit *unit, LLVMValueRef call, LLVMValueRef callee, size_t kind)
{
	unsigned file_bytes = 0, message_bytes = 0;
	const char *file = LLVMGetDebugLocFilename(call, &file_bytes);
	const char *message = LLVMGetStringAttributeValue(attribute(callee, kind), &message_bytes);
	char where[64] = "", *place, *text;
	size_t name_bytes, bytes;
	const char *name = LLVMGetValueName2(callee, &name_bytes);

	if (!file)
		file = LLVMGetSourceFileName(unit->module, &bytes), file_bytes = (unsigned)bytes;
	if (LLVMGetDebugLocLine(call))
		snprintf(where, sizeof where, ":%u:%u", LLVMGetDebugLocLine(call),
			LLVMGetDebugLocColumn(call));
	bytes = file_bytes + name_bytes + message_bytes + 160;
	place = hcc_alloc(bytes);
	text = hcc_alloc(bytes);
	snprintf(place, bytes, "%.*s%s", (int)file_bytes, file, where);
	snprintf(text, bytes, "call to '%s' declared with '%s' attribute: %.*s", name,
		kinds[kind].name, (int)message_bytes, message);
	hcc_unit_note(unit, (struct hcc_note){
		.is_error = kinds[kind].is_error, .warning = HCC_WARNING_ATTRIBUTE,
		.place = place, .text = text,
	});
}

static bool has_dontcalls(LLVMModuleRef module)
{
	HCC_FOR_FUNCTIONS(f, module)
		for (size_t k = 0; k < N_KINDS; k++)
			if (attribute(f, k))
				return true;
	return false;
}

/* Without optimisation __builtin_constant_p is left to code generation, which leaves out what its answer
 * leaves out. */
static void answer_constant_p(struct hcc_unit *unit)
{
	HCC_FOR_FUNCTIONS(f, unit->module) {
		LLVMUseRef use;

		if (strncmp(LLVMGetValueName(f), "llvm.is.constant.", 17))
			continue;
		while ((use = LLVMGetFirstUse(f))) {
			LLVMValueRef call = LLVMGetUser(use);
			bool is = LLVMIsConstant(LLVMGetOperand(call, 0));

			LLVMReplaceAllUsesWith(call, LLVMConstInt(LLVMTypeOf(call), is, false));
			LLVMInstructionEraseFromParent(call);
		}
	}
	hcc_delete_dead_blocks(unit);
}

void hcc_find_dontcalls(struct hcc_unit *unit)
{
	if (!has_dontcalls(unit->module))
		return;
	answer_constant_p(unit);
	HCC_FOR_FUNCTIONS(f, unit->module) {
		HCC_FOR_BLOCKS(b, f) {
			HCC_FOR_INSTRUCTIONS(i, b) {
				LLVMValueRef callee = hcc_is_call(i) ? LLVMGetCalledValue(i) : NULL;

				if (!callee || !LLVMIsAFunction(callee))
					continue;
				for (size_t k = 0; k < N_KINDS; k++)
					if (attribute(callee, k))
						note(unit, i, callee, k);
			}
		}
	}
	HCC_FOR_FUNCTIONS(f, unit->module)
		for (size_t k = 0; k < N_KINDS; k++)
			LLVMRemoveStringAttributeAtIndex(f, LLVMAttributeFunctionIndex,
				kinds[k].attribute, (unsigned)strlen(kinds[k].attribute));
}
