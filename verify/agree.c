/* What has to be the same in two executables of one program. */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct pair {
	struct report *report;
	const struct calls *first_calls, *other_calls;
	const struct image *first, *other;
};

#define FIND(pair, function, va, ...) \
	report_finding((pair)->report, (pair)->other, function, va, __VA_ARGS__)

/* ---- tables ---------------------------------------------------------------------------------- */

static void check_site(const struct pair *p, const struct function *function,
		       const struct hcc_meta_function *f, uint32_t s, uint32_t idx)
{
	const struct hcc_meta_site *a = &p->first->meta_sites[idx], *b = &p->other->meta_sites[idx];
	const uint8_t *x = image_types(p->first, a), *y = image_types(p->other, b);
	const struct site_fact *m = &p->first_calls->sites[idx], *n = &p->other_calls->sites[idx];
	const char *first_isa = p->first->isa->name, *callee, *other_callee;

	if (a->n_values != b->n_values) {
		FIND(p, function, f->entry_va, "site %u has %u values, %u on %s", s, b->n_values,
		     a->n_values, first_isa);
		return;
	}
	for (unsigned i = 0; i < a->n_values; i++)
		if (x[i] != y[i])
			FIND(p, function, f->entry_va, "site %u: value %u has type %u, %u on %s", s,
			     i, y[i], x[i], first_isa);
	if (a->line != b->line || a->flags != b->flags)
		FIND(p, function, f->entry_va,
		     "site %u has line %u and flags 0x%x, line %u and flags 0x%x on %s", s,
		     b->line, b->flags, a->line, a->flags, first_isa);
	if (!m->target_va || !n->target_va || m->differs || n->differs)
		return;
	callee = call_target_name(p->first, m->target_va);
	other_callee = call_target_name(p->other, n->target_va);
	if (p->first->n_symbols && p->other->n_symbols && strcmp(callee, other_callee))
		FIND(p, function, f->entry_va, "site %u calls '%s', '%s' on %s", s, other_callee,
		     callee, first_isa);
}

static void check_function(const struct pair *p, uint32_t i)
{
	const struct hcc_meta_function *a = &p->first->meta_functions[i];
	const struct hcc_meta_function *b = &p->other->meta_functions[i];
	const struct function *function = image_function(p->other, b->entry_va);
	const char *name = image_string(p->first, a->name_off);
	const char *first_isa = p->first->isa->name;

	bool is_moved = a->entry_va != b->entry_va &&
			(!function || function->region != REGION_PACKED);

	if (is_moved || strcmp(name, image_string(p->other, b->name_off)))
		FIND(p, function, b->entry_va,
		     "function %u of the table; it is '%s' at 0x%llx on %s", i, name,
		     (unsigned long long)a->entry_va, first_isa);
	else if (hcc_meta_n_sites(p->first->meta, a) != hcc_meta_n_sites(p->other->meta, b) ||
		 a->first_site != b->first_site || a->flags != b->flags)
		FIND(p, function, b->entry_va, "has %u sites and flags 0x%x, %u and 0x%x on %s",
		     hcc_meta_n_sites(p->other->meta, b), b->flags,
		     hcc_meta_n_sites(p->first->meta, a), a->flags, first_isa);
	else
		for (uint32_t s = 0; s < hcc_meta_n_sites(p->first->meta, a); s++)
			check_site(p, function, b, s, a->first_site + s);
}

