/* Code generation for one ISA. The options are what exact records rest on (DESIGN.md section 3):
 * GlobalISel drops deopt bundles, the outliner moves calls; deopt values stay in registers; a
 * statepoint's operands are not rematerialised across it; what follows the calls of two sites of a clone is
 * not hoisted before them because it is the same (AArch64 simplifies the graph once more).
 *
 * Two more keep polls out of the way: what lives across a cold call only is spilled there rather than
 * kept in a callee-saved register, which the function would have to save at its entry (in units of 1/2^14
 * of that); and cold blocks go behind a loop, not into its middle.
 *
 * What rarely runs is worth less work, and is smaller for it: in large resume clones, the region that a value has a
 * register in is grown less far, and copies between blocks are joined where they stand. These are options of a
 * process, so they change on the way; and each ISA has a process of its own.
 *
 * Values in registers are what some large functions of x86_64 cannot be allocated with; such a unit is
 * compiled with all of them on the stack. */
#include "../runtime/hcc_format.h"
#include "ir.h"
#include "passes.h"

#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <stdio.h>
#include <string.h>

void hcc_codegen_init(bool in_memory)
{
	static const char *const options[] = {
		"hcc-cc1", "-global-isel=0", "-enable-machine-outliner=never",
		"-restrict-statepoint-remat", "-aarch64-enable-atomic-cfg-tidy=0",
		"-regalloc-csr-first-time-cost=16", "-force-loop-cold-block", "-join-splitedges",
		"-use-registers-for-deopt-values",
	};
	int n = sizeof options / sizeof *options - (in_memory ? 1 : 0);

	LLVMInitializeX86TargetInfo();
	LLVMInitializeX86Target();
	LLVMInitializeX86TargetMC();
	LLVMInitializeX86AsmParser();
	LLVMInitializeX86AsmPrinter();
	LLVMInitializeAArch64TargetInfo();
	LLVMInitializeAArch64Target();
	LLVMInitializeAArch64TargetMC();
	LLVMInitializeAArch64AsmParser();
	LLVMInitializeAArch64AsmPrinter();
	LLVMParseCommandLineOptions(n, options, NULL);
}

LLVMTargetMachineRef hcc_target_machine(const struct hcc_isa *isa)
{
	LLVMTargetRef target;
	char *message = NULL;

	if (LLVMGetTargetFromTriple(isa->triple, &target, &message)) {
		LLVMDisposeMessage(message);
		return NULL;
	}
	return LLVMCreateTargetMachine(target, isa->triple, isa->cpu, isa->features,
		LLVMCodeGenLevelDefault, LLVMRelocStatic, LLVMCodeModelSmall);
}

struct diagnostics {
	char *error;
	size_t error_bytes;
	const char *isa;
	LLVMValueRef function; /* that code is generated for */
	bool for_clones;       /* how options are set */
};

/* A clone that would take long. A small one may be a loop that the process spends its time in. */
#define LARGE_BLOCKS 100
static bool is_large_clone(LLVMValueRef function)
{
	const char *section = LLVMGetSection(function);

	return section && !strncmp(section, HCC_RESUME_SECTION, strlen(HCC_RESUME_SECTION))
		&& LLVMCountBasicBlocks(function) > LARGE_BLOCKS;
}

/* The first function from here on that code is generated for. */
static void go_to(struct diagnostics *d, LLVMValueRef function)
{
	static const char *const options[][4] = {
		/* LLVM's own: */
		{ "hcc-cc1", "-grow-region-complexity-budget=10000", "-join-globalcopies=true",
			"-jump-table-density=10" },
		{ "hcc-cc1", "-grow-region-complexity-budget=100", "-join-globalcopies=false",
			"-jump-table-density=40" },
	};

	while (function && !hcc_is_defined(function))
		function = LLVMGetNextFunction(function);
	d->function = function;
	if (!function || is_large_clone(function) == d->for_clones)
		return;
	d->for_clones = is_large_clone(function);
	LLVMParseCommandLineOptions(4, options[d->for_clones], NULL);
}

/* Keep the first error; a newline would break the one line. A function's last remark is the number of its
 * instructions (AsmPrinter::emitFunctionBody). */
static void diagnose(LLVMDiagnosticInfoRef info, void *user)
{
	struct diagnostics *d = user;
	char *text;

	if (LLVMGetDiagInfoSeverity(info) == LLVMDSRemark && d->function) {
		text = LLVMGetDiagInfoDescription(info);
		if (strstr(text, " instructions in function"))
			go_to(d, LLVMGetNextFunction(d->function));
		LLVMDisposeMessage(text);
		return;
	}
	if (LLVMGetDiagInfoSeverity(info) != LLVMDSError || d->error[0])
		return;
	text = LLVMGetDiagInfoDescription(info);
	snprintf(d->error, d->error_bytes, "%s: %.*s", d->isa, (int)strcspn(text, "\n"), text);
	LLVMDisposeMessage(text);
}

int hcc_codegen(LLVMModuleRef module, const struct hcc_isa *isa, LLVMCodeGenFileType type,
	const char *path, char *error, size_t error_bytes)
{
	struct diagnostics d = { error, error_bytes, isa->name, NULL, false };
	LLVMTargetMachineRef machine = hcc_target_machine(isa);
	char *message = NULL;

	error[0] = 0;
	if (!machine) {
		snprintf(error, error_bytes, "%s: LLVM has no such target", isa->name);
		return -1;
	}
	hcc_retarget(module, machine);
	hcc_adapt_polls(module, isa);
	if (isa->option)
		LLVMParseCommandLineOptions(2, (const char *[]){ "hcc-cc1", isa->option }, NULL);
	go_to(&d, LLVMGetFirstFunction(module));
	LLVMContextSetDiagnosticHandler(LLVMGetModuleContext(module), diagnose, &d);
	if (LLVMTargetMachineEmitToFile(machine, module, path, type, &message)) {
		if (!error[0])
			snprintf(error, error_bytes, "%s: %s", isa->name, message);
		LLVMDisposeMessage(message);
	}
	LLVMDisposeTargetMachine(machine);
	if (strstr(error, "ran out of registers"))
		return HCC_OUT_OF_REGISTERS;
	return error[0] ? -1 : 0;
}
