/* Blocks of passes/heap.c keep what is in them, lie where they were asked for, and are as large. */
#include "heap.c"

#include <stdio.h>

#define BLOCKS 1000

static unsigned char *block[BLOCKS];
static size_t length[BLOCKS];
static unsigned long state = 1;

static size_t number(size_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (state >> 33) % below;
}

static int fail(const char *what, size_t n)
{
	printf("%s (%zu bytes)\n", what, n);
	return 1;
}

static int check_classes(void)
{
	for (size_t n = 1; n < (size_t)1 << 40; n += n < 5000 ? 1 : n / 97) {
		size_t class = class_of(n);

		if (class >= CLASSES || class_bytes(class) < n || class_bytes(class) % 16)
			return fail("too small a class", n);
		if (class && class_bytes(class - 1) >= n)
			return fail("too large a class", n);
	}
	return 0;
}

static int make(size_t i)
{
	size_t n = number(number(100) ? 300 : 100000), align = number(4) ? 16 : (size_t)16 << number(9);
	unsigned char *fresh;

	if (number(4)) {
		fresh = memalign(align, n);
	} else {
		fresh = calloc(n, 1);
		align = 16;
		for (size_t k = 0; k < n; k++)
			if (fresh[k])
				return fail("calloc's is not empty", n);
	}
	if ((uintptr_t)fresh % align || malloc_usable_size(fresh) < n)
		return fail("not where or what was asked for", n);
	memset(fresh, (int)(i & 255), n);
	block[i] = fresh;
	length[i] = n;
	return 0;
}

static int change(size_t i)
{
	size_t n = number(600);

	for (size_t k = 0; k < length[i]; k++)
		if (block[i][k] != (i & 255))
			return fail("written by another", length[i]);
	if (number(2)) {
		free(block[i]);
		block[i] = NULL;
		return 0;
	}
	block[i] = realloc(block[i], n);
	if (n > length[i])
		memset(block[i] + length[i], (int)(i & 255), n - length[i]);
	length[i] = n;
	return 0;
}

int main(void)
{
	void *none = &none;

	if (check_classes())
		return 1;
	for (int k = 0; k < 200000; k++) {
		size_t i = number(BLOCKS);

		if (block[i] ? change(i) : make(i))
			return 1;
	}
	if (calloc(SIZE_MAX / 2, 3) || errno != ENOMEM || malloc(PTRDIFF_MAX) || aligned_alloc(24, 24)
	    || posix_memalign(&none, 24, 8) != EINVAL || none != &none)
		return fail("more than there is", 0);
	return 0;
}
