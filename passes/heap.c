/* malloc for hcc-cc1, in place of the C library's: an eighth of its time went there, most of it into joining
 * free blocks. LLVM asks for the same few sizes again and again, and hcc-cc1 is done after one file: so a block
 * keeps its size, and waits in a list of that size until it is asked for again.
 *
 * Sizes are multiples of 16 up to 1 KiB, and four for each power of two above. Before each block is its class,
 * or, where it was asked for at an alignment, where it begins. Each thread has lists of its own, and keeps what
 * it frees. Memory comes from the kernel in large pieces, which cost nothing until they are written, and never
 * goes back. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HEAD_BYTES 8           /* before each block, which is at a multiple of 16 */
#define SMALL_CLASSES 64       /* of 16, 32, ... bytes */
#define CLASSES (SMALL_CLASSES + 4 * 40)
#define PIECE_BYTES ((size_t)64 << 20)
#define PAGE_BYTES ((size_t)4096)
#define IS_INNER 1u            /* in a block's head: the rest is the block that it lies in, by its distance */

_Static_assert(sizeof(size_t) == HEAD_BYTES, "a head is a size_t");

static _Thread_local struct heap {
	void *free[CLASSES];
	char *at, *end;        /* what is left of the last piece */
} heap;

static size_t class_of(size_t bytes)
{
	unsigned log;

	if (bytes <= 16 * SMALL_CLASSES)
		return (bytes - 1) / 16;
	log = 63 - (unsigned)__builtin_clzl(bytes - 1);
	return SMALL_CLASSES + 4 * (log - 10) + ((bytes - 1) >> (log - 2) & 3);
}

static size_t class_bytes(size_t class)
{
	size_t above = class - SMALL_CLASSES;

	if (class < SMALL_CLASSES)
		return 16 * (class + 1);
	return (5 + above % 4) << (above / 4 + 8);
}

static size_t *head_of(void *block)
{
	return (size_t *)((char *)block - HEAD_BYTES);
}

/* bytes: with the head. Of zeroes. */
static void *carve(size_t bytes)
{
	char *block;

	if ((size_t)(heap.end - heap.at) < bytes) {
		size_t piece = bytes + 16 > PIECE_BYTES ? bytes + 16 : PIECE_BYTES;
		char *fresh = mmap(NULL, piece, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (fresh == MAP_FAILED)
			return NULL;
		heap.at = fresh + 16 - HEAD_BYTES;
		heap.end = fresh + piece;
	}
	block = heap.at + HEAD_BYTES;
	heap.at += bytes;
	return block;
}

static void *take(size_t n, int zero)
{
	size_t class;
	void *block;

	if (n > PTRDIFF_MAX / 4) {
		errno = ENOMEM;
		return NULL;
	}
	class = class_of(n + HEAD_BYTES);
	block = heap.free[class];
	if (block) {
		heap.free[class] = *(void **)block;
		__builtin_prefetch(heap.free[class]);
		return zero ? memset(block, 0, n) : block;
	}
	block = carve(class_bytes(class));
	if (block)
		*head_of(block) = class << 1;
	else
		errno = ENOMEM;
	return block;
}

/* The block that one lies in, if it was asked for at an alignment; else itself. */
static void *outer(void *block)
{
	size_t head = *head_of(block);

	return head & IS_INNER ? (char *)block - (head >> 1) : block;
}

void *malloc(size_t n)
{
	return take(n, 0);
}

void free(void *block)
{
	size_t class;

	if (!block)
		return;
	block = outer(block);
	class = *head_of(block) >> 1;
	*(void **)block = heap.free[class];
	heap.free[class] = block;
}

void *calloc(size_t n, size_t bytes)
{
	size_t all;

	if (__builtin_mul_overflow(n, bytes, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return take(all, 1);
}

size_t malloc_usable_size(void *block)
{
	char *from = block ? outer(block) : NULL;

	if (!block)
		return 0;
	return class_bytes(*head_of(from) >> 1) - HEAD_BYTES - (size_t)((char *)block - from);
}

void *realloc(void *block, size_t n)
{
	size_t had = malloc_usable_size(block);
	void *fresh;

	if (block && n <= had)
		return block;
	fresh = take(n, 0);
	if (!fresh || !block)
		return fresh;
	memcpy(fresh, block, had);
	free(block);
	return fresh;
}

void *memalign(size_t align, size_t n)
{
	char *block, *inner;

	if (align <= 16)
		return take(n, 0);
	if (align & (align - 1) || align > PTRDIFF_MAX / 8 || n > PTRDIFF_MAX / 8) {
		errno = align & (align - 1) ? EINVAL : ENOMEM;
		return NULL;
	}
	block = take(n + align, 0);
	if (!block)
		return NULL;
	inner = (char *)(((uintptr_t)block + align - 1) & -(uintptr_t)align);
	if (inner != block)
		*head_of(inner) = (size_t)(inner - block) << 1 | IS_INNER;
	return inner;
}

void *aligned_alloc(size_t align, size_t n)
{
	return memalign(align, n);
}

int posix_memalign(void **out, size_t align, size_t n)
{
	int saved = errno;
	void *block;

	if (align < sizeof(void *) || align & (align - 1))
		return EINVAL;
	block = memalign(align, n);
	errno = saved;
	if (!block)
		return ENOMEM;
	*out = block;
	return 0;
}

void *valloc(size_t n)
{
	return memalign(PAGE_BYTES, n);
}

void *pvalloc(size_t n)
{
	return memalign(PAGE_BYTES, (n + PAGE_BYTES - 1) & -PAGE_BYTES);
}
