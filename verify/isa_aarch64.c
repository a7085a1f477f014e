/* AArch64: AAPCS64 section 6.1 (registers), AADWARF64 section 4.1 (numbers). A call leaves the
 * return address in x30; of v8 to v15 a callee saves the low 8 bytes. */
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "code.h"
#include "isa_private.h"
#include "hcc_format.h"

enum { X0, X1, X19 = 19, X29 = 29, X30, SP, V0 = 64, V8 = 72 };

/* DWARF number and bytes of a register. */
static unsigned number_of(unsigned reg, uint8_t *bytes)
{
	static const struct {
		uint16_t first, last;
		uint8_t dwarf, bytes;
	} ranges[] = {
		{ ARM64_REG_X0, ARM64_REG_X28, X0, 8 },   { ARM64_REG_X29, ARM64_REG_X30, X29, 8 },
		{ ARM64_REG_W0, ARM64_REG_W30, X0, 4 },   { ARM64_REG_SP, ARM64_REG_SP, SP, 8 },
		{ ARM64_REG_WSP, ARM64_REG_WSP, SP, 4 },  { ARM64_REG_B0, ARM64_REG_B31, V0, 1 },
		{ ARM64_REG_H0, ARM64_REG_H31, V0, 2 },   { ARM64_REG_S0, ARM64_REG_S31, V0, 4 },
		{ ARM64_REG_D0, ARM64_REG_D31, V0, 8 },   { ARM64_REG_Q0, ARM64_REG_Q31, V0, 16 },
		{ ARM64_REG_V0, ARM64_REG_V31, V0, 16 },
		{ ARM64_REG_XZR, ARM64_REG_XZR, REGISTER_ZERO, 8 },
		{ ARM64_REG_WZR, ARM64_REG_WZR, REGISTER_ZERO, 4 },
	};

	*bytes = 0;
	if (reg == ARM64_REG_INVALID)
		return REGISTER_NONE;
	for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (reg >= ranges[i].first && reg <= ranges[i].last) {
			*bytes = ranges[i].bytes;
			return ranges[i].dwarf == REGISTER_ZERO ?
				       REGISTER_ZERO :
				       ranges[i].dwarf + reg - ranges[i].first;
		}
	return REGISTER_OTHER;
}

static enum flow flow_of(const cs_insn *in)
{
	const cs_arm64 *arm64 = &in->detail->arm64;

	switch (in->id) {
	case ARM64_INS_BL:
		return FLOW_CALL;
	case ARM64_INS_BLR:
		return FLOW_CALL_INDIRECT;
	case ARM64_INS_BR:
		return FLOW_JUMP_INDIRECT;
	case ARM64_INS_B:
		return arm64->cc == ARM64_CC_INVALID || arm64->cc == ARM64_CC_AL ||
		       arm64->cc == ARM64_CC_NV ? FLOW_JUMP : FLOW_BRANCH;
	case ARM64_INS_CBZ:
	case ARM64_INS_CBNZ:
	case ARM64_INS_TBZ:
	case ARM64_INS_TBNZ:
		return FLOW_BRANCH;
	case ARM64_INS_RET:
	case ARM64_INS_ERET:
		return FLOW_RETURN;
	case ARM64_INS_BRK:
	case ARM64_INS_HLT:
		return FLOW_TRAP;
	default:
		return FLOW_NEXT;
	}
}

/* These have no result. */
static bool writes_nothing(const cs_insn *in)
{
	switch (in->id) {
	case ARM64_INS_CMP: case ARM64_INS_CMN: case ARM64_INS_TST:
	case ARM64_INS_CCMP: case ARM64_INS_CCMN: case ARM64_INS_FCMP: case ARM64_INS_FCMPE:
	case ARM64_INS_FCCMP: case ARM64_INS_FCCMPE:
		return true;
	default:
		return false;
	}
}

/* Where the register in a load or store is written: stores have only reads, but for the status of
 * an exclusive one. */
static bool is_store(const cs_insn *in)
{
	switch (in->id) {
	case ARM64_INS_STR: case ARM64_INS_STRB: case ARM64_INS_STRH: case ARM64_INS_STP:
	case ARM64_INS_STUR: case ARM64_INS_STURB: case ARM64_INS_STURH: case ARM64_INS_STNP:
	case ARM64_INS_STLR: case ARM64_INS_STLRB: case ARM64_INS_STLRH: case ARM64_INS_STTR:
	case ARM64_INS_STTRB: case ARM64_INS_STTRH:
	case ARM64_INS_ST1: case ARM64_INS_ST2: case ARM64_INS_ST3: case ARM64_INS_ST4:
	case ARM64_INS_STXR: case ARM64_INS_STXRB: case ARM64_INS_STXRH: case ARM64_INS_STXP:
	case ARM64_INS_STLXR: case ARM64_INS_STLXRB: case ARM64_INS_STLXRH: case ARM64_INS_STLXP:
		return true;
	default:
		return false;
	}
}

