/* By 16-byte blocks, from the end where the target begins within the source. */
#include <string.h>
#include "hcc_blocks.h"

void *memmove(void *to, const void *from, size_t n)
{
	char *t = to;
	const char *f = from;

	if ((uintptr_t)t - (uintptr_t)f >= n) {
		for (; n > 64; n -= 64, t += 64, f += 64)
			copy_64(t, f);
		copy_up_to_64(t, f, n);
	} else {
		for (; n > 64; n -= 64)
			copy_64(t + n - 64, f + n - 64);
		copy_up_to_64(t, f, n);
	}
	return to;
}
