/* Arrays of 16 bytes or more are aligned to as many, as the x86-64 psABI has it (3.1.2, "Aggregates
 * and Unions") and clang does for that ISA: code may then take vectors from them as operands. Only the
 * module's own, as what others define may be aligned to less; not in sections of a name, which programs
 * walk over; nor what is a thread's.
 *
 *     @a = global [4 x double] zeroinitializer, align 8
 *       -->  @a = global [4 x double] zeroinitializer, align 16
 */
#include "ir.h"
#include "passes.h"

#include <llvm-c/Target.h>

#define ARRAY_ALIGN 16

static bool is_own_array(LLVMValueRef g)
{
	LLVMLinkage linkage = LLVMGetLinkage(g);

	return LLVMGetInitializer(g) && !LLVMGetSection(g) && !LLVMIsThreadLocal(g)
		&& (linkage == LLVMExternalLinkage || linkage == LLVMInternalLinkage)
		&& LLVMGetTypeKind(LLVMGlobalGetValueType(g)) == LLVMArrayTypeKind;
}

void hcc_align_arrays(LLVMModuleRef module)
{
	LLVMTargetDataRef layout = LLVMGetModuleDataLayout(module);

	for (LLVMValueRef g = LLVMGetFirstGlobal(module); g; g = LLVMGetNextGlobal(g))
		if (is_own_array(g) && LLVMGetAlignment(g) < ARRAY_ALIGN
				&& LLVMABISizeOfType(layout, LLVMGlobalGetValueType(g)) >= ARRAY_ALIGN)
			LLVMSetAlignment(g, ARRAY_ALIGN);
}