static bool is_exclusive_store(const cs_insn *in)
{
	switch (in->id) {
	case ARM64_INS_STXR: case ARM64_INS_STXRB: case ARM64_INS_STXRH: case ARM64_INS_STXP:
	case ARM64_INS_STLXR: case ARM64_INS_STLXRB: case ARM64_INS_STLXRH: case ARM64_INS_STLXP:
		return true;
	default:
		return false;
	}
}

/* Whether some of what was in the first operand, a general register, stays there. */
static bool keeps_some(const cs_insn *in)
{
	switch (in->id) {
	case ARM64_INS_MOVK: case ARM64_INS_BFI: case ARM64_INS_BFM: case ARM64_INS_BFXIL:
		return true;
	default:
		return false;
	}
}

static bool has_memory(const cs_arm64 *arm64)
{
	for (unsigned i = 0; i < arm64->op_count; i++)
		if (arm64->operands[i].type == ARM64_OP_MEM)
			return true;
	return false;
}

/* Registers of ld1 or st1, if they are whole ones, one after the other; else 1. */
static unsigned whole_registers(const cs_arm64 *arm64)
{
	unsigned n = 0;

	for (unsigned i = 0; i < arm64->op_count && arm64->operands[i].type == ARM64_OP_REG; i++) {
		const cs_arm64_op *op = &arm64->operands[i];

		if (op->vector_index >= 0 || (op->vas != ARM64_VAS_16B && op->vas != ARM64_VAS_8H &&
					      op->vas != ARM64_VAS_4S && op->vas != ARM64_VAS_2D))
			return 1;
		n++;
	}
	return n ? n : 1;
}

/* Bytes that a load or store of these registers touches. */
static uint8_t access_bytes(const cs_insn *in, uint8_t register_bytes)
{
	switch (in->id) {
	case ARM64_INS_LDRB: case ARM64_INS_LDRSB: case ARM64_INS_LDURB: case ARM64_INS_LDURSB:
	case ARM64_INS_STRB: case ARM64_INS_STURB: case ARM64_INS_LDARB: case ARM64_INS_STLRB:
		return 1;
	case ARM64_INS_LDRH: case ARM64_INS_LDRSH: case ARM64_INS_LDURH: case ARM64_INS_LDURSH:
	case ARM64_INS_STRH: case ARM64_INS_STURH: case ARM64_INS_LDARH: case ARM64_INS_STLRH:
		return 2;
	case ARM64_INS_LDRSW: case ARM64_INS_LDURSW:
		return 4;
	case ARM64_INS_LDP: case ARM64_INS_STP: case ARM64_INS_LDNP: case ARM64_INS_STNP:
		return (uint8_t)(2 * register_bytes);
	case ARM64_INS_LD1: case ARM64_INS_ST1:
		return (uint8_t)(whole_registers(&in->detail->arm64) * register_bytes);
	default:
		return register_bytes;
	}
}

static uint8_t lane_bytes(const cs_arm64_op *op)
{
	switch (op->vess) {
	case ARM64_VESS_B: return 1;
	case ARM64_VESS_H: return 2;
	case ARM64_VESS_S: return 4;
	case ARM64_VESS_D: return 8;
	default: return 0;
	}
}

