/* Make sure that a running thread meets a migration point: on every way round a loop, and on every way
 * in which a function can come to call itself, is a poll, at the header of a loop or at the entry of a
 * function.
 *
 *     header:                     header:
 *       %i = phi ...                %i = phi ...
 *       body               -->      callbr void asm "..." to %rest or %poll ; does nothing
 *                                 poll:                                  ; until it is patched
 *                                   call void @__hcc_poll()
 *                                   br %rest
 *                                 rest:
 *                                   body
 *
 * or, with -fhcc-polls=flag, a test of __hcc_poll_flag in place of the callbr. The loop optimisers and
 * whatever else would mind a callbr are done by now.
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

/* An indirect call may go to every function whose address is taken. A poll at the entry of the functions
 * that a back edge of a depth-first walk leads to is on every cycle. */
struct graph {
	struct hcc_map number;      /* function -> its index */
	struct hcc_list functions;
	struct hcc_list *callees;
	struct hcc_list taken;
	bool *calls_indirectly, *polls; /* at its entry */
	enum { UNSEEN, ON_PATH, DONE } *state;
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

static void walk_calls(struct graph *g, size_t i);

static void follow_call(struct graph *g, LLVMValueRef callee)
{
	size_t k = hcc_map_get(&g->number, callee);

	if (g->state[k] == ON_PATH)
		g->polls[k] = true;
	else if (g->state[k] == UNSEEN)
		walk_calls(g, k);
}

static void walk_calls(struct graph *g, size_t i)
{
	g->state[i] = ON_PATH;
	for (size_t c = 0; c < g->callees[i].n; c++)
		follow_call(g, g->callees[i].item[c]);
	for (size_t c = 0; g->calls_indirectly[i] && c < g->taken.n; c++)
		follow_call(g, g->taken.item[c]);
	g->state[i] = DONE;
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
	g->polls = hcc_alloc(n);
	g->state = hcc_alloc(n * sizeof *g->state);
	for (size_t i = 0; i < n; i++)
		add_calls(g, i);
	for (size_t i = 0; i < n; i++)
		if (g->state[i] == UNSEEN)
			walk_calls(g, i);
}

static void graph_free(struct graph *g)
{
	for (size_t i = 0; i < g->functions.n; i++)
		hcc_list_free(&g->callees[i]);
	free(g->callees);
	free(g->calls_indirectly);
	free(g->polls);
	free(g->state);
	hcc_list_free(&g->functions);
	hcc_list_free(&g->taken);
	hcc_map_free(&g->number);
}

/* ---- Which loops need one: those that can go round without another's poll ------------------------ */

static bool call_polls(const struct graph *g, LLVMValueRef call)
{
	LLVMValueRef callee;
	size_t k;

	if (!hcc_is_call(call) || hcc_is_asm_call(call))
		return false;
	callee = LLVMGetCalledValue(call);
	k = LLVMIsAFunction(callee) ? hcc_map_get(&g->number, callee) : HCC_ABSENT;
	return k != HCC_ABSENT && g->polls[k] && !hcc_is_kept_out(callee)
		&& !hcc_is_replaceable(callee);
}

/* The blocks that no way through them leaves without a poll. */
static void find_polled(struct hcc_map *polled, const struct graph *g, LLVMValueRef f)
{
	HCC_FOR_BLOCKS(b, f)
		HCC_FOR_INSTRUCTIONS(i, b)
			if (call_polls(g, i)) {
				hcc_map_set(polled, b, 1);
				break;
			}
}

static bool goes_round(LLVMBasicBlockRef header, const struct hcc_map *polled)
{
	struct hcc_map seen = { 0 };
	struct hcc_list left = { 0 };
	bool found = false;

	if (hcc_map_get(polled, header) == HCC_ABSENT)
		hcc_list_add(&left, header);
	while (left.n && !found) {
		LLVMValueRef last = LLVMGetBasicBlockTerminator(left.item[--left.n]);

		for (unsigned i = 0; i < LLVMGetNumSuccessors(last) && !found; i++) {
			LLVMBasicBlockRef to = LLVMGetSuccessor(last, i);

			found = to == header;
			if (hcc_map_get(&seen, to) != HCC_ABSENT
			    || hcc_map_get(polled, to) != HCC_ABSENT)
				continue;
			hcc_map_set(&seen, to, 1);
			hcc_list_add(&left, to);
		}
	}
	hcc_map_free(&seen);
	hcc_list_free(&left);
	return found;
}

/* Inner loops' headers come later, and are looked at first. Leaves those that need a poll. */
static void keep_needed(struct hcc_list *headers, const struct graph *g, LLVMValueRef f)
{
	struct hcc_map polled = { 0 };
	struct hcc_list needed = { 0 };

	find_polled(&polled, g, f);
	for (size_t k = headers->n; k--;)
		if (goes_round(headers->item[k], &polled)) {
			hcc_map_set(&polled, headers->item[k], 1);
			hcc_list_add(&needed, headers->item[k]);
		}
	hcc_list_free(headers);
	*headers = needed;
	hcc_map_free(&polled);
}

/* ---- The poll itself -------------------------------------------------------------------------- */

static LLVMValueRef poll_flag(LLVMModuleRef module)
{
	LLVMValueRef g = LLVMGetNamedGlobal(module, "__hcc_poll_flag");

	return g ? g : LLVMAddGlobal(module, hcc_int_type(module, 32), "__hcc_poll_flag");
}

static void test_flag(LLVMModuleRef module, LLVMBuilderRef builder, LLVMBasicBlockRef cold,
	LLVMBasicBlockRef rest)
{
	LLVMValueRef flag = LLVMBuildLoad2(builder, hcc_int_type(module, 32), poll_flag(module), "");

	LLVMSetOrdering(flag, LLVMAtomicOrderingMonotonic);
	LLVMSetAlignment(flag, 4);
	flag = LLVMBuildICmp(builder, LLVMIntNE, flag, hcc_const_int(module, 32, 0), "");
	hcc_mark_cold_branch(module, LLVMBuildCondBr(builder, flag, cold, rest));
}

static LLVMTypeRef poll_type(LLVMModuleRef module)
{
	return LLVMFunctionType(LLVMVoidTypeInContext(LLVMGetModuleContext(module)), NULL, 0, 0);
}

static LLVMValueRef poll_asm(LLVMModuleRef module, const char *text, const char *constraints)
{
	return LLVMGetInlineAsm(poll_type(module), text, strlen(text), constraints,
		strlen(constraints), 1, 0, LLVMInlineAsmDialectATT, 0);
}

/* Until hcc_adapt_polls() says which ISA's. */
#define ANY_ISA "hcc.poll ${0:l}"

static void test_nothing(LLVMModuleRef module, LLVMBuilderRef builder, LLVMBasicBlockRef cold,
	LLVMBasicBlockRef rest)
{
	LLVMBuildCallBr(builder, poll_type(module), poll_asm(module, ANY_ISA, "!i"), rest,
		&cold, 1, NULL, 0, NULL, 0, "");
}

static bool is_poll(LLVMValueRef last)
{
	LLVMValueRef callee;
	const char *text;
	size_t length;

	if (LLVMGetInstructionOpcode(last) != LLVMCallBr)
		return false;
	callee = LLVMGetCalledValue(last);
	text = LLVMIsAInlineAsm(callee) ? LLVMGetInlineAsmAsmString(callee, &length) : "";
	return !strcmp(text, ANY_ISA);
}

void hcc_adapt_polls(LLVMModuleRef module, const struct hcc_isa *isa)
{
	LLVMValueRef poll = poll_asm(module, isa->poll_asm, isa->poll_constraints);

	HCC_FOR_FUNCTIONS(f, module)
		HCC_FOR_BLOCKS(b, f) {
			LLVMValueRef last = LLVMGetBasicBlockTerminator(b);

			if (is_poll(last))
				LLVMSetOperand(last, (unsigned)LLVMGetNumOperands(last) - 1, poll);
		}
}

static void insert_poll(struct hcc_unit *unit, LLVMValueRef before, LLVMBuilderRef builder)
{
	LLVMModuleRef module = unit->module;
	LLVMBasicBlockRef head = LLVMGetInstructionParent(before), rest, cold;
	LLVMMetadataRef location = LLVMInstructionGetDebugLoc(before);
	LLVMTypeRef type = poll_type(module);
	LLVMValueRef poll, call;

	rest = hcc_split_before(before, "hcc.rest");
	cold = LLVMAppendBasicBlockInContext(unit->context, LLVMGetBasicBlockParent(head),
		"hcc.poll");
	LLVMSetCurrentDebugLocation2(builder, location);
	LLVMPositionBuilderAtEnd(builder, head);
	(unit->polls == HCC_POLLS_FLAG ? test_flag : test_nothing)(module, builder, cold, rest);
	LLVMPositionBuilderAtEnd(builder, cold);
	poll = hcc_declare(module, "__hcc_poll", type);
	LLVMSetFunctionCallConv(poll, LLVMPreserveAllCallConv);
	call = LLVMBuildCall2(builder, type, poll, NULL, 0, "");
	LLVMSetInstructionCallConv(call, LLVMPreserveAllCallConv);
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
		keep_needed(&walk.headers, &graph, f);
		for (size_t k = 0; k < walk.headers.n; k++)
			insert_poll(unit, hcc_first_non_phi(walk.headers.item[k]), builder);
		if (graph.polls[i])
			insert_poll(unit, after_allocas(f), builder);
		hcc_list_free(&walk.headers);
		hcc_map_free(&walk.state);
	}
	graph_free(&graph);
	LLVMDisposeBuilder(builder);
}
