/* For tools: checks a table of hcc_format.h, and unpacks it into arrays. */
#ifndef HCC_UNPACK_H
#define HCC_UNPACK_H

#include <stdlib.h>
#include <string.h>

#include "hcc_table.h"

static inline int hcc_meta_fits(uint64_t off, uint64_t n, uint64_t unit_bytes, uint64_t bytes)
{
	return off <= bytes && n <= (bytes - off) / unit_bytes;
}

static inline int hcc_meta_header_fits(const struct hcc_meta_header *m)
{
	uint32_t n_sites = hcc_meta_n_blocks(m->n_sites), n_returns = hcc_meta_n_blocks(m->n_returns);

	return hcc_meta_fits(m->functions_off, m->n_functions, sizeof(struct hcc_meta_function),
			m->bytes) &&
		hcc_meta_fits(m->sites_off, n_sites, sizeof(uint32_t), m->bytes) &&
		hcc_meta_fits(m->returns_off, n_returns, sizeof(struct hcc_meta_block), m->bytes) &&
		hcc_meta_fits(m->places_off, m->n_places, sizeof(struct hcc_meta_place), m->bytes) &&
		hcc_meta_fits(m->unwind_off, m->unwind_bytes, 1, m->bytes) &&
		hcc_meta_fits(m->locations_off, m->locations_bytes, 1, m->bytes) &&
		hcc_meta_fits(m->types_off, m->types_bytes, 1, m->bytes) &&
		hcc_meta_fits(m->strings_off, m->strings_bytes, 1, m->bytes) &&
		hcc_meta_fits(m->packed_off, m->packed_bytes, 1, m->bytes) &&
		m->n_places <= HCC_META_PLACES && m->functions_off % 8 == 0 &&
		m->sites_off % 8 == 0 && m->returns_off % 8 == 0 && m->places_off % 8 == 0 &&
		(m->strings_bytes ? !((const char *)m)[m->strings_off + m->strings_bytes - 1] :
				    !m->n_functions);
}

static inline const char *hcc_meta_check_functions(const struct hcc_meta_header *m)
{
	const struct hcc_meta_function *f = (const void *)((const char *)m + m->functions_off);

	for (uint32_t i = 0; i < m->n_functions; i++, f++) {
		uint32_t end = i + 1 < m->n_functions ? f[1].first_site : m->n_sites;

		if (f->name_off >= m->strings_bytes || f->file_off >= m->strings_bytes)
			return "a function's name is outside of the pool";
		if ((!i && f->first_site) || f->first_site > end || end > m->n_sites)
			return "a function's sites are outside of the table";
		if (i && f[-1].entry_va >= f->entry_va)
			return "functions are not in order of address";
	}
	return !m->n_functions && m->n_sites ? "a site is of no function" : NULL;
}

static inline const char *hcc_meta_check_sites(const struct hcc_meta_header *m)
{
	const uint32_t *blocks = (const void *)((const char *)m + m->sites_off);
	struct hcc_meta_site site = { 0, 0, 0, 0 };
	struct hcc_bytes b = hcc_bytes_of(m, m->packed_off, m->packed_bytes);

	for (uint32_t i = 0; i < m->n_sites && !b.failed; i++) {
		if (i % HCC_META_BLOCK == 0) {
			if (blocks[i / HCC_META_BLOCK] > m->packed_bytes)
				return "a block of sites is outside of the table";
			b = hcc_bytes_of(m, m->packed_off, m->packed_bytes);
			b.at += blocks[i / HCC_META_BLOCK];
			memset(&site, 0, sizeof site);
		}
		hcc_meta_read_site(m, &b, &site);
	}
	return b.failed ? "a site's types are outside of the table" : NULL;
}

/* The records of all blocks, one after the other; start with zeros. */
struct hcc_meta_walk {
	uint32_t i;
	struct hcc_bytes bytes;
	struct hcc_meta_return ret;
};

/* Returns 1 and the next record in walk->ret; 0 at the end; -1 when the table is damaged. */
static inline int hcc_meta_next(const struct hcc_meta_header *m, struct hcc_meta_walk *walk)
{
	if (walk->i == m->n_returns)
		return 0;
	if (walk->i % HCC_META_BLOCK == 0)
		walk->bytes = hcc_meta_block(m, walk->i / HCC_META_BLOCK, &walk->ret);
	walk->i++;
	if (!walk->bytes.failed)
		hcc_meta_read_return(m, &walk->bytes, &walk->ret);
	return walk->bytes.failed ? -1 : 1;
}

