/* Unaligned blocks of memory as values: one load or store each on every ISA that we have. */
#ifndef HCC_BLOCKS_H
#define HCC_BLOCKS_H

#include <stdint.h>

typedef uint16_t block2 __attribute__((aligned(1), may_alias));
typedef uint32_t block4 __attribute__((aligned(1), may_alias));
typedef uint64_t block8 __attribute__((aligned(1), may_alias));
typedef uint8_t block16 __attribute__((vector_size(16), aligned(1), may_alias));

#define BLOCK(type, base, off) (*(type *)((char *)(base) + (off)))

/* Copy 0 to 64 bytes; the two may overlap, as all is read before anything is written. */
static inline void copy_up_to_64(char *to, const char *from, size_t n)
{
	if (n > 32) {
		block16 a = BLOCK(block16, from, 0), b = BLOCK(block16, from, 16);
		block16 c = BLOCK(block16, from, n - 32), d = BLOCK(block16, from, n - 16);

		BLOCK(block16, to, 0) = a;
		BLOCK(block16, to, 16) = b;
		BLOCK(block16, to, n - 32) = c;
		BLOCK(block16, to, n - 16) = d;
	} else if (n >= 16) {
		block16 a = BLOCK(block16, from, 0), b = BLOCK(block16, from, n - 16);

		BLOCK(block16, to, 0) = a;
		BLOCK(block16, to, n - 16) = b;
	} else if (n >= 8) {
		block8 a = BLOCK(block8, from, 0), b = BLOCK(block8, from, n - 8);

		BLOCK(block8, to, 0) = a;
		BLOCK(block8, to, n - 8) = b;
	} else if (n >= 4) {
		block4 a = BLOCK(block4, from, 0), b = BLOCK(block4, from, n - 4);

		BLOCK(block4, to, 0) = a;
		BLOCK(block4, to, n - 4) = b;
	} else if (n != 0) {
		char a = from[0], b = from[n / 2], c = from[n - 1];

		to[0] = a;
		to[n / 2] = b;
		to[n - 1] = c;
	}
}

/* Copy 64 bytes, all read before anything is written. */
static inline void copy_64(char *to, const char *from)
{
	block16 a = BLOCK(block16, from, 0), b = BLOCK(block16, from, 16);
	block16 c = BLOCK(block16, from, 32), d = BLOCK(block16, from, 48);

	BLOCK(block16, to, 0) = a;
	BLOCK(block16, to, 16) = b;
	BLOCK(block16, to, 32) = c;
	BLOCK(block16, to, 48) = d;
}

#endif
