/* What the unwinding data says of a return address: .eh_frame by libdw, the table by its format.
 * Only rules that hcc's table can express are understood. */
#include "unwind.h"

#include <dwarf.h>
#include <stdlib.h>

static void start(struct unwind_claim *claim, const char *source)
{
	*claim = (struct unwind_claim){ .source = source };
}

/* libdw gives no expression for a register with its caller's value, or [CFA, plus offset] for where
 * it lies. */
static enum unwind_rule rule_of(Dwarf_Frame *frame, unsigned reg, int64_t *off)
{
	Dwarf_Op memory[3], *ops;
	size_t n_ops;

	*off = 0;
	if (dwarf_frame_register(frame, (int)reg, memory, &ops, &n_ops) != 0)
		return UNWIND_OTHER;
	if (n_ops == 0)
		return UNWIND_SAME;
	if (ops[0].atom != DW_OP_call_frame_cfa || n_ops > 2 ||
	    (n_ops == 2 && ops[1].atom != DW_OP_plus_uconst))
		return UNWIND_OTHER;
	if (n_ops == 2)
		*off = (int64_t)ops[1].number;
	return UNWIND_SAVED;
}

void unwind_claim_frame(struct unwind_claim *claim, Dwarf_CFI *cfi, const struct isa *isa,
	uint64_t return_va)
{
	Dwarf_Frame *frame;
	size_t n_ops;
	Dwarf_Op *ops;

	start(claim, ".eh_frame");
	if (!cfi || dwarf_cfi_addrframe(cfi, return_va - 1, &frame) != 0) {
		claim->problem = "has nothing";
		claim->is_absent = true;
		return;
	}
	if (dwarf_frame_cfa(frame, &ops, &n_ops) != 0 || n_ops != 1 || ops[0].atom != DW_OP_bregx)
		claim->problem = "has a CFA that is not register + offset";
	else
		claim->cfa_register = (unsigned)ops[0].number,
		claim->cfa_off = (int64_t)ops[0].number2;
	for (unsigned i = 0; i < UNWIND_N_TRACKED; i++) {
		unsigned reg = unwind_register(i);

		if (registers_has(&isa->saved, reg) || reg == isa->return_register)
			claim->registers[i].rule = rule_of(frame, reg, &claim->registers[i].off);
	}
	free(frame);
}

void unwind_claim_table(struct unwind_claim *claim, const struct image *image,
	const struct hcc_meta_return *ret)
{
	const struct isa *isa = image->isa;
	struct unwind unwind;
	unsigned i;

	start(claim, HCC_META_SECTION);
	if (image_unwind(image, ret, &unwind)) {
		claim->problem = "has a damaged unwind program";
		return;
	}
	claim->cfa_register = unwind.cfa_register;
	claim->cfa_off = (int64_t)unwind.cfa_off;
	i = unwind_index(isa->return_register);
	claim->registers[i].rule = UNWIND_SAVED;
	claim->registers[i].off = unwind.return_off;
	for (unsigned n = 0; n < unwind.n_saved; n++) {
		i = unwind_index(unwind.saved[n].reg);
		if (i >= UNWIND_N_TRACKED || !registers_has(&isa->saved, unwind.saved[n].reg)) {
			claim->problem = "saves a register that is not callee-saved";
			return;
		}
		claim->registers[i].rule = UNWIND_SAVED;
		claim->registers[i].off = unwind.saved[n].off;
	}
}
