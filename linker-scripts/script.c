/* Fills in the template image.ld: %{name} is replaced; lines between %if name, %else and %end are
 * kept when the name's flag says so. */
#include "script.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"

static const char template_text[] =
#include "image.ld.inc"
;

struct variable {
	const char *name;
	char *value;   /* of %{name} */
	bool flag;     /* of %if name */
};

struct variables {
	struct variable *items;
	size_t n, capacity;
};

static void set(struct variables *variables, const char *name, char *value, bool flag)
{
	variables->items = hcc_grow(variables->items, &variables->capacity, variables->n + 1,
				    sizeof *variables->items);
	variables->items[variables->n++] = (struct variable){ name, value, flag };
}

static void set_number(struct variables *variables, const char *name, uint64_t value)
{
	set(variables, name, hcc_format("0x%llx", (unsigned long long)value), false);
}

static const struct variable *get(const struct variables *variables, const char *name, size_t bytes)
{
	for (size_t i = 0; i < variables->n; i++)
		if (strlen(variables->items[i].name) == bytes &&
		    !memcmp(variables->items[i].name, name, bytes))
			return &variables->items[i];
	hcc_bug("image.ld: nothing is named '%.*s'", (int)bytes, name);
}

/* *(".a" ".b"): the private input sections of a class, by exact name. */
static char *name_list(const struct layout *layout, enum section_class class)
{
	const struct strmap *names = &layout->private_names[class];
	struct buffer out = { 0 };

	buffer_add(&out, "", 0);
	for (size_t i = 0; i < names->n_entries; i++)
		buffer_printf(
			&out, "%s\"%s\"", i ? " " : "*(", (const char *)names->entries[i].key);
	if (names->n_entries)
		buffer_printf(&out, ")");
	return out.data;
}

/* The input sections of an output section: one line each for those that lld would not place by
 * itself, the rest as they come: extract.c has given them the layout's sizes and alignments. */
static char *section_list(const struct layout *layout, enum section_class class,
			  const char *pattern, uint64_t end_va)
{
	struct buffer out = { 0 };
	bool any_apart = false;

	for (size_t i = 0; i < layout->n_sections; i++) {
		const struct shared_section *section = &layout->sections[i];
		unsigned long long va = section->va, after_va = section->va + section->bytes;

		any_apart |= section->class == class && section->apart && class == CLASS_TEXT;
		if (section->class == class && !section->ordered)
			buffer_printf(&out, "\t\t. = 0x%llx; KEEP(*(\"%s\")) . = 0x%llx;\n", va,
				      section->name, after_va);
	}
	if (any_apart)
		buffer_printf(&out, "\t\tKEEP(*(" APART_PREFIX "*))\n");
	buffer_printf(
		&out, "\t\tKEEP(*(%s))\n\t\t. = 0x%llx;", pattern, (unsigned long long)end_va);
	return out.data;
}

static bool same_output(const struct shared_section *a, const struct shared_section *b)
{
	return a->class == b->class && a->output_bytes == b->output_bytes &&
	       !memcmp(a->name, b->name, a->output_bytes);
}

/* An output section for each name that the user chose. Sections of one are neighbours. */
static char *user_sections(const struct layout *layout, enum section_class class,
			   const char *segment)
{
	const struct shared_section *end = layout->sections + layout->n_sections;
	struct buffer out = { 0 };

	buffer_add(&out, "", 0);
	for (const struct shared_section *section = layout->sections; section < end; section++) {
		unsigned long long va = section->va, end_va = section->va + section->bytes;

		if (section->class != class)
			continue;
		if (section == layout->sections || !same_output(section, section - 1))
			buffer_printf(&out, "\t\"%.*s\" 0x%llx : {\n", (int)section->output_bytes,
				      section->name, va);
		buffer_printf(&out, "\t\t. = 0x%llx; KEEP(*(\"%s\"))\n", va, section->name);
		if (section + 1 == end || !same_output(section, section + 1))
			buffer_printf(&out, "\t\t. = 0x%llx;\n\t} :%s\n", end_va, segment);
	}
	if (out.bytes)
		out.data[out.bytes - 1] = 0;
	return out.data;
}

