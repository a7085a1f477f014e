/* Which calls can reach a migration point, through the call graph of the code.
 *
 * The one migration point is __hcc_poll. A function reaches it if it calls one that does, or calls
 * through a pointer. Functions of libc that are declared not to reach it (lib/hcc/no-reach.list) do so
 * only by a function of such a name that the program has brought itself. The runtime calls back from
 * the poll alone, or on a stack that has no other frames.
 *
 * Every such call has a record, but for those of functions which the table says are kept out of
 * migration, and of libc's that are declared to call back to nothing that reaches ("leaf:" in the list):
 * a thread that is in one of these declines, by name. So does one whose call of what is declared not to
 * reach ends in the program's own function, as the compiler could not know. */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct graph {
	const struct image *image;
	const struct calls *calls;
	uint32_t *first, *callers;  /* CSR: callers[first[f]..first[f + 1]) call f directly */
	bool *reaches;              /* by function */
	bool *is_declared;          /* by name: not to reach */
	bool *is_closed;            /* declared, and libc's own: it is not in the table */
	bool *is_leaf;              /* libc's own, and declared to call back to nothing that reaches */
	uint32_t *why;              /* the call by which it reaches, UINT32_MAX for the poll */
	uint32_t poll;              /* function's number, n_functions: there is none */
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_listed(char *const *names, size_t n, const char *name)
{
	return n && bsearch(&name, names, n, sizeof *names, compare_names);
}

/* With a prefix: "leaf:name", "file.c:name". */
static bool is_listed_as(char *const *names, size_t n, const char *prefix, const char *name)
{
	char *text = memory_format("%s:%s", prefix, name);
	bool found = is_listed(names, n, text);

	free(text);
	return found;
}

/* By its name, or by its source too if it is local there. */
static bool is_declared(char *const *names, size_t n, const struct function *function)
{
	return is_listed(names, n, function->name) ||
	       (*function->file && is_listed_as(names, n, function->file, function->name));
}

/* By name, or in a stripped executable by the calls that are recorded as polls. */
static uint32_t find_poll(const struct graph *graph)
{
	for (size_t i = 0; i < graph->image->n_functions; i++)
		if (!strcmp(graph->image->functions[i].name, "__hcc_poll"))
			return (uint32_t)i;
	for (size_t i = 0; i < graph->calls->n; i++) {
		const struct call *call = &graph->calls->items[i];
		const struct hcc_meta_return *ret =
			call->is_recorded ? image_return(graph->image, call->return_va) : NULL;
		const struct function *target =
			call->target_va ? image_function(graph->image, call->target_va) : NULL;

		if (ret && target && image_site(graph->image, ret)->flags & HCC_SITE_POLL)
			return target->number;
	}
	return (uint32_t)graph->image->n_functions;
}

static const struct function *target_of(const struct graph *graph, const struct call *call)
{
	return call->target_va ? image_function(graph->image, call->target_va) : NULL;
}

/* Whom each function is called by. */
static void make_edges(struct graph *graph)
{
	size_t n = graph->image->n_functions;
	uint32_t *fill;

	graph->first = memory_alloc((n + 1) * sizeof *graph->first);
	graph->callers = memory_alloc(graph->calls->n * sizeof *graph->callers);
	for (size_t i = 0; i < graph->calls->n; i++) {
		const struct function *target = target_of(graph, &graph->calls->items[i]);

		if (target)
			graph->first[target->number + 1]++;
	}
	for (size_t i = 0; i < n; i++)
		graph->first[i + 1] += graph->first[i];
	fill = memory_alloc((n + 1) * sizeof *fill);
	memcpy(fill, graph->first, n * sizeof *fill);
	for (size_t i = 0; i < graph->calls->n; i++) {
		const struct function *target = target_of(graph, &graph->calls->items[i]);

		if (target)
			graph->callers[fill[target->number]++] = (uint32_t)i;
	}
	free(fill);
}

static void mark(struct graph *graph, uint32_t *queue, size_t *n, uint32_t function, uint32_t why)
{
	const struct function *f = &graph->image->functions[function];

	if (graph->reaches[function] ||
	    (f->region == REGION_PRIVATE && function != graph->poll))
		return;
	graph->reaches[function] = true;
	graph->why[function] = why;
	queue[(*n)++] = function;
}

static void propagate(struct graph *graph)
{
	uint32_t *queue = memory_alloc((graph->image->n_functions + 1) * sizeof *queue);
	size_t n = 0;

	if (graph->poll < graph->image->n_functions)
		mark(graph, queue, &n, graph->poll, UINT32_MAX);
	for (size_t i = 0; i < graph->calls->n; i++) {
		const struct call *call = &graph->calls->items[i];

		if (!call->target_va && !graph->is_closed[call->caller])
			mark(graph, queue, &n, call->caller, (uint32_t)i);
	}
	while (n) {
		uint32_t function = queue[--n];

		for (uint32_t k = graph->first[function]; k < graph->first[function + 1]; k++) {
			uint32_t call = graph->callers[k];
			uint32_t caller = graph->calls->items[call].caller;

			if (!graph->is_closed[caller] || graph->is_declared[function])
				mark(graph, queue, &n, caller, call);
		}
	}
	free(queue);
}

/* "'g' -> 'h' -> '__hcc_poll'", cut short. */
static void describe(const struct graph *graph, const struct call *call, char *out, size_t bytes)
{
	const struct function *target = target_of(graph, call);
	size_t used = 0;

	*out = 0;
	for (unsigned n = 0; target && used < bytes; n++) {
		uint32_t why = graph->why[target->number];

		used += (size_t)snprintf(out + used, bytes - used, "%s'%s'", n ? " -> " : "",
					 target->name);
		if (why == UINT32_MAX || used >= bytes)
			return;
		if (n == 4) {
			snprintf(out + used, bytes - used, " -> ...");
			return;
		}
		target = target_of(graph, &graph->calls->items[why]);
	}
	if (used < bytes)
		snprintf(out + used, bytes - used, "%sa function pointer", used ? " -> " : "");
}

static bool call_reaches(const struct graph *graph, const struct call *call)
{
	const struct function *target = target_of(graph, call);

	if (!call->target_va)
		return !graph->is_closed[call->caller];
	return target && graph->reaches[target->number] &&
	       (!graph->is_closed[call->caller] || graph->is_declared[target->number]);
}

/* Whether what is called is declared not to reach, but the program has brought its own. */
static bool is_replaced(const struct graph *graph, const struct call *call)
{
	const struct function *target = target_of(graph, call);

	return target && graph->is_declared[target->number];
}

static void check_call(struct report *report, const struct graph *graph, const struct call *call)
{
	const struct function *caller = &graph->image->functions[call->caller];
	char path[512];

	describe(graph, call, path, sizeof path);
	if (call->return_va)
		report_finding(report, graph->image, caller, call->va,
			       "no record at 0x%llx, where the call of %s returns, which can reach "
			       "a migration point",
			       (unsigned long long)call->return_va, path);
	else
		report_finding(report, graph->image, caller, call->va,
			       "leaves by a jump to %s, which can reach a migration point, "
			       "expected a call with a record",
			       path);
}

static void check_calls(struct report *report, const struct graph *graph)
{
	const struct call **declines =
		memory_alloc(graph->image->n_functions * sizeof(struct call *));
	char path[512];

	for (size_t i = 0; i < graph->calls->n; i++) {
		const struct call *call = &graph->calls->items[i];
		const struct function *caller = &graph->image->functions[call->caller];

		if (!call_reaches(graph, call) || call->is_recorded || caller->region == REGION_PRIVATE)
			continue;
		if (!caller->declines && !graph->is_leaf[call->caller] &&
		    !graph->is_closed[call->caller] && !is_replaced(graph, call))
			check_call(report, graph, call);
		else if (call->return_va)
			declines[call->caller] = call;
	}
	for (size_t i = 0; i < graph->image->n_functions; i++) {
		const struct function *f = &graph->image->functions[i];

		if (f->is_resume || (!declines[i] && !f->declines))
			continue;
		*path = 0;
		if (declines[i])
			describe(graph, declines[i], path, sizeof path);
		report_declining(report, f->name, path);
	}
	free(declines);
}

void verify_reach(struct report *report, const struct calls *calls, char *const *no_reach,
		  size_t n_no_reach)
{
	const struct image *image = calls->image;
	struct graph graph = { .image = image, .calls = calls };
	size_t n = image->n_functions + 1;

	graph.reaches = memory_alloc(n * sizeof *graph.reaches);
	graph.is_closed = memory_alloc(n * sizeof *graph.is_closed);
	graph.why = memory_alloc(n * sizeof *graph.why);
	graph.is_declared = memory_alloc(n * sizeof *graph.is_declared);
	graph.is_leaf = memory_alloc(n * sizeof *graph.is_leaf);
	for (size_t i = 0; i < image->n_functions; i++) {
		const struct function *f = &image->functions[i];
		bool in_table = f->meta || f->declines;

		graph.is_declared[i] = is_declared(no_reach, n_no_reach, f);
		graph.is_closed[i] = f->region == REGION_PRIVATE ||
				     (!in_table && (graph.is_declared[i] || !image->n_symbols));
		graph.is_leaf[i] = !in_table && is_listed_as(no_reach, n_no_reach, "leaf", f->name);
	}
	graph.poll = find_poll(&graph);
	make_edges(&graph);
	propagate(&graph);
	check_calls(report, &graph);
	free(graph.first);
	free(graph.callers);
	free(graph.reaches);
	free(graph.is_declared);
	free(graph.is_leaf);
	free(graph.is_closed);
	free(graph.why);
}
