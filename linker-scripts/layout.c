/* Collects the shared sections of all ISAs, checks them against each other and assigns addresses.
 * What it decides is written down by script.c and proved by verify.c. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "reached.h"
#include "taken.h"

#define LINE_BYTES 64u   /* of a cache */
#define LONG_BYTES 1024u /* of functions that begin with a line */
#define SHORT_BYTES 32u  /* of functions that should each be in one, by place_short */

/* Room per private symbol for what lld adds by itself: GOT, PLT, thunks. */
#define SYNTHETIC_BYTES_PER_SYMBOL 32u
#define SYNTHETIC_BYTES 0x10000u

static struct shared_section *find_or_add(struct layout *layout, const struct input_section *input,
					  const struct object *object)
{
	uint32_t idx = strmap_add(&layout->names, input->name);
	struct shared_section *section;

	layout->sections = hcc_grow(layout->sections, &layout->capacity, (size_t)idx + 1,
				    sizeof *layout->sections);
	section = &layout->sections[idx];
	if (idx == layout->n_sections) {
		layout->n_sections++;
		section->name = input->name;
		section->output_bytes = input->class == CLASS_USER_FUNCTION ?
			(size_t)(strstr(input->name, ".hcc.") - input->name) : strlen(input->name);
		section->class = input->class;
		section->align_bytes = 1;
		section->asked_bytes = 1;
		section->ordered = strcmp(input->name, TLS_ANCHOR_SECTION) != 0;
		section->object = object;
	}
	return section;
}

/* A user's section is as demanding as the most demanding of its parts. */
static enum section_class join_classes(enum section_class a, enum section_class b)
{
	static const enum section_class by_demand[] = {
		CLASS_USER_TEXT, CLASS_USER_DATA, CLASS_USER_BSS, CLASS_USER_RODATA,
	};

	for (size_t i = 0; i < sizeof by_demand / sizeof *by_demand; i++)
		if (a == by_demand[i] || b == by_demand[i])
			return by_demand[i] == CLASS_USER_BSS && a != b ? CLASS_USER_DATA :
									  by_demand[i];
	return a;
}

static int add_section(struct layout *layout, const struct options *options,
		       const struct object *object, size_t isa_idx,
		       const struct input_section *input)
{
	struct shared_section *section = find_or_add(layout, input, object);
	bool grouped = input->flags & SHF_GROUP;

	if (section->align_bytes < input->align_bytes)
		section->align_bytes = input->align_bytes;
	if (section->asked_bytes < input->align_bytes &&
	    (options->n_isas == 1 || input->align_bytes != options->isas[isa_idx]->code_align_bytes))
		section->asked_bytes = input->align_bytes;
	if (class_is_joined(input->class)) {
		if (section->class != input->class)
			section->class = join_classes(section->class, input->class);
		section->isa_bytes[isa_idx] =
			align_up(section->isa_bytes[isa_idx], input->align_bytes) + input->bytes;
	} else if (section->present >> isa_idx & 1) {
		if (!grouped || !section->grouped)
			return hcc_error("%s: section '%s' is in %s and in %s", options->output,
					 input->name, section->object->name, object->name);
	} else {
		section->isa_bytes[isa_idx] = input->bytes;
		section->grouped = grouped;
	}
	section->present |= (uint8_t)(1u << isa_idx);
	return 0;
}

/* All ISAs must have a section of data alike. subject: what the message is about. */
static int check_equal(const struct shared_section *section, const struct options *options,
		       const char *subject)
{
	if (class_is_text(section->class))
		return 0;
	for (size_t i = 1; i < options->n_isas; i++) {
		const char *first = options->isas[0]->name, *other = options->isas[i]->name;
		unsigned long long first_bytes = section->isa_bytes[0];
		unsigned long long other_bytes = section->isa_bytes[i];

		if (!(section->present & 1) != !(section->present >> i & 1)) {
			bool in_first = section->present & 1;

			return hcc_error("%s: section '%s' is %llu bytes on %s, absent on %s",
					 subject, section->name,
					 in_first ? first_bytes : other_bytes,
					 in_first ? first : other, in_first ? other : first);
		}
		if (first_bytes != other_bytes)
			return hcc_error("%s: section '%s' is %llu bytes on %s, %llu on %s",
				subject, section->name, other_bytes, other, first_bytes, first);
	}
	return 0;
}

/* The object's parts of joined sections must be as large on all ISAs, or the next object's part
 * would not be aligned. */
