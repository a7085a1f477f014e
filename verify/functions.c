/* The functions of an executable: by symbols, else by the table and .eh_frame. */
#include "image.h"

#include <stdlib.h>
#include <string.h>

#include "image_private.h"
#include "memory.h"

/* How good a name is, where several symbols name one address. */
static unsigned rank(const struct symbol *symbol)
{
	return (symbol->bytes ? 4u : 0) + (symbol->binding != STB_WEAK ? 2u : 0) +
	       (symbol->name[0] != '_');
}

static char *own_name(struct image *image, char *name)
{
	image->names = memory_grow(image->names, &image->names_capacity, image->n_names + 1,
				   sizeof *image->names);
	return image->names[image->n_names++] = name;
}

static void add(struct image *image, const char *name, const char *file, uint64_t va,
		uint64_t bytes)
{
	const struct section *section = image_section(image, va);

	if (!section || !(section->flags & SHF_EXECINSTR) || !section->data)
		return;
	image->functions = memory_grow(image->functions, &image->functions_capacity,
				       image->n_functions + 1, sizeof *image->functions);
	image->functions[image->n_functions++] =
		(struct function){ name, file, va, bytes, section->region, false, NULL, false, 0 };
}

static int by_rank(const void *a, const void *b)
{
	const struct symbol *x = *(const struct symbol *const *)a;
	const struct symbol *y = *(const struct symbol *const *)b;

	if (x->va != y->va)
		return (x->va > y->va) - (x->va < y->va);
	return rank(x) != rank(y) ? (rank(x) < rank(y)) - (rank(x) > rank(y)) :
				    strcmp(x->name, y->name);
}

static void add_symbols(struct image *image)
{
	const struct symbol **order = memory_alloc(image->n_symbols * sizeof(struct symbol *));
	size_t n = 0;

	for (size_t i = 0; i < image->n_symbols; i++)
		if (image->symbols[i].type == STT_FUNC &&
		    image->symbols[i].section_idx < SHN_LORESERVE)
			order[n++] = &image->symbols[i];
	qsort(order, n, sizeof(struct symbol *), by_rank);
	for (size_t i = 0; i < n; i++)
		if (!i || order[i - 1]->va != order[i]->va)
			add(image, order[i]->name, order[i]->file, order[i]->va, order[i]->bytes);
	free(order);
}

static void add_table(struct image *image)
{
	for (uint32_t i = 0; i < image->meta->n_functions; i++) {
		const struct hcc_meta_function *f = &image->meta_functions[i];
		const char *name = image_string(image, f->name_off);

		add(image, name, "", f->entry_va, 0);
		if (f->flags & HCC_FUNCTION_DECLINES)
			continue;
		add(image, own_name(image, memory_format("%s.resume", name)), "", f->resume_va, 0);
	}
}

/* The start of each FDE whose pointers are relative and of 4 bytes, as compilers write them; its
 * range. Whether .eh_frame is right is not for here. */
static void add_frames(struct image *image)
{
	const struct section *section = NULL;
	uint64_t at = 0;

	for (size_t i = 0; i < image->n_sections; i++)
		if (!strcmp(image->sections[i].name, ".eh_frame"))
			section = &image->sections[i];
	while (section && section->data && section->bytes - at >= 16) {
		uint32_t bytes, cie_back, range;
		int32_t start;
		uint64_t va;

		memcpy(&bytes, section->data + at, 4);
		memcpy(&cie_back, section->data + at + 4, 4);
		memcpy(&start, section->data + at + 8, 4);
		memcpy(&range, section->data + at + 12, 4);
		if (bytes >= section->bytes - at)
			return;
		if (cie_back) {
			va = section->va + at + 8 + (uint64_t)(int64_t)start;
			add(image, own_name(image, memory_format("0x%llx", (unsigned long long)va)),
			    "", va, range);
		}
		at += 4 + (uint64_t)bytes;
	}
}

/* Those that know their size first. */
static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->va != y->va)
		return (x->va > y->va) - (x->va < y->va);
	return !x->bytes - !y->bytes;
}

/* One function an address; each ends where the next begins, at the latest. */
static void settle(struct image *image)
{
	struct function *f = image->functions;
	size_t n = 0;

	if (!image->n_functions)
		return;
	qsort(f, image->n_functions, sizeof *f, by_address);
	for (size_t i = 0; i < image->n_functions; i++)
		if (!n || f[n - 1].va != f[i].va)
			f[n++] = f[i];
	image->n_functions = n;
	for (size_t i = 0; i < n; i++) {
		const struct section *section = image_section(image, f[i].va);
		uint64_t end_va = section->va + section->bytes;

		if (i + 1 < n && f[i + 1].va < end_va)
			end_va = f[i + 1].va;
		if (!f[i].bytes || f[i].bytes > end_va - f[i].va)
			f[i].bytes = end_va - f[i].va;
		f[i].number = (uint32_t)i;
	}
}

static void set_meta(struct image *image, uint64_t va, const struct hcc_meta_function *meta,
		     bool is_resume)
{
	struct function *function = (struct function *)image_function(image, va);

	if (!function || function->va != va)
		return;
	if (meta->flags & HCC_FUNCTION_DECLINES)
		function->declines = true;
	else
		function->meta = meta;
	function->is_resume = is_resume;
	if (!is_resume)
		function->name = image_string(image, meta->name_off);
}

void functions_find(struct image *image)
{
	if (image->n_symbols) {
		add_symbols(image);
	} else {
		add_frames(image);
		add_table(image);
	}
	settle(image);
	for (uint32_t i = 0; i < image->meta->n_functions; i++) {
		const struct hcc_meta_function *meta = &image->meta_functions[i];

		set_meta(image, meta->entry_va, meta, false);
		if (!(meta->flags & HCC_FUNCTION_DECLINES))
			set_meta(image, meta->resume_va, meta, true);
	}
}

const struct function *image_function(const struct image *image, uint64_t va)
{
	size_t low = 0, high = image->n_functions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->functions[middle].va <= va)
			low = middle + 1;
		else
			high = middle;
	}
	return low && va - image->functions[low - 1].va < image->functions[low - 1].bytes ?
		       &image->functions[low - 1] :
		       NULL;
}

static void add_reference(void *user, uint64_t va)
{
	struct image *image = user;
	const struct section *section = image_section(image, va);

	if (!section || section->region != REGION_PRIVATE || section->flags & SHF_EXECINSTR)
		return;
	image->references = memory_grow(image->references, &image->references_capacity,
					image->n_references + 1, sizeof *image->references);
	image->references[image->n_references++] = va;
}

static int by_va(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void references_find(struct image *image)
{
	for (size_t i = 0; image->isa->references && i < image->n_sections; i++) {
		const struct section *section = &image->sections[i];

		if (section->flags & SHF_EXECINSTR && section->data)
			image->isa->references(section->data, section->bytes, section->va,
					       add_reference, image);
	}
	if (image->n_references)
		qsort(image->references, image->n_references, sizeof *image->references, by_va);
}

bool image_is_referred(const struct image *image, uint64_t va)
{
	return image->n_references && bsearch(&va, image->references, image->n_references,
					      sizeof *image->references, by_va);
}
