/* By 8 bytes, compared as big-endian numbers where they differ. */
#include <string.h>
#include "hcc_blocks.h"

int memcmp(const void *left, const void *right, size_t n)
{
	const unsigned char *l = left, *r = right;

	for (; n >= 8; n -= 8, l += 8, r += 8) {
		uint64_t a = *(const block8 *)l, b = *(const block8 *)r;

		if (a != b)
			return __builtin_bswap64(a) < __builtin_bswap64(b) ? -1 : 1;
	}
	for (; n != 0; n--, l++, r++)
		if (*l != *r)
			return *l - *r;
	return 0;
}
