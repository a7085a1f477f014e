/* The table of call sites: found, checked, read. */
#include "image.h"

#include <string.h>

#include "image_private.h"
#include "memory.h"

static bool fits(uint64_t off, uint64_t n, uint64_t unit_bytes, uint64_t bytes)
{
	return off <= bytes && n <= (bytes - off) / unit_bytes;
}

static bool header_fits(const struct hcc_meta_header *m)
{
	return fits(m->functions_off, m->n_functions, sizeof(struct hcc_meta_function), m->bytes) &&
	       fits(m->sites_off, m->n_sites, sizeof(struct hcc_meta_site), m->bytes) &&
	       fits(m->returns_off, m->n_returns, sizeof(struct hcc_meta_return), m->bytes) &&
	       fits(m->unwind_off, m->unwind_bytes, 1, m->bytes) &&
	       fits(m->locations_off, m->locations_bytes, 1, m->bytes) &&
	       fits(m->types_off, m->types_bytes, 1, m->bytes) &&
	       fits(m->strings_off, m->strings_bytes, 1, m->bytes) &&
	       m->functions_off % 8 == 0 && m->sites_off % 8 == 0 && m->returns_off % 8 == 0 &&
	       m->strings_bytes && !((const char *)m)[m->strings_off + m->strings_bytes - 1];
}

/* Every index and offset that the functions below follow. */
static const char *damage(const struct image *image)
{
	const struct hcc_meta_header *m = image->meta;
	uint32_t n_sites = 0;

	for (uint32_t i = 0; i < m->n_functions; i++) {
		const struct hcc_meta_function *f = &image->meta_functions[i];

		if (f->name_off >= m->strings_bytes || f->file_off >= m->strings_bytes)
			return "a function's name is outside of the pool";
		if (f->first_site != n_sites || f->n_sites > m->n_sites - n_sites)
			return "a function's sites are outside of the table";
		n_sites += f->n_sites;
		if (i && f[-1].entry_va >= f->entry_va)
			return "functions are not in order of address";
	}
	if (n_sites != m->n_sites)
		return "a site is of no function";
	for (uint32_t i = 0; i < m->n_sites; i++) {
		const struct hcc_meta_site *s = &image->meta_sites[i];

		if (!fits(s->types_off, s->n_values, 1, m->types_bytes))
			return "a site's types are outside of the table";
	}
	for (uint32_t i = 0; i < m->n_returns; i++) {
		const struct hcc_meta_return *r = &image->meta_returns[i];

		if (r->site_idx >= m->n_sites || r->unwind_off > m->unwind_bytes ||
		    r->locations_off > m->locations_bytes)
			return "a record's site or locations are outside of the table";
		if (i && r[-1].return_va > r->return_va)
			return "records are not in order of address";
	}
	return NULL;
}

int table_open(struct image *image, char **problem)
{
	const struct hcc_meta_header *m = NULL;
	const char *text = NULL;

	for (size_t i = 0; i < image->n_sections; i++)
		if (!strcmp(image->sections[i].name, HCC_META_SECTION) &&
		    image->sections[i].bytes >= sizeof *m &&
		    (uintptr_t)image->sections[i].data % 8 == 0) {
			m = (const void *)image->sections[i].data;
			if (m && m->bytes > image->sections[i].bytes)
				text = "is truncated";
		}
	if (!m)
		text = "there is none";
	else if (memcmp(m->magic, HCC_META_MAGIC, sizeof m->magic))
		text = "has no magic number";
	else if (m->version != HCC_META_VERSION)
		text = "is of another version";
	else if (m->isa != image->isa->id)
		text = "is for another ISA";
	else if (!text && (m->bytes < sizeof *m || !header_fits(m)))
		text = "its parts are not within it";
	if (!text) {
		image->meta = m;
		image->meta_functions = (const void *)((const char *)m + m->functions_off);
		image->meta_sites = (const void *)((const char *)m + m->sites_off);
		image->meta_returns = (const void *)((const char *)m + m->returns_off);
		text = damage(image);
	}
	if (!text)
		return 0;
	*problem = memory_format("%s: table of call sites: %s", image->path, text);
	return -1;
}

