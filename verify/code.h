/* One function, decoded: its instructions in a form that is the same for every ISA, and where
 * control goes from each. */
#ifndef HCC_VERIFY_CODE_H
#define HCC_VERIFY_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image.h"
#include "isa.h"

enum operand_kind {
	OPERAND_LANE,      /* of a vector register, read */
	OPERAND_OTHER,     /* floating constants, system registers: nothing here looks at them */
	OPERAND_REGISTER,
	OPERAND_IMMEDIATE, /* of branches too: the target's address; of adrp: the page's */
	OPERAND_MEMORY,    /* [reg + index << shift + value]; of lea it is an address only */
};

enum { OPERAND_READ = 1, OPERAND_WRITE = 2 };

struct operand {
	uint8_t kind;
	uint8_t access;    /* OPERAND_READ | OPERAND_WRITE; of memory: of what is in memory */
	uint8_t bytes;     /* of the register's part, or of the memory; 0: not known */
	uint8_t reg;       /* register, or base of memory; REGISTER_NONE when there is none */
	uint8_t index;     /* index of memory, REGISTER_NONE when there is none */
	uint8_t shift;     /* of index, or of a shifted register */
	uint8_t extend;    /* aarch64: enum arm64_extender of index or register */
	uint8_t segment;   /* x86_64: enum x86_reg of a segment override, or 0 */
	int64_t value;     /* immediate (shifted), displacement (rip-relative: the address, with no
	                    * base), or of OPERAND_LANE which byte of the register it begins at */
};

enum flow {
	FLOW_NEXT,
	FLOW_CALL,          /* direct: target */
	FLOW_CALL_INDIRECT,
	FLOW_JUMP,          /* direct: target; out of the function it is a tail call */
	FLOW_JUMP_INDIRECT, /* targets, when it is by a table, else a tail call */
	FLOW_BRANCH,        /* target or the next instruction */
	FLOW_RETURN,
	FLOW_TRAP,          /* never goes on */
};

#define INSN_MAX_OPERANDS 6

struct insn {
	uint64_t va;
	uint64_t target;         /* of FLOW_CALL, FLOW_JUMP and FLOW_BRANCH */
	uint32_t id;             /* X86_INS_* or ARM64_INS_*; 0: not decoded */
	uint8_t bytes;
	uint8_t flow;            /* enum flow */
	uint8_t condition;       /* aarch64: enum arm64_cc */
	uint8_t n_operands;
	bool writeback;          /* aarch64: base += displacement, before or after */
	bool post_index;         /* aarch64: after; the displacement is only for the writeback */
	bool is_lea;             /* computes its memory operand's address, without access */
	bool makes_address;      /* of an address among its sources another one: a move, a sum */
	bool sets_flags;
	bool is_poll;            /* that can be made a jump to target */
	bool is_repeated;        /* x86_64: rep prefix */
	struct registers writes; /* in the part that a callee could save, whole or not;
				  * not by a call's callee */
	struct operand operands[INSN_MAX_OPERANDS];
};

/* Where an indirect jump by a table may go. */
struct jump_table {
	uint32_t insn_idx;   /* of the jump */
	uint32_t first, n;   /* code->targets[first..first + n), instruction indexes */
};

struct code {
	const struct image *image;
	const struct function *function;
	struct insn *insns;
	size_t n_insns, insns_capacity;
	struct jump_table *tables;
	size_t n_tables, tables_capacity;
	uint32_t *targets;
	size_t n_targets, targets_capacity;
	csh handle;
	cs_insn *scratch;
};

/* A decoder for the image's ISA, to be used for one function after another by one thread.
 * Returns 0; -1: Capstone has no such ISA. Free in any case. */
int code_init(struct code *code, const struct image *image);
void code_free(struct code *code);

/* Decode a function of the image; what the code held before is gone. Bytes that cannot be decoded
 * are instructions of id 0, one for each insn_bytes of the ISA. */
void code_decode(struct code *code, const struct function *function);

#define CODE_NONE ((size_t)-1)

/* Fill in the tables of a decoded function; code_decode does. */
void code_find_tables(struct code *code);

/* Index of the instruction at an address; CODE_NONE: none begins there. */
size_t code_at(const struct code *code, uint64_t va);

static inline uint64_t insn_end(const struct insn *insn)
{
	return insn->va + insn->bytes;
}

static inline bool insn_is_call(const struct insn *insn)
{
	return insn->flow == FLOW_CALL || insn->flow == FLOW_CALL_INDIRECT;
}

/* The registers, or their low 64 bits, that a call preserves. */
const struct registers *insn_preserved(const struct image *image, const struct insn *call);

/* Whether control leaves the function for good by a jump: to another function, or through a pointer
 * that is not of a jump table. */
bool code_is_tail_call(const struct code *code, size_t insn_idx);

/* The table of an indirect jump, or NULL. */
const struct jump_table *code_table(const struct code *code, size_t insn_idx);

/* Indexes of the instructions that may follow within the function: calls return, tables are
 * followed. Calls visit(user, successor) for each. */
void code_successors(const struct code *code, size_t insn_idx,
		     void (*visit)(void *user, size_t successor), void *user);

#endif
