/* Asks libdw for the unwind rules at a call and writes them in our form. Only rules that LLVM makes
 * for calls are understood: CFA = register + offset, registers saved at CFA + offset. */
#include "unwind.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>

enum rule { RULE_SAME, RULE_AT_CFA, RULE_OTHER };

/* libdw's expressions for a register: none, or [CFA, plus offset]. A register that the unwind data
 * does not mention has its caller's value; libdw calls it undefined where its table of the psABI
 * has gaps. */
static enum rule register_rule(Dwarf_Frame *frame, unsigned reg, int64_t *offset)
{
	Dwarf_Op memory[3], *ops;
	size_t n_ops;

	if (dwarf_frame_register(frame, (int)reg, memory, &ops, &n_ops) != 0)
		return RULE_OTHER;
	if (n_ops == 0)
		return RULE_SAME;
	*offset = 0;
	if (ops[0].atom != DW_OP_call_frame_cfa)
		return RULE_OTHER;
	if (n_ops == 1)
		return RULE_AT_CFA;
	*offset = (int64_t)ops[1].number;
	return n_ops == 2 && ops[1].atom == DW_OP_plus_uconst ? RULE_AT_CFA : RULE_OTHER;
}

static const char *add_saved(struct buffer *out, Dwarf_Frame *frame, const struct hcc_isa *isa)
{
	struct buffer saved = { 0 };
	const char *problem = NULL;
	unsigned n_saved = 0;

	for (size_t i = 0; i < isa->n_saved && !problem; i++) {
		int64_t offset;

		switch (register_rule(frame, isa->saved[i], &offset)) {
		case RULE_SAME: break;
		case RULE_OTHER: problem = "a callee-saved register is not at CFA + offset"; break;
		case RULE_AT_CFA:
			buffer_uleb128(&saved, isa->saved[i]);
			buffer_sleb128(&saved, offset);
			n_saved++;
		}
	}
	buffer_uleb128(out, n_saved);
	buffer_add(out, saved.data, saved.bytes);
	buffer_free(&saved);
	return problem;
}

const char *unwind_program(struct buffer *out, Dwarf_CFI *cfi, const struct hcc_isa *isa,
			   uint64_t return_va)
{
	const char *problem = NULL;
	int64_t return_offset;
	Dwarf_Frame *frame;
	size_t n_ops;
	Dwarf_Op *ops;

	if (dwarf_cfi_addrframe(cfi, return_va - 1, &frame) != 0)
		return dwarf_errmsg(-1);
	if (dwarf_frame_cfa(frame, &ops, &n_ops) != 0 || n_ops != 1 ||
	    ops[0].atom != DW_OP_bregx || (int64_t)ops[0].number2 < 0) {
		problem = "CFA is not register + offset";
	} else if (register_rule(frame, isa->return_register, &return_offset) != RULE_AT_CFA) {
		problem = "return address is not at CFA + offset";
	} else {
		buffer_uleb128(out, ops[0].number);
		buffer_uleb128(out, ops[0].number2);
		buffer_sleb128(out, return_offset);
		problem = add_saved(out, frame, isa);
	}
	free(frame);
	return problem;
}
