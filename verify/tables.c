/* Jump tables, by the shapes that LLVM gives them:
 *
 *   x86_64   jmp *table(,%index,8)                      addresses
 *            mov table(,%index,8), %r; jmp *%r
 *            movslq (%table,%index,4), %r; add %table, %r; jmp *%r
 *   aarch64  ldrb/ldrh w, [table, index]; adr base; add x, base, w, lsl 2; br x
 *            ldrsw x, [table, index, lsl 2]; add x, x, table; br x
 *
 * The table's address may have been put into its register far away: it is looked for backwards,
 * along all paths. A range check may be missing, so a table ends where its entries stop to lead to
 * instructions of the function, or where something else begins that code refers to; a clone's first
 * one has an entry for each site at most. */
#include "code.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { MAX_BLOCK = 64, MAX_DEPTH = 6 };

/* Control flow backwards: for each instruction the ones before it, but for the one just above. */
struct edge {
	uint32_t from, next; /* next: 1 + index of another edge to the same instruction */
};

struct flow_graph {
	const struct code *code;
	uint32_t *first;     /* by instruction: 1 + index of an edge, 0: none */
	struct edge *edges;
	size_t n_edges, capacity;
};

static void add_edge(struct flow_graph *graph, size_t from, size_t to)
{
	graph->edges = memory_grow(graph->edges, &graph->capacity, graph->n_edges + 1,
				   sizeof *graph->edges);
	graph->edges[graph->n_edges++] = (struct edge){ (uint32_t)from, graph->first[to] };
	graph->first[to] = (uint32_t)graph->n_edges;
}

static void graph_init(struct flow_graph *graph, const struct code *code)
{
	*graph = (struct flow_graph){ .code = code };
	graph->first = memory_alloc(code->n_insns * sizeof *graph->first);
	for (size_t i = 0; i < code->n_insns; i++) {
		const struct insn *insn = &code->insns[i];
		size_t to = insn->flow == FLOW_JUMP || insn->flow == FLOW_BRANCH ?
				    code_at(code, insn->target) :
				    CODE_NONE;

		if (to != CODE_NONE)
			add_edge(graph, i, to);
	}
}

static void graph_free(struct flow_graph *graph)
{
	free(graph->first);
	free(graph->edges);
}

/* Whether control goes on from an instruction to the next. */
static bool falls_through(const struct insn *insn)
{
	return insn->flow == FLOW_NEXT || insn->flow == FLOW_BRANCH || insn_is_call(insn);
}

/* ---- constants ------------------------------------------------------------------------------- */

static bool constant_before(struct flow_graph *graph, size_t at, unsigned reg, unsigned depth,
			    uint64_t *value);

/* The constant that an instruction puts into a register. */
static bool constant_by(struct flow_graph *graph, size_t at, unsigned reg, unsigned depth,
			uint64_t *value)
{
	const struct insn *insn = &graph->code->insns[at];
	const struct operand *op = insn->operands;
	uint64_t source;

	if (insn->n_operands < 2 || op[0].kind != OPERAND_REGISTER || op[0].reg != reg ||
	    insn_is_call(insn))
		return false;
	switch (graph->code->image->isa->constant(insn, value)) {
	case CONSTANT_IS:
		return true;
	case CONSTANT_ADDS:
		if (!depth || !constant_before(graph, at, op[1].reg, depth - 1, &source))
			return false;
		*value += source;
		return true;
	default:
		return false;
	}
}

static bool survives(const struct code *code, const struct insn *insn, unsigned reg)
{
	return !registers_has(&insn->writes, reg) &&
	       (!insn_is_call(insn) || registers_has(insn_preserved(code->image, insn), reg));
}

/* A walk backwards along all known paths. */
struct walk {
	uint32_t *stack; /* instructions before which to look */
	size_t n;
	bool *seen;
};

static void push(struct walk *walk, size_t at)
{
	if (!walk->seen[at])
		walk->stack[walk->n++] = (uint32_t)at;
	walk->seen[at] = true;
}

/* One step: what is right before an instruction. False: a definition is another constant than
 * *value. Definitions that are no constants do not count: calls that never return seem to lead to
 * code that they do not, and a register that was spilled comes from the frame. */