static inline const char *hcc_meta_check_returns(const struct hcc_meta_header *m)
{
	const struct hcc_meta_block *blocks = (const void *)((const char *)m + m->returns_off);
	struct hcc_meta_walk walk = { 0 };
	uint32_t last_va = 0;
	int more;

	while ((more = hcc_meta_next(m, &walk)) > 0) {
		struct hcc_meta_site site;
		struct hcc_bytes locations = hcc_meta_locations(m, &walk.ret);
		uint32_t block = (walk.i - 1) / HCC_META_BLOCK;

		if (walk.ret.site_idx >= m->n_sites || walk.ret.unwind_off > m->unwind_bytes ||
		    hcc_meta_find_site(m, walk.ret.site_idx, &site))
			return "a record's site or unwind program is outside of the table";
		if (walk.i > 1 && walk.ret.return_va <= last_va)
			return "records are not in order of address";
		if (walk.ret.return_va < blocks[block].return_va ||
		    (block + 1 < hcc_meta_n_blocks(m->n_returns) &&
		     walk.ret.return_va >= blocks[block + 1].return_va))
			return "a record is in the wrong block";
		last_va = walk.ret.return_va;
		while (site.n_values-- && !locations.failed)
			hcc_read_location(m, &locations);
		if (locations.failed)
			return "a record's locations are outside of the table";
	}
	return more ? "a block of records is damaged" : NULL;
}

/* Check a table whose magic number, version and ISA are right and which has m->bytes bytes: all that is
 * read of it by hcc_table.h is within it. Returns NULL or what is wrong. */
static inline const char *hcc_meta_check(const struct hcc_meta_header *m)
{
	const char *text;

	if (m->bytes < sizeof *m || !hcc_meta_header_fits(m))
		return "its parts are not within it";
	text = hcc_meta_check_functions(m);
	if (!text)
		text = hcc_meta_check_sites(m);
	return text ? text : hcc_meta_check_returns(m);
}

static inline uint8_t *hcc_put_uleb(uint8_t *at, uint64_t value)
{
	for (; value > 127; value >>= 7)
		*at++ = (uint8_t)(value | 128);
	*at++ = (uint8_t)value;
	return at;
}

static inline uint8_t *hcc_put_sleb(uint8_t *at, int64_t value)
{
	for (; value < -64 || value > 63; value >>= 7)
		*at++ = (uint8_t)(value | 128);
	*at++ = (uint8_t)(value & 127);
	return at;
}

/* The most that a location takes: kind, register, value. */
#define HCC_UNPACKED_LOCATION_BYTES 21

/* Write a record's locations unpacked; return their end. */
static inline uint8_t *hcc_unpack_locations(const struct hcc_meta_header *m,
	const struct hcc_meta_return *ret, uint32_t n, uint8_t *at)
{
	struct hcc_bytes b = hcc_meta_locations(m, ret);

	while (n--) {
		struct hcc_location l = hcc_read_location(m, &b);

		*at++ = (uint8_t)l.kind;
		if (l.kind != HCC_LOCATION_CONSTANT)
			at = hcc_put_uleb(at, l.reg);
		if (l.kind != HCC_LOCATION_REGISTER)
			at = hcc_put_sleb(at, l.value);
	}
	return at;
}

/* A checked table, unpacked: the same but for sites, returns and locations, which lie behind it. The
 * caller frees it. NULL: no memory. */
static inline struct hcc_meta_header *hcc_meta_unpack(const struct hcc_meta_header *m)
{
	uint64_t start = (m->bytes + 7) & ~(uint64_t)7, n_locations = 0, bytes;
	struct hcc_meta_walk walk = { 0 };
	struct hcc_meta_header *out;
	struct hcc_meta_site site, *sites;
	struct hcc_meta_return *returns;
	uint8_t *at;

	while (hcc_meta_next(m, &walk) > 0)
		if (!hcc_meta_find_site(m, walk.ret.site_idx, &site))
			n_locations += site.n_values;
	bytes = start + m->n_sites * (uint64_t)sizeof *sites +
		m->n_returns * (uint64_t)sizeof *returns +
		n_locations * HCC_UNPACKED_LOCATION_BYTES;
	out = bytes < UINT32_MAX ? calloc(1, bytes + 8) : NULL;
	if (!out)
		return NULL;
	memcpy(out, m, m->bytes);
	out->version = HCC_META_UNPACKED;
	out->sites_off = (uint32_t)start;
	sites = (void *)((char *)out + start);
	for (uint32_t i = 0; i < m->n_sites; i++)
		hcc_meta_find_site(m, i, &sites[i]);
	returns = (void *)(sites + m->n_sites);
	out->returns_off = (uint32_t)((char *)returns - (char *)out);
	at = (uint8_t *)(returns + m->n_returns);
	out->locations_off = (uint32_t)(at - (uint8_t *)out);
	memset(&walk, 0, sizeof walk);
	for (; hcc_meta_next(m, &walk) > 0; returns++) {
		*returns = walk.ret;
		returns->locations_off = (uint32_t)(at - (uint8_t *)out) - out->locations_off;
		at = hcc_unpack_locations(m, &walk.ret, sites[walk.ret.site_idx].n_values, at);
	}
	out->locations_bytes = (uint32_t)(at - (uint8_t *)out) - out->locations_off;
	out->bytes = (uint64_t)(at - (uint8_t *)out);
	return out;
}

#endif
