/* Unwind facts at return addresses: derived from the code alone, and as .eh_frame and the table
 * claim them. */
#ifndef HCC_VERIFY_UNWIND_H
#define HCC_VERIFY_UNWIND_H

#include <elfutils/libdw.h>

#include "code.h"
#include "image.h"
#include "unwind_state.h"

/* How one function is analysed: the states at the beginnings of its blocks. */
struct unwind_block {
	uint32_t first;          /* instruction */
	bool is_target;          /* of a jump within the function */
	bool is_visited, is_waiting;
	bool is_contested;       /* two ways into it do not agree */
};

struct unwind_flow {
	const struct code *code;
	const struct isa *isa;
	void (*step)(struct unwind_state *state, const struct insn *insn);
	bool (*is_padding)(const struct insn *insn);
	struct unwind_kept kept;
	struct unwind_block *blocks;
	size_t n_blocks, blocks_capacity;
	uint64_t *words;         /* n_blocks times kept.n: packed states */
	size_t words_capacity;
	uint32_t *block_of;      /* instruction -> block + 1, or 0 */
	size_t block_of_capacity;
	uint32_t *waiting;       /* stack of blocks */
	size_t n_waiting, waiting_capacity;
	bool *never_returns;     /* calls whose callee does not return */
	size_t never_returns_capacity;
	/* Where indirect jumps of unknown targets meet: those out of a frame; and those that may be
	 * tail calls, which count where there are no others. */
	uint64_t jump_words[UNWIND_MAX_KEPT];
	bool has_jump, has_tail_jump;
	bool jump_leads;         /* such a jump stays within the function */
	/* Whether a function of the image can return: for calls that nothing may follow. */
	bool (*returns)(void *user, uint64_t va);
	void *user;
};

/* Find the state at each block's beginning. */
void unwind_flow_run(struct unwind_flow *flow, const struct code *code);
void unwind_flow_free(struct unwind_flow *flow);

/* Whether the state is that of a function that has nothing left of its frame. */
bool unwind_is_left(const struct unwind_state *state);

/* See each instruction that can be reached, by address: before it, and after it where the next is
 * reached from it. */
void unwind_flow_visit(struct unwind_flow *flow,
	void (*before)(void *user, size_t insn_idx, const struct unwind_state *state),
	void (*after)(void *user, size_t insn_idx, const struct unwind_state *state), void *user);

/* What unwinding data says of a return address. */
enum unwind_rule {
	UNWIND_SAME,   /* the register still has the caller's value */
	UNWIND_SAVED,  /* it is at CFA + off */
	UNWIND_OTHER,  /* something that hcc has no use for */
};

struct unwind_claim {
	const char *source;
	const char *problem; /* not NULL: there is nothing to compare */
	bool is_absent;       /* nothing is said at all; problem says so too */
	unsigned cfa_register;
	int64_t cfa_off;
	struct {
		enum unwind_rule rule;
		int64_t off;
	} registers[UNWIND_N_TRACKED]; /* callee-saved ones and the return address, by index */
};

/* What .eh_frame says of the call that returns to return_va. */
void unwind_claim_frame(struct unwind_claim *claim, Dwarf_CFI *cfi, const struct isa *isa,
	uint64_t return_va);
/* What the table says. */
void unwind_claim_table(struct unwind_claim *claim, const struct image *image,
	const struct hcc_meta_return *ret);

/* The state after each call that returns to a record, without any comparison: for tests, which make
 * frames by it. */
struct unwinder;
struct report;
void unwind_each_return(struct unwinder *unwinder, struct report *report, const struct code *code,
	void (*see)(void *user, const struct hcc_meta_return *ret,
		const struct unwind_state *state), void *user);

#endif
