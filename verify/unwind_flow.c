/* Carries the state of a frame along every way through a function, to the beginning of each of its
 * blocks. An indirect jump whose table is not known may lead to every block that nothing else leads
 * to. A call that never returns is noticed when what follows it cannot agree with it. */
#include "unwind.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static bool is_inside(const struct code *code, uint64_t va)
{
	return va - code->function->va < code->function->bytes;
}

/* Whether the next instruction is never reached from this one. */
static bool ends_block(const struct unwind_flow *flow, size_t insn_idx)
{
	unsigned kind = flow->code->insns[insn_idx].flow;

	return kind == FLOW_JUMP || kind == FLOW_JUMP_INDIRECT || kind == FLOW_RETURN ||
		kind == FLOW_TRAP || flow->never_returns[insn_idx];
}

static void mark(struct unwind_flow *flow, size_t insn_idx)
{
	if (insn_idx < flow->code->n_insns)
		flow->block_of[insn_idx] = 1;
}

static void mark_targets(struct unwind_flow *flow)
{
	const struct code *code = flow->code;

	for (size_t i = 0; i < code->n_insns; i++) {
		const struct insn *insn = &code->insns[i];

		if ((insn->flow == FLOW_JUMP || insn->flow == FLOW_BRANCH) &&
		    is_inside(code, insn->target))
			mark(flow, code_at(code, insn->target));
	}
	for (size_t i = 0; i < code->n_targets; i++)
		mark(flow, code->targets[i]);
}

/* Number the blocks: at the entry, at targets, and after what does not go on. */
static void find_blocks(struct unwind_flow *flow)
{
	const struct code *code = flow->code;

	flow->block_of = memory_grow(flow->block_of, &flow->block_of_capacity, code->n_insns,
		sizeof *flow->block_of);
	memset(flow->block_of, 0, code->n_insns * sizeof *flow->block_of);
	mark_targets(flow);
	flow->n_blocks = 0;
	for (size_t i = 0; i < code->n_insns; i++) {
		bool is_target = flow->block_of[i];

		if (!is_target && i && !ends_block(flow, i - 1))
			continue;
		flow->blocks = memory_grow(flow->blocks, &flow->blocks_capacity,
			flow->n_blocks + 1, sizeof *flow->blocks);
		flow->blocks[flow->n_blocks++] = (struct unwind_block){
			.first = (uint32_t)i, .is_target = is_target };
		flow->block_of[i] = (uint32_t)flow->n_blocks;
	}
	flow->words = memory_grow(flow->words, &flow->words_capacity,
		flow->n_blocks * flow->kept.n, sizeof *flow->words);
	flow->waiting = memory_grow(flow->waiting, &flow->waiting_capacity, flow->n_blocks,
		sizeof *flow->waiting);
}

/* Keep what both agree on; whether something was lost. */
static bool meet(uint64_t *words, const uint64_t *other, unsigned n)
{
	bool lost = false;

	for (unsigned i = 0; i < n; i++)
		if (words[i] != other[i] && words[i]) {
			words[i] = FACT_NONE;
			lost = true;
		}
	return lost;
}

static void arrive_packed(struct unwind_flow *flow, size_t b, const uint64_t *from)
{
	struct unwind_block *block = &flow->blocks[b];
	uint64_t *words = &flow->words[b * flow->kept.n];

	if (!block->is_visited) {
		memcpy(words, from, flow->kept.n * sizeof *words);
		block->is_visited = true;
	} else if (meet(words, from, flow->kept.n)) {
		block->is_contested = true;
	} else {
		for (unsigned i = 0; i < flow->kept.n; i++)
			if (words[i] != from[i])
				block->is_contested = true;
		return;
	}
	if (!block->is_waiting) {
		block->is_waiting = true;
		flow->waiting[flow->n_waiting++] = (uint32_t)b;
	}
}

static void arrive(struct unwind_flow *flow, size_t insn_idx, const struct unwind_state *state)
{
	uint64_t words[UNWIND_MAX_KEPT];

	if (insn_idx >= flow->code->n_insns || !flow->block_of[insn_idx])
		return;
	unwind_pack(&flow->kept, state, words);
	arrive_packed(flow, flow->block_of[insn_idx] - 1, words);
}

bool unwind_is_left(const struct unwind_state *state)
{
	struct unwind_state entry;

	unwind_state_enter(&entry, state->isa);
	for (uint64_t left = entry.known; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		if (state->regs[i] != entry.regs[i])
			return false;
	}
	return state->isa->return_in_register ||
		unwind_saved(state, state->isa->return_register) ==
			unwind_saved(&entry, state->isa->return_register);
}

/* A jump through a register or memory. */
static void leave(struct unwind_flow *flow, size_t insn_idx, const struct unwind_state *state)
{
	const struct jump_table *table = code_table(flow->code, insn_idx);
	uint64_t words[UNWIND_MAX_KEPT];

	for (uint32_t i = 0; table && i < table->n; i++)
		arrive(flow, flow->code->targets[table->first + i], state);
	if (table)
		return;
	if (unwind_is_left(state)) {
		flow->has_tail_jump = true;
		return;
	}
	unwind_pack(&flow->kept, state, words);
	if (flow->has_jump)
		meet(flow->jump_words, words, flow->kept.n);
	else
		memcpy(flow->jump_words, words, flow->kept.n * sizeof *words);
	flow->has_jump = true;
}

