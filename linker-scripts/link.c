/* The list of steps of a link. Each ISA is linked twice: the first executable holds the stack maps
 * and sites that the table is made of, the second one the table. */
#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "checker.h"
#include "compress.h"
#include "diag.h"
#include "extract.h"
#include "image.h"
#include "layout.h"
#include "lld.h"
#include "metaobj.h"
#include "resolve.h"
#include "script.h"
#include "sha256.h"
#include "table.h"
#include "temps.h"
#include "unique.h"
#include "verify.h"

struct link {
	const struct options *options;
	struct temps temps;
	struct resolution resolution;
	struct layout layout;
	uint8_t build_id[HCC_BUILD_ID_BYTES];
	char build_id_text[2 * HCC_BUILD_ID_BYTES + 1];
	struct image first[HCC_MAX_ISAS], second[HCC_MAX_ISAS];
	struct table tables[HCC_MAX_ISAS];
	char *first_paths[HCC_MAX_ISAS], *meta_paths[HCC_MAX_ISAS];
};

/* Of all that goes into the executables, by ISA number: the same on every host. */
static void make_build_id(struct link *link)
{
	const struct options *options = link->options;
	struct sha256 hash;
	uint8_t digest[32];

	sha256_init(&hash);
	sha256_add(&hash, options->entry, strlen(options->entry) + 1);
	for (size_t i = 0; i < options->lld_args.n; i++)
		sha256_add(
			&hash, options->lld_args.items[i], strlen(options->lld_args.items[i]) + 1);
	for (size_t k = 0; k < hcc_n_isas; k++)
		for (size_t i = 0; i < options->n_isas; i++) {
			if (options->isas[i] != &hcc_isas[k])
				continue;
			sha256_add(&hash, &hcc_isas[k].id, sizeof hcc_isas[k].id);
			for (size_t o = 0; o < link->resolution.n_objects; o++) {
				const struct piece *piece = link->resolution.objects[o]->pieces[i];

				for (; piece; piece = piece->next)
					sha256_add(&hash, piece->image, piece->bytes);
			}
		}
	sha256_end(&hash, digest);
	memcpy(link->build_id, digest, sizeof link->build_id);
	for (size_t i = 0; i < sizeof link->build_id; i++)
		sprintf(link->build_id_text + 2 * i, "%02x", link->build_id[i]);
}

/* Write the script and run lld for all ISAs. */
static int run_lld(struct link *link, bool first_link)
{
	char *path = hcc_format("%s/%s.ld", link->temps.dir, first_link ? "first" : "second");
	struct lld_run run = { .script = path, .build_id = link->build_id_text };
	struct buffer script = { 0 };
	int result;

	for (size_t i = 0; i < link->options->n_isas; i++) {
		run.outputs[i] = first_link ? link->first_paths[i] : link->temps.pending[i];
		run.meta[i] = first_link ? NULL : link->meta_paths[i];
	}
	script_write(&script, &link->layout, link->options, first_link);
	result = buffer_write(&script, path);
	if (!result)
		result = lld_link(&run, &link->resolution, link->options, &link->temps);
	buffer_free(&script);
	free(path);
	return result;
}

static int make_tables(struct link *link)
{
	const struct options *options = link->options;

	for (size_t i = 0; i < options->n_isas; i++)
		if (table_read(&link->tables[i], &link->first[i], &link->resolution, &link->layout,
			       options, i) < 0)
			return -1;
	for (size_t i = 1; i < options->n_isas; i++)
		if (table_compare(&link->tables[0], &link->tables[i]) < 0)
			return -1;
	for (size_t i = 0; i < options->n_isas; i++) {
		struct buffer blob = { 0 };
		int result = table_write(&blob, &link->tables[i], &link->layout, link->build_id);

		if (!result)
			result = metaobj_write(link->meta_paths[i], options->isas[i], &blob,
				compresses_clones(options, &link->layout));
		buffer_free(&blob);
		if (result)
			return -1;
	}
	return 0;
}

static int open_images(const struct link *link, struct image *images, char *const *paths)
{
	for (size_t i = 0; i < link->options->n_isas; i++)
		if (image_open(&images[i], paths[i]) < 0)
			return -1;
	return 0;
}

static void add_file_name(struct buffer *text, const char *name)
{
	for (; *name; name++) {
		if (*name == ' ' || *name == '#')
			buffer_add(text, "\\", 1);
		if (*name == '$')
			buffer_add(text, "$", 1);
		buffer_add(text, name, 1);
	}
}

/* What the program was made of, as make wants it, in the form that ld and lld write. */
static int write_dependencies(const struct link *link)
{
	const struct string_list *files = &link->resolution.files;
	struct buffer text = { 0 };
	int result;

	add_file_name(&text, link->options->output);
	buffer_add(&text, ":", 1);
	for (size_t i = 0; i < files->n; i++) {
		buffer_printf(&text, " \\\n  ");
		add_file_name(&text, files->items[i]);
	}
	buffer_add(&text, "\n", 1);
	for (size_t i = 0; i < files->n; i++) {
		buffer_add(&text, "\n", 1);
		add_file_name(&text, files->items[i]);
		buffer_printf(&text, ":\n");
	}
	result = buffer_write(&text, link->options->dependency_file);
	buffer_free(&text);
	return result;
}

static int link_all(struct link *link)
{
	const struct options *options = link->options;

	if (extract_objects(&link->resolution, &link->layout, options, &link->temps) < 0 ||
	    run_lld(link, true) < 0)
		return -1;
	if (options->plan_only)
		return run_lld(link, false);
	if (open_images(link, link->first, link->first_paths) < 0 ||
	    verify_shared(link->first, &link->resolution, &link->layout, options) < 0 ||
	    make_tables(link) < 0 || run_lld(link, false) < 0 ||
	    open_images(link, link->second, link->temps.pending) < 0)
		return -1;
	for (size_t i = 0; i < options->n_isas; i++)
		verify_unmoved(&link->first[i], &link->second[i], options->strip);
	for (size_t i = 0; compresses_clones(options, &link->layout) && i < options->n_isas; i++)
		if (compress_clones(&link->second[i]) < 0)
			return -1;
	if (options->verify &&
	    check_outputs(&link->temps, options, options->strip ? link->first_paths : NULL) < 0)
		return -1;
	if (temps_commit(&link->temps, options) < 0)
		return -1;
	return options->dependency_file ? write_dependencies(link) : 0;
}

int link_program(const struct options *options)
{
	struct link *link = hcc_alloc(sizeof *link);
	int result = -1;

	link->options = options;
	if (resolve_inputs(&link->resolution, options) < 0)
		goto out;
	make_names_unique(&link->resolution, options);
	if (layout_make(&link->layout, &link->resolution, options) < 0)
		goto out;
	make_build_id(link);
	if (temps_make(&link->temps, options) < 0)
		goto out;
	for (size_t i = 0; i < options->n_isas; i++) {
		const char *isa = options->isas[i]->name;

		link->first_paths[i] = hcc_format("%s/%s.first", link->temps.dir, isa);
		link->meta_paths[i] = hcc_format("%s/%s.meta.o", link->temps.dir, isa);
	}
	result = link_all(link);
out:
	for (size_t i = 0; i < options->n_isas; i++) {
		table_free(&link->tables[i]);
		image_close(&link->first[i]);
		image_close(&link->second[i]);
		free(link->first_paths[i]);
		free(link->meta_paths[i]);
	}
	temps_remove(&link->temps, options);
	free(link); /* inputs stay mapped to the end of the process */
	return result;
}
