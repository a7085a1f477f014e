/* Give the call sites of a function another site's locations, in the table of an executable: what a
 * wrong compiler would do. break FILE FUNCTION; prints how many it has broken. Native code. */
#include "lib_meta.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *data;
static size_t bytes;
static void *table;
static struct hcc_meta_header *meta; /* unpacked */

static const void *at(uint64_t off)
{
	return (const char *)meta + off;
}

/* Locations that are not those of r, but of as many values. */
static int find_locations(struct hcc_meta_return *r)
{
	const struct hcc_meta_return *other = at(meta->returns_off);
	const struct hcc_meta_site *sites = at(meta->sites_off);

	for (uint32_t i = 0; i < meta->n_returns; i++, other++)
		if (sites[other->site_idx].n_values == sites[r->site_idx].n_values
				&& memcmp(at(meta->locations_off + other->locations_off),
					at(meta->locations_off + r->locations_off), 2)) {
			r->locations_off = other->locations_off;
			return 1;
		}
	return 0;
}

static int is_of(const struct hcc_meta_return *r, const char *name)
{
	const struct hcc_meta_site *site =
		(const struct hcc_meta_site *)at(meta->sites_off) + r->site_idx;
	const struct hcc_meta_function *f =
		(const struct hcc_meta_function *)at(meta->functions_off) +
		hcc_meta_function_of(meta, r->site_idx);

	return site->n_values && r->return_va < f->resume_va
		&& !strcmp(at(meta->strings_off + f->name_off), name);
}

static void read_file(FILE *f)
{
	fseek(f, 0, SEEK_END);
	bytes = (size_t)ftell(f);
	rewind(f);
	data = malloc(bytes);
	if (!data || fread(data, 1, bytes, f) != bytes)
		exit(2);
	for (size_t i = 0; i + sizeof *meta < bytes; i += 16)
		if (!table && !memcmp(data + i, HCC_META_MAGIC, 8)) /* not one that is carried */
			table = data + i;
	if (!table)
		exit(2);
	meta = meta_open(table);
}

int main(int argc, char **argv)
{
	FILE *f = argc == 3 ? fopen(argv[1], "r+b") : NULL;
	struct hcc_meta_return *r;
	int n_broken = 0;

	if (!f)
		return 2;
	read_file(f);
	r = (void *)((char *)meta + meta->returns_off);
	for (uint32_t i = 0; i < meta->n_returns; i++, r++)
		if (is_of(r, argv[2]) && find_locations(r))
			n_broken++;
	meta_close(meta, table);
	rewind(f);
	if (fwrite(data, 1, bytes, f) != bytes || fclose(f))
		return 2;
	printf("%d\n", n_broken);
	return 0;
}
