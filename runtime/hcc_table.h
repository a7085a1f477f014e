/* Reads the packed table of hcc_format.h: a site by its number, return addresses block by block. Keeps
 * within the table, whose header has been checked, whatever is in it. Shared by the runtime and the tools;
 * async-signal-safe. */
#ifndef HCC_TABLE_H
#define HCC_TABLE_H

#include "hcc_format.h"

struct hcc_bytes {
	const uint8_t *at, *end;
	int failed;  /* it has ended too soon, or is not understood */
};

struct hcc_location {
	uint32_t kind;  /* enum hcc_location_kind */
	uint64_t reg;
	int64_t value;  /* offset or constant */
};

static inline struct hcc_bytes hcc_bytes_of(const struct hcc_meta_header *m, uint64_t off,
	uint64_t bytes)
{
	const uint8_t *at = (const uint8_t *)m + off;

	return (struct hcc_bytes){at, at + bytes, 0};
}

static inline uint8_t hcc_read_byte(struct hcc_bytes *b)
{
	if (b->at < b->end)
		return *b->at++;
	b->failed = 1;
	return 0;
}

static inline uint64_t hcc_read_uleb(struct hcc_bytes *b)
{
	uint64_t value = 0;
	uint8_t byte = 0x80;

	for (int shift = 0; shift < 64 && byte & 0x80; shift += 7) {
		byte = hcc_read_byte(b);
		value |= (uint64_t)(byte & 0x7f) << shift;
	}
	b->failed |= byte >> 7;
	return value;
}

static inline int64_t hcc_read_sleb(struct hcc_bytes *b)
{
	uint64_t value = 0;
	uint8_t byte = 0x80;
	int shift = 0;

	for (; shift < 64 && byte & 0x80; shift += 7) {
		byte = hcc_read_byte(b);
		value |= (uint64_t)(byte & 0x7f) << shift;
	}
	b->failed |= byte >> 7;
	if (byte & 0x40 && shift < 64)
		value |= ~(uint64_t)0 << shift;
	return (int64_t)value;
}

static inline uint32_t hcc_zigzag(uint32_t coded)
{
	return coded >> 1 ^ -(coded & 1);
}

/* ---- Sites -------------------------------------------------------------------------------------- */

/* The next site of a block; *site is the one before it, zeros at first. */
static inline void hcc_meta_read_site(const struct hcc_meta_header *m, struct hcc_bytes *b,
	struct hcc_meta_site *site)
{
	uint8_t head = hcc_read_byte(b);
	uint64_t off;
	struct hcc_bytes list;

	site->flags = head & ((1u << HCC_PACKED_LINE_SHIFT) - 1);
	head >>= HCC_PACKED_LINE_SHIFT;
	site->line = head == HCC_PACKED_LINE_FAR ? (uint32_t)hcc_read_uleb(b)
		: site->line + hcc_zigzag(head);
	off = hcc_read_uleb(b);
	list = hcc_bytes_of(m, m->types_off, m->types_bytes);
	if (off > m->types_bytes) {
		b->failed = 1;
		off = 0;
	}
	list.at += off;
	site->n_values = (uint32_t)hcc_read_uleb(&list);
	site->types_off = (uint32_t)(list.at - (const uint8_t *)m - m->types_off);
	if (list.failed || site->n_values > (uint64_t)(list.end - list.at))
		b->failed = 1;
}

/* Returns 0; -1 when the table is damaged. site_idx is below n_sites. */
static inline int hcc_meta_find_site(const struct hcc_meta_header *m, uint32_t site_idx,
	struct hcc_meta_site *site)
{
	const uint32_t *blocks = (const void *)((const char *)m + m->sites_off);
	struct hcc_bytes b = hcc_bytes_of(m, m->packed_off, m->packed_bytes);
	uint32_t off = blocks[site_idx / HCC_META_BLOCK];

	*site = (struct hcc_meta_site){0, 0, 0, 0};
	if (off > m->packed_bytes)
		return -1;
	b.at += off;
	for (uint32_t n = site_idx % HCC_META_BLOCK + 1; n; n--)
		hcc_meta_read_site(m, &b, site);
	return b.failed ? -1 : 0;
}

