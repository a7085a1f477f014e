/* Sites and return addresses become bytes that tell each from the one before; what is frequent gets small
 * numbers: locations a place in a table, lists of them and of types an offset at the start of their
 * pool. */
#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "hcc_table.h"
#include "strmap.h"

/* Byte strings, counted. */
struct counted {
	struct strmap map;
	uint32_t *uses, *offsets; /* by number */
	uint32_t *order;          /* numbers, the most used first */
	size_t capacity;
};

struct packer {
	const struct hcc_meta_header *m;
	const struct hcc_meta_site *sites;
	const struct hcc_meta_return *returns;
	struct counted types, places, lists;
	struct buffer text;       /* all packed lists, end to end: what `lists` has for keys */
	size_t *list_off;         /* by return: where in text, and its end */
	uint32_t n_places;
	struct buffer packed;
	uint32_t *site_blocks;
	struct hcc_meta_block *blocks;
};

static uint32_t count(struct counted *c, const void *key, size_t bytes)
{
	uint32_t number = strmap_find_bytes(&c->map, key, bytes);

	if (number == STRMAP_NONE) {
		size_t capacity = c->capacity;

		number = strmap_add_bytes(&c->map, key, bytes);
		c->uses = hcc_grow(c->uses, &capacity, (size_t)number + 1, sizeof *c->uses);
		c->capacity = capacity;
		c->uses[number] = 0;
	}
	c->uses[number]++;
	return number;
}

static const struct counted *sorted;

static int compare_uses(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (sorted->uses[x] != sorted->uses[y])
		return sorted->uses[x] < sorted->uses[y] ? 1 : -1;
	return x < y ? -1 : x > y;
}

static void sort(struct counted *c)
{
	c->order = hcc_alloc((c->map.n_entries + 1) * sizeof *c->order);
	c->offsets = hcc_alloc((c->map.n_entries + 1) * sizeof *c->offsets);
	for (uint32_t i = 0; i < c->map.n_entries; i++)
		c->order[i] = i;
	sorted = c;
	if (c->map.n_entries)
		qsort(c->order, c->map.n_entries, sizeof *c->order, compare_uses);
}

static void counted_free(struct counted *c)
{
	strmap_free(&c->map);
	free(c->uses);
	free(c->offsets);
	free(c->order);
}

/* Append the byte strings in order; each gets an offset. */
static void write_counted(struct buffer *out, struct counted *c, int has_length)
{
	size_t start = out->bytes;

	for (size_t i = 0; i < c->map.n_entries; i++) {
		const struct strmap_entry *entry = &c->map.entries[c->order[i]];

		c->offsets[c->order[i]] = (uint32_t)(out->bytes - start);
		if (has_length)
			buffer_uleb128(out, entry->key_bytes);
		buffer_add(out, entry->key, entry->key_bytes);
	}
}

/* ---- Locations ---------------------------------------------------------------------------------- */

static struct hcc_bytes unpacked_locations(const struct packer *p, uint32_t i)
{
	struct hcc_bytes b =
		hcc_bytes_of(p->m, p->m->locations_off, p->m->locations_bytes);

	b.at += p->returns[i].locations_off;
	return b;
}

static struct hcc_location read_unpacked(struct hcc_bytes *b)
{
	struct hcc_location l = { .kind = hcc_read_byte(b) };

	if (l.kind != HCC_LOCATION_CONSTANT)
		l.reg = hcc_read_uleb(b);
	if (l.kind != HCC_LOCATION_REGISTER)
		l.value = hcc_read_sleb(b);
	return l;
}

static void count_places(struct packer *p)
{
	for (uint32_t i = 0; i < p->m->n_returns; i++) {
		struct hcc_bytes b = unpacked_locations(p, i);

		for (uint32_t v = 0; v < p->sites[p->returns[i].site_idx].n_values; v++) {
			const uint8_t *at = b.at;
			struct hcc_location l = read_unpacked(&b);

			if (l.reg <= UINT16_MAX && l.value == (int32_t)l.value)
				count(&p->places, at, (size_t)(b.at - at));
		}
	}
	sort(&p->places);
	/* One that is used less often is as long written out. */
	while (p->n_places < HCC_META_PLACES && p->n_places < p->places.map.n_entries &&
	       p->places.uses[p->places.order[p->n_places]] > 4)
		p->places.offsets[p->places.order[p->n_places++]] = 1;
	for (uint32_t i = 0; i < p->n_places; i++)
		p->places.offsets[p->places.order[i]] = i + 1;
}

