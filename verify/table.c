/* The table of call sites: found, checked, read. */
#include "image.h"

#include <string.h>

#include "hcc_unpack.h"
#include "image_private.h"
#include "memory.h"

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
	else if (!text)
		text = hcc_meta_check(m);
	if (!text) {
		m = image->meta = hcc_meta_unpack(m);
		if (!m)
			text = "there is no memory for it";
	}
	if (!text) {
		image->meta_functions = (const void *)((const char *)m + m->functions_off);
		image->meta_sites = (const void *)((const char *)m + m->sites_off);
		image->meta_returns = (const void *)((const char *)m + m->returns_off);
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
