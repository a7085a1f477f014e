/* x86-64: System V psABI, figures 3.4 (calling convention) and 3.36 (DWARF numbers). A call pushes
 * the return address; writing 32 bits of a register clears the rest. */
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "code.h"
#include "isa_private.h"
#include "hcc_format.h"

enum { RAX, RDX, RCX, RBX, RSI, RDI, RBP, RSP, R8, R12 = 12, RIP = 16, XMM0 = 17 };

/* 1 + the DWARF number, and the bytes, of a general register's parts. */
struct part {
	uint8_t number, bytes;
};
#define LEGACY(dwarf, r64, r32, r16, r8) \
	[X86_REG_##r64] = { (dwarf) + 1, 8 }, [X86_REG_##r32] = { (dwarf) + 1, 4 }, \
	[X86_REG_##r16] = { (dwarf) + 1, 2 }, [X86_REG_##r8] = { (dwarf) + 1, 1 }
#define NUMBERED(n) LEGACY(n, R##n, R##n##D, R##n##W, R##n##B)

static const struct part parts[X86_REG_ENDING] = {
	LEGACY(RAX, RAX, EAX, AX, AL), LEGACY(RDX, RDX, EDX, DX, DL),
	LEGACY(RCX, RCX, ECX, CX, CL), LEGACY(RBX, RBX, EBX, BX, BL),
	LEGACY(RSI, RSI, ESI, SI, SIL), LEGACY(RDI, RDI, EDI, DI, DIL),
	LEGACY(RBP, RBP, EBP, BP, BPL), LEGACY(RSP, RSP, ESP, SP, SPL),
	NUMBERED(8), NUMBERED(9), NUMBERED(10), NUMBERED(11),
	NUMBERED(12), NUMBERED(13), NUMBERED(14), NUMBERED(15),
	[X86_REG_AH] = { RAX + 1, 1 }, [X86_REG_DH] = { RDX + 1, 1 },
	[X86_REG_CH] = { RCX + 1, 1 }, [X86_REG_BH] = { RBX + 1, 1 },
};

static unsigned number_of(unsigned reg)
{
	if (reg == X86_REG_INVALID)
		return REGISTER_NONE;
	if (reg < X86_REG_ENDING && parts[reg].number)
		return parts[reg].number - 1u;
	if (reg >= X86_REG_XMM0 && reg <= X86_REG_XMM15)
		return XMM0 + reg - X86_REG_XMM0;
	if (reg >= X86_REG_YMM0 && reg <= X86_REG_YMM15)
		return XMM0 + reg - X86_REG_YMM0;
	return REGISTER_OTHER;
}

static enum flow flow_of(const cs_insn *in)
{
	const cs_x86 *x86 = &in->detail->x86;
	bool direct = x86->op_count == 1 && x86->operands[0].type == X86_OP_IMM;

	switch (in->id) {
	case X86_INS_CALL:
		return direct ? FLOW_CALL : FLOW_CALL_INDIRECT;
	case X86_INS_JMP:
		return direct ? FLOW_JUMP : FLOW_JUMP_INDIRECT;
	case X86_INS_RET:
	case X86_INS_IRET:
	case X86_INS_IRETD:
	case X86_INS_IRETQ:
		return FLOW_RETURN;
	case X86_INS_UD2:
	case X86_INS_UD2B:
	case X86_INS_HLT:
	case X86_INS_INT3:
		return FLOW_TRAP;
	}
	for (unsigned i = 0; i < in->detail->groups_count; i++)
		if (in->detail->groups[i] == X86_GRP_JUMP)
			return FLOW_BRANCH; /* jcc, jrcxz, loop */
	return FLOW_NEXT;
}

static void memory_operand(struct operand *out, const cs_insn *in, const cs_x86_op *op)
{
	out->kind = OPERAND_MEMORY;
	out->reg = (uint8_t)number_of(op->mem.base);
	out->index = (uint8_t)number_of(op->mem.index);
	out->shift = (uint8_t)__builtin_ctz((unsigned)op->mem.scale | 256);
	out->segment = (uint8_t)op->mem.segment;
	out->value = op->mem.disp;
	if (op->mem.base == X86_REG_RIP) {
		out->reg = REGISTER_NONE;
		out->value += (int64_t)(in->address + in->size);
	}
	if (out->index == REGISTER_OTHER) /* riz: there is none */
		out->index = REGISTER_NONE;
}

/* Capstone 4 has no access for stores of some SSE moves: the first operand of those is written. */
static bool is_store_move(const cs_insn *in)
{
	switch (in->id) {
	case X86_INS_MOVAPS: case X86_INS_MOVUPS: case X86_INS_MOVAPD: case X86_INS_MOVUPD:
	case X86_INS_MOVDQA: case X86_INS_MOVDQU: case X86_INS_MOVSD: case X86_INS_MOVSS:
	case X86_INS_MOVD: case X86_INS_MOVQ: case X86_INS_MOVHPS: case X86_INS_MOVLPS:
	case X86_INS_MOVHPD: case X86_INS_MOVLPD: case X86_INS_MOVNTDQ: case X86_INS_MOVNTI:
	case X86_INS_MOVNTPS: case X86_INS_MOVNTPD:
		return true;
	default:
		return false;
	}
}

static void operand_of(struct operand *out, const cs_insn *in, unsigned i)
{
	const cs_x86_op *op = &in->detail->x86.operands[i];

	*out = (struct operand){ .access = op->access, .bytes = op->size, .reg = REGISTER_NONE,
				 .index = REGISTER_NONE };
	switch (op->type) {
	case X86_OP_REG:
		out->kind = OPERAND_REGISTER;
		out->reg = (uint8_t)number_of(op->reg);
		break;
	case X86_OP_IMM:
		out->kind = OPERAND_IMMEDIATE;
		out->value = op->imm;
		break;
	case X86_OP_MEM:
		memory_operand(out, in, op);
		if (i == 0 && is_store_move(in))
			out->access = OPERAND_WRITE;
		break;
	default:
		break;
	}
}

/* Of a register and itself: the result does not depend on it. */
static bool is_zeroing(const struct insn *insn)
{
	if (insn->id != X86_INS_XOR && insn->id != X86_INS_SUB && insn->id != X86_INS_XORPS &&
	    insn->id != X86_INS_PXOR)
		return false;
	return insn->operands[0].kind == OPERAND_REGISTER &&
	       insn->operands[1].kind == OPERAND_REGISTER &&
	       insn->operands[0].reg == insn->operands[1].reg;
}

/* cbw, cwde, cdqe: movsx of rax to itself, whose operands Capstone does not tell. Others: 0. */
static unsigned extended_bytes(const cs_insn *in)
{
	switch (in->id) {
	case X86_INS_CBW: return 2;
	case X86_INS_CWDE: return 4;
	case X86_INS_CDQE: return 8;
	default: return 0;
	}
}

static bool makes_address(const cs_insn *in)
{
	switch (in->id) {
	case X86_INS_MOV:
	case X86_INS_LEA:
	case X86_INS_ADD:
	case X86_INS_SUB:
	case X86_INS_AND:
	case X86_INS_OR:
	case X86_INS_XCHG:
		return true;
	default:
		return in->id >= X86_INS_CMOVA && in->id <= X86_INS_CMOVS;
	}
}

static void decode(struct insn *out, const cs_insn *in)
{
	const cs_x86 *x86 = &in->detail->x86;

	out->flow = flow_of(in);
	out->makes_address = makes_address(in);
	out->is_lea = in->id == X86_INS_LEA;
	out->is_repeated = x86->prefix[0] == X86_PREFIX_REP || x86->prefix[0] == X86_PREFIX_REPNE;
	for (unsigned i = 0; i < x86->op_count && i < INSN_MAX_OPERANDS; i++) {
		operand_of(&out->operands[i], in, i);
		out->n_operands++;
		if (out->operands[i].kind == OPERAND_REGISTER &&
		    out->operands[i].access & OPERAND_WRITE)
			registers_add(&out->writes, out->operands[i].reg);
		if (out->operands[i].kind == OPERAND_IMMEDIATE && out->flow != FLOW_NEXT)
			out->target = (uint64_t)out->operands[i].value;
	}
	for (unsigned i = 0; i < in->detail->regs_write_count; i++) {
		registers_add(&out->writes, number_of(in->detail->regs_write[i]));
		out->sets_flags |= in->detail->regs_write[i] == X86_REG_EFLAGS;
	}
	if (extended_bytes(in)) {
		struct operand rax = { .kind = OPERAND_REGISTER, .index = REGISTER_NONE,
				       .reg = (uint8_t)number_of(X86_REG_RAX) };

		out->n_operands = 2;
		for (unsigned i = 0; i < 2; i++) {
			out->operands[i] = rax;
			out->operands[i].access = i ? OPERAND_READ : OPERAND_WRITE;
			out->operands[i].bytes = extended_bytes(in) >> i;
		}
	}
	if (is_zeroing(out)) {
		out->operands[0].access = OPERAND_WRITE;
		out->operands[1].access = 0;
	}
	if (out->is_lea)
		out->operands[1].access = 0;
}

static enum constant constant(const struct insn *insn, uint64_t *value)
{
	const struct operand *from = &insn->operands[1];

	switch (insn->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
		*value = from->kind == OPERAND_IMMEDIATE ? (uint64_t)from->value : 0;
		if (insn->operands[0].bytes == 4)
			*value = (uint32_t)*value;
		if (insn->operands[0].bytes < 4)
			return CONSTANT_NOT;
		return from->kind == OPERAND_IMMEDIATE ? CONSTANT_IS :
		       from->kind == OPERAND_REGISTER && from->bytes == 8 ? CONSTANT_ADDS :
									    CONSTANT_NOT;
	case X86_INS_LEA:
		*value = (uint64_t)from->value;
		if (from->index != REGISTER_NONE || insn->operands[0].bytes != 8)
			return CONSTANT_NOT;
		return from->reg == REGISTER_NONE ? CONSTANT_IS : CONSTANT_ADDS;
	default:
		return CONSTANT_NOT;
	}
}

static bool is_poll(const uint8_t *at, unsigned bytes, uint64_t va, uint64_t cold_va)
{
	enum { TEST_EAX = 0xa9 };
	int32_t off;

	if (bytes != 5 || at[0] != TEST_EAX)
		return false;
	memcpy(&off, at + 1, sizeof off);
	return va + bytes + (uint64_t)(int64_t)off == cold_va;
}

static const char *register_name(unsigned reg)
{
	static const char *const names[] = {
		"rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11",
		"r12", "r13", "r14", "r15", "rip", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
		"xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
		"xmm15",
	};

	return reg < sizeof names / sizeof *names ? names[reg] : "?";
}

#define BIT(reg) ((uint64_t)1 << (reg))

const struct isa isa_x86_64 = {
	.name = "x86_64",
	.id = HCC_ISA_X86_64,
	.elf_machine = EM_X86_64,
	.arch = CS_ARCH_X86,
	.mode = CS_MODE_64,
	.insn_bytes = 1,
	.sp = RSP,
	.fp = RBP,
	.return_register = RIP,
	.base = RBX,
	.saved = { { BIT(RBX) | BIT(RBP) | BIT(12) | BIT(13) | BIT(14) | BIT(15) } },
	.poll_saved = { { 0x1ffffff7f & ~BIT(11) } }, /* all, xmm0 to xmm15 */
	.arguments = { { BIT(RDI) | BIT(RSI) | BIT(RDX) | BIT(RCX) | BIT(R8) | BIT(9) } },
	.frame_argument = 10,
	.decode = decode,
	.constant = constant,
	.is_poll = is_poll,
	.execute = execute_x86_64,
	.taken = taken_x86_64,
	.register_name = register_name,
};
