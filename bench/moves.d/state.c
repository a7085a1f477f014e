/* A process to be moved: state MODE HEAP_MIB FRAMES. It has so much memory with no two pages alike, and so
 * many frames; when all is there it prints a line. Then it waits (MODE idle) or computes (MODE compute) until
 * it finds itself moved, and ends with status 0 if its memory is what it was. A second line says for how many
 * nanoseconds it has stood still at most. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static uint64_t *heap, n_words, longest_ns;
static pid_t first_pid;
static int is_idle;

static uint64_t word(uint64_t i)
{
	return (i + 1) * 0x9e3779b97f4a7c15u;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void idle(void)
{
	struct epoll_event event;
	int fd = epoll_create1(0);

	while (getpid() == first_pid)
		epoll_wait(fd, &event, 1, 300);
}

static void compute(void)
{
	uint64_t last_ns = now_ns();

	for (uint64_t i = 0; i % 64 || getpid() == first_pid; i++) {
		uint64_t ns = now_ns();

		if (ns - last_ns > longest_ns)
			longest_ns = ns - last_ns;
		last_ns = ns;
	}
}

static __attribute__((noinline)) int descend(long n)
{
	volatile long own = n;

	if (n > 0)
		return descend(n - 1) + (own == n);
	puts("ready");
	fflush(stdout);
	if (is_idle)
		idle();
	else
		compute();
	return own == n;
}

int main(int argc, char **argv)
{
	long n_frames;

	if (argc != 4)
		return 2;
	is_idle = !strcmp(argv[1], "idle");
	n_words = strtoull(argv[2], NULL, 10) << 17;
	n_frames = atol(argv[3]);
	heap = malloc(n_words * 8 + 1);
	if (!heap)
		return 2;
	for (uint64_t i = 0; i < n_words; i++)
		heap[i] = word(i);
	first_pid = getpid();
	if (descend(n_frames) != n_frames + 1)
		return 1;
	for (uint64_t i = 0; i < n_words; i++)
		if (heap[i] != word(i))
			return 1;
	printf("%llu\n", (unsigned long long)longest_ns);
	return 0;
}