static int check_joined(const struct layout *layout, const struct options *options,
			const struct object *object)
{
	for (size_t i = 0; i < options->n_isas; i++)
		for (const struct piece *piece = object->pieces[i]; piece; piece = piece->next)
			for (size_t s = 1; s < piece->n_sections; s++)
				if (class_is_joined(piece->sections[s].class) &&
				    check_equal(layout_find(layout, piece->sections[s].name),
						options, object->name) < 0)
					return -1;
	return 0;
}

/* The object's sections of a class, in order, as numbers. */
static size_t list_sections(const struct layout *layout, const struct object *object,
	size_t isa_idx, enum section_class class, uint32_t **list, size_t *capacity)
{
	size_t n = 0;

	for (const struct piece *piece = object->pieces[isa_idx]; piece; piece = piece->next)
		for (size_t s = 1; s < piece->n_sections; s++) {
			if (piece->sections[s].class != class)
				continue;
			*list = hcc_grow(*list, capacity, n + 1, sizeof **list);
			(*list)[n++] = strmap_find(&layout->names, piece->sections[s].name);
		}
	return n;
}

/* Sections that lld would not meet in one order on all ISAs have to be placed one by one. */
static void find_disorder(struct layout *layout, const struct options *options,
			  const struct object *object, enum section_class class)
{
	uint32_t *list = NULL, *other = NULL;
	size_t capacity = 0, other_capacity = 0;
	size_t n = list_sections(layout, object, 0, class, &list, &capacity);

	for (size_t i = 1; i < options->n_isas; i++) {
		size_t n_other = list_sections(layout, object, i, class, &other, &other_capacity);

		if (n == n_other && (!n || !memcmp(list, other, n * sizeof *list)))
			continue;
		for (size_t s = 0; s < n; s++)
			layout->sections[list[s]].ordered = false;
		for (size_t s = 0; s < n_other; s++)
			layout->sections[other[s]].ordered = false;
	}
	for (size_t s = 0; s < n; s++)
		if (layout->sections[list[s]].grouped)
			layout->sections[list[s]].ordered = false;
	free(list);
	free(other);
}

static int add_object(struct layout *layout, const struct options *options,
		      const struct object *object)
{
	bool any_joined = false;

	for (size_t i = 0; i < options->n_isas; i++)
		for (const struct piece *piece = object->pieces[i]; piece; piece = piece->next)
			for (size_t s = 1; s < piece->n_sections; s++) {
				const struct input_section *input = &piece->sections[s];

				any_joined |= class_is_joined(input->class);
				if (class_is_shared(input->class) &&
				    add_section(layout, options, object, i, input) < 0)
					return -1;
				if (!class_is_shared(input->class))
					strmap_add(
						&layout->private_names[input->class], input->name);
			}
	for (enum section_class class = CLASS_TEXT; class <= CLASS_BSS; class++)
		find_disorder(layout, options, object, class);
	return any_joined ? check_joined(layout, options, object) : 0;
}

static uint64_t place_packed(struct layout *layout, uint64_t start_va, size_t isa_idx)
{
	uint64_t va = start_va;

	layout->classes[CLASS_PACKED_TEXT].n_sections = 0;
	for (int apart = 0; apart < 2; apart++)
		for (size_t i = 0; i < layout->n_sections; i++) {
			struct shared_section *section = &layout->sections[i];

			if (section->class != CLASS_PACKED_TEXT || section->apart != apart)
				continue;
			section->va = section->packed_va[isa_idx] = va =
				align_up(va, section->align_bytes);
			va += section->isa_bytes[isa_idx];
			layout->classes[CLASS_PACKED_TEXT].n_sections++;
		}
	return va;
}

/* Functions that nobody has the address of: each ISA's one after the other, without the room that the
 * other ISAs' would take. */
static uint64_t place_all_packed(struct layout *layout, uint64_t va, size_t n_isas)
{
	struct extent *extent = &layout->classes[CLASS_PACKED_TEXT];

	extent->va = align_up(va, layout_class_align(layout, CLASS_PACKED_TEXT));
	for (size_t i = n_isas; i--;) {
		uint64_t bytes = place_packed(layout, extent->va, i) - extent->va;

		if (extent->bytes < bytes)
			extent->bytes = bytes;
	}
	return extent->va + extent->bytes;
}