static void pack_location(struct packer *p, struct hcc_bytes *b)
{
	const uint8_t *at = b->at;
	struct hcc_location l = read_unpacked(b);
	size_t bytes = (size_t)(b->at - at);
	uint32_t number = strmap_find_bytes(&p->places.map, at, bytes);
	uint8_t head = (uint8_t)(HCC_META_PLACES + l.kind);

	if (number != STRMAP_NONE && p->places.offsets[number]) {
		head = (uint8_t)(p->places.offsets[number] - 1);
		buffer_add(&p->text, &head, 1);
		return;
	}
	buffer_add(&p->text, &head, 1);
	buffer_add(&p->text, at + 1, bytes - 1);
}

/* The lists of more locations than are written in place are pooled. */
static void pack_locations(struct packer *p)
{
	p->list_off = hcc_alloc((p->m->n_returns + 1) * sizeof *p->list_off);
	for (uint32_t i = 0; i < p->m->n_returns; i++) {
		struct hcc_bytes b = unpacked_locations(p, i);

		p->list_off[i] = p->text.bytes;
		for (uint32_t v = p->sites[p->returns[i].site_idx].n_values; v; v--)
			pack_location(p, &b);
	}
	p->list_off[p->m->n_returns] = p->text.bytes;
	for (uint32_t i = 0; i < p->m->n_returns; i++)
		if (p->sites[p->returns[i].site_idx].n_values >= HCC_PACKED_POOLED)
			count(&p->lists, p->text.data + p->list_off[i],
			      p->list_off[i + 1] - p->list_off[i]);
	sort(&p->lists);
}

/* ---- Sites and returns -------------------------------------------------------------------------- */

static uint64_t zigzag(int64_t value)
{
	return value < 0 ? 2 * (uint64_t)-value - 1 : 2 * (uint64_t)value;
}

static void put_byte(struct packer *p, uint64_t value)
{
	uint8_t byte = (uint8_t)value;

	buffer_add(&p->packed, &byte, 1);
}

static void pack_sites(struct packer *p)
{
	const uint8_t *types = (const uint8_t *)p->m + p->m->types_off;
	uint32_t line = 0;

	p->site_blocks = hcc_alloc((hcc_meta_n_blocks(p->m->n_sites) + 1) *
				   sizeof *p->site_blocks);
	for (uint32_t i = 0; i < p->m->n_sites; i++) {
		const struct hcc_meta_site *site = &p->sites[i];
		uint64_t delta;

		if (i % HCC_META_BLOCK == 0) {
			p->site_blocks[i / HCC_META_BLOCK] = (uint32_t)p->packed.bytes;
			line = 0;
		}
		delta = zigzag((int64_t)site->line - line);
		if (delta > HCC_PACKED_LINE_FAR)
			delta = HCC_PACKED_LINE_FAR;
		put_byte(p, delta << HCC_PACKED_LINE_SHIFT | site->flags);
		if (delta == HCC_PACKED_LINE_FAR)
			buffer_uleb128(&p->packed, site->line);
		line = site->line;
		buffer_uleb128(&p->packed,
			       p->types.offsets[strmap_find_bytes(&p->types.map,
								  types + site->types_off,
								  site->n_values)]);
	}
}

static void pack_return(struct packer *p, uint32_t i, const struct hcc_meta_return *last)
{
	const struct hcc_meta_return *ret = &p->returns[i];
	uint32_t n = p->sites[ret->site_idx].n_values;
	uint64_t site = zigzag((int64_t)ret->site_idx - last->site_idx);
	size_t bytes = p->list_off[i + 1] - p->list_off[i];
	const char *list = bytes ? p->text.data + p->list_off[i] : NULL;

	if (n > HCC_PACKED_POOLED)
		n = HCC_PACKED_POOLED;
	if (site > HCC_PACKED_SITE_FAR)
		site = HCC_PACKED_SITE_FAR;
	buffer_uleb128(&p->packed, (ret->return_va - last->return_va) / HCC_META_UNIT(p->m->isa));
	put_byte(p, site << HCC_PACKED_SITE_SHIFT | n |
		 (ret->unwind_off != last->unwind_off ? HCC_PACKED_UNWIND : 0));
	if (site == HCC_PACKED_SITE_FAR)
		buffer_uleb128(&p->packed, ret->site_idx);
	if (ret->unwind_off != last->unwind_off)
		buffer_uleb128(&p->packed, ret->unwind_off);
	if (n == HCC_PACKED_POOLED)
		buffer_uleb128(&p->packed,
			       p->lists.offsets[strmap_find_bytes(&p->lists.map, list, bytes)]);
	else
		buffer_add(&p->packed, list, bytes);
}

