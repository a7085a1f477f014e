/* Make sure that a running thread meets a migration point: a poll at the header of every loop, and
 * at the entry of every function that may call itself.
 *
 *     header:                     header:
 *       %i = phi ...                %i = phi ...
 *       body               -->      %ask = load atomic i32, @__hcc_poll_flag
 *                                   br i1 (%ask != 0), %poll, %rest     ; hardly ever
 *                                 poll:
 *                                   call void @__hcc_poll()
 *                                   br %rest
 *                                 rest:
 *                                   body
 *
 * A poll at the header keeps a loop natural in the resume clone, which enters it there. */
#include "ir.h"
#include "passes.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

/* ---- Loop headers: targets of the back edges of a depth-first walk --------------------------- */

struct walk {
	struct hcc_map state;  /* block -> 1 on the path, 2 done */
	struct hcc_list headers;
};

struct step {
	LLVMBasicBlockRef block;
	unsigned next;
};

static void find_headers(struct walk *walk, LLVMValueRef f)
{
	struct hcc_map is_header = { 0 };
	size_t n = 1, capacity = 64;
	struct step *path = hcc_alloc(capacity * sizeof *path);

	path[0].block = LLVMGetEntryBasicBlock(f);
	hcc_map_set(&walk->state, path[0].block, 1);
	while (n) {
		struct step *top = &path[n - 1];
		LLVMValueRef terminator = LLVMGetBasicBlockTerminator(top->block);

		if (top->next == LLVMGetNumSuccessors(terminator)) {
			hcc_map_set(&walk->state, top->block, 2);
			n--;
			continue;
		}
		LLVMBasicBlockRef to = LLVMGetSuccessor(terminator, top->next++);
		size_t state = hcc_map_get(&walk->state, to);
		if (state == 1 && hcc_map_get(&is_header, to) == HCC_ABSENT) {
			hcc_map_set(&is_header, to, 1);
			hcc_list_add(&walk->headers, to);
		} else if (state == HCC_ABSENT) {
			if (n == capacity)
				path = hcc_realloc(path, (capacity *= 2) * sizeof *path);
			hcc_map_set(&walk->state, to, 1);
			path[n++] = (struct step){ .block = to };
		}
	}
	free(path);
	hcc_map_free(&is_header);
}

/* ---- Recursion: cycles of the module's own call graph ----------------------------------------- */

/* Tarjan's algorithm (SIAM J. Comput. 1:2, 1972). An indirect call may go to every function whose
 * address is taken. */
struct graph {
	struct hcc_map number;      /* function -> its index */
	struct hcc_list functions;
	struct hcc_list *callees;
	struct hcc_list taken;
	bool *calls_indirectly, *recursive, *on_stack;
	size_t *order, *low, n_ordered;
	struct hcc_list stack;
};

static bool address_is_taken(LLVMValueRef f)
{
	for (LLVMUseRef u = LLVMGetFirstUse(f); u; u = LLVMGetNextUse(u)) {
		LLVMValueRef user = LLVMGetUser(u);

		if (!LLVMIsACallInst(user) || LLVMGetCalledValue(user) != f)
			return true;
	}
	return false;
}

static void add_calls(struct graph *g, size_t i)
{
	LLVMValueRef f = g->functions.item[i];

	HCC_FOR_BLOCKS(b, f)
		HCC_FOR_INSTRUCTIONS(call, b) {
			if (!hcc_is_call(call) || hcc_is_asm_call(call))
				continue;
			LLVMValueRef callee = LLVMGetCalledValue(call);

			if (!LLVMIsAFunction(callee))
				g->calls_indirectly[i] = true;
			else if (hcc_map_get(&g->number, callee) != HCC_ABSENT)
				hcc_list_add(&g->callees[i], callee);
		}
}

static void connect(struct graph *g, size_t i);

static void connect_to(struct graph *g, size_t i, LLVMValueRef callee)
{
	size_t k = hcc_map_get(&g->number, callee);

	if (k == i)
		g->recursive[i] = true;
	if (!g->order[k]) {
		connect(g, k);
		g->low[i] = g->low[k] < g->low[i] ? g->low[k] : g->low[i];
	} else if (g->on_stack[k]) {
		g->low[i] = g->order[k] < g->low[i] ? g->order[k] : g->low[i];
	}
}

static void connect(struct graph *g, size_t i)
{
	size_t n = g->stack.n;

	g->order[i] = g->low[i] = ++g->n_ordered;
	hcc_list_add(&g->stack, (void *)i);
	g->on_stack[i] = true;
	for (size_t c = 0; c < g->callees[i].n; c++)
		connect_to(g, i, g->callees[i].item[c]);
	for (size_t c = 0; g->calls_indirectly[i] && c < g->taken.n; c++)
		connect_to(g, i, g->taken.item[c]);
	if (g->low[i] != g->order[i])
		return;
	for (size_t k = n; k < g->stack.n; k++) {
		size_t member = (size_t)g->stack.item[k];

		g->on_stack[member] = false;
		if (g->stack.n - n > 1)
			g->recursive[member] = true;
	}
	g->stack.n = n;
}