static void operand_of(struct operand *out, const cs_insn *in, unsigned i)
{
	const cs_arm64_op *op = &in->detail->arm64.operands[i];
	uint8_t ignored;

	*out = (struct operand){ .access = op->access, .reg = REGISTER_NONE, .index = REGISTER_NONE,
				 .extend = (uint8_t)op->ext };
	switch (op->type) {
	case ARM64_OP_REG:
		out->kind = OPERAND_REGISTER;
		out->reg = (uint8_t)number_of(op->reg, &out->bytes);
		if (op->vector_index >= 0 && op->access == OPERAND_READ) {
			out->kind = OPERAND_LANE;
			out->bytes = lane_bytes(op);
			out->value = (int64_t)op->vector_index * out->bytes;
		} else if (op->vector_index >= 0) {
			out->access = OPERAND_READ | OPERAND_WRITE; /* the other lanes stay */
		}
		out->shift = (uint8_t)(op->shift.type == ARM64_SFT_LSL ? op->shift.value : 0);
		if (op->shift.type != ARM64_SFT_INVALID && op->shift.type != ARM64_SFT_LSL)
			out->kind = OPERAND_OTHER; /* a read; what it adds is not followed */
		/* Capstone 4 calls the first operand of adds read, and that of cmp written. */
		if (i == 0 && in->detail->arm64.update_flags)
			out->access = OPERAND_WRITE;
		if (i == 0 && writes_nothing(in))
			out->access = OPERAND_READ;
		/* And that of movz, lsr, sxtw and others both, as of movk. */
		if (i == 0 && out->access == (OPERAND_READ | OPERAND_WRITE) && out->reg < V0 &&
		    !keeps_some(in) && !has_memory(&in->detail->arm64))
			out->access = OPERAND_WRITE;
		if (is_store(in))
			out->access = i == 0 && is_exclusive_store(in) ? OPERAND_WRITE :
									 OPERAND_READ;
		break;
	case ARM64_OP_IMM:
		out->kind = OPERAND_IMMEDIATE;
		out->value = op->imm;
		if (op->shift.type == ARM64_SFT_LSL) {
			out->shift = (uint8_t)op->shift.value;
			out->value = (int64_t)((uint64_t)op->imm << op->shift.value);
		}
		break;
	case ARM64_OP_MEM:
		out->kind = OPERAND_MEMORY;
		out->reg = (uint8_t)number_of(op->mem.base, &ignored);
		out->index = (uint8_t)number_of(op->mem.index, &ignored);
		out->shift = (uint8_t)(op->shift.type == ARM64_SFT_LSL ? op->shift.value : 0);
		out->value = op->mem.disp;
		out->access = is_store(in) ? OPERAND_WRITE : OPERAND_READ;
		break;
	default:
		break;
	}
}

/* The memory operand of post-index has its displacement as an operand of its own. */
static void settle_memory(struct insn *out, const cs_insn *in)
{
	for (unsigned i = 0; i < out->n_operands; i++) {
		struct operand *memory = &out->operands[i];

		if (memory->kind != OPERAND_MEMORY)
			continue;
		memory->bytes = access_bytes(in, out->operands[is_exclusive_store(in)].bytes);
		if (out->writeback)
			registers_add(&out->writes, memory->reg);
		if (out->writeback && i + 1 < out->n_operands &&
		    out->operands[i + 1].kind == OPERAND_IMMEDIATE) {
			out->post_index = true;
			memory->value = out->operands[i + 1].value;
			out->n_operands--;
		}
		return;
	}
}

/* Of a lane in the high half, which no callee saves: the number still stands for the low half. */
static bool is_high_lane(const cs_arm64_op *op)
{
	return op->vector_index > 0 && op->vess != ARM64_VESS_INVALID &&
	       op->vector_index << (op->vess - ARM64_VESS_B) >= 8;
}

/* Not a bit-field insert, by which code generation picks a lane of a vector in the frame. */
static bool makes_address(const cs_insn *in)
{
	switch (in->id) {
	case ARM64_INS_MOV:
	case ARM64_INS_ADD:
	case ARM64_INS_SUB:
	case ARM64_INS_AND:
	case ARM64_INS_ORR:
	case ARM64_INS_CSEL:
		return true;
	default:
		return false;
	}
}

static void decode(struct insn *out, const cs_insn *in)
{
	const cs_arm64 *arm64 = &in->detail->arm64;

	out->makes_address = makes_address(in);
	out->flow = flow_of(in);
	out->condition = (uint8_t)arm64->cc;
	out->writeback = arm64->writeback;
	out->sets_flags = arm64->update_flags;
	for (unsigned i = 0; i < arm64->op_count && i < INSN_MAX_OPERANDS; i++) {
		operand_of(&out->operands[i], in, i);
		out->n_operands++;
		if (arm64->operands[i].type == ARM64_OP_REG &&
		    out->operands[i].access & OPERAND_WRITE && !is_high_lane(&arm64->operands[i]))
			registers_add(&out->writes, out->operands[i].reg);
		if (out->operands[i].kind == OPERAND_IMMEDIATE && out->flow != FLOW_NEXT)
			out->target = (uint64_t)out->operands[i].value; /* the last one */
	}
	settle_memory(out, in);
	if (insn_is_call(out))
		registers_add(&out->writes, X30);
}

static enum constant constant(const struct insn *insn, uint64_t *value)
{
	const struct operand *from = &insn->operands[insn->n_operands - 1];

