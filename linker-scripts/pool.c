/* Deduplicates whole byte strings. */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"

uint32_t pool_add(struct pool *pool, const void *data, size_t bytes)
{
	uint32_t number = strmap_find_bytes(&pool->map, data, bytes);
	char *copy;

	if (number != STRMAP_NONE)
		return pool->offsets[number];
	copy = hcc_alloc(bytes);
	if (bytes)
		memcpy(copy, data, bytes);
	number = strmap_add_bytes(&pool->map, copy, bytes);
	pool->offsets = hcc_grow(pool->offsets, &pool->capacity, (size_t)number + 1,
				 sizeof *pool->offsets);
	if (pool->contents.bytes + bytes > UINT32_MAX)
		hcc_bug("a pool of the table is larger than 4 GiB");
	pool->offsets[number] = (uint32_t)pool->contents.bytes;
	buffer_add(&pool->contents, data, bytes);
	return pool->offsets[number];
}

void pool_free(struct pool *pool)
{
	for (size_t i = 0; i < pool->map.n_entries; i++)
		free((void *)pool->map.entries[i].key);
	strmap_free(&pool->map);
	buffer_free(&pool->contents);
	free(pool->offsets);
	*pool = (struct pool){ 0 };
}