static void graph_init(struct graph *g, LLVMModuleRef module)
{
	size_t n;

	*g = (struct graph){ 0 };
	HCC_FOR_FUNCTIONS(f, module)
		if (hcc_is_defined(f)) {
			hcc_map_set(&g->number, f, g->functions.n);
			hcc_list_add(&g->functions, f);
			if (address_is_taken(f))
				hcc_list_add(&g->taken, f);
		}
	n = g->functions.n;
	g->callees = hcc_alloc(n * sizeof *g->callees);
	g->calls_indirectly = hcc_alloc(n);
	g->recursive = hcc_alloc(n);
	g->on_stack = hcc_alloc(n);
	g->order = hcc_alloc(n * sizeof *g->order);
	g->low = hcc_alloc(n * sizeof *g->low);
	for (size_t i = 0; i < n; i++)
		add_calls(g, i);
	for (size_t i = 0; i < n; i++)
		if (!g->order[i])
			connect(g, i);
}

static void graph_free(struct graph *g)
{
	for (size_t i = 0; i < g->functions.n; i++)
		hcc_list_free(&g->callees[i]);
	free(g->callees);
	free(g->calls_indirectly);
	free(g->recursive);
	free(g->on_stack);
	free(g->order);
	free(g->low);
	hcc_list_free(&g->functions);
	hcc_list_free(&g->taken);
	hcc_list_free(&g->stack);
	hcc_map_free(&g->number);
}

/* ---- The poll itself -------------------------------------------------------------------------- */

static LLVMValueRef poll_flag(LLVMModuleRef module)
{
	LLVMValueRef g = LLVMGetNamedGlobal(module, "__hcc_poll_flag");

	return g ? g : LLVMAddGlobal(module, hcc_int_type(module, 32), "__hcc_poll_flag");
}

static void insert_poll(struct hcc_unit *unit, LLVMValueRef before, LLVMBuilderRef builder)
{
	LLVMModuleRef module = unit->module;
	LLVMBasicBlockRef head = LLVMGetInstructionParent(before), rest, cold;
	LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(unit->context), NULL, 0, 0);
	LLVMMetadataRef location = LLVMInstructionGetDebugLoc(before);
	LLVMValueRef flag, call, branch;

	rest = hcc_split_before(before, "hcc.rest");
	cold = LLVMAppendBasicBlockInContext(unit->context, LLVMGetBasicBlockParent(head),
		"hcc.poll");
	LLVMSetCurrentDebugLocation2(builder, location);
	LLVMPositionBuilderAtEnd(builder, head);
	flag = LLVMBuildLoad2(builder, hcc_int_type(module, 32), poll_flag(module), "");
	LLVMSetOrdering(flag, LLVMAtomicOrderingMonotonic);
	LLVMSetAlignment(flag, 4);
	flag = LLVMBuildICmp(builder, LLVMIntNE, flag, hcc_const_int(module, 32, 0), "");
	branch = LLVMBuildCondBr(builder, flag, cold, rest);
	hcc_mark_cold_branch(module, branch);
	LLVMPositionBuilderAtEnd(builder, cold);
	call = LLVMBuildCall2(builder, type, hcc_declare(module, "__hcc_poll", type), NULL, 0, "");
	hcc_add_call_attribute(call, "nounwind", 0);
	hcc_add_call_attribute(call, "cold", 0);
	LLVMBuildBr(builder, rest);
}

/* Behind the allocas of the entry, so that they stay static. */
static LLVMValueRef after_allocas(LLVMValueRef f)
{
	LLVMValueRef i = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(f)), last = NULL;

	for (LLVMValueRef k = i; k; k = LLVMGetNextInstruction(k))
		if (LLVMGetInstructionOpcode(k) == LLVMAlloca)
			last = k;
	return last ? LLVMGetNextInstruction(last) : i;
}

void hcc_insert_polls(struct hcc_unit *unit)
{
	LLVMBuilderRef builder = LLVMCreateBuilderInContext(unit->context);
	struct graph graph;

	graph_init(&graph, unit->module);
	for (size_t i = 0; i < graph.functions.n; i++) {
		LLVMValueRef f = graph.functions.item[i];
		struct walk walk = { 0 };

		if (hcc_is_kept_out(f))
			continue;
		find_headers(&walk, f);
		for (size_t k = 0; k < walk.headers.n; k++)
			insert_poll(unit, hcc_first_non_phi(walk.headers.item[k]), builder);
		if (graph.recursive[i])
			insert_poll(unit, after_allocas(f), builder);
		hcc_list_free(&walk.headers);
		hcc_map_free(&walk.state);
	}
	graph_free(&graph);
	LLVMDisposeBuilder(builder);
}
