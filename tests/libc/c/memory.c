/* malloc and mappings: all in the arena, none lost, none placed over another. */
/* every: 53 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib_check.h"

#define ARENA_LOWEST 0x1000000000ul
#define ARENA_END 0x4000000000ul
#define MIB ((size_t)1 << 20)

static int in_arena(const void *p)
{
	return (uintptr_t)p >= ARENA_LOWEST && (uintptr_t)p < ARENA_END;
}

static void heap(void)
{
	static unsigned char *blocks[1000];
	static size_t sizes[1000];
	uint32_t random = 7;
	int round, i;

	for (round = 0; round < 20000; round++) {
		random = random * 1664525 + 1013904223;
		i = (int)(random >> 16) % 1000;
		if (blocks[i] != NULL) {
			CHECK(blocks[i][0] == (i & 255) && blocks[i][sizes[i] - 1] == (i & 255));
			if (random & 1) {
				free(blocks[i]);
				blocks[i] = NULL;
				continue;
			}
		}
		sizes[i] = 1 + (random >> 20) * (random % 7 == 0 ? 64 : 1);
		blocks[i] = realloc(blocks[i], sizes[i]);
		CHECK(blocks[i] != NULL && in_arena(blocks[i]));
		memset(blocks[i], i & 255, sizes[i]);
	}
	CHECK((uintptr_t)aligned_alloc(4096, 8192) % 4096 == 0);
	unsigned char *zeroes = calloc(1000, 1000);
	for (i = 0; i < 1000000; i++)
		CHECK(zeroes[i] == 0);
}

static void mappings(void)
{
	char *p, *q, *moved;
	int fd, i;

	p = mmap(NULL, 3 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED && in_arena(p));
	memset(p, 1, 3 * MIB);
	q = mmap(p, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(q != p && in_arena(q));
	CHECK(mmap((void *)0x700000000000, MIB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
		(void *)0x700000000000);
	CHECK(mmap(p + MIB, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		-1, 0) == p + MIB);
	CHECK(p[0] == 1 && p[MIB] == 0 && p[2 * MIB] == 1);
	moved = mremap(p, 3 * MIB, 300 * MIB, MREMAP_MAYMOVE);
	CHECK(moved != MAP_FAILED && in_arena(moved) && in_arena(moved + 300 * MIB));
	if (moved != MAP_FAILED) {
		CHECK(moved[0] == 1 && moved[2 * MIB] == 1 && moved[299 * MIB] == 0);
		CHECK(munmap(moved, 300 * MIB) == 0);
	}
	errno = 0;
	CHECK(mremap(q, MIB, (size_t)1 << 40, MREMAP_MAYMOVE) == MAP_FAILED && errno == ENOMEM);
	CHECK(mmap(NULL, (size_t)1 << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		MAP_FAILED && errno == ENOMEM);
	CHECK(mmap((void *)0x700000000000, MIB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		-1, 0) == MAP_FAILED);

	fd = open("file", O_RDWR | O_CREAT, 0666);
	CHECK(ftruncate(fd, 8192) == 0);
	p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	q = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 4096);
	CHECK(in_arena(p) && in_arena(q));
	p[4096] = 'x';
	CHECK(q[0] == 'x');
	CHECK(munmap(p, 8192) == 0 && munmap(q, 4096) == 0);
	close(fd);

	p = NULL;
	for (i = 0; i < 1000; i++) {
		q = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		CHECK(q != MAP_FAILED && q[0] == 0);
		q[0] = 1;
		if (p == NULL)
			p = q;
		CHECK(p == q);
		munmap(q, 65536);
	}
}

int main(void)
{
	heap();
	mappings();
	CHECK(sbrk(4096) == (void *)-1);
	return check_failures();
}
