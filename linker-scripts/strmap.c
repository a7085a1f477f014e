/* Strings to numbers: open addressing over FNV-1a, never deletes. */
#include "strmap.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"

static uint64_t hash_bytes(const unsigned char *p, size_t n)
{
	uint64_t hash = 0xcbf29ce484222325u;

	while (n--)
		hash = (hash ^ *p++) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

/* The slot that has the key, or the free one where it belongs. */
static uint32_t *find_slot(const struct strmap *map, const void *key, size_t bytes, uint64_t hash)
{
	size_t i = hash & (map->n_slots - 1);

	for (;; i = (i + 1) & (map->n_slots - 1)) {
		uint32_t *slot = &map->slots[i];
		const struct strmap_entry *entry;

		if (!*slot)
			return slot;
		entry = &map->entries[*slot - 1];
		if (entry->hash == hash && entry->key_bytes == bytes &&
		    (!bytes || !memcmp(entry->key, key, bytes)))
			return slot;
	}
}

static void rehash(struct strmap *map)
{
	free(map->slots);
	map->n_slots = map->n_slots ? map->n_slots * 2 : 64;
	map->slots = hcc_alloc(map->n_slots * sizeof *map->slots);
	for (size_t i = 0; i < map->n_entries; i++) {
		struct strmap_entry *entry = &map->entries[i];

		*find_slot(map, entry->key, entry->key_bytes, entry->hash) = (uint32_t)i + 1;
	}
}

uint32_t strmap_add_bytes(struct strmap *map, const void *key, size_t key_bytes)
{
	uint64_t hash = hash_bytes(key, key_bytes);
	uint32_t *slot;

	if (2 * (map->n_entries + 1) > map->n_slots)
		rehash(map);
	slot = find_slot(map, key, key_bytes, hash);
	if (!*slot) {
		map->entries = hcc_grow(map->entries, &map->capacity, map->n_entries + 1,
					sizeof *map->entries);
		map->entries[map->n_entries++] = (struct strmap_entry){ key, key_bytes, hash };
		*slot = (uint32_t)map->n_entries;
	}
	return *slot - 1;
}

uint32_t strmap_find_bytes(const struct strmap *map, const void *key, size_t key_bytes)
{
	uint32_t *slot;

	if (!map->n_slots)
		return STRMAP_NONE;
	slot = find_slot(map, key, key_bytes, hash_bytes(key, key_bytes));
	return *slot ? *slot - 1 : STRMAP_NONE;
}

uint32_t strmap_add(struct strmap *map, const char *key)
{
	return strmap_add_bytes(map, key, strlen(key));
}

uint32_t strmap_find(const struct strmap *map, const char *key)
{
	return strmap_find_bytes(map, key, strlen(key));
}

void strmap_free(struct strmap *map)
{
	free(map->entries);
	free(map->slots);
	*map = (struct strmap){ 0 };
}
