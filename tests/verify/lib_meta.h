/* The table of an executable that is mapped to be changed: unpacked, changed by the test, packed again into
 * its section. Compiled with linker-scripts/pack.c and what that needs. */
#ifndef HCC_TEST_META_H
#define HCC_TEST_META_H

#include <stdio.h>

#include "hcc_unpack.h"
#include "pack.h"

static inline struct hcc_meta_header *meta_open(const void *section)
{
	const char *problem = hcc_meta_check(section);
	struct hcc_meta_header *m = problem ? NULL : hcc_meta_unpack(section);

	if (!m) {
		printf("table: %s\n", problem ? problem : "no memory");
		exit(1);
	}
	return m;
}

/* Cut the last byte off the last string. */
static inline void meta_shorten(struct hcc_meta_header *m)
{
	struct hcc_meta_function *f = (void *)((char *)m + m->functions_off);
	uint32_t last = --m->strings_bytes - 1;

	((char *)m)[m->strings_off + last] = 0;
	for (uint32_t i = 0; i < m->n_functions; i++, f++) {
		f->name_off = f->name_off < last ? f->name_off : last;
		f->file_off = f->file_off < last ? f->file_off : last;
	}
}

/* One that has grown takes the room from the last strings. */
static inline void meta_close(struct hcc_meta_header *m, void *section)
{
	uint64_t bytes = ((const struct hcc_meta_header *)section)->bytes;
	struct buffer out = { 0 };
	const char *problem = table_pack(&out, m);

	for (int most = 64; !problem && out.bytes > bytes && most; most--) {
		meta_shorten(m);
		out.bytes = 0;
		problem = table_pack(&out, m);
	}
	if (!problem && out.bytes > bytes)
		problem = "it does not fit any more";
	if (problem) {
		printf("table: %s\n", problem);
		exit(1);
	}
	memset(section, 0, bytes);
	memcpy(section, out.data, out.bytes);
	buffer_free(&out);
	free(m);
}

#endif
