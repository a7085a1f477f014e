/* SHA-256 (FIPS 180-4). */
#ifndef HCC_LD_SHA256_H
#define HCC_LD_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint32_t state[8];
	uint8_t block[64];
	uint64_t n_bytes;
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t bytes);
void sha256_end(struct sha256 *hash, uint8_t digest[32]);

#endif
