/* Byte strings, each stored once. */
#ifndef HCC_LD_POOL_H
#define HCC_LD_POOL_H

#include "buffer.h"
#include "strmap.h"

struct pool {
	struct buffer contents;
	struct strmap map;
	uint32_t *offsets;
	size_t capacity;
};

/* The offset of these bytes in the pool's contents. */
uint32_t pool_add(struct pool *pool, const void *data, size_t bytes);
void pool_free(struct pool *pool);

#endif
