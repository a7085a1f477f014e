/* A map from strings (or byte strings) to small numbers, given out in order: 0, 1, 2... */
#ifndef HCC_LD_STRMAP_H
#define HCC_LD_STRMAP_H

#include <stddef.h>
#include <stdint.h>

struct strmap_entry {
	const void *key;
	size_t key_bytes;
	uint64_t hash;
};

struct strmap {
	struct strmap_entry *entries;
	uint32_t *slots; /* number + 1; 0 is free */
	size_t n_entries, capacity, n_slots;
};

#define STRMAP_NONE UINT32_MAX

/* The number of a key; strmap_add gives the next one to a new key, strmap_find STRMAP_NONE.
 * Keys are borrowed: they must outlive the map. */
uint32_t strmap_add_bytes(struct strmap *map, const void *key, size_t key_bytes);
uint32_t strmap_find_bytes(const struct strmap *map, const void *key, size_t key_bytes);
uint32_t strmap_add(struct strmap *map, const char *key);
uint32_t strmap_find(const struct strmap *map, const char *key);
void strmap_free(struct strmap *map);

#endif