const struct hcc_meta_return *image_return(const struct image *image, uint64_t return_va)
{
	uint32_t low = 0, high = image->meta->n_returns;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (image->meta_returns[middle].return_va < return_va)
			low = middle + 1;
		else
			high = middle;
	}
	return low < image->meta->n_returns && image->meta_returns[low].return_va == return_va ?
		       &image->meta_returns[low] :
		       NULL;
}

const struct hcc_meta_site *image_site(const struct image *image, const struct hcc_meta_return *ret)
{
	return &image->meta_sites[ret->site_idx];
}

const struct hcc_meta_function *image_site_function(const struct image *image,
						    const struct hcc_meta_return *ret)
{
	return &image->meta_functions[hcc_meta_function_of(image->meta, ret->site_idx)];
}

uint32_t image_site_number(const struct image *image, const struct hcc_meta_return *ret)
{
	return ret->site_idx - image_site_function(image, ret)->first_site;
}

const uint8_t *image_types(const struct image *image, const struct hcc_meta_site *site)
{
	return (const uint8_t *)image->meta + image->meta->types_off + site->types_off;
}

const char *image_string(const struct image *image, uint32_t off)
{
	return (const char *)image->meta + image->meta->strings_off + off;
}

/* ---- pools ----------------------------------------------------------------------------------- */

struct pool {
	const uint8_t *data;
	uint64_t at, bytes;
	bool failed;
};

static uint64_t uleb(struct pool *pool)
{
	uint64_t value = 0;

	for (unsigned shift = 0; pool->at < pool->bytes && shift < 64; shift += 7) {
		uint8_t byte = pool->data[pool->at++];

		value |= (uint64_t)(byte & 127) << shift;
		if (!(byte & 128))
			return value;
	}
	pool->failed = true;
	return 0;
}

static int64_t sleb(struct pool *pool)
{
	uint64_t value = 0;

	for (unsigned shift = 0; pool->at < pool->bytes && shift < 64; shift += 7) {
		uint8_t byte = pool->data[pool->at++];

		value |= (uint64_t)(byte & 127) << shift;
		if (byte & 128)
			continue;
		if (byte & 64 && shift + 7 < 64)
			value |= ~(uint64_t)0 << (shift + 7);
		return (int64_t)value;
	}
	pool->failed = true;
	return 0;
}

static unsigned small(uint64_t value)
{
	return value < N_REGISTERS ? (unsigned)value : REGISTER_NONE;
}

int image_location(const struct image *image, uint64_t *at, struct location *out)
{
	struct pool pool = {(const uint8_t *)image->meta + image->meta->locations_off, *at,
			    image->meta->locations_bytes, false};

	*out = (struct location){ .reg = REGISTER_NONE };
	if (pool.at >= pool.bytes || pool.data[pool.at] > HCC_LOCATION_ADDRESS)
		return -1;
	out->kind = pool.data[pool.at++];
	if (out->kind != HCC_LOCATION_CONSTANT)
		out->reg = small(uleb(&pool));
	if (out->kind != HCC_LOCATION_REGISTER)
		out->value = sleb(&pool);
	*at = pool.at;
	return pool.failed ? -1 : 0;
}

int image_unwind(const struct image *image, const struct hcc_meta_return *ret, struct unwind *out)
{
	struct pool pool = {(const uint8_t *)image->meta + image->meta->unwind_off, ret->unwind_off,
			    image->meta->unwind_bytes, false};
	uint64_t n;

	*out = (struct unwind){ 0 };
	out->cfa_register = small(uleb(&pool));
	out->cfa_off = uleb(&pool);
	out->return_off = sleb(&pool);
	n = uleb(&pool);
	if (n > sizeof out->saved / sizeof *out->saved)
		return -1;
	for (out->n_saved = (unsigned)n, n = 0; n < out->n_saved; n++) {
		out->saved[n].reg = small(uleb(&pool));
		out->saved[n].off = sleb(&pool);
	}
	return pool.failed ? -1 : 0;
}

unsigned value_bits(unsigned type)
{
	switch (type) {
	case HCC_VALUE_F32:
		return 32;
	case HCC_VALUE_PTR:
	case HCC_VALUE_F64:
		return 64;
	case HCC_VALUE_I128:
	case HCC_VALUE_F128:
	case HCC_VALUE_V128:
		return 128;
	default:
		return type <= 64 ? type : 0;
	}
}