/* Whether a section has a name that image.ld would take for what extract.c has renamed. */
static bool is_renamed(const char *name)
{
	static const char *const prefixes[] = { PACKED_PREFIX, PACKED_APART_PREFIX, APART_PREFIX };

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* What all ISAs have, in one order: the tables number functions by address. */
static int choose_packed(struct layout *layout, const struct resolution *resolution,
			 const struct options *options)
{
	struct strmap taken = { 0 };
	int result = 0;

	if (options->no_packed_text)
		return 0;
	for (size_t i = 0; i < options->lld_args.n; i++)
		if (!strncmp(options->lld_args.items[i], "--defsym", 8))
			return 0; /* another name for it may be taken */
	for (size_t i = 0; i < layout->n_sections; i++)
		if (is_renamed(layout->sections[i].name))
			return 0; /* a user's */
	result = find_taken(&taken, resolution, options);
	for (size_t i = 0; i < layout->n_sections && !result; i++) {
		struct shared_section *section = &layout->sections[i];

		if (section->class == CLASS_TEXT && section->ordered && !section->grouped &&
		    section->present == (1u << options->n_isas) - 1 &&
		    strmap_find(&taken, section->name) == STRMAP_NONE)
			section->class = CLASS_PACKED_TEXT;
	}
	strmap_free(&taken);
	return result;
}

/* Functions that code does not lead to: kernels map files in pieces of many pages, and of one in which a program
 * runs nothing, nothing is in memory. */
static int choose_apart(struct layout *layout, const struct resolution *resolution,
			const struct options *options)
{
	struct strmap reached = { 0 };
	int result;

	for (size_t i = 0; i < layout->n_sections; i++)
		if (is_renamed(layout->sections[i].name))
			return 0;
	result = find_reached(&reached, resolution, options);
	for (size_t i = 0; i < layout->n_sections && !result; i++) {
		struct shared_section *section = &layout->sections[i];

		section->apart = section->ordered && !section->grouped &&
			(section->class == CLASS_TEXT || section->class == CLASS_PACKED_TEXT) &&
			strmap_find(&reached, section->name) == STRMAP_NONE;
	}
	strmap_free(&reached);
	return result;
}

/* An upper bound of the ISA's private region: address space, not bytes of the file. */
static uint64_t private_bytes(const struct resolution *resolution, size_t isa_idx)
{
	/* Behind each of its four segments at most that is left free. */
	uint64_t bytes = 4 * SEGMENT_ALIGN_BYTES + SYNTHETIC_BYTES;

	for (size_t o = 0; o < resolution->n_objects; o++) {
		const struct piece *piece = resolution->objects[o]->pieces[isa_idx];

		for (; piece; piece = piece->next) {
			bytes += piece->n_symbols * SYNTHETIC_BYTES_PER_SYMBOL;
			for (size_t s = 1; s < piece->n_sections; s++) {
				const struct input_section *section = &piece->sections[s];

				if (section->class >= CLASS_PRIVATE_RODATA &&
				    section->class <= CLASS_MOVES)
					bytes += section->bytes + section->align_bytes;
			}
		}
	}
	return bytes;
}

/* Room for COMMON symbols: the largest of each name. */
static uint64_t common_bytes(const struct resolution *resolution, size_t n_isas)
{
	struct strmap names = { 0 };
	uint64_t *sizes = NULL, bytes = 0;
	size_t capacity = 0;

	for (size_t o = 0; o < resolution->n_objects; o++)
		for (size_t i = 0; i < n_isas; i++) {
			const struct piece *piece = resolution->objects[o]->pieces[i];

			for (; piece; piece = piece->next)
				for (size_t s = 0; s < piece->n_symbols; s++) {
					const Elf64_Sym *symbol = &piece->symbols[s];
					uint64_t room = symbol->st_size + symbol->st_value;
					uint32_t idx;

					if (symbol->st_shndx != SHN_COMMON)
						continue;
					idx = strmap_add(&names, piece_symbol_name(piece, symbol));
					sizes = hcc_grow(sizes, &capacity, (size_t)idx + 1,
							 sizeof *sizes);
					if (symbol->st_size > IMAGE_LIMIT_VA ||
					    symbol->st_value > IMAGE_LIMIT_VA)
						room = IMAGE_LIMIT_VA; /* is too much */
					if (sizes[idx] < room)
						sizes[idx] = room;
				}
		}
	for (size_t n = 0; n < names.n_entries; n++)
		bytes += sizes[n];
	strmap_free(&names);
	free(sizes);
	return bytes;
}

uint64_t layout_class_align(const struct layout *layout, enum section_class class)
{
	uint64_t align_bytes = 1;

	for (size_t i = 0; i < layout->n_sections; i++)
		if (layout->sections[i].class == class &&
		    layout->sections[i].align_bytes > align_bytes)
			align_bytes = layout->sections[i].align_bytes;
	return align_bytes;
}

/* Loops and branches of a long function lie in lines of the cache as they do here in every program: Lua's interpreter
 * loop took 1.00 to 1.15 of the time, by the multiple of 16 that other functions' lengths happened to leave it. */
static void align_long(struct shared_section *section)
{
	if ((section->class == CLASS_TEXT || section->class == CLASS_PACKED_TEXT) &&
	    section->bytes >= LONG_BYTES && section->align_bytes < LINE_BYTES)
		section->align_bytes = LINE_BYTES;
}

/* A function that pointers lead to, and that has one branch most likely: its return, at its end. */
static bool is_short(const struct shared_section *section)
{
	return section->class == CLASS_TEXT && section->bytes <= SHORT_BYTES && section->asked_bytes <= 4;
}

/* Where it returns tells it from its neighbours (isa.h, path_shift). All ISAs let it begin at multiples of 4, and it
 * crosses no line of the cache. */
static uint64_t place_short(const struct shared_section *section, uint64_t va, const struct options *options,
			    unsigned *path)
{
	uint64_t begin_va = align_up(va, 4), end_va;

	for (size_t i = 0; i < options->n_isas; i++) {
		unsigned shift = options->isas[i]->path_shift;

		if (!shift || !section->isa_bytes[i])
			continue;
		for (va = begin_va, ++*path;; va += 4) {
			end_va = va + section->isa_bytes[i] - 1;
			if ((end_va >> shift) % 4 == *path % 4 && va / LINE_BYTES == end_va / LINE_BYTES)
				return va;
		}
	}
	return begin_va;
}

/* The sections of a class, one after the other: first those that are placed one by one, then those apart. */
static uint64_t place_class(struct layout *layout, const struct options *options, enum section_class class, uint64_t va)
{
	struct extent *extent = &layout->classes[class];
	struct shared_section *previous = NULL;
	unsigned path = 0;

	/* lld wants an output section as aligned as the most demanding of its inputs. */
	extent->va = align_up(va, layout_class_align(layout, class));
	extent->n_sections = 0;
	va = extent->va;
	for (int turn = 0; turn < 3; turn++)
		for (size_t i = 0; i < layout->n_sections; i++) {
			struct shared_section *section = &layout->sections[i];

			if (section->class != class ||
			    turn != (!section->ordered ? 0 : section->apart ? 1 : 2))
				continue;
			section->va = align_up(va, section->align_bytes);
			if (previous && is_short(section)) {
				/* For lld, what is left free is a part of what is before. */
				section->align_bytes = 4;
				section->va = place_short(section, va, options, &path);
				previous->bytes = section->va - previous->va;
			}
			va = section->va + section->bytes;
			previous = section;
			extent->n_sections++;
		}
	extent->bytes = va - extent->va;
	return va;
}

/* Functions whose section the user named: those of one name together. */
static uint64_t place_user_functions(struct layout *layout, uint64_t va)
{
	for (size_t i = 0; i < layout->n_sections; i++) {
		const struct shared_section *first = &layout->sections[i];

		if (first->class != CLASS_USER_FUNCTION || first->va)
			continue;
		for (size_t j = i; j < layout->n_sections; j++) {
			struct shared_section *section = &layout->sections[j];

			if (section->class != CLASS_USER_FUNCTION ||
			    section->output_bytes != first->output_bytes ||
			    memcmp(section->name, first->name, first->output_bytes))
				continue;
			section->va = va = align_up(va, section->align_bytes);
			va += section->bytes;
			layout->classes[CLASS_USER_FUNCTION].n_sections++;
		}
	}
	return va;
}

static void place_tls(struct layout *layout, const struct options *options)
{
	uint64_t va = align_up(layout->data_va, TLS_ALIGN_BYTES);
	uint64_t image_end = place_class(layout, options, CLASS_TDATA, va);
	uint64_t end = place_class(layout, options, CLASS_TBSS, image_end);

	layout->tls_va = va;
	layout->tls_image_bytes = image_end - va;
	layout->tls_bytes = end - va;
}

static int compare_va(const void *a, const void *b)
{
	const struct shared_section *x = a, *y = b;

	if (x->va != y->va)
		return x->va < y->va ? -1 : 1;
	return x->class != y->class ? (int)x->class - (int)y->class : strcmp(x->name, y->name);
}

static void place_all(struct layout *layout, const struct resolution *resolution,
		      const struct options *options)
{
	uint64_t va = layout->text_va;

	va = place_class(layout, options, CLASS_TEXT, va);
	va = place_user_functions(layout, va);
	va = place_class(layout, options, CLASS_USER_TEXT, va);
	layout->text_end_va = place_all_packed(layout, va, options->n_isas);

	layout->rodata_va = align_up(layout->text_end_va, SEGMENT_ALIGN_BYTES);
	va = place_class(layout, options, CLASS_RODATA, layout->rodata_va);
	va = place_class(layout, options, CLASS_PREINIT_ARRAY, align_up(va, 8));
	va = place_class(layout, options, CLASS_INIT_ARRAY, va);
	va = place_class(layout, options, CLASS_FINI_ARRAY, va);
	layout->rodata_end_va = place_class(layout, options, CLASS_USER_RODATA, va);

	layout->data_va = align_up(layout->rodata_end_va, SEGMENT_ALIGN_BYTES);
	place_tls(layout, options);
	va = place_class(layout, options, CLASS_DATA, align_up(layout->tls_va + layout->tls_bytes, 16));
	layout->data_end_va = place_class(layout, options, CLASS_USER_DATA, va);
	layout->common.bytes = common_bytes(resolution, options->n_isas);
	/* One output section holds both, and begins where the most demanding of them may. */
	va = align_up(layout->data_end_va, layout->common.bytes ? TLS_ALIGN_BYTES : 16);
	va = place_class(layout, options, CLASS_BSS, va);
	layout->bss_va = layout->classes[CLASS_BSS].va;
	layout->common.va = align_up(va, TLS_ALIGN_BYTES);
	if (layout->common.bytes)
		va = layout->common.va + layout->common.bytes;
	va = place_class(layout, options, CLASS_USER_BSS, va);
	layout->end_va = align_up(va, 16);
	layout->resume_va = align_up(layout->end_va, SEGMENT_ALIGN_BYTES);
}

/* The thread-local that marks the start of the TLS block must be first. */
static void anchor_first(struct layout *layout)
{
	uint32_t idx = strmap_find(&layout->names, TLS_ANCHOR_SECTION);
	struct shared_section anchor;

	if (idx == STRMAP_NONE)
		return;
	anchor = layout->sections[idx];
	memmove(layout->sections + 1, layout->sections, idx * sizeof *layout->sections);
	layout->sections[0] = anchor;
}

int layout_make(struct layout *layout, const struct resolution *resolution,
		const struct options *options)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < resolution->n_objects; i++)
		if (add_object(layout, options, resolution->objects[i]) < 0)
			return -1;
	if (choose_packed(layout, resolution, options) < 0 ||
	    choose_apart(layout, resolution, options) < 0)
		return -1;
	for (size_t i = 0; i < layout->n_sections; i++) {
		struct shared_section *section = &layout->sections[i];

		if (check_equal(section, options, options->output) < 0)
			return -1;
		for (size_t isa = 0; isa < options->n_isas; isa++)
			if (section->bytes < section->isa_bytes[isa])
				section->bytes = section->isa_bytes[isa];
		align_long(section);
	}
	for (size_t i = 0; i < options->n_isas; i++)
		if (bytes < private_bytes(resolution, i))
			bytes = private_bytes(resolution, i);
	anchor_first(layout);
	layout->private_end_va = layout->text_va =
		align_up(IMAGE_BASE_VA + bytes, SEGMENT_ALIGN_BYTES);
	place_all(layout, resolution, options);
	/* The names' numbers are of no use once the sections are sorted: number them anew. */
	if (layout->n_sections)
		qsort(layout->sections, layout->n_sections, sizeof *layout->sections, compare_va);
	strmap_free(&layout->names);
	for (size_t i = 0; i < layout->n_sections; i++)
		strmap_add(&layout->names, layout->sections[i].name);
	if (layout->end_va >= IMAGE_LIMIT_VA)
		return hcc_error("%s: image ends at 0x%llx, the limit is 0x%x", options->output,
				 (unsigned long long)layout->end_va, IMAGE_LIMIT_VA);
	return 0;
}

const struct shared_section *layout_find(const struct layout *layout, const char *name)
{
	uint32_t idx = strmap_find(&layout->names, name);

	return idx == STRMAP_NONE ? NULL : &layout->sections[idx];
}
