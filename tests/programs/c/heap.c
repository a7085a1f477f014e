/* The heap: small and large blocks made before the move, resized and freed after it. */
/* every: 1000003 */
#include "moved.h"
#include <sys/mman.h>

#define N 2000

static unsigned hash(const unsigned char *p, size_t n)
{
	unsigned h = 2166136261u;
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 16777619;
	return h;
}

int main(void)
{
	static unsigned char *block[N];
	static size_t bytes[N];
	static unsigned hashes[N];
	uint64_t x = 88172645463325252u;
	unsigned char *map;
	unsigned h = 0;

	map = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(map, 0xa5, 1 << 20);
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < N; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			if (block[i] && hash(block[i], bytes[i]) != hashes[i])
				CHECK(!"contents");
			if (block[i] && x % 3 == 0) {
				free(block[i]);
				block[i] = NULL;
			}
			size_t n = x % 100 == 7 ? 200000 + x % 100000 : 1 + x % 2000;
			unsigned char *p = realloc(block[i], n);
			size_t kept = block[i] ? bytes[i] < n ? bytes[i] : n : 0;
			for (size_t j = kept; j < n; j++)
				p[j] = x >> j % 50;
			block[i] = p;
			bytes[i] = n;
			hashes[i] = hash(p, n);
			h = h * 31 + hashes[i];
			if (round == 2 && i == N / 2)
				wait_for_move();
		}
	}
	for (int i = 0; i < 1 << 20; i++)
		if (map[i] != 0xa5) {
			CHECK(!"mapping");
			break;
		}
	munmap(map, 1 << 20);
	map = calloc(1000, 1000);
	for (int i = 0; i < 1000000; i++)
		if (map[i]) {
			CHECK(!"calloc");
			break;
		}
	for (int i = 0; i < N; i++)
		free(block[i]);
	printf("%08x\n", h);
	return done();
}
