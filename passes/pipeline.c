/* From what clang makes to what code generation takes: a list of calls. Above each pass what it
 * requires of the module and what it breaks.
 *
 * Portable IR: no native stack object in sight of the program, no target's calling convention beyond
 * scalars, no label address, one layout of everything in memory. Holds from hcc_portable_stack on. */
#include "ir.h"
#include "passes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *copy_text(const char *text, size_t bytes)
{
	char *copy = hcc_alloc(bytes + 1);

	memcpy(copy, text, bytes);
	copy[bytes] = 0;
	return copy;
}

int hcc_unit_fail(struct hcc_unit *unit, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(unit->error, sizeof unit->error, format, ap);
	va_end(ap);
	return -1;
}

void hcc_unit_note(struct hcc_unit *unit, struct hcc_note note)
{
	unit->notes = hcc_realloc(unit->notes, (unit->n_notes + 1) * sizeof *unit->notes);
	unit->notes[unit->n_notes++] = note;
}

/* What the optimiser says, "PLACE: TEXT": that a loop was not transformed as its source asks. Remarks
 * are for those who ask for them. */
static void note_diagnostic(LLVMDiagnosticInfoRef info, void *user)
{
	LLVMDiagnosticSeverity severity = LLVMGetDiagInfoSeverity(info);
	char *description, *end;

	if (severity == LLVMDSRemark || severity == LLVMDSNote)
		return;
	description = LLVMGetDiagInfoDescription(info);
	end = strstr(description, ": ");
	hcc_unit_note(user, (struct hcc_note){
		.is_error = severity == LLVMDSError, .warning = HCC_WARNING_PASS_FAILED,
		.place = end ? copy_text(description, (size_t)(end - description)) : copy_text("hcc", 3),
		.text = end ? copy_text(end + 2, strlen(end + 2))
			: copy_text(description, strlen(description)),
	});
	LLVMDisposeMessage(description);
}

int hcc_optimise(struct hcc_unit *unit)
{
	char pipeline[] = "default<O2>", *message;

	pipeline[9] = unit->opt_level;
	LLVMContextSetDiagnosticHandler(unit->context, note_diagnostic, unit);
	message = hcc_run_passes(unit->module, pipeline, unit->machine);
	LLVMContextSetDiagnosticHandler(unit->context, NULL, NULL);
	if (!message)
		return 0;
	hcc_unit_fail(unit, "%s", message);
	free(message);
	return -1;
}

/* Induction variables as code generation would make them, which does so for loops as they are after the
 * other passes: it would keep its own beside those that records name, and calculate these each time
 * round. It goes over them once more, for each ISA. May leave branches on what is known. */
static int reduce_strength(struct hcc_unit *unit)
{
	char *message;

	if (unit->opt_level == '0')
		return 0;
	message = hcc_run_passes(unit->module, "function(loop(loop-reduce),early-cse)", unit->machine);
	if (!message)
		return 0;
	hcc_unit_fail(unit, "%s", message);
	free(message);
	return -1;
}

/* A function that is chosen when the program starts: each machine would choose its own. (musl does not
 * apply the relocations that choose, so that calls would end nowhere.) */
static int refuse_ifuncs(struct hcc_unit *unit)
{
	LLVMValueRef ifunc = LLVMGetFirstGlobalIFunc(unit->module);
	size_t bytes;

	if (!ifunc)
		return 0;
	return hcc_unit_fail(unit, "'%s': attribute 'ifunc': a program has the same functions on all machines",
		LLVMGetValueName2(ifunc, &bytes));
}

int hcc_pipeline_run(struct hcc_unit *unit)
{
	if (refuse_ifuncs(unit))
		return -1;
	/* requires nothing; breaks target attributes of the front end */
	hcc_retarget(unit->module, unit->machine);
	/* requires the layout of data; breaks nothing */
	hcc_align_arrays(unit->module);
	/* requires that nothing was inlined; breaks nothing */
	hcc_keep_out(unit);
	/* requires that no function was cloned, as numbers are per function; breaks nothing */
	if (hcc_lower_labels(unit))
		return -1;
	/* requires a target machine; breaks label numbers' locality (they are data by now) */
	if (hcc_optimise(unit))
		return -1;
	/* requires label numbers, optimised; breaks nothing */
	hcc_fold_dispatch(unit);
	/* requires nothing; breaks nothing */
	hcc_delete_dead_blocks(unit);
	/* requires that no call goes away any more; breaks nothing */
	hcc_find_dontcalls(unit);
	/* requires that the optimiser is done with printf and its kin; breaks function types */
	if (hcc_lower_variadic(unit))
		return -1;
	/* requires nothing; breaks nothing */
	hcc_lower_abi(unit);
	/* requires nothing; makes allocas */
	hcc_lower_lanes(unit);
	/* requires nothing; breaks nothing */
	hcc_lower_setjmp(unit);
	if (unit->migrate == HCC_MIGRATE_FULL) {
		/* requires the final loops; breaks canonical induction variables */
		if (reduce_strength(unit))
			return -1;
		/* requires nothing; breaks nothing */
		hcc_delete_dead_blocks(unit);
		/* requires the final loops; breaks the shape of their headers */
		hcc_insert_polls(unit);
	}
	if (unit->migrate != HCC_MIGRATE_LEAF) {
		/* requires all polls; breaks nothing */
		hcc_mark_reach(unit);
		/* requires reach; makes allocas */
		hcc_demote(unit);
	}
	/* requires all allocas; breaks lifetimes, tail calls past a frame */
	if (hcc_portable_stack(unit))
		return -1;
	if (unit->migrate != HCC_MIGRATE_LEAF) {
		/* requires reach, and that no alloca is left; breaks single computation of cheap values */
		hcc_rematerialise(unit);
		/* requires that no alloca is left; makes those of homes */
		hcc_give_homes(unit);
		/* requires that nothing moves or copies a call from here on */
		if (hcc_record(unit))
			return -1;
		/* requires the records; makes a second function of each */
		if (hcc_make_resume(unit))
			return -1;
		/* requires the resume clones */
		hcc_emit_sites(unit);
	}
	/* requires that all functions and data are there; breaks merging of constants */
	hcc_assign_sections(unit);
	return 0;
}
