/* app MODE: prints a line, then one for each SIGUSR1, in a state that MODE asks for. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t n_signals, is_over;
static int lock_fd;

static void count(int signal)
{
	(void)signal;
	n_signals++;
}

/* Spins inside a signal handler until SIGUSR1 comes. */
static void spin(int signal)
{
	(void)signal;
	while (!n_signals)
		is_over = 0;
}

/* In lib_opaque.c, compiled without records. */
void call_back(void (*function)(int), int argument);

static void enter(const char *mode)
{
	int ends[2];

	/* flock is no cancellation point. */
	if (!strcmp(mode, "lock")) {
		siginterrupt(SIGUSR1, 1);
		flock(open("locked", O_RDWR | O_CREAT, 0600), LOCK_EX);
		lock_fd = open("locked", O_RDWR);
	}
	if (!strcmp(mode, "socket"))
		socket(AF_NETLINK, SOCK_RAW, 0);
	if (!strcmp(mode, "fifo") && open("fifo", O_WRONLY) < 0)
		perror("fifo");
	if (!strcmp(mode, "linked")) {
		open("gone", O_RDWR | O_CREAT, 0600);
		if (link("gone", "there_still"))
			perror("link");
		unlink("gone");
	}
	if (!strcmp(mode, "pidfd"))
		syscall(SYS_pidfd_open, getpid(), 0);
	if (!strcmp(mode, "grandchild") && !pipe(ends)) {
		if (fork() == 0) {
			if (fork() != 0)
				_exit(0);
			alarm(20);
			pause();
		}
		wait(NULL);
	}
	if (!strcmp(mode, "child") && fork() == 0) {
		alarm(20);
		pause();
	}
	if (!strcmp(mode, "code"))
		mmap(NULL, 65536, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "spin";
	int n_seen = 0;

#ifdef OTHER
	puts("other");
#endif
	signal(SIGUSR1, count);
	signal(SIGUSR2, spin);
	enter(mode);
	puts("ready");
	fflush(stdout);
	if (!strcmp(mode, "handler"))
		raise(SIGUSR2);
	if (!strcmp(mode, "opaque"))
		call_back(spin, 0);
	for (;;) {
		if (!strcmp(mode, "lock") && !n_signals)
			flock(lock_fd, LOCK_EX);
		if (n_signals != n_seen) {
			n_seen++;
			puts("signal");
			fflush(stdout);
		}
	}
}
