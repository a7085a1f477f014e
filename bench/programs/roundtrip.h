/* What the programs over a compressor share: ROUNDS BYTES are the arguments; that many bytes of standard input
 * are compressed and decompressed as often as that. Prints the sizes and a sum of what was compressed, or
 * stops with status 1 where the bytes are not those that went in. */
#ifndef ROUNDTRIP_H
#define ROUNDTRIP_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each takes *to_bytes as room and leaves there what it has written; 0 when it worked. */
typedef int convert(unsigned char *to, size_t *to_bytes, const unsigned char *from, size_t from_bytes,
		    int round);

static int roundtrip(int argc, char **argv, convert *pack, convert *unpack)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1;
	size_t limit = argc > 2 ? (size_t)atoi(argv[2]) : 100000, room = limit + limit / 50 + 1024, bytes;
	unsigned char *in = malloc(limit), *packed = malloc(room), *out = malloc(limit);
	uint32_t sum = 1;

	if (!in || !packed || !out)
		return 1;
	bytes = fread(in, 1, limit, stdin);
	for (int round = 0; round < rounds; round++) {
		size_t packed_bytes = room, out_bytes = limit;

		if (pack(packed, &packed_bytes, in, bytes, round) ||
		    unpack(out, &out_bytes, packed, packed_bytes, round) || out_bytes != bytes ||
		    memcmp(in, out, bytes))
			return 1;
		for (size_t i = 0; i < packed_bytes; i++)
			sum = sum * 31 + packed[i];
		printf("%lu -> %lu\n", (unsigned long)bytes, (unsigned long)packed_bytes);
	}
	printf("%lu\n", (unsigned long)sum);
	free(in), free(packed), free(out);
	return 0;
}

#endif