static bool step_back(struct flow_graph *graph, struct walk *walk, size_t at, unsigned reg,
		      unsigned depth, uint64_t *value, bool *found)
{
	const struct insn *above;
	uint64_t constant;

	/* Jumps write no register. */
	for (uint32_t e = graph->first[at]; e; e = graph->edges[e - 1].next)
		push(walk, graph->edges[e - 1].from);
	if (!at)
		return true;
	above = &graph->code->insns[at - 1];
	if (!falls_through(above))
		return true;
	if (survives(graph->code, above, reg)) {
		push(walk, at - 1);
		return true;
	}
	if (!constant_by(graph, at - 1, reg, depth, &constant))
		return true;
	if (*found && constant != *value)
		return false;
	*value = constant;
	*found = true;
	return true;
}

/* The constant that definitions of a register which reach an instruction have in common. */
static bool constant_before(struct flow_graph *graph, size_t at, unsigned reg, unsigned depth,
			    uint64_t *value)
{
	size_t n_insns = graph->code->n_insns;
	struct walk walk = { .n = 0 };
	bool found = false, same = true;

	if (reg >= N_REGISTERS)
		return false;
	walk.stack = memory_alloc((n_insns + 1) * sizeof *walk.stack);
	walk.seen = memory_alloc(n_insns);
	push(&walk, at);
	while (walk.n && same)
		same = step_back(graph, &walk, walk.stack[--walk.n], reg, depth, value, &found);
	free(walk.stack);
	free(walk.seen);
	return same && found;
}

/* ---- shapes ---------------------------------------------------------------------------------- */

struct shape {
	uint64_t table_va, base_va; /* target = base + (entry << shift) */
	unsigned entry_bytes, shift;
	bool is_signed;
};

/* The instruction of the same block that defines a register. */
static const struct insn *definition(const struct code *code, size_t at, unsigned reg, size_t *idx)
{
	for (size_t i = at; i && at - i < MAX_BLOCK; i--) {
		if (code->insns[i - 1].flow != FLOW_NEXT)
			return NULL;
		if (registers_has(&code->insns[i - 1].writes, reg)) {
			*idx = i - 1;
			return &code->insns[i - 1];
		}
	}
	return NULL;
}

/* The same, but of what was stored to the frame, when the register is reloaded. */
static const struct insn *definition_of_value(const struct code *code, size_t at, unsigned reg,
					      size_t *idx)
{
	const struct insn *load = definition(code, at, reg, idx);
	const struct operand *from = load ? &load->operands[1] : NULL;

	if (!load || load->n_operands != 2 || from->kind != OPERAND_MEMORY ||
	    from->reg != code->image->isa->sp || from->index < N_REGISTERS)
		return load;
	for (size_t i = *idx; i && at - i < MAX_BLOCK && code->insns[i - 1].flow == FLOW_NEXT; i--) {
		const struct insn *store = &code->insns[i - 1];
		const struct operand *to = &store->operands[store->n_operands - 1u];
		unsigned n = store->n_operands - 1u;

		if (!n || to->kind != OPERAND_MEMORY || !(to->access & OPERAND_WRITE) ||
		    to->reg != from->reg || to->index < N_REGISTERS)
			continue;
		for (unsigned k = 0; k < n; k++)
			if (store->operands[k].kind == OPERAND_REGISTER &&
			    to->value + 8 * (int64_t)k == from->value)
				return definition(code, i - 1, store->operands[k].reg, idx);
	}
	return load;
}

static bool loads_address(const struct insn *insn)
{
	const struct operand *from = &insn->operands[1];

	return insn->n_operands == 2 && from->kind == OPERAND_MEMORY && !insn->is_lea &&
	       from->index < N_REGISTERS && from->shift == 3;
}

/* The load from a table that a register has at an instruction, on all known ways to it: it may have been taken
 * out of the loop that jumps by it. Other definitions do not count, see step_back(). */