static uint64_t class_end(const struct layout *layout, enum section_class class)
{
	return layout->classes[class].va + layout->classes[class].bytes;
}

static void set_flags(struct variables *variables, const struct layout *layout, bool first_link)
{
	const struct extent *classes = layout->classes;
	bool data = classes[CLASS_TDATA].n_sections || layout->end_va > layout->data_va;

	set(variables, "text", NULL, layout->text_end_va > layout->text_va);
	set(variables, "packed", NULL, classes[CLASS_PACKED_TEXT].n_sections);
	set(variables, "rodata", NULL, layout->rodata_end_va > layout->rodata_va);
	set(variables, "data", NULL, data);
	set(variables, "tdata", NULL, classes[CLASS_TDATA].n_sections);
	set(variables, "tbss", NULL, classes[CLASS_TBSS].n_sections);
	set(variables, "tls", NULL,
		classes[CLASS_TDATA].n_sections || classes[CLASS_TBSS].n_sections);
	set(variables, "common", NULL, layout->common.bytes);
	set(variables, "resume", NULL, layout->private_names[CLASS_RESUME].n_entries);
	set(variables, "first_link", NULL, first_link);
}

static void set_lists(struct variables *variables, const struct layout *layout)
{
	set(variables, "private_rodata_names", name_list(layout, CLASS_PRIVATE_RODATA), false);
	set(variables, "private_text_names", name_list(layout, CLASS_PRIVATE_TEXT), false);
	set(variables, "private_data_names", name_list(layout, CLASS_PRIVATE_DATA), false);
	set(variables, "private_bss_names", name_list(layout, CLASS_PRIVATE_BSS), false);
	set(variables, "text_sections",
	    section_list(layout, CLASS_TEXT, ".text.hcc.*", class_end(layout, CLASS_TEXT)), false);
	set(variables, "rodata_sections",
		section_list(
			layout, CLASS_RODATA, ".rodata.hcc.*", class_end(layout, CLASS_RODATA)),
		false);
	set(variables, "tdata_sections",
		section_list(layout, CLASS_TDATA, ".tdata.hcc.*",
			layout->tls_va + layout->tls_image_bytes),
		false);
	set(variables, "tbss_sections",
		section_list(layout, CLASS_TBSS, ".tbss.hcc.*", layout->tls_va + layout->tls_bytes),
		false);
	set(variables, "data_sections",
	    section_list(layout, CLASS_DATA, ".data.hcc.*", class_end(layout, CLASS_DATA)), false);
	set(variables, "bss_sections",
	    section_list(layout, CLASS_BSS, ".bss.hcc.*", class_end(layout, CLASS_BSS)), false);
	set(variables, "user_functions", user_sections(layout, CLASS_USER_FUNCTION, "text"), false);
	set(variables, "user_text_sections", user_sections(layout, CLASS_USER_TEXT, "text"), false);
	set(variables, "user_rodata_sections", user_sections(layout, CLASS_USER_RODATA, "rodata"),
	    false);
	set(variables, "user_data_sections", user_sections(layout, CLASS_USER_DATA, "data"), false);
	set(variables, "user_bss_sections", user_sections(layout, CLASS_USER_BSS, "data"), false);
}