	if (insn->operands[0].bytes != 8)
		return CONSTANT_NOT;
	*value = from->kind == OPERAND_IMMEDIATE ? (uint64_t)from->value : 0;
	switch (insn->id) {
	case ARM64_INS_ADR:
	case ARM64_INS_ADRP:
		return CONSTANT_IS;
	case ARM64_INS_MOV:
	case ARM64_INS_MOVZ:
		return from->kind == OPERAND_REGISTER ? CONSTANT_ADDS : CONSTANT_IS;
	case ARM64_INS_SUB:
		*value = -*value;
		return from->kind == OPERAND_IMMEDIATE ? CONSTANT_ADDS : CONSTANT_NOT;
	case ARM64_INS_ADD:
		return from->kind == OPERAND_IMMEDIATE ? CONSTANT_ADDS : CONSTANT_NOT;
	default:
		return CONSTANT_NOT;
	}
}

/* The bytes by which the offset of a load or store counts, as a shift; -1: it is another instruction, or
 * has another base (C4.1.94 of the Arm ARM, unsigned immediate). */
static int offset_shift(uint32_t word, uint32_t base)
{
	if ((word & 0x3b000000) != 0x39000000 || (word >> 5 & 31) != base)
		return -1;
	return (word & 0x04800000) == 0x04800000 ? 4 : (int)(word >> 30);
}

/* C6.2 of the Arm ARM: adr; adrp with an add of the same register, or with loads from it, within a few
 * instructions. */
static void references(const void *text, uint64_t bytes, uint64_t va,
		       void (*visit)(void *user, uint64_t va), void *user)
{
	enum { NEAR = 12 };
	const uint32_t *word = text;

	for (uint64_t i = 0; i < bytes / 4; i++) {
		uint64_t offset = (word[i] >> 29 & 3) | (word[i] >> 5 & 0x7ffff) << 2;
		uint64_t at_va = va + 4 * i, page_va;

		if ((word[i] & 0x1f000000) != 0x10000000)
			continue;
		offset |= offset & 0x100000 ? ~(uint64_t)0x1fffff : 0;
		if (!(word[i] >> 31)) {
			visit(user, at_va + offset);
			continue;
		}
		page_va = (at_va & ~(uint64_t)4095) + (offset << 12);
		for (uint64_t k = i + 1; k < bytes / 4 && k < i + NEAR; k++) {
			int shift = offset_shift(word[k], word[i] & 31);

			if ((word[k] & 0xffc00000) == 0x91000000 &&
			    (word[k] >> 5 & 31) == (word[i] & 31)) {
				visit(user, page_va + (word[k] >> 10 & 4095));
				break;
			}
			if (shift >= 0)
				visit(user, page_va + ((uint64_t)(word[k] >> 10 & 4095) << shift));
			/* Vector registers have numbers of their own. */
			if (shift >= 0 && word[k] & 0x04000000)
				continue;
			/* The register is another value's now, or the next instruction another
			 * block's. */
			if ((word[k] & 31) == (word[i] & 31) ||
			    (word[k] & 0xfc000000) == 0x14000000)
				break;
		}
	}
}

static bool is_poll(const uint8_t *at, unsigned bytes, uint64_t va, uint64_t cold_va)
{
	static const uint8_t nop[] = { 0x1f, 0x20, 0x03, 0xd5 };
	const int64_t reach = 1 << 27; /* of b */
	int64_t off = (int64_t)(cold_va - va);

	return bytes == 4 && !memcmp(at, nop, 4) && off >= -reach && off < reach && off % 4 == 0;
}

static const char *register_name(unsigned reg)
{
	static const char *const names[N_REGISTERS] = {
		"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
		"x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24",
		"x25", "x26", "x27", "x28", "x29", "x30", "sp",
		[V0] = "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11",
		"v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23",
		"v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31",
	};

	return reg < N_REGISTERS && names[reg] ? names[reg] : "?";
}

const struct isa isa_aarch64 = {
	.name = "aarch64",
	.id = HCC_ISA_AARCH64,
	.elf_machine = EM_AARCH64,
	.arch = CS_ARCH_ARM64,
	.mode = CS_MODE_LITTLE_ENDIAN,
	.insn_bytes = 4,
	.sp = SP,
	.fp = X29,
	.return_register = X30,
	.return_in_register = true,
	.base = X19,
	.saved = { { 0x3ff80000, 0xff00 } }, /* x19 to x29, v8 to v15 */
	.poll_saved = { { 0x3ff8fe00, 0xffffff00 } }, /* and x9 to x15, v16 to v31 */
	.arguments = { { 0x1ff } },         /* x0 to x7, x8 */
	.frame_argument = 18,
	.decode = decode,
	.constant = constant,
	.is_poll = is_poll,
	.references = references,
	.execute = execute_aarch64,
	.taken = taken_aarch64,
	.register_name = register_name,
};