void verify_tables_agree(struct report *report, const struct calls *first,
			 const struct calls *other)
{
	struct pair p = { report, first, other, first->image, other->image };
	const struct hcc_meta_header *a = p.first->meta, *b = p.other->meta;

	if (a->n_functions != b->n_functions || a->n_sites != b->n_sites) {
		FIND(&p, NULL, 0, "has %u functions with %u sites, %u with %u on %s",
		     b->n_functions, b->n_sites, a->n_functions, a->n_sites, p.first->isa->name);
		return;
	}
	if (memcmp(a->build_id, b->build_id, sizeof a->build_id))
		FIND(&p, NULL, 0, "has another build ID than %s", p.first->path);
	if (a->shared_data_start_va != b->shared_data_start_va ||
	    a->shared_data_end_va != b->shared_data_end_va)
		FIND(&p, NULL, 0, "shared data is at 0x%llx to 0x%llx, 0x%llx to 0x%llx on %s",
		     (unsigned long long)b->shared_data_start_va,
		     (unsigned long long)b->shared_data_end_va,
		     (unsigned long long)a->shared_data_start_va,
		     (unsigned long long)a->shared_data_end_va, p.first->isa->name);
	if (a->tls_image_va != b->tls_image_va || a->tls_image_bytes != b->tls_image_bytes ||
	    a->tls_bytes != b->tls_bytes || a->tls_align_bytes != b->tls_align_bytes)
		FIND(&p, NULL, 0, "thread-locals are laid out otherwise than on %s",
		     p.first->isa->name);
	for (uint32_t i = 0; i < a->n_functions; i++)
		check_function(&p, i);
}

/* ---- symbols --------------------------------------------------------------------------------- */

struct symbols {
	const struct symbol **items;
	size_t n;
};

static int compare_symbols(const void *a, const void *b)
{
	const struct symbol *x = *(const struct symbol *const *)a;
	const struct symbol *y = *(const struct symbol *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->va > y->va) - (x->va < y->va);
}

static bool is_shared(const struct image *image, const struct symbol *symbol)
{
	const struct section *section;

	if (symbol->type == STT_TLS)
		return true;
	if ((symbol->type != STT_FUNC && symbol->type != STT_OBJECT) ||
	    symbol->section_idx >= SHN_LORESERVE)
		return false;
	section = image_section(image, symbol->va);
	return section && section->region == REGION_SHARED;
}

static struct symbols shared_symbols(const struct image *image)
{
	struct symbols out = { memory_alloc((image->n_symbols + 1) * sizeof(struct symbol *)), 0 };

	for (size_t i = 0; i < image->n_symbols; i++)
		if (is_shared(image, &image->symbols[i]))
			out.items[out.n++] = &image->symbols[i];
	qsort(out.items, out.n, sizeof *out.items, compare_symbols);
	return out;
}

/* A name that several symbols have is compared by the order of addresses. */
static void compare_shared(const struct pair *p, const struct symbols *a, const struct symbols *b)
{
	const char *isa = p->first->isa->name;

	for (size_t i = 0, k = 0; i < a->n || k < b->n;) {
		const struct symbol *x = i < a->n ? a->items[i] : NULL;
		const struct symbol *y = k < b->n ? b->items[k] : NULL;
		int order = !x ? 1 : !y ? -1 : strcmp(x->name, y->name);

		if (order < 0) {
			FIND(p, NULL, x->va, "'%s' is here on %s, and nowhere", x->name, isa);
			i++;
			continue;
		}
		k++;
		if (order > 0) {
			FIND(p, NULL, y->va, "'%s' is here, and nowhere on %s", y->name, isa);
			continue;
		}
		i++;
		if (x->va != y->va)
			FIND(p, NULL, y->va, "'%s' is here, at 0x%llx on %s", y->name,
			     (unsigned long long)x->va, isa);
		else if (x->type != STT_FUNC && x->bytes != y->bytes)
			FIND(p, NULL, y->va, "'%s' has %llu bytes, %llu on %s", y->name,
			     (unsigned long long)y->bytes, (unsigned long long)x->bytes, isa);
	}
}

void verify_symbols_agree(struct report *report, const struct image *first,
			  const struct image *other)
{
	struct pair p = { .report = report, .first = first, .other = other };
	struct symbols a, b;

	if (!first->n_symbols || !other->n_symbols)
		return;
	a = shared_symbols(first);
	b = shared_symbols(other);
	compare_shared(&p, &a, &b);
	free(a.items);
	free(b.items);
}
