/* Memory of every kind that a snapshot treats in a way of its own, to be moved several times: prints a line
 * when it is ready, and one after each signal that it gets, when all is as it was. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096ul
/* All of it is read where the kernel does not tell which pages there are. */
#ifdef SMALL
#define RESERVED (64ul << 20)
#define UNTOUCHED (32ul << 20)
#else
#define RESERVED (64ul << 30)
#define UNTOUCHED (1ul << 30)
#endif
#define LARGE (40ul << 20)

static char untouched[UNTOUCHED], filled[1 << 20];
static char initial[3 << 20] = {1, 2, 3};
static char *reserved, *hidden, *file, *zeros, *growing;
static uint64_t *large;
static volatile sig_atomic_t n_signals;

static void count(int signal)
{
	(void)signal;
	n_signals++;
}

static void must(int right, const char *what)
{
	if (right)
		return;
	printf("%s is not what it was\n", what);
	exit(1);
}

static char *map(size_t bytes, int prot, int fd)
{
	char *p = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_NORESERVE | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	if (p == MAP_FAILED)
		exit(2);
	return p;
}

static void make(void)
{
	int fd = open("mapped", O_RDONLY);

	reserved = map(RESERVED, PROT_READ | PROT_WRITE, -1);
	for (size_t i = 0; i < 64; i++)
		reserved[i * (RESERVED / 64) + i] = (char)(i + 1);
	hidden = map(8 * PAGE, PROT_READ | PROT_WRITE, -1);
	strcpy(hidden + 3 * PAGE + 5, "hidden");
	mprotect(hidden, 8 * PAGE, PROT_NONE);
	/* Of a file, read and not read, changed and not. */
	file = map(16 * PAGE, PROT_READ | PROT_WRITE, fd);
	file[5 * PAGE] = 'x';
	must(file[9 * PAGE] == 'f', "the file");
	close(fd);
	zeros = map(LARGE, PROT_READ | PROT_WRITE, -1);
	memset(zeros, 0, LARGE);
	zeros[LARGE / 2 + 1] = 1;
	large = (uint64_t *)map(LARGE, PROT_READ | PROT_WRITE, -1);
	for (size_t i = 0; i < LARGE / 8; i++)
		large[i] = i * 0x9e3779b97f4a7c15u + 1;
	growing = map(LARGE, PROT_READ | PROT_WRITE, -1);
	memset(growing, 7, LARGE / 2);
	memset(filled, 5, sizeof filled);
	memset(initial + PAGE, 9, 1 << 20);
	memset(initial, 0, 3);
	untouched[777] = 1;
}

static void check(void)
{
	for (size_t i = 0; i < 64; i++)
		must(reserved[i * (RESERVED / 64) + i] == (char)(i + 1)
			&& !reserved[i * (RESERVED / 64) + 2 * PAGE], "what is reserved");
	mprotect(hidden, 8 * PAGE, PROT_READ);
	must(!strcmp(hidden + 3 * PAGE + 5, "hidden") && !hidden[4 * PAGE], "what is hidden");
	mprotect(hidden, 8 * PAGE, PROT_NONE);
	for (size_t i = 0; i < 16 * PAGE; i++)
		must(file[i] == (i == 5 * PAGE ? 'x' : 'f'), "the file");
	for (size_t i = 0; i < LARGE; i++)
		must(zeros[i] == (i == LARGE / 2 + 1), "zeros");
	for (size_t i = 0; i < LARGE / 8; i++)
		must(large[i] == i * 0x9e3779b97f4a7c15u + 1, "much");
	for (size_t i = 0; i < LARGE; i += 997)
		must(growing[i] == (i < LARGE / 2 ? 7 : 0), "what is half touched");
	for (size_t i = 0; i < sizeof filled; i++)
		must(filled[i] == 5, "zeroed data that were filled");
	for (size_t i = 0; i < sizeof initial; i++)
		must(initial[i] == (i < PAGE || i >= PAGE + (1 << 20) ? 0 : 9), "initial data");
	must(untouched[777] == 1 && !untouched[UNTOUCHED / 2], "untouched data");
	/* It is still one mapping. */
	growing = mremap(growing, LARGE, LARGE + PAGE, MREMAP_MAYMOVE);
	must(growing != MAP_FAILED, "a mapping that grows");
	growing = mremap(growing, LARGE + PAGE, LARGE, MREMAP_MAYMOVE);
	must(growing != MAP_FAILED, "a mapping that shrinks");
}

int main(void)
{
	signal(SIGUSR1, count);
	make();
	puts("ready");
	fflush(stdout);
	for (int seen = 0;;) {
		usleep(5000);
		if (seen == n_signals)
			continue;
		seen = n_signals;
		check();
		puts("right");
		fflush(stdout);
	}
}
