/* Give every function and datum a section with a name unique in the program, so that the link can
 * give it one address on every ISA (hcc_format.h, "Sections of an object"). Alignments become
 * explicit, or each backend would choose its own. Constructors become .init_array entries here, as
 * the code generator's default is .ctors. */
#include "../runtime/hcc_format.h"
#include "ir.h"
#include "passes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_section(struct hcc_unit *unit, LLVMValueRef global, const char *class)
{
	size_t length;
	const char *name = LLVMGetValueName2(global, &length);
	size_t bytes = strlen(class) + strlen(unit->id) + length + 16;
	char *section = hcc_alloc(bytes);

	if (name[0] == '\1')
		name++;
	snprintf(section, bytes, "%s.hcc.%s.%s", class, unit->id, name);
	LLVMSetSection(global, section);
	free(section);
}

/* A name that begins with a dot is a linker's: the private region's, as far as a user can know it. */
static bool has_own_section(LLVMValueRef global)
{
	const char *section = LLVMGetSection(global);

	return section && *section && (*section != '.' || !strcmp(section, HCC_SITES_SECTION)
		|| !strcmp(section, HCC_RESUME_SECTION) || !strncmp(section, ".init_array", 11)
		|| !strncmp(section, ".fini_array", 11) || !strncmp(section, ".preinit_array", 14));
}

static bool is_zero(LLVMValueRef value)
{
	return LLVMIsNull(value) || LLVMIsUndef(value);
}

static const char *class_of(LLVMValueRef g)
{
	bool zero = is_zero(LLVMGetInitializer(g));

	if (LLVMIsThreadLocal(g))
		return zero ? ".tbss" : ".tdata";
	if (LLVMIsGlobalConstant(g))
		return ".rodata";
	return zero ? ".bss" : ".data";
}

static void place_global(struct hcc_unit *unit, LLVMValueRef g)
{
	size_t length;
	const char *name = LLVMGetValueName2(g, &length);

	if (LLVMIsDeclaration(g) || !strncmp(name, "llvm.", 5)
	    || LLVMGetLinkage(g) == LLVMAvailableExternallyLinkage)
		return;
	if (!length)
		LLVMSetValueName2(g, "hcc.anon", 8);
	/* Merged strings would have other addresses on each ISA. */
	LLVMSetUnnamedAddress(g, LLVMNoUnnamedAddr);
	if (!LLVMGetAlignment(g))
		LLVMSetAlignment(g, LLVMABIAlignmentOfType(LLVMGetModuleDataLayout(unit->module),
			LLVMGlobalGetValueType(g)));
	if (!has_own_section(g))
		set_section(unit, g, class_of(g));
}

static void place_function(struct hcc_unit *unit, LLVMValueRef f)
{
	if (!hcc_is_defined(f))
		return;
	/* Functions differ in size between ISAs: also in a section of the user's each has its own. */
	if (!has_own_section(f)) {
		set_section(unit, f, ".text");
	} else if (*LLVMGetSection(f) != '.') {
		char *own = strdup(LLVMGetSection(f));

		set_section(unit, f, own);
		free(own);
	}
}

/* { i32 priority, ptr function, ptr data } each, in order. */
static void lower_array(struct hcc_unit *unit, const char *list_name, const char *section)
{
	LLVMValueRef list = LLVMGetNamedGlobal(unit->module, list_name), entries;

	if (!list)
		return;
	entries = LLVMGetInitializer(list);
	for (int i = 0; i < LLVMGetNumOperands(entries); i++) {
		LLVMValueRef entry = LLVMGetOperand(entries, (unsigned)i);
		uint64_t priority = LLVMConstIntGetZExtValue(LLVMGetOperand(entry, 0));
		LLVMValueRef g = LLVMAddGlobal(unit->module, hcc_ptr_type(unit->module), "hcc.init");
		char name[64];

		snprintf(name, sizeof name, priority == 65535 ? "%s" : "%s.%05u", section,
			(unsigned)priority);
		LLVMSetInitializer(g, LLVMGetOperand(entry, 1));
		LLVMSetLinkage(g, LLVMInternalLinkage);
		LLVMSetSection(g, name);
		LLVMSetAlignment(g, 8);
	}
	LLVMDeleteGlobal(list);
}

void hcc_assign_sections(struct hcc_unit *unit)
{
	lower_array(unit, "llvm.global_ctors", ".init_array");
	lower_array(unit, "llvm.global_dtors", ".fini_array");
	for (LLVMValueRef g = LLVMGetFirstGlobal(unit->module); g; g = LLVMGetNextGlobal(g))
		place_global(unit, g);
	HCC_FOR_FUNCTIONS(f, unit->module)
		place_function(unit, f);
}
