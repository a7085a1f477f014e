/* The table of an executable (hcc_format.h), from the stack maps, sites and unwind data that the
 * first link left in it. */
#ifndef HCC_LD_TABLE_H
#define HCC_LD_TABLE_H

#include "buffer.h"
#include "hcc_format.h"
#include "image.h"
#include "layout.h"
#include "pool.h"
#include "resolve.h"

struct table_site {
	struct hcc_sites_site record;
	const uint8_t *types; /* record.n_values bytes, in the image */
};

struct table_function {
	struct hcc_sites_function record;
	const char *name, *file;     /* in the image */
	struct table_site *sites;    /* record.n_sites */
	size_t piece_number;         /* of the object that it comes from, in link order */
	bool dropped; /* a weak definition that gave way: entry_va is another one's */
	uint32_t first_site;
};

struct table_return {
	uint64_t return_va;
	size_t function_idx;
	uint32_t site, unwind_off, locations_off;
};

struct table {
	const struct hcc_isa *isa;
	size_t isa_idx; /* into options.isas[] */
	const struct options *options;
	struct table_function *functions;
	size_t n_functions, functions_capacity, n_sites;
	struct table_return *returns;
	size_t n_returns, returns_capacity;
	struct pool unwind, locations, types, strings;
};

/* Read one ISA's executable of the first link; it must stay open as long as the table is used.
 *   returns  0; -1 after a message */
int table_read(struct table *table, const struct image *image, const struct resolution *resolution,
	       const struct layout *layout, const struct options *options, size_t isa_idx);

/* All ISAs must have the same functions and sites. Returns 0; -1 after a message. */
int table_compare(const struct table *first, const struct table *other);

/* Append the blob for HCC_META_SECTION. Returns 0; -1 after a message. */
int table_write(struct buffer *out, struct table *table, const struct layout *layout,
		const uint8_t build_id[HCC_BUILD_ID_BYTES]);

void table_free(struct table *table);

/* stackmap.c: read one object's part of .llvm_stackmaps, whose functions are
 * table->functions[first, end). Returns 0; -1 after a message. */
int stackmap_read(struct table *table, const char *data, size_t bytes, size_t first, size_t end,
		  const char *object);

#endif