static const struct insn *only_load(struct flow_graph *graph, size_t at, unsigned reg, size_t *idx)
{
	const struct code *code = graph->code;
	struct walk walk = { .n = 0 };
	const struct insn *found = NULL;
	bool same = reg < N_REGISTERS;

	walk.stack = memory_alloc((code->n_insns + 1) * sizeof *walk.stack);
	walk.seen = memory_alloc(code->n_insns);
	push(&walk, at);
	while (walk.n && same) {
		size_t i = walk.stack[--walk.n];

		for (uint32_t e = graph->first[i]; e; e = graph->edges[e - 1].next)
			push(&walk, graph->edges[e - 1].from);
		if (!i || !falls_through(&code->insns[i - 1]))
			continue;
		if (survives(code, &code->insns[i - 1], reg)) {
			push(&walk, i - 1);
			continue;
		}
		if (!loads_address(&code->insns[i - 1]))
			continue;
		same = !found || found == &code->insns[i - 1];
		found = &code->insns[i - 1];
		*idx = i - 1;
	}
	free(walk.stack);
	free(walk.seen);
	return same ? found : NULL;
}

/* An operand [table + index << shift] of an instruction. */
static bool table_operand(struct flow_graph *graph, size_t at, const struct operand *memory,
			  struct shape *shape)
{
	uint64_t base = 0;

	if (memory->kind != OPERAND_MEMORY || memory->index >= N_REGISTERS)
		return false;
	if (memory->reg < N_REGISTERS &&
	    !constant_before(graph, at, memory->reg, MAX_DEPTH, &base)) {
		/* ldrb w, [index, table] is as good. */
		if (memory->shift || !constant_before(graph, at, memory->index, MAX_DEPTH, &base))
			return false;
	}
	shape->table_va = base + (uint64_t)memory->value;
	return true;
}

static bool x86_64_shape(struct flow_graph *graph, size_t at, struct shape *shape)
{
	const struct code *code = graph->code;
	const struct operand *op = &code->insns[at].operands[0];
	const struct insn *def;
	size_t idx;

	*shape = (struct shape){ .entry_bytes = 8 };
	if (op->kind == OPERAND_MEMORY)
		return op->shift == 3 && table_operand(graph, at, op, shape);
	def = definition(code, at, op->reg, &idx);
	if (!def)
		def = only_load(graph, at, op->reg, &idx);
	if (!def || def->n_operands != 2)
		return false;
	if (def->operands[1].kind == OPERAND_MEMORY && !def->is_lea)
		return def->operands[1].shift == 3 &&
		       table_operand(graph, idx, &def->operands[1], shape);
	if (def->id != X86_INS_ADD || def->operands[1].kind != OPERAND_REGISTER ||
	    !constant_before(graph, idx, def->operands[1].reg, MAX_DEPTH, &shape->base_va))
		return false;
	def = definition(code, idx, op->reg, &idx);
	*shape = (struct shape){ .base_va = shape->base_va, .entry_bytes = 4, .is_signed = true };
	return def && def->id == X86_INS_MOVSXD &&
	       table_operand(graph, idx, &def->operands[1], shape);
}

static bool aarch64_shape(struct flow_graph *graph, size_t at, struct shape *shape)
{
	const struct code *code = graph->code;
	const struct insn *add, *load;
	size_t add_idx, load_idx;

	*shape = (struct shape){ 0 };
	add = definition_of_value(code, at, code->insns[at].operands[0].reg, &add_idx);
	if (!add || add->id != ARM64_INS_ADD || add->n_operands != 3 ||
	    add->operands[2].kind != OPERAND_REGISTER)
		return false;
	for (unsigned swap = 0; swap < 2; swap++) {
		unsigned base = add->operands[1 + swap].reg, entry = add->operands[2 - swap].reg;

		load = definition(code, add_idx, entry, &load_idx);
		if (!load || load->n_operands != 2 || load->operands[1].kind != OPERAND_MEMORY ||
		    !constant_before(graph, add_idx, base, MAX_DEPTH, &shape->base_va))
			continue;
		shape->shift = add->operands[2].shift;
		shape->entry_bytes = load->operands[1].bytes;
		shape->is_signed = load->id == ARM64_INS_LDRSW;
		return (shape->entry_bytes == 1 || shape->entry_bytes == 2 || shape->is_signed) &&
		       table_operand(graph, load_idx, &load->operands[1], shape);
	}
	return false;
}

/* ---- entries --------------------------------------------------------------------------------- */

static uint64_t entry_target(const void *at, const struct shape *shape)
{
	uint64_t value = 0;

	memcpy(&value, at, shape->entry_bytes);
	if (shape->is_signed)
		value = (uint64_t)(int64_t)(int32_t)value;
	return shape->base_va + (value << shape->shift);
}

