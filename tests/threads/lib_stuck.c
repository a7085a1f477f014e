/* stuck MODE: three threads, of which one cannot be captured for the time being:
 *   handler   it is in a signal handler that does not return
 *   kept-out  it is in a function that its author keeps out of migration
 *   flock     it waits in a system call that is no cancellation point
 * Prints `ready`, and a line for each SIGUSR1: `alive` when the others have worked since the last one.
 * SIGUSR2 frees the thread. */
#include <fcntl.h>
#include <hcc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static volatile int is_freed, has_begun;
static volatile unsigned long n_worked;
static const char *mode;
static int lock_fd;

static void in_handler(int signal)
{
	(void)signal;
	has_begun = 1;
	while (!is_freed)
		;
}

HCC_NO_MIGRATE static void kept_out(void)
{
	has_begun = 1;
	while (!is_freed)
		;
}

static void *stuck(void *arg)
{
	int fd = open("locked", O_RDWR);

	if (!strcmp(mode, "handler"))
		raise(SIGURG);
	else if (!strcmp(mode, "kept-out"))
		kept_out();
	has_begun = 1;
	flock(fd, LOCK_EX);
	return arg;
}

static void *work(void *arg)
{
	for (;;)
		n_worked++;
	return arg;
}

int main(int argc, char **argv)
{
	unsigned long n_before = 0;
	pthread_t stuck_thread, worker;
	sigset_t set;
	int number;

	mode = argc > 1 ? argv[1] : "";
	signal(SIGURG, in_handler);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	lock_fd = open("locked", O_RDWR | O_CREAT, 0600);
	if (!strcmp(mode, "flock"))
		flock(lock_fd, LOCK_EX);
	pthread_create(&stuck_thread, NULL, stuck, NULL);
	pthread_create(&worker, NULL, work, NULL);
	while (!has_begun || !n_worked)
		usleep(1000);
	usleep(20000);
	puts("ready");
	fflush(stdout);
	while (!sigwait(&set, &number)) {
		if (number == SIGUSR2) {
			is_freed = 1;
			flock(lock_fd, LOCK_UN);
			pthread_join(stuck_thread, NULL);
			puts("freed");
		} else {
			for (int i = 0; i < 3000 && n_worked == n_before; i++)
				usleep(1000);
			puts(n_worked > n_before ? "alive" : "idle");
			n_before = n_worked;
		}
		fflush(stdout);
	}
	return 1;
}
