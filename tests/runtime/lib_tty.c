/* tty master: makes a pseudo-terminal, prints its path, and writes a line to it for each SIGUSR1; what
 *   comes out of it goes to standard output
 * tty PATH: sets the terminal up, prints `ready`, and for each SIGUSR1 a line that it reads from it, if
 *   the settings are what they were; writes that line to the terminal, too */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t n_asked;

static void ask(int signal)
{
	(void)signal;
	n_asked++;
}

static int master(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY), n_seen = 0, hold;
	char text[256];

	if (fd < 0 || grantpt(fd) || unlockpt(fd) || (hold = open(ptsname(fd), O_RDWR | O_NOCTTY)) < 0)
		return 1;
	puts(ptsname(fd));
	fflush(stdout);
	for (;;) {
		struct pollfd p = {fd, POLLIN, 0};
		ssize_t n;

		if (poll(&p, 1, 20) > 0 && (n = read(fd, text, sizeof text)) > 0
				&& write(1, text, (size_t)n) != n)
			return 1;
		for (; n_seen < n_asked; n_seen++)
			if (dprintf(fd, "line %d\n", n_seen) < 0)
				return 1;
	}
}

int main(int argc, char **argv)
{
	struct winsize size = {33, 99, 0, 0};
	struct termios t;
	int fd, n_seen = 0;
	char text[64];

	signal(SIGUSR1, ask);
	if (argc < 2 || !strcmp(argv[1], "master"))
		return master();
	fd = open(argv[1], O_RDWR | O_NOCTTY);
	tcgetattr(fd, &t);
	t.c_lflag &= ~(tcflag_t)ECHO;
	t.c_cc[VEOF] = 7;
	tcsetattr(fd, TCSANOW, &t);
	ioctl(fd, TIOCSWINSZ, &size);
	puts("ready");
	fflush(stdout);
	for (;;) {
		ssize_t n;

		while (n_asked == n_seen)
			poll(NULL, 0, 20);
		n_seen++;
		memset(&t, 0, sizeof t);
		memset(&size, 0, sizeof size);
		if (tcgetattr(fd, &t) || t.c_lflag & ECHO || t.c_cc[VEOF] != 7
				|| ioctl(fd, TIOCGWINSZ, &size) || size.ws_col != 99)
			puts("other settings");
		n = read(fd, text, sizeof text - 1);
		text[n > 0 ? n : 0] = 0;
		printf("%s", text);
		fflush(stdout);
		if (n < 0 || write(fd, text, (size_t)n) != n)
			printf("%s\n", strerror(errno));
	}
}
