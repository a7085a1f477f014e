/* serve ADDRESS [RATE]: an echo server on port 7777, until all of its clients are gone. With a rate, in bytes a
 * second, it is a timer of the kernel that sends.
 * load ADDRESS N: N connections that send a pattern without pause and check what comes back, until the
 * file `stop` is there; then all that was sent must have come back. Prints a line when it ends.
 * come ADDRESS: one connection after the other, each for one byte, until the file `come.stop` is
 * there. To be refused is no error, but to be reset is. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 64
#define BYTES 65536

struct connection {
	char buffer[BYTES];
	int from, to;
	unsigned long n_sent, n_back;
};

static struct connection connections[MOST];

static struct sockaddr_in address(const char *text)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(7777)};

	inet_pton(AF_INET, text, &a.sin_addr);
	return a;
}

static int stop(const char *what, int fd)
{
	printf("%s: descriptor %d: %s\n", what, fd, strerror(errno));
	exit(1);
}

/* Returns 0 when the client is gone. */
static int echo(int fd, struct connection *c)
{
	int n;

	if (c->from == c->to) {
		c->from = c->to = 0;
		n = (int)read(fd, c->buffer, sizeof c->buffer);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EAGAIN)
			stop("read", fd);
		c->to = n > 0 ? n : 0;
	}
	if (c->from < c->to) {
		n = (int)write(fd, c->buffer + c->from, (size_t)(c->to - c->from));
		if (n < 0 && errno != EAGAIN)
			stop("write", fd);
		c->from += n > 0 ? n : 0;
	}
	return 1;
}

static int serve(const char *where, unsigned rate)
{
	struct sockaddr_in a = address(where);
	struct epoll_event event = {.events = EPOLLIN}, events[MOST];
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1, n_clients = 0;
	int set = epoll_create1(0);

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(listener, (void *)&a, sizeof a) || listen(listener, MOST))
		stop("bind", listener);
	event.data.fd = listener;
	epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);
	puts("ready");
	fflush(stdout);
	do {
		int n = epoll_wait(set, events, MOST, -1);

		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;

			if (fd == listener) {
				fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
				if (fd < 0 || fd >= MOST)
					stop("accept", fd);
				setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
				if (rate)
					setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate,
						sizeof rate);
				event = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
				epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
				n_clients++;
			} else if (!echo(fd, &connections[fd])) {
				close(fd);
				if (--n_clients == 0)
					return puts("served") < 0;
			} else {
				struct connection *c = &connections[fd];

				event.events = c->from < c->to ? EPOLLOUT : EPOLLIN;
				event.data.fd = fd;
				if (event.events != events[i].events)
					epoll_ctl(set, EPOLL_CTL_MOD, fd, &event);
			}
		}
	} while (n_clients >= 0);
	return 1;
}

static unsigned char pattern(int fd, unsigned long i)
{
	return (unsigned char)(i * 31 + i / 257 + (unsigned long)fd);
}

static void send_some(int fd, struct connection *c)
{
	char out[4096];
	ssize_t n;

	for (size_t i = 0; i < sizeof out; i++)
		out[i] = (char)pattern(fd, c->n_sent + i);
	n = send(fd, out, sizeof out, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN)
		stop("send", fd);
	c->n_sent += n > 0 ? (unsigned long)n : 0;
}

static void check_some(int fd, struct connection *c)
{
	ssize_t n = read(fd, c->buffer, sizeof c->buffer);

	if (n == 0 || (n < 0 && errno != EAGAIN))
		stop("receive", fd);
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)c->buffer[i] != pattern(fd, c->n_back + (unsigned long)i))
			stop("other bytes came back", fd);
	c->n_back += n > 0 ? (unsigned long)n : 0;
}

static int load(const char *where, int n)
{
	struct sockaddr_in a = address(where);
	struct pollfd fds[MOST];
	int is_over = 0, n_open = n;

	for (int i = 0; i < n; i++) {
		fds[i] = (struct pollfd){socket(AF_INET, SOCK_STREAM, 0), POLLIN | POLLOUT, 0};
		if (connect(fds[i].fd, (void *)&a, sizeof a))
			stop("connect", fds[i].fd);
		fcntl(fds[i].fd, F_SETFL, O_NONBLOCK);
	}
	puts("connected");
	fflush(stdout);
	while (n_open) {
		if (poll(fds, (nfds_t)n, 30000) <= 0)
			stop("nothing comes back", 0);
		is_over = is_over || !access("stop", F_OK);
		for (int i = 0; i < n; i++) {
			struct connection *c = &connections[i];
			int fd = fds[i].fd;

			if (fd < 0)
				continue;
			if (fds[i].revents & (POLLIN | POLLERR | POLLHUP))
				check_some(fd, c);
			if (is_over)
				fds[i].events = POLLIN;
			else if (fds[i].revents & POLLOUT)
				send_some(fd, c);
			if (is_over && c->n_back == c->n_sent) {
				close(fd);
				fds[i].fd = -1;
				n_open--;
			}
		}
	}
	return puts("all came back") < 0;
}

static int come(const char *where)
{
	struct sockaddr_in a = address(where);
	char c = 'x';

	while (access("come.stop", F_OK)) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		int result = connect(fd, (void *)&a, sizeof a);

		if (result && errno != ECONNREFUSED)
			stop("connect", fd);
		if (!result && (write(fd, &c, 1) != 1 || read(fd, &c, 1) != 1))
			stop("a new connection", fd);
		close(fd);
		usleep(5000);
	}
	return 0;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc > 2 && !strcmp(argv[1], "serve"))
		return serve(argv[2], argc > 3 ? (unsigned)atoi(argv[3]) : 0);
	if (argc > 2 && !strcmp(argv[1], "come"))
		return come(argv[2]);
	return load(argv[2], argc > 3 ? atoi(argv[3]) : 1);
}
