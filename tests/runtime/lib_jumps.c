/* Jumps to frames below and above two moves: nested buffers, the signal mask, a value of 0, a buffer
 * that is used again and again, a jump out of a comparator and of another function's recursion. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int waits;
static jmp_buf outer, repeated, sorting, levels[8];
static sigjmp_buf masked;

/* Say that move number n may come, and wait until it has. */
static void wait_for_move(int n)
{
	char go[16];
	int fd;

	if (!waits)
		return;
	snprintf(go, sizeof go, "go.%d", n);
	fd = open("ready.lines", O_WRONLY | O_APPEND);
	if (write(fd, "ready\n", 6) != 6)
		_exit(9);
	close(fd);
	while (access(go, F_OK))
		continue;
}

static int compare(const void *a, const void *b)
{
	static int n;

	if (++n == 20)
		longjmp(sorting, 20);
	return *(const int *)a - *(const int *)b;
}

static int sort(void)
{
	int numbers[32], result = setjmp(sorting);

	if (result)
		return result;
	for (int i = 0; i < 32; i++)
		numbers[i] = i * 7 % 32;
	qsort(numbers, 32, sizeof *numbers, compare);
	return -1;
}

/* Each level jumps to the one above it, whose locals must be as they were. */
static int level(int n)
{
	volatile int count = n * 10;
	double kept = n + 0.5;
	char text[16];
	int value;

	snprintf(text, sizeof text, "level %d", n);
	value = setjmp(levels[n]);
	count++;
	if (value) {
		printf("%s: value %d count %d kept %g\n", text, value, count, kept);
		if (n)
			longjmp(levels[n - 1], value + n);
		return value;
	}
	if (n == 7) {
		wait_for_move(1);
		longjmp(levels[6], 100);
	}
	return level(n + 1) + 1;
}

static void inner(int n)
{
	if (n)
		inner(n - 1);
	longjmp(repeated, 3);
}

static int repeat(void)
{
	volatile int rounds = 0;

	setjmp(repeated);
	if (rounds == 0)
		wait_for_move(2);
	if (++rounds < 50)
		inner(rounds);
	return rounds;
}

int main(int argc, char **argv)
{
	sigset_t set, now;
	volatile int step = 0;
	int value;

	(void)argv;
	waits = argc > 1;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	value = sigsetjmp(masked, 1);
	if (value == 0) {
		sigaddset(&set, SIGUSR2);
		sigprocmask(SIG_BLOCK, &set, NULL);
		value = setjmp(outer);
		printf("outer %d step %d\n", value, step);
		if (step++ == 0) {
			printf("levels %d\n", level(0));
			longjmp(outer, 0);
		}
		printf("sort %d\n", sort());
		printf("repeat %d\n", repeat());
		if (step++ < 4)
			longjmp(outer, step);
		siglongjmp(masked, 5);
	}
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("masked %d: %d %d, step %d\n", value, sigismember(&now, SIGUSR1),
		sigismember(&now, SIGUSR2), step);
	return 0;
}