static void add_target(struct code *code, uint32_t target)
{
	code->targets = memory_grow(code->targets, &code->targets_capacity, code->n_targets + 1,
				    sizeof *code->targets);
	code->targets[code->n_targets++] = target;
}

static bool is_target(const struct code *code, const struct jump_table *table, size_t target)
{
	for (uint32_t i = 0; i < table->n; i++)
		if (code->targets[table->first + i] == target)
			return true;
	return false;
}

/* Whether something else begins at an address: another table of the function, or what other code
 * refers to. */
static bool begins(const struct code *code, const uint64_t *tables, size_t n_tables, uint64_t va)
{
	for (size_t i = 0; i < n_tables; i++)
		if (tables[i] == va)
			return true;
	return image_is_referred(code->image, va);
}

/* How many entries the table of a jump may have. What follows a table of bytes nearly always looks
 * like more entries: a clone's number of sites says where the table ends that its entry jumps by. */
static uint64_t most_entries(const struct code *code, size_t at)
{
	const struct function *function = code->function;

	if (!function->meta || !function->is_resume)
		return UINT64_MAX;
	while (at && code->insns[at - 1].flow == FLOW_NEXT)
		at--;
	return at ? UINT64_MAX : hcc_meta_n_sites(code->image->meta, function->meta);
}

static void read_table(struct flow_graph *graph, struct code *code, size_t at,
		       const struct shape *shape, const uint64_t *tables, size_t n_tables)
{
	uint64_t left = most_entries(code, at);
	struct jump_table *table;

	code->tables = memory_grow(code->tables, &code->tables_capacity, code->n_tables + 1,
				   sizeof *code->tables);
	table = &code->tables[code->n_tables++];
	*table = (struct jump_table){ (uint32_t)at, (uint32_t)code->n_targets, 0 };
	for (uint64_t va = shape->table_va; left; va += shape->entry_bytes, left--) {
		const void *bytes = image_bytes(code->image, va, shape->entry_bytes);
		uint64_t target_va = bytes ? entry_target(bytes, shape) : 0;
		size_t target = code_at(code, target_va);
		/* A block that is never reached may be empty, and the last. */
		bool is_end = target_va == code->function->va + code->function->bytes;

		if ((target == CODE_NONE && !is_end) ||
		    (va != shape->table_va && begins(code, tables, n_tables, va)))
			return;
		if (is_end || is_target(code, table, target))
			continue;
		add_target(code, (uint32_t)target);
		table->n++;
		add_edge(graph, at, target);
	}
}

/* Addresses that look like tables, in this function's operands: [table + index << 3]. */
static size_t find_starts(const struct code *code, uint64_t **out)
{
	size_t n = 0, capacity = 0;

	*out = NULL;
	for (size_t i = 0; i < code->n_insns; i++)
		for (unsigned k = 0; k < code->insns[i].n_operands; k++) {
			const struct operand *op = &code->insns[i].operands[k];

			if (op->kind != OPERAND_MEMORY || op->reg < N_REGISTERS || op->value < 4096)
				continue;
			*out = memory_grow(*out, &capacity, n + 1, sizeof **out);
			(*out)[n++] = (uint64_t)op->value;
		}
	return n;
}

void code_find_tables(struct code *code)
{
	bool is_x86_64 = code->image->isa->arch == CS_ARCH_X86;
	struct flow_graph graph = { 0 };
	uint64_t *starts = NULL;
	size_t n_starts = 0;
	bool found;

	/* What a table leads to may have the next one's address. */
	do {
		found = false;
		for (size_t i = 0; i < code->n_insns; i++) {
			struct shape shape;

			if (code->insns[i].flow != FLOW_JUMP_INDIRECT || code_table(code, i))
				continue;
			if (!graph.code) {
				graph_init(&graph, code);
				n_starts = find_starts(code, &starts);
			}
			if (!(is_x86_64 ? x86_64_shape : aarch64_shape)(&graph, i, &shape))
				continue;
			read_table(&graph, code, i, &shape, starts, n_starts);
			found = true;
		}
	} while (found);
	free(starts);
	graph_free(&graph);
}
