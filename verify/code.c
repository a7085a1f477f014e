/* Decodes functions by Capstone, and finds where their jump tables lead. */
#include "code.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

int code_init(struct code *code, const struct image *image)
{
	*code = (struct code){ .image = image };
	if (cs_open(image->isa->arch, image->isa->mode, &code->handle))
		return -1;
	cs_option(code->handle, CS_OPT_DETAIL, CS_OPT_ON);
	code->scratch = cs_malloc(code->handle);
	return code->scratch ? 0 : -1;
}

void code_free(struct code *code)
{
	if (code->scratch)
		cs_free(code->scratch, 1);
	if (code->handle)
		cs_close(&code->handle);
	free(code->insns);
	free(code->tables);
	free(code->targets);
	*code = (struct code){ 0 };
}

static struct insn *add(struct code *code, uint64_t va, size_t bytes)
{
	struct insn *insn;

	code->insns = memory_grow(code->insns, &code->insns_capacity, code->n_insns + 1,
				  sizeof *code->insns);
	insn = &code->insns[code->n_insns++];
	memset(insn, 0, sizeof *insn);
	insn->va = va;
	insn->bytes = (uint8_t)bytes;
	return insn;
}

/* A poll may become a jump at any time: a branch. */
static void find_poll(const struct code *code, struct insn *insn, const uint8_t *at)
{
	const struct poll *poll = image_poll(code->image, insn->va);

	if (!poll || !code->image->isa->is_poll(at, insn->bytes, insn->va, poll->cold_va))
		return;
	insn->is_poll = true;
	insn->flow = FLOW_BRANCH;
	insn->target = poll->cold_va;
}

/* Capstone 4 takes ud1 for an instruction without operands; LLVM's (-ftrapv) are disp8(%eax), %eax, or
 * (%eax), %eax. Returns the bytes of them. */
static unsigned missed_bytes(const struct code *code, const uint8_t *at, size_t left)
{
	enum { EAX_EAX = 0x00, DISP8_EAX_EAX = 0x40 };

	if (code->image->isa->arch != CS_ARCH_X86 || code->scratch->id != X86_INS_UD2B || !left)
		return 0;
	return at[0] == EAX_EAX ? 1 : at[0] == DISP8_EAX_EAX && left >= 2 ? 2 : 0;
}

/* udf, permanently undefined (Arm ARM, C6.2), which Capstone 4 does not know: as good as hlt. Functions are padded with
 * it, and one that cannot return may have no instruction of its own. */
static void find_udf(const struct code *code, struct insn *insn, const uint8_t *at)
{
	if (code->image->isa->arch != CS_ARCH_ARM64 || insn->bytes != 4 || at[2] || at[3])
		return;
	insn->id = ARM64_INS_HLT;
	insn->flow = FLOW_TRAP;
}

void code_decode(struct code *code, const struct function *function)
{
	const uint8_t *at = image_bytes(code->image, function->va, function->bytes);
	size_t left = at ? function->bytes : 0;
	uint64_t va = function->va;

	code->function = function;
	code->n_insns = code->n_tables = code->n_targets = 0;
	while (left) {
		unsigned unit = code->image->isa->insn_bytes;
		uint64_t before_va = va;
		struct insn *insn;

		if (cs_disasm_iter(code->handle, &at, &left, &va, code->scratch)) {
			unsigned missed = missed_bytes(code, at, left);

			at += missed;
			va += missed;
			left -= missed;
			insn = add(code, before_va, code->scratch->size + missed);
			insn->id = code->scratch->id;
			code->image->isa->decode(insn, code->scratch);
			find_poll(code, insn, at - insn->bytes);
			continue;
		}
		if (unit > left)
			unit = (unsigned)left;
		find_udf(code, add(code, va, unit), at);
		at += unit;
		va += unit;
		left -= unit;
	}
	code_find_tables(code);
}

size_t code_at(const struct code *code, uint64_t va)
{
	size_t low = 0, high = code->n_insns;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (code->insns[middle].va < va)
			low = middle + 1;
		else
			high = middle;
	}
	return low < code->n_insns && code->insns[low].va == va ? low : CODE_NONE;
}

static bool is_inside(const struct code *code, uint64_t va)
{
	return va - code->function->va < code->function->bytes;
}

bool code_is_tail_call(const struct code *code, size_t insn_idx)
{
	const struct insn *insn = &code->insns[insn_idx];

	if (insn->flow == FLOW_JUMP || insn->flow == FLOW_BRANCH)
		return !is_inside(code, insn->target);
	return insn->flow == FLOW_JUMP_INDIRECT && !code_table(code, insn_idx);
}

const struct jump_table *code_table(const struct code *code, size_t insn_idx)
{
	for (size_t i = 0; i < code->n_tables; i++)
		if (code->tables[i].insn_idx == insn_idx)
			return &code->tables[i];
	return NULL;
}

const struct registers *insn_preserved(const struct image *image, const struct insn *call)
{
	const struct hcc_meta_return *ret =
		call->flow == FLOW_CALL ? image_return(image, insn_end(call)) : NULL;

	return ret && image_site(image, ret)->flags & HCC_SITE_POLL ? &image->isa->poll_saved :
								      &image->isa->saved;
}

void code_successors(const struct code *code, size_t insn_idx,
		     void (*visit)(void *user, size_t successor), void *user)
{
	const struct insn *insn = &code->insns[insn_idx];
	const struct jump_table *table;
	size_t target;

	switch (insn->flow) {
	case FLOW_RETURN:
	case FLOW_TRAP:
		return;
	case FLOW_JUMP_INDIRECT:
		table = code_table(code, insn_idx);
		for (uint32_t i = 0; table && i < table->n; i++)
			visit(user, code->targets[table->first + i]);
		return;
	case FLOW_JUMP:
	case FLOW_BRANCH:
		target = code_at(code, insn->target);
		if (target != CODE_NONE)
			visit(user, target);
		if (insn->flow == FLOW_JUMP)
			return;
		break;
	}
	if (insn_idx + 1 < code->n_insns)
		visit(user, insn_idx + 1);
}
