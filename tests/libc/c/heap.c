/* Groups of blocks that malloc keeps mapped when all of them are free: calloc's zeroes, what is freed twice, how much
 * is kept, and that it is used again. */
/* every: 53 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib_check.h"

#define ARENA_LOWEST 0x1000000000ul
#define ARENA_END 0x4000000000ul
#define KEPT_BYTES (1ul << 20)

static unsigned char *blocks[4096];

static void fill(size_t bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		blocks[i] = malloc(bytes);
		memset(blocks[i], 0xff, bytes);
	}
	for (size_t i = 0; i < n; i++)
		free(blocks[i]);
}

static void zeroes(void)
{
	for (size_t bytes = 24; bytes < 200000; bytes += bytes / 3) {
		fill(bytes, 8);
		for (size_t i = 0; i < 8; i++) {
			blocks[i] = calloc(1, bytes - i);
			for (size_t k = 0; k < bytes - i; k++)
				if (blocks[i][k]) {
					CHECK(!"calloc's bytes are zero");
					break;
				}
		}
		for (size_t i = 0; i < 8; i++)
			free(blocks[i]);
	}
}

/* Blocks of all lengths, in the memory that blocks of other lengths had; they grow and shrink. */
static void lengths(void)
{
	uint32_t random = 11;

	for (int round = 0; round < 30; round++) {
		size_t lens[64] = { 0 };

		for (int i = 0; i < 64; i++) {
			random = random * 1664525 + 1013904223;
			lens[i] = 1 + (random >> 8) % (round % 3 ? 3000 : 100000);
			blocks[i] = malloc(lens[i]);
			memset(blocks[i], i, lens[i]);
		}
		for (int i = 0; i < 64; i++) {
			size_t bytes = lens[i] * 5 / (3 + i % 5);

			blocks[i] = realloc(blocks[i], bytes + 1);
			CHECK(blocks[i][0] == i && blocks[i][(bytes < lens[i] ? bytes : lens[i]) - 1] == i);
		}
		for (int i = 0; i < 64; i++)
			free(blocks[(i * 37) % 64]);
	}
}

static void crashed(int signal)
{
	_exit(signal);
}

/* A block whose group is kept is freed again: that is noticed, also if it was the last of the group. */
static void twice(void)
{
	for (int i = 80; i < 100; i++) {
		int status;

		if (!fork()) {
			signal(SIGSEGV, crashed);
			fill(1000, 100);
			free(*(void *volatile *)&blocks[i]);
			_exit(0);
		}
		wait(&status);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == SIGSEGV);
	}
}

static size_t mapped_bytes(void)
{
	unsigned long from, to;
	size_t sum = 0;
	char line[1024];
	FILE *maps = fopen("/proc/self/maps", "r");

	while (fgets(line, sizeof line, maps))
		if (sscanf(line, "%lx-%lx", &from, &to) == 2 && from >= ARENA_LOWEST && to <= ARENA_END)
			sum += to - from;
	fclose(maps);
	return sum;
}

static void given_back(void)
{
	size_t before = mapped_bytes();

	for (size_t bytes = 40; bytes < 20000; bytes *= 3)
		fill(bytes, 4096);
	CHECK(mapped_bytes() <= before + KEPT_BYTES);
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static void used_again(void)
{
	long before;

	fill(120, 2000);
	before = faults();
	for (int round = 0; round < 300; round++)
		fill(120, 2000);
	/* 60 pages of blocks a round */
	CHECK(getenv("HCC_MOVE_EVERY") || faults() - before < 300 * 60 / 3);
}

static void *churn(void *arg)
{
	unsigned char *own[200];

	for (int round = 0; round < 40; round++) {
		for (int i = 0; i < 200; i++) {
			size_t bytes = (size_t)(1 + (i * 53 + round * 17) % 5000);

			own[i] = malloc(bytes);
			memset(own[i], (int)(intptr_t)arg, bytes);
		}
		for (int i = 0; i < 200; i++) {
			CHECK(own[i][0] == (int)(intptr_t)arg);
			free(own[i]);
		}
	}
	return NULL;
}

static void threads(void)
{
	pthread_t t[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, churn, (void *)(intptr_t)(i + 1));
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
}

int main(void)
{
	zeroes();
	lengths();
	twice();
	given_back();
	used_again();
	threads();
	zeroes();
	return check_failures();
}