static const char *pack_returns(struct packer *p)
{
	struct hcc_meta_return last = { 0 };

	p->blocks = hcc_alloc((hcc_meta_n_blocks(p->m->n_returns) + 1) * sizeof *p->blocks);
	for (uint32_t i = 0; i < p->m->n_returns; i++) {
		if (p->returns[i].return_va % HCC_META_UNIT(p->m->isa))
			return "a return address that is no instruction's";
		if (i % HCC_META_BLOCK == 0) {
			last = (struct hcc_meta_return){ .return_va = p->returns[i].return_va };
			p->blocks[i / HCC_META_BLOCK] = (struct hcc_meta_block){
				last.return_va, (uint32_t)p->packed.bytes };
		}
		pack_return(p, i, &last);
		last = p->returns[i];
	}
	return NULL;
}

/* ---- The whole ---------------------------------------------------------------------------------- */

static uint32_t start_part(struct buffer *out, size_t start, unsigned align)
{
	static const char zeros[8];

	buffer_add(out, zeros, -(out->bytes - start) & (align - 1));
	return (uint32_t)(out->bytes - start);
}

static void copy_part(struct buffer *out, size_t start, const void *data, size_t bytes,
		      unsigned align, uint32_t *off)
{
	*off = start_part(out, start, align);
	buffer_add(out, data, bytes);
}

static void write_places(struct packer *p, struct buffer *out)
{
	for (uint32_t i = 0; i < p->n_places; i++) {
		const struct strmap_entry *e = &p->places.map.entries[p->places.order[i]];
		struct hcc_bytes b = { e->key, (const uint8_t *)e->key + e->key_bytes, 0 };
		struct hcc_location l = read_unpacked(&b);
		struct hcc_meta_place place = { (int32_t)l.value, (uint16_t)l.reg,
						(uint16_t)l.kind };

		buffer_add(out, &place, sizeof place);
	}
}

static void write_all(struct packer *p, struct buffer *out)
{
	const struct hcc_meta_header *m = p->m;
	const char *base = (const char *)m;
	struct hcc_meta_header header = *m;
	size_t start = out->bytes;

	header.version = HCC_META_VERSION;
	buffer_add(out, &header, sizeof header);
	copy_part(out, start, base + m->functions_off,
		  m->n_functions * sizeof(struct hcc_meta_function), 8, &header.functions_off);
	copy_part(out, start, p->site_blocks,
		  hcc_meta_n_blocks(m->n_sites) * sizeof *p->site_blocks, 8, &header.sites_off);
	copy_part(out, start, p->blocks, hcc_meta_n_blocks(m->n_returns) * sizeof *p->blocks, 8,
		  &header.returns_off);
	header.places_off = start_part(out, start, 8);
	header.n_places = p->n_places;
	write_places(p, out);
	header.packed_bytes = (uint32_t)p->packed.bytes;
	copy_part(out, start, p->packed.data, p->packed.bytes, 1, &header.packed_off);
	copy_part(out, start, base + m->unwind_off, m->unwind_bytes, 1, &header.unwind_off);
	header.locations_off = start_part(out, start, 1);
	write_counted(out, &p->lists, 0);
	header.locations_bytes = (uint32_t)(out->bytes - start) - header.locations_off;
	header.types_off = start_part(out, start, 1);
	write_counted(out, &p->types, 1);
	header.types_bytes = (uint32_t)(out->bytes - start) - header.types_off;
	copy_part(out, start, base + m->strings_off, m->strings_bytes, 1, &header.strings_off);
	header.bytes = start_part(out, start, 8);
	memcpy(out->data + start, &header, sizeof header);
}

/* Offsets are given before the bytes are written. */
static void give_offsets(struct counted *c, int has_length)
{
	struct buffer scratch = { 0 };

	write_counted(&scratch, c, has_length);
	buffer_free(&scratch);
}

const char *table_pack(struct buffer *out, const struct hcc_meta_header *m)
{
	struct packer p = {
		.m = m,
		.sites = (const void *)((const char *)m + m->sites_off),
		.returns = (const void *)((const char *)m + m->returns_off),
	};
	const char *types = (const char *)m + m->types_off, *problem;

	for (uint32_t i = 0; i < m->n_sites; i++)
		count(&p.types, types + p.sites[i].types_off, p.sites[i].n_values);
	sort(&p.types);
	give_offsets(&p.types, 1);
	count_places(&p);
	pack_locations(&p);
	give_offsets(&p.lists, 0);
	pack_sites(&p);
	problem = pack_returns(&p);
	if (!problem)
		write_all(&p, out);
	counted_free(&p.types);
	counted_free(&p.places);
	counted_free(&p.lists);
	buffer_free(&p.text);
	buffer_free(&p.packed);
	free(p.list_off);
	free(p.site_blocks);
	free(p.blocks);
	return problem;
}
