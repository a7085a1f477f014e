/* By 16-byte blocks that may overlap at the ends. */
#include <string.h>
#include "hcc_blocks.h"

void *memset(void *to, int c, size_t n)
{
	char *t = to, *end = t + n;
	uint64_t bytes = (uint8_t)c * 0x0101010101010101u;
	block16 block = (block16)(uint64_t __attribute__((vector_size(16)))){ bytes, bytes };

	if (n < 16) {
		if (n >= 8) {
			BLOCK(block8, t, 0) = bytes;
			BLOCK(block8, end, -8) = bytes;
		} else if (n >= 4) {
			BLOCK(block4, t, 0) = bytes;
			BLOCK(block4, end, -4) = bytes;
		} else if (n != 0) {
			t[0] = c;
			t[n / 2] = c;
			end[-1] = c;
		}
		return to;
	}
	for (; n > 64; n -= 64, t += 64) {
		BLOCK(block16, t, 0) = block;
		BLOCK(block16, t, 16) = block;
		BLOCK(block16, t, 32) = block;
		BLOCK(block16, t, 48) = block;
	}
	for (; n > 16; n -= 16, t += 16)
		BLOCK(block16, t, 0) = block;
	BLOCK(block16, end, -16) = block;
	return to;
}
