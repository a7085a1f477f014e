/* Point a module at another ISA: triple, data layout, and no per-function target attributes, so
 * that the target machine's own apply. Needs IR that is valid on every ISA; changes no types. */
#include "ir.h"
#include "passes.h"

#include <string.h>

static const char *const target_attributes[] = {
	"target-cpu", "target-features", "tune-cpu", "target-abi", "min-legal-vector-width",
	"probe-stack", "stack-probe-size",
};

static void drop_target_attributes(LLVMValueRef function)
{
	for (size_t i = 0; i < sizeof target_attributes / sizeof *target_attributes; i++)
		LLVMRemoveStringAttributeAtIndex(function,
			(LLVMAttributeIndex)LLVMAttributeFunctionIndex, target_attributes[i],
			(unsigned)strlen(target_attributes[i]));
}

void hcc_retarget(LLVMModuleRef module, LLVMTargetMachineRef machine)
{
	LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
	char *triple = LLVMGetTargetMachineTriple(machine);

	LLVMSetTarget(module, triple);
	LLVMSetModuleDataLayout(module, layout);
	LLVMDisposeMessage(triple);
	LLVMDisposeTargetData(layout);
	HCC_FOR_FUNCTIONS(f, module)
		drop_target_attributes(f);
}
