/* Shared sections: one address, and data of the same bytes. What belongs to one ISA (a private
 * address, a label inside of a function, a resume function) has another address on each, and is
 * found by that. */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

static const struct section *same_section(const struct image *image, const struct section *section)
{
	for (size_t i = 0; i < image->n_sections; i++)
		if (image->sections[i].region == REGION_SHARED &&
		    !strcmp(image->sections[i].name, section->name))
			return &image->sections[i];
	return NULL;
}

/* "the clone 'f.resume'", "0x12 bytes into 'f'": what an address is of. */
static void describe(const struct image *image, uint64_t va, char *out, size_t bytes)
{
	const struct section *section = image_section(image, va);
	const struct function *function = image_function(image, va);

	if (!section)
		snprintf(out, bytes, "0x%llx", (unsigned long long)va);
	else if (function && function->region == REGION_RESUME)
		snprintf(out, bytes, "0x%llx in the clone '%s'", (unsigned long long)va,
			 function->name);
	else if (section->region == REGION_PACKED)
		snprintf(out, bytes, "0x%llx, which each ISA has elsewhere%s%s%s",
			 (unsigned long long)va, function ? " ('" : "",
			 function ? function->name : "", function ? "')" : "");
	else if (section->region == REGION_PRIVATE)
		snprintf(out, bytes, "0x%llx in the private section '%s'%s%s%s",
			 (unsigned long long)va, section->name, function ? " ('" : "",
			 function ? function->name : "", function ? "')" : "");
	else if (function && function->va != va)
		snprintf(out, bytes, "0x%llx, a label in '%s'", (unsigned long long)va,
			 function->name);
	else
		snprintf(out, bytes, "0x%llx", (unsigned long long)va);
}

/* The datum that an address lies in. */
static const char *datum(const struct image *image, uint64_t va, uint64_t *off)
{
	const struct symbol *best = NULL;

	for (size_t i = 0; i < image->n_symbols; i++) {
		const struct symbol *symbol = &image->symbols[i];

		if (symbol->type == STT_OBJECT && va - symbol->va < symbol->bytes)
			best = symbol;
	}
	*off = best ? va - best->va : 0;
	return best ? best->name : NULL;
}

static void report_word(struct report *report, const struct image *first,
			const struct image *other, const struct section *a,
			const struct section *b, uint64_t off)
{
	uint64_t x = 0, y = 0, into, va = b->va + off;
	uint64_t n = b->bytes - off < 8 ? b->bytes - off : 8;
	char here[256], there[256], *where;
	const char *name = datum(other, va, &into);

	memcpy(&x, a->data + off, n);
	memcpy(&y, b->data + off, n);
	describe(other, y, here, sizeof here);
	describe(first, x, there, sizeof there);
	where = NULL;
	if (name && asprintf(&where, "'%s' + %llu", name, (unsigned long long)into) < 0)
		where = NULL;
	report_finding(report, other, NULL, va, "%s in shared section '%s' holds %s; on %s %s",
		       where ? where : "a word", b->name, here, first->isa->name, there);
	free(where);
}

static void compare_bytes(struct report *report, const struct image *first,
			  const struct image *other, const struct section *a,
			  const struct section *b)
{
	if (!memcmp(a->data, b->data, b->bytes))
		return;
	for (uint64_t off = 0; off < b->bytes; off += 8) {
		uint64_t n = b->bytes - off < 8 ? b->bytes - off : 8;

		if (memcmp(a->data + off, b->data + off, n))
			report_word(report, first, other, a, b, off);
	}
}

static void compare_section(struct report *report, const struct image *first,
			    const struct image *other, const struct section *b)
{
	const struct section *a = same_section(first, b);

	if (!a) {
		report_finding(report, other, NULL, b->va, "shared section '%s' is not on %s",
			       b->name, first->isa->name);
		return;
	}
	if (a->va != b->va || a->bytes != b->bytes || a->flags != b->flags ||
	    !a->data != !b->data) {
		report_finding(report, other, NULL, b->va,
			       "shared section '%s' is here with %llu bytes, at 0x%llx with %llu "
			       "on %s",
			       b->name, (unsigned long long)b->bytes, (unsigned long long)a->va,
			       (unsigned long long)a->bytes, first->isa->name);
		return;
	}
	if (b->data && !(b->flags & SHF_EXECINSTR))
		compare_bytes(report, first, other, a, b);
}

void verify_data_agree(struct report *report, const struct image *first, const struct image *other)
{
	for (size_t i = 0; i < other->n_sections; i++)
		if (other->sections[i].region == REGION_SHARED)
			compare_section(report, first, other, &other->sections[i]);
	for (size_t i = 0; i < first->n_sections; i++)
		if (first->sections[i].region == REGION_SHARED &&
		    !same_section(other, &first->sections[i]))
			report_finding(report, other, NULL, first->sections[i].va,
				       "shared section '%s' of %s is missing",
				       first->sections[i].name, first->isa->name);
}
