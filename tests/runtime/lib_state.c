/* Everything that a move must carry, printed at the end: state FILE PAUSE. With PAUSE the loops take
 * long enough to be found in. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile int n_handled;
static _Thread_local int local = 5;
static int global[4] = {1, 2, 3, 4};
static int zero_later[2000] = {9, 9, 9};

static void handle(int signal)
{
	n_handled += signal == SIGUSR1;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Spend time at polls only; the values must survive each of them. */
static uint64_t spend(double how_long, uint64_t a, double b, char c, __int128 d, long double e)
{
	double end = seconds() + how_long;
	uint64_t steps = 0;

	do {
		for (int i = 0; i < 1000; i++)
			steps += i & 1 ? 3 : 5;
	} while (seconds() < end);
	return a + (uint64_t)b + (uint64_t)c + (uint64_t)(d >> 70) + (uint64_t)e + steps % 4;
}

static uint64_t deep(int n, double how_long)
{
	char text[32];
	uint64_t below;

	snprintf(text, sizeof text, "depth %d", n);
	below = n ? deep(n - 1, how_long)
		: spend(how_long, 1000, 2.75, 'x', (__int128)77 << 70, 12.5L);
	return below + strlen(text);
}

int main(int argc, char **argv)
{
	double how_long = argc > 2 && atoi(argv[2]) ? 1.5 : 0, before;
	int fd = open(argv[1], O_RDONLY), out = open("written.txt", O_RDWR | O_CREAT | O_APPEND,
		0644), copy = dup(fd);
	char buffer[64] = "", *heap = strdup("on the heap"), **inside = &heap;
	FILE *f = fopen(argv[1], "r");
	sigset_t blocked;

	signal(SIGUSR1, handle);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGURG);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	umask(027);
	memset(zero_later, 0, sizeof zero_later);
	local = 6;
	global[2] = 33;
	if (read(fd, buffer, 7) != 7 || !fgets(buffer + 8, 20, f) || write(out, "one ", 4) != 4)
		return 1;
	before = seconds();
	puts("first");
	fflush(stdout);
	printf("%llu\n", (unsigned long long)deep(30, how_long));
	puts("second");
	fflush(stdout);
	printf("%llu\n", (unsigned long long)deep(3, how_long));
	printf("clock goes on: %d\n", seconds() >= before && seconds() < before + 60);
	raise(SIGUSR1);
	raise(SIGUSR2);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	printf("handled %d, blocked %d %d\n", n_handled, sigismember(&blocked, SIGURG),
		sigismember(&blocked, SIGINT));
	printf("mask %o local %d global %d zero %d heap %s\n", (unsigned)umask(0), local, global[2],
		zero_later[0], *inside);
	lseek(copy, 2, SEEK_CUR);
	printf("%zd", read(fd, buffer, 9));
	printf(" %.9s", buffer);
	printf("|%s", fgets(buffer, sizeof buffer, f));
	if (write(out, "two", 3) != 3)
		return 1;
	lseek(out, 0, SEEK_SET);
	printf("%zd %.7s\n", read(out, buffer, sizeof buffer), buffer);
	printf("%d\n", open("absent", O_RDONLY) < 0 ? errno : 0);
	unlink("written.txt");
	return argc > 2 && atoi(argv[2]) ? 7 : 0;
}