static void walk(struct unwind_flow *flow, size_t b)
{
	const struct code *code = flow->code;
	struct unwind_state state = { .isa = flow->isa };

	unwind_unpack(&flow->kept, &flow->words[b * flow->kept.n], &state);
	for (size_t i = flow->blocks[b].first; i < code->n_insns; i++) {
		const struct insn *insn = &code->insns[i];

		flow->step(&state, insn);
		if ((insn->flow == FLOW_JUMP || insn->flow == FLOW_BRANCH) &&
		    is_inside(code, insn->target))
			arrive(flow, code_at(code, insn->target), &state);
		else if (insn->flow == FLOW_JUMP_INDIRECT)
			leave(flow, i, &state);
		if (ends_block(flow, i))
			return;
		if (i + 1 < code->n_insns && flow->block_of[i + 1]) {
			arrive(flow, i + 1, &state);
			return;
		}
	}
}

static void drain(struct unwind_flow *flow)
{
	while (flow->n_waiting) {
		uint32_t b = flow->waiting[--flow->n_waiting];

		flow->blocks[b].is_waiting = false;
		walk(flow, b);
	}
}

/* Whether a block that nothing leads to is more than padding before one that is reached. */
static bool is_code(const struct unwind_flow *flow, size_t b)
{
	const struct code *code = flow->code;

	for (size_t i = flow->blocks[b].first; i < code->n_insns; i++) {
		if (flow->block_of[i] && flow->blocks[flow->block_of[i] - 1].is_visited)
			return false;
		if (!flow->is_padding(&code->insns[i]))
			return true;
	}
	return false;
}

/* Blocks that only an indirect jump of unknown targets can lead to: first those that no other
 * instruction names, then what is left. */
static void follow_jumps(struct unwind_flow *flow)
{
	struct unwind_state entry;

	if (!flow->has_jump && flow->has_tail_jump) {
		unwind_state_enter(&entry, flow->isa);
		unwind_pack(&flow->kept, &entry, flow->jump_words);
		flow->has_jump = true;
	}
	for (int pass = 0; pass < 2; pass++)
		for (size_t b = 0; b < flow->n_blocks && flow->has_jump; b++)
			if (!flow->blocks[b].is_visited && (pass || !flow->blocks[b].is_target) &&
			    is_code(flow, b)) {
				flow->jump_leads = true;
				arrive_packed(flow, b, flow->jump_words);
				drain(flow);
			}
}

/* The calls before contested blocks whose callees never return; all such calls where an indirect
 * jump may lead behind them unseen. Whether there is a new one. */
static bool find_ends(struct unwind_flow *flow)
{
	const struct code *code = flow->code;
	bool found = false;

	for (size_t i = 0; i + 1 < code->n_insns; i++) {
		uint32_t b = flow->block_of[i + 1];

		if (code->insns[i].flow != FLOW_CALL || flow->never_returns[i] ||
		    !(flow->has_jump || (b && flow->blocks[b - 1].is_contested)) ||
		    flow->returns(flow->user, code->insns[i].target))
			continue;
		flow->never_returns[i] = found = true;
	}
	return found;
}

void unwind_flow_run(struct unwind_flow *flow, const struct code *code)
{
	struct unwind_state entry;

	flow->code = code;
	flow->n_blocks = 0;
	if (!code->n_insns)
		return;
	flow->never_returns = memory_grow(flow->never_returns, &flow->never_returns_capacity,
		code->n_insns, sizeof *flow->never_returns);
	memset(flow->never_returns, 0, code->n_insns * sizeof *flow->never_returns);
	do {
		find_blocks(flow);
		flow->has_jump = flow->has_tail_jump = flow->jump_leads = false;
		unwind_state_enter(&entry, flow->isa);
		arrive(flow, 0, &entry);
		drain(flow);
		follow_jumps(flow);
	} while (find_ends(flow));
}

void unwind_flow_visit(struct unwind_flow *flow,
	void (*before)(void *user, size_t insn_idx, const struct unwind_state *state),
	void (*after)(void *user, size_t insn_idx, const struct unwind_state *state), void *user)
{
	const struct code *code = flow->code;
	struct unwind_state state = { .isa = flow->isa };
	bool is_known = false;

	for (size_t i = 0; i < code->n_insns; i++) {
		uint32_t b = flow->block_of[i];

		if (b) {
			is_known = flow->blocks[b - 1].is_visited;
			if (is_known)
				unwind_unpack(&flow->kept,
					&flow->words[(b - 1) * flow->kept.n], &state);
		}
		if (!is_known)
			continue;
		before(user, i, &state);
		flow->step(&state, &code->insns[i]);
		after(user, i, &state);
		if (ends_block(flow, i))
			is_known = false;
	}
}

void unwind_flow_free(struct unwind_flow *flow)
{
	free(flow->blocks);
	free(flow->words);
	free(flow->block_of);
	free(flow->waiting);
	free(flow->never_returns);
	*flow = (struct unwind_flow){ 0 };
}
