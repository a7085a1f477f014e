/* Headers: malloc.h
 * malloc under stress: sizes, realloc, alignment, blocks freed by other threads. */
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include "lib_log.h"

enum { N_THREADS = 6, N_BLOCKS = 300, N_STEPS = 4000 };

struct block {
	unsigned char *bytes;
	size_t n;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block shared[64];

static uint32_t next(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	return *x ^= *x << 5;
}

static size_t size_of(uint32_t r)
{
	switch (r % 16) {
	case 0: return r >> 14;
	case 1: case 2: case 3: return r >> 20;
	case 4: return 0;
	default: return r >> 24;
	}
}

static void fill(struct block *b, size_t from, unsigned char seed)
{
	size_t i;

	for (i = from; i < b->n; i += 61)
		b->bytes[i] = seed;
	if (b->n > from)
		b->bytes[b->n - 1] = seed;
}

/* The first and last bytes are what fill left. */
static int is_whole(const struct block *b)
{
	return b->n == 0 ||
	       (b->bytes[0] == (unsigned char)b->n && b->bytes[b->n - 1] == (unsigned char)b->n);
}

static void *run(void *arg)
{
	static _Thread_local struct block blocks[N_BLOCKS];
	uint32_t x = 12345 + 77 * (uintptr_t)arg;
	uintptr_t n_bad = 0;
	int i;

	for (i = 0; i < N_STEPS; i++) {
		struct block *b = &blocks[next(&x) % N_BLOCKS];
		struct block *s = &shared[next(&x) % 64];
		size_t n = size_of(next(&x));
		struct block old;

		switch (next(&x) % 4) {
		case 0:
			n_bad += !is_whole(b);
			b->bytes = realloc(b->bytes, n + 1);
			b->n = n;
			break;
		case 1:
			n_bad += !is_whole(b);
			free(b->bytes);
			b->bytes = calloc(1, n + 1);
			n_bad += b->bytes[n / 2] != 0;
			b->n = n;
			break;
		case 2:
			n_bad += !is_whole(b);
			free(b->bytes);
			b->bytes = aligned_alloc(64 << i % 7, (n + 64) & -64);
			n_bad += (uintptr_t)b->bytes % (64 << i % 7) != 0;
			b->n = n;
			break;
		default:
			pthread_mutex_lock(&lock);
			old = *s;
			*s = *b;
			*b = old;
			pthread_mutex_unlock(&lock);
			n_bad += !is_whole(b);
			n_bad += b->bytes != NULL && malloc_usable_size(b->bytes) < b->n;
			continue;
		}
		fill(b, 0, (unsigned char)b->n);
	}
	for (i = 0; i < N_BLOCKS; i++) {
		n_bad += !is_whole(&blocks[i]);
		free(blocks[i].bytes);
	}
	return (void *)n_bad;
}

int main(void)
{
	pthread_t threads[N_THREADS];
	void *n_bad;
	int i;

	for (i = 0; i < N_THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i) == 0);
	for (i = 0; i < N_THREADS; i++) {
		SHOW(pthread_join(threads[i], &n_bad));
		SHOW((long)n_bad);
	}
	SHOW((long)run((void *)99));
	for (i = 0; i < 64; i++) {
		CHECK(is_whole(&shared[i]));
		free(shared[i].bytes);
	}
	return 0;
}
