#!/bin/sh
# The checksum of snapshots: the same however the data is cut, another for every bit, for every length, and for
# chunks in another order.
"$CC" -O1 -I"$SRC" -o hash -x c - "$SRC/runtime/hash.c" <<'END' || exit 1
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "runtime/snapshot.h"

#define CHUNK HCC_HASH_CHUNK_BYTES

static unsigned char data[2 * CHUNK + 1000];
static int failed;

static void check(int right, const char *what, size_t n)
{
	if (!right)
		printf("%s at %zu\n", what, n);
	failed |= !right;
}

static uint64_t in_pieces(size_t bytes, size_t piece)
{
	struct hcc_hash h;

	hcc_hash_start(&h);
	for (size_t at = 0, n; at < bytes; at += n) {
		n = bytes - at < piece ? bytes - at : piece;
		hcc_hash_add(&h, data + at, n);
	}
	return hcc_hash_end(&h);
}

static uint64_t of_chunks(size_t bytes)
{
	uint64_t sums[4];
	size_t n = 0;

	for (size_t at = 0; at < bytes; at += CHUNK) {
		size_t left = bytes - at < CHUNK ? bytes - at : CHUNK, half = left / 3;
		struct hcc_hash_chunk h;

		hcc_hash_chunk_start(&h);
		hcc_hash_chunk_add(&h, data + at, half);
		hcc_hash_chunk_add(&h, data + at + half, left - half);
		sums[n++] = hcc_hash_chunk_end(&h);
	}
	return hcc_hash_of_chunks(sums, n);
}

int main(void)
{
	static const size_t sizes[] = {0, 1, 7, 8, 63, 64, 65, 127, 128, 4096, CHUNK - 1, CHUNK,
		CHUNK + 1, 2 * CHUNK, sizeof data};
	uint64_t whole, last = 0;

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (unsigned char)(i * 2654435761u >> 11);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t n = sizes[i];

		whole = hcc_hash(data, n);
		check(whole != last, "two lengths have one sum", n);
		last = whole;
		check(in_pieces(n, 61) == whole && in_pieces(n, 4096) == whole, "in pieces", n);
		check(of_chunks(n) == whole, "of chunks", n);
	}
	whole = hcc_hash(data, 4000);
	for (size_t bit = 0; bit < 8 * 4000; bit++) {
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		check(hcc_hash(data, 4000) != whole, "a bit is of no matter", bit);
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	memset(data, 0, 200);
	for (size_t n = 0; n < 200; n++)
		check(hcc_hash(data, n) != hcc_hash(data, n + 1), "zeros are of no matter", n);
	whole = hcc_hash(data, sizeof data);
	for (size_t i = 0; i < CHUNK; i++) {
		unsigned char c = data[i];

		data[i] = data[i + CHUNK];
		data[i + CHUNK] = c;
	}
	check(hcc_hash(data, sizeof data) != whole, "the order of chunks is of no matter", 0);
	for (size_t n = 0; n < 200; n++) {
		memset(data, 0, 200);
		check(hcc_is_zero(data, n), "zeros are not zero", n);
		data[n] = 1;
		check(hcc_is_zero(data, n) && !hcc_is_zero(data, n + 1), "the last byte is not seen", n);
	}
	return failed;
}
END
./hash
