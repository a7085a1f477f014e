/* listen serve: listens at a port of 127.0.0.1 and at the path `socket`; whoever connects gets one byte.
 *   Prints the port.
 * listen come PORT: connects to both in turns without a pause, until there is a file `stop`. Prints how
 *   often; or, with status 1, what went wrong. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __has_include
#if __has_include(<hcc.h>)
#include <hcc.h>
#endif
#endif
#ifndef HCC_NO_MIGRATE
#define HCC_NO_MIGRATE
#endif

static struct sockaddr_in tcp = {.sin_family = AF_INET};
static struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "socket"};

static int stop(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

/* No connection is there when the process is captured. */
HCC_NO_MIGRATE static void answer(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0 || write(fd, "x", 1) != 1)
		stop("accept");
	close(fd);
}

static int serve(void)
{
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	socklen_t n = sizeof tcp;

	fds[0].fd = socket(AF_INET, SOCK_STREAM, 0);
	fds[1].fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(fds[0].fd, (void *)&tcp, sizeof tcp) || bind(fds[1].fd, (void *)&path, sizeof path)
			|| listen(fds[0].fd, 5) || listen(fds[1].fd, 5)
			|| getsockname(fds[0].fd, (void *)&tcp, &n))
		stop("listen");
	printf("%d\n", ntohs(tcp.sin_port));
	fflush(stdout);
	while (poll(fds, 2, -1) >= 0)
		for (int i = 0; i < 2; i++)
			if (fds[i].revents)
				answer(fds[i].fd);
	return stop("poll");
}

static void connect_once(const void *to, socklen_t bytes)
{
	int fd = socket(((const struct sockaddr *)to)->sa_family, SOCK_STREAM, 0);
	char c = 0;

	if (connect(fd, to, bytes))
		stop("connect");
	if (read(fd, &c, 1) != 1 || c != 'x')
		stop("read");
	close(fd);
}

int main(int argc, char **argv)
{
	int n = 0;

	tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc == 2)
		return serve();
	tcp.sin_port = htons((uint16_t)atoi(argv[2]));
	while (access("stop", F_OK)) {
		connect_once(&tcp, sizeof tcp);
		connect_once(&path, sizeof path);
		n++;
	}
	printf("%d\n", n);
	return 0;
}
