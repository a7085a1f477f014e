/* Which calls can reach a migration point, through the call graph of the code.
 *
 * Migration points are the runtime's polls and the system calls that wait. A function reaches
 * one if it calls one or a function that does, or calls through a pointer. Functions of libc that
 * are declared not to reach any (lib/hcc/no-reach.list) do so only by a function of such a name
 * that the program has brought itself. The runtime calls back from the points alone, or on a stack
 * that has no other frames.
 *
 * Every such call has a record, but for those of functions which the table says are kept out of
 * migration: a thread that is in one of these declines, by name. So does one whose call of what is
 * declared not to reach ends in the program's own function, as the compiler could not know. */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define POINT UINT32_MAX

struct graph {
	const struct image *image;
	const struct calls *calls;
	uint32_t *first, *callers;  /* CSR: callers[first[f]..first[f + 1]) call f directly */
	bool *reaches;              /* by function */
	bool *is_declared;          /* by name: not to reach */
	bool *is_closed;            /* declared, and libc's own: it is not in the table */
	uint32_t *why;              /* the call by which it reaches, POINT for a migration point */
	bool *is_point;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_listed(char *const *names, size_t n, const char *name)
{
	return n && bsearch(&name, names, n, sizeof *names, compare_names);
}

/* By its name, or by its source too if it is local there. */
static bool is_declared(char *const *names, size_t n, const struct function *function)
{
	char *name;
	bool found;

	if (is_listed(names, n, function->name))
		return true;
	if (!*function->file)
		return false;
	name = memory_format("%s:%s", function->file, function->name);
	found = is_listed(names, n, name);
	free(name);
	return found;
}

/* By name, or in a stripped executable by the calls that are recorded as polls. */
static void find_points(struct graph *graph)
{
	static const char *const names[] = {
		"__hcc_poll", "__hcc_syscall_point", "__syscall_cp_asm",
	};

	for (size_t i = 0; i < graph->image->n_functions; i++)
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			graph->is_point[i] |= !strcmp(graph->image->functions[i].name, names[k]);
	for (size_t i = 0; i < graph->calls->n; i++) {
		const struct call *call = &graph->calls->items[i];
		const struct hcc_meta_return *ret =
			call->is_recorded ? image_return(graph->image, call->return_va) : NULL;
		const struct function *target =
			call->target_va ? image_function(graph->image, call->target_va) : NULL;

		if (ret && target && image_site(graph->image, ret)->flags & HCC_SITE_POLL)
			graph->is_point[target->number] = true;
	}
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

	if (graph->reaches[function] || (f->region == REGION_PRIVATE && !graph->is_point[function]))
		return;
	graph->reaches[function] = true;
	graph->why[function] = why;
	queue[(*n)++] = function;
}

static void propagate(struct graph *graph)
{
	uint32_t *queue = memory_alloc((graph->image->n_functions + 1) * sizeof *queue);
	size_t n = 0;

	for (size_t i = 0; i < graph->image->n_functions; i++)
		if (graph->is_point[i])
			mark(graph, queue, &n, (uint32_t)i, POINT);
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
		if (why == POINT || used >= bytes)
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

/* The clone of a weak definition that another one has replaced: nothing leads to it. */
static bool is_left_over(const struct function *function)
{
	return function->region == REGION_RESUME && !function->meta;
}

static void check_calls(struct report *report, const struct graph *graph)
{
	const struct call **declines =
		memory_alloc(graph->image->n_functions * sizeof(struct call *));
	char path[512];

	for (size_t i = 0; i < graph->calls->n; i++) {
		const struct call *call = &graph->calls->items[i];
		const struct function *caller = &graph->image->functions[call->caller];

		if (!call_reaches(graph, call) || call->is_recorded ||
		    caller->region == REGION_PRIVATE || is_left_over(caller))
			continue;
		if (!caller->declines && !graph->is_closed[call->caller] &&
		    !is_replaced(graph, call))
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
	for (size_t i = 0; i < image->n_functions; i++) {
		const struct function *f = &image->functions[i];
		bool in_table = f->meta || f->declines;

		graph.is_declared[i] = is_declared(no_reach, n_no_reach, f);
		graph.is_closed[i] = f->region == REGION_PRIVATE ||
				     (!in_table && (graph.is_declared[i] || !image->n_symbols));
	}
	graph.is_point = memory_alloc(n * sizeof *graph.is_point);
	find_points(&graph);
	make_edges(&graph);
	propagate(&graph);
	check_calls(report, &graph);
	free(graph.first);
	free(graph.callers);
	free(graph.reaches);
	free(graph.is_declared);
	free(graph.is_point);
	free(graph.is_closed);
	free(graph.why);
}