/* ---- Locations ---------------------------------------------------------------------------------- */

static inline struct hcc_location hcc_read_location(const struct hcc_meta_header *m,
	struct hcc_bytes *b)
{
	const struct hcc_meta_place *places = (const void *)((const char *)m + m->places_off);
	struct hcc_location l = {0, 0, 0};
	uint8_t head = hcc_read_byte(b);

	if (head < m->n_places)
		return (struct hcc_location){places[head].kind, places[head].reg,
			places[head].value};
	l.kind = head - HCC_META_PLACES;
	if (head < HCC_META_PLACES)
		b->failed = 1;
	if (l.kind != HCC_LOCATION_CONSTANT)
		l.reg = hcc_read_uleb(b);
	if (l.kind != HCC_LOCATION_REGISTER)
		l.value = hcc_read_sleb(b);
	return l;
}

/* Those of a record, in order. */
static inline struct hcc_bytes hcc_meta_locations(const struct hcc_meta_header *m,
	const struct hcc_meta_return *ret)
{
	return hcc_bytes_of(m, ret->locations_off, m->bytes - ret->locations_off);
}

/* ---- Return addresses --------------------------------------------------------------------------- */

static inline uint32_t hcc_meta_n_blocks(uint32_t n)
{
	return n / HCC_META_BLOCK + (n % HCC_META_BLOCK != 0);
}

/* Begin a block: *ret is what its first return address is told from. */
static inline struct hcc_bytes hcc_meta_block(const struct hcc_meta_header *m, uint32_t block,
	struct hcc_meta_return *ret)
{
	const struct hcc_meta_block *blocks = (const void *)((const char *)m + m->returns_off);
	struct hcc_bytes b = hcc_bytes_of(m, m->packed_off, m->packed_bytes);

	*ret = (struct hcc_meta_return){blocks[block].return_va, 0, 0, 0};
	if (blocks[block].off > m->packed_bytes)
		b.failed = 1;
	else
		b.at += blocks[block].off;
	return b;
}

/* The next one; *ret is the one before it. Its locations are in the packed bytes or in the pool. */
static inline void hcc_meta_read_return(const struct hcc_meta_header *m, struct hcc_bytes *b,
	struct hcc_meta_return *ret)
{
	uint32_t head, n, site;
	uint64_t off;

	ret->return_va += (uint32_t)hcc_read_uleb(b) * HCC_META_UNIT(m->isa);
	head = hcc_read_byte(b);
	site = head >> HCC_PACKED_SITE_SHIFT;
	ret->site_idx = site == HCC_PACKED_SITE_FAR ? (uint32_t)hcc_read_uleb(b)
		: ret->site_idx + hcc_zigzag(site);
	if (head & HCC_PACKED_UNWIND)
		ret->unwind_off = (uint32_t)hcc_read_uleb(b);
	n = head & HCC_PACKED_POOLED;
	if (n == HCC_PACKED_POOLED) {
		off = hcc_read_uleb(b);
		b->failed |= off > m->locations_bytes;
		ret->locations_off = m->locations_off + (uint32_t)off;
		return;
	}
	ret->locations_off = (uint32_t)(b->at - (const uint8_t *)m);
	while (n--)
		hcc_read_location(m, b);
}

/* The record of a return address. Returns 0; -1: it has none. */
static inline int hcc_meta_find_return(const struct hcc_meta_header *m, uint64_t return_va,
	struct hcc_meta_return *ret)
{
	const struct hcc_meta_block *blocks = (const void *)((const char *)m + m->returns_off);
	uint32_t low = 0, high = hcc_meta_n_blocks(m->n_returns), n;
	struct hcc_bytes b;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (blocks[middle].return_va <= return_va)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return -1;
	b = hcc_meta_block(m, --low, ret);
	n = m->n_returns - low * HCC_META_BLOCK;
	for (n = n < HCC_META_BLOCK ? n : HCC_META_BLOCK; n && !b.failed; n--) {
		hcc_meta_read_return(m, &b, ret);
		if (ret->return_va >= return_va)
			return ret->return_va == return_va && !b.failed ? 0 : -1;
	}
	return -1;
}

#endif
