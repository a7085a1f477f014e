/* app: prints a line, then spins until SIGUSR1 comes; prints another line. The loop has nothing but its
 * poll by which the process could be asked for anything. */
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t is_over;

static void end(int signal)
{
	is_over = signal;
}

int main(void)
{
	unsigned long n = 0, sum = 0;

	signal(SIGUSR1, end);
	setvbuf(stdout, NULL, _IONBF, 0);
	puts("spinning");
	while (!is_over) {
		sum += n * n;
		n++;
		if (n == 1000)
			n = 0;
	}
	puts(sum ? "over" : "over at once");
	return 0;
}
