/* stream FILE [FIELD=VALUE...]: what hcc-migrate move sends of a snapshot's file without
 * compression, to standard output. Fields: magic (a string), version, coding, file_bytes, chunk
 * (bytes of the chunks), last (length of the chunk that ends it), cut (bytes that are sent of
 * all), go (1: the byte that lets the process go on follows). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/stream.h"

static uint64_t cut = ~(uint64_t)0;

static void put(const void *bytes, size_t n)
{
	if (n > cut)
		n = cut;
	cut -= n;
	fwrite(bytes, 1, n, stdout);
}

static uint64_t number(int argc, char **argv, const char *name, uint64_t value)
{
	for (int i = 2; i < argc; i++)
		if (!strncmp(argv[i], name, strlen(name)) && argv[i][strlen(name)] == '=')
			value = strtoull(argv[i] + strlen(name) + 1, NULL, 0);
	return value;
}

int main(int argc, char **argv)
{
	static char file[64 << 20];
	struct stream_header h = {.magic = STREAM_MAGIC};
	FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
	size_t bytes = f ? fread(file, 1, sizeof file, f) : 0, chunk;
	uint32_t n;

	cut = number(argc, argv, "cut", cut);
	if (number(argc, argv, "magic", 0))
		h.magic[0] = 'x';
	h.version = (uint32_t)number(argc, argv, "version", STREAM_VERSION);
	h.coding = (uint32_t)number(argc, argv, "coding", STREAM_PLAIN);
	h.file_bytes = number(argc, argv, "file_bytes", bytes);
	chunk = number(argc, argv, "chunk", 65536);
	put(&h, sizeof h);
	for (size_t at = 0; at < bytes; at += n) {
		n = (uint32_t)(bytes - at < chunk ? bytes - at : chunk);
		put(&n, sizeof n);
		put(file + at, n);
	}
	n = (uint32_t)number(argc, argv, "last", 0);
	put(&n, sizeof n);
	if (number(argc, argv, "go", 0))
		putchar('g');
	return 0;
}
