/* The name of an object: a hash of all that makes it what it is. */
#include "object_name.h"

#include "config.h"
#include "file.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bits, then the finaliser of MurmurHash3: the first alone leaves the last byte's bits
 * where they are. */
static void hash(uint64_t *state, const void *bytes, size_t n_bytes)
{
	for (const unsigned char *byte = bytes; n_bytes--; byte++)
		*state = (*state ^ *byte) * 0x100000001b3u;
}

static void hash_text(uint64_t *state, const char *text)
{
	hash(state, text, strlen(text) + 1);
}

static uint64_t hash_end(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdu;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

uint64_t object_name(const struct options *options, const char *source, const char *output,
	const void *text, size_t text_bytes)
{
	uint64_t state = 0xcbf29ce484222325u;
	char *source_path = realpath(source, NULL);
	char *output_path = file_absolute(output);

	hash_text(&state, HCC_VERSION);
	hash_text(&state, source_path ? source_path : source);
	hash_text(&state, output_path);
	hash_text(&state, options->level);
	hash_text(&state, options->migrate);
	hash_text(&state, options->polls);
	hash_text(&state, options->keep_out ? options->keep_out : "");
	for (size_t i = 0; i < options->cc.n_words; i++)
		hash_text(&state, options->cc.word[i]);
	hash(&state, text, text_bytes);
	free(source_path);
	free(output_path);
	return hash_end(state);
}