static void set_numbers(struct variables *variables, const struct layout *layout)
{
	const struct extent *classes = layout->classes;

	set_number(variables, "image_base_va", IMAGE_BASE_VA);
	set_number(variables, "image_limit_va", IMAGE_LIMIT_VA);
	set_number(variables, "segment_align_bytes", SEGMENT_ALIGN_BYTES);
	set_number(variables, "text_va", layout->text_va);
	set_number(variables, "text_bytes", classes[CLASS_TEXT].bytes);
	set_number(variables, "text_end_va", layout->text_end_va);
	set_number(variables, "packed_va", classes[CLASS_PACKED_TEXT].va);
	set_number(variables, "packed_bytes", classes[CLASS_PACKED_TEXT].bytes);
	set_number(variables, "rodata_va", layout->rodata_va);
	set_number(variables, "rodata_bytes", classes[CLASS_RODATA].bytes);
	set_number(variables, "preinit_va", classes[CLASS_PREINIT_ARRAY].va);
	set_number(variables, "preinit_bytes", classes[CLASS_PREINIT_ARRAY].bytes);
	set_number(variables, "init_va", classes[CLASS_INIT_ARRAY].va);
	set_number(variables, "init_bytes", classes[CLASS_INIT_ARRAY].bytes);
	set_number(variables, "fini_va", classes[CLASS_FINI_ARRAY].va);
	set_number(variables, "fini_bytes", classes[CLASS_FINI_ARRAY].bytes);
	set_number(variables, "data_va", layout->data_va);
	set_number(variables, "tls_va", layout->tls_va);
	set_number(variables, "tls_align_bytes", TLS_ALIGN_BYTES);
	set_number(variables, "tbss_align_bytes",
		   classes[CLASS_TDATA].n_sections ? 1 : TLS_ALIGN_BYTES);
	set_number(variables, "tbss_va", classes[CLASS_TBSS].va);
	set_number(variables, "tls_image_bytes", layout->tls_image_bytes);
	set_number(variables, "tls_bytes", layout->tls_bytes);
	set_number(variables, "data_sections_va", classes[CLASS_DATA].va);
	set_number(variables, "data_bytes", classes[CLASS_DATA].bytes);
	set_number(variables, "data_end_va", layout->data_end_va);
	set_number(variables, "bss_va", layout->bss_va);
	set_number(variables, "common_va", layout->common.va);
	set_number(variables, "common_end_va", layout->common.va + layout->common.bytes);
	set_number(variables, "end_va", layout->end_va);
	set_number(variables, "resume_va", layout->resume_va);
}

/* Copy a line, replacing %{name}. */
static void expand_line(struct buffer *out, const struct variables *variables, const char *line,
			size_t bytes)
{
	const char *end = line + bytes;

	while (line < end) {
		const char *mark = memmem(line, (size_t)(end - line), "%{", 2), *close;

		if (!mark)
			mark = end;
		buffer_add(out, line, (size_t)(mark - line));
		if (mark == end)
			return;
		mark += 2;
		close = memchr(mark, '}', (size_t)(end - mark));
		if (!close)
			hcc_bug("image.ld: '%%{' without '}'");
		buffer_printf(out, "%s", get(variables, mark, (size_t)(close - mark))->value);
		line = close + 1;
	}
}

static void expand(struct buffer *out, const struct variables *variables)
{
	unsigned depth = 0, dropped_from = 0; /* depth of the outermost %if that drops, or 0 */

	for (const char *line = template_text; *line;) {
		size_t bytes = strcspn(line, "\n") + 1;

		if (!strncmp(line, "%if ", 4)) {
			depth++;
			if (!dropped_from && !get(variables, line + 4, bytes - 5)->flag)
				dropped_from = depth;
		} else if (!strncmp(line, "%else\n", 6)) {
			if (!dropped_from)
				dropped_from = depth;
			else if (dropped_from == depth)
				dropped_from = 0;
		} else if (!strncmp(line, "%end\n", 5)) {
			if (dropped_from == depth)
				dropped_from = 0;
			depth--;
		} else if (!dropped_from) {
			expand_line(out, variables, line, bytes);
		}
		line += bytes;
	}
	if (depth)
		hcc_bug("image.ld: %%if without %%end");
}

void script_write(struct buffer *out, const struct layout *layout, const struct options *options,
		  bool first_link)
{
	struct variables variables = { 0 };

	set(&variables, "entry", hcc_format("%s", options->entry), false);
	set_flags(&variables, layout, first_link);
	set_lists(&variables, layout);
	set_numbers(&variables, layout);
	expand(out, &variables);
	for (size_t i = 0; i < variables.n; i++)
		free(variables.items[i].value);
	free(variables.items);
}
