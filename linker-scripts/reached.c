/* Makes a graph of sections and global symbols from the relocations of all objects, and walks it. */
#include "reached.h"

#include <stdlib.h>

#include "diag.h"

enum {
	START = 0,         /* the node that everything is reached from */
	SMALL_BYTES = 128, /* of a function that is not worth a place apart */
};

struct edge {
	uint32_t to, next; /* next: 1 + index of another edge from the same node */
};

struct graph {
	struct strmap nodes; /* names of sections and of symbols */
	bool *is_section;    /* by node */
	uint32_t *first;     /* by node: 1 + index of an edge, 0: none */
	struct edge *edges;
	size_t n_edges, edges_capacity, first_capacity, kinds_capacity;
};

static uint32_t add_node(struct graph *graph, const char *name, bool is_section)
{
	size_t n = graph->nodes.n_entries;
	uint32_t node = strmap_add(&graph->nodes, name);

	if (graph->nodes.n_entries > n) {
		graph->first = hcc_grow(graph->first, &graph->first_capacity, n + 1,
					sizeof *graph->first);
		graph->is_section = hcc_grow(graph->is_section, &graph->kinds_capacity, n + 1,
					     sizeof *graph->is_section);
		graph->first[node] = 0;
		graph->is_section[node] = is_section;
	}
	return node;
}

static void add_edge(struct graph *graph, uint32_t from, uint32_t to)
{
	graph->edges = hcc_grow(graph->edges, &graph->edges_capacity, graph->n_edges + 1,
				sizeof *graph->edges);
	graph->edges[graph->n_edges++] = (struct edge){ to, graph->first[from] };
	graph->first[from] = (uint32_t)graph->n_edges;
}

/* The node that a section's relocations lead from. */
static bool find_source(struct graph *graph, const struct input_section *section, uint32_t *node)
{
	switch (section->class) {
	case CLASS_TEXT:
		*node = add_node(graph, section->name, true);
		return true;
	case CLASS_PRIVATE_TEXT:
	case CLASS_USER_FUNCTION:
	case CLASS_USER_TEXT:
	case CLASS_PREINIT_ARRAY:
	case CLASS_INIT_ARRAY:
	case CLASS_FINI_ARRAY:
		*node = START;
		return true;
	default:
		return false;
	}
}

/* Indices out of range are for taken.c and lld to complain about. */
static void follow(struct graph *graph, const struct piece *piece, uint32_t from,
		   const Elf64_Rela *rela)
{
	uint64_t idx = ELF64_R_SYM(rela->r_info);
	const Elf64_Sym *symbol = idx && idx < piece->n_symbols ? &piece->symbols[idx] : NULL;

	if (!symbol)
		return;
	if (ELF64_ST_BIND(symbol->st_info) != STB_LOCAL)
		add_edge(graph, from, add_node(graph, piece_symbol_name(piece, symbol), false));
	else if (symbol->st_shndx < piece->n_sections &&
		 piece->sections[symbol->st_shndx].class == CLASS_TEXT)
		add_edge(graph, from,
			 add_node(graph, piece->sections[symbol->st_shndx].name, true));
}

static void add_definitions(struct graph *graph, const struct piece *piece)
{
	for (size_t s = 0; s < piece->n_symbols; s++) {
		const Elf64_Sym *symbol = &piece->symbols[s];

		if (ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
		    symbol->st_shndx < piece->n_sections &&
		    piece->sections[symbol->st_shndx].class == CLASS_TEXT)
			add_edge(graph, add_node(graph, piece_symbol_name(piece, symbol), false),
				 add_node(graph, piece->sections[symbol->st_shndx].name, true));
	}
}

static int add_piece(struct graph *graph, const struct object *object, const struct piece *piece)
{
	struct relocations all = { 0 };
	uint32_t from;
	int more;

	add_definitions(graph, piece);
	while ((more = object_next_relocations(object, piece, &all)) > 0)
		if (find_source(graph, all.section, &from))
			for (size_t r = 0; r < all.n; r++)
				follow(graph, piece, from, &all.relas[r]);
	return more;
}

/* Tables also have what compares, hashes and counts, which runs often. What it leads to does not count: among it
 * are functions that only call another one. */
static void add_small(struct strmap *sections, const struct piece *piece)
{
	for (size_t s = 1; s < piece->n_sections; s++)
		if (piece->sections[s].class == CLASS_TEXT &&
		    piece->sections[s].bytes <= SMALL_BYTES)
			strmap_add(sections, piece->sections[s].name);
}

static void walk(const struct graph *graph, struct strmap *sections)
{
	size_t n_nodes = graph->nodes.n_entries, n = 0;
	uint32_t *stack = hcc_alloc(n_nodes * sizeof *stack);
	bool *seen = hcc_alloc(n_nodes);

	seen[START] = true;
	stack[n++] = START;
	while (n) {
		uint32_t node = stack[--n];

		if (graph->is_section[node])
			strmap_add(sections, graph->nodes.entries[node].key);
		for (uint32_t e = graph->first[node]; e; e = graph->edges[e - 1].next) {
			uint32_t to = graph->edges[e - 1].to;

			if (!seen[to])
				stack[n++] = to;
			seen[to] = true;
		}
	}
	free(stack);
	free(seen);
}

int find_reached(struct strmap *sections, const struct resolution *resolution,
		 const struct options *options)
{
	struct graph graph = { 0 };
	int result = 0;

	add_node(&graph, "", false);
	add_edge(&graph, START, add_node(&graph, options->entry, false));
	for (size_t i = 0; i < options->undefined.n; i++)
		add_edge(&graph, START, add_node(&graph, options->undefined.items[i], false));
	for (size_t o = 0; o < resolution->n_objects && !result; o++)
		for (size_t i = 0; i < options->n_isas && !result; i++) {
			const struct piece *piece = resolution->objects[o]->pieces[i];

			for (; piece && !result; piece = piece->next) {
				result = add_piece(&graph, resolution->objects[o], piece);
				add_small(sections, piece);
			}
		}
	if (!result)
		walk(&graph, sections);
	strmap_free(&graph.nodes);
	free(graph.is_section);
	free(graph.first);
	free(graph.edges);
	return result;
}
