/* TCP connections in each state that is not simply established.
 *
 * move ADDRESS: the client, which is moved. It opens a connection for each letter of `cases` and takes it
 * to its state; then it prints what state each is in whenever there is a file `look.N`. With a file `end`
 * it goes on with all of them, and checks what comes.
 * wait ADDRESS: one connection, which it waits for; it prints what connect says.
 * answer ADDRESS: the other side; it does for each connection what its first byte says. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT 7778
#define NOBODY (PORT + 1)
#define THERE 50000
#define BACK 30000

/* w: the peer has closed its half, what it has sent is not all read.   CLOSE_WAIT
 * f: we have closed ours, the peer knows.                              FIN_WAIT2
 * q: the same, behind more than the peer takes now.                    FIN_WAIT1, FIN not sent
 * x: the same, and nothing has arrived.                                FIN_WAIT1, FIN sent
 * l: the peer has closed, then we.                                     LAST_ACK
 * c: both at once.                                                     CLOSING
 * k: the same, ours behind more than the peer takes.                   CLOSING, FIN not sent
 * e: all is over, but not all is read.                                 CLOSE
 * h: shut down for reading by us.                                      ESTABLISHED
 * s: being made. r: the same, with nobody there.                       SYN_SENT
 * b: a thread waits for it.                                            SYN_SENT */
static const char cases[] = "wfqxlckehsrb";
#define N (sizeof cases - 1)

static int fds[N];
static unsigned long n_queued[128];
static int result_of_b = 1;
static union {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
} at;
static socklen_t at_bytes;

static int stop(int which, const char *what)
{
	printf("%c: %s: %s\n", which, what, strerror(errno));
	exit(1);
}

static void set_address(const char *text, int port)
{
	memset(&at, 0, sizeof at);
	at.any.sa_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	at_bytes = at.any.sa_family == AF_INET ? sizeof at.four : sizeof at.six;
	at.four.sin_port = htons((unsigned short)port);
	if (inet_pton(at.any.sa_family, text, at.any.sa_family == AF_INET ? (void *)&at.four.sin_addr
			: (void *)&at.six.sin6_addr) != 1)
		stop('-', text);
}

static void wait_file(const char *name)
{
	while (access(name, F_OK))
		usleep(5000);
}

static unsigned char pattern(int which, unsigned long i)
{
	return (unsigned char)(i * 31 + i / 251 + (unsigned long)which);
}

static void send_all(int which, int fd, unsigned long from, unsigned long n)
{
	char out[1000];

	while (n) {
		size_t some = n < sizeof out ? n : sizeof out;

		for (size_t i = 0; i < some; i++)
			out[i] = (char)pattern(which, from + i);
		if (send(fd, out, some, MSG_NOSIGNAL) != (ssize_t)some)
			stop(which, "send");
		from += some;
		n -= some;
	}
}

/* Until n are there, or the end. */
static unsigned long receive(int which, int fd, unsigned long from, unsigned long n)
{
	unsigned char in[1000];
	unsigned long all = 0;

	while (all < n) {
		ssize_t some = read(fd, in, n - all < sizeof in ? n - all : sizeof in);

		if (some < 0)
			stop(which, "read");
		if (some == 0)
			return all;
		for (ssize_t i = 0; i < some; i++)
			if (in[i] != pattern(which, from + all + (unsigned long)i))
				stop(which, "other bytes came");
		all += (unsigned long)some;
	}
	return all;
}

/* ---- The other side ------------------------------------------------------------------------- */

static void answer_one(int fd)
{
	unsigned long n;
	char which;

	if (read(fd, &which, 1) != 1)
		stop('?', "no letter");
	if (strchr("wle", which)) {
		send_all(which, fd, 0, THERE);
		if (which == 'e')
			receive(which, fd, 0, BACK);
		shutdown(fd, SHUT_WR);
	}
	if (strchr("ck", which)) {
		wait_file("closed");
		shutdown(fd, SHUT_WR);
	}
	if (strchr("qk", which))
		wait_file("end");
	n = receive(which, fd, 0, ~0ul);
	if (which == 'f')
		wait_file("end");
	if (strchr("fqxh", which) && write(fd, &n, sizeof n) != sizeof n)
		stop(which, "write");
	if (which == 'k' || which == 'c' || which == 'l')
		printf("%c %lu\n", which, n);
	if (which == 's' || which == 'b')
		send_all(which, fd, 0, BACK);
	close(fd);
}

static int answer(void)
{
	int listener = socket(at.any.sa_family, SOCK_STREAM, 0), one = 1, bad = 0, status;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(listener, &at.any, at_bytes) || listen(listener, 64))
		stop('-', "bind");
	puts("listening");
	fflush(stdout);
	/* All but r. */
	for (size_t i = 0; i < N - 1; i++) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			stop('-', "accept");
		fflush(stdout);
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(listener);
			answer_one(fd);
			fflush(stdout);
			_exit(0);
		}
		close(fd);
	}
	while (wait(&status) > 0)
		bad |= status;
	printf("answered %d\n", bad);
	return bad != 0;
}

/* ---- The side that moves -------------------------------------------------------------------- */

static int state(int fd)
{
	struct tcp_info info = {0};
	socklen_t bytes = sizeof info;

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes);
	return info.tcpi_state;
}

static int fd_of(int which)
{
	return fds[strchr(cases, which) - cases];
}

static void wait_state(int which, int want)
{
	for (int i = 0; state(fd_of(which)) != want; i++) {
		if (i == 3000) {
			printf("%c is in state %d, not %d\n", which, state(fd_of(which)), want);
			exit(1);
		}
		usleep(5000);
	}
}

/* Where the peer's FIN was only counted, our own half is closed and the other one is not. */
static void wait_over(int which)
{
	for (int i = 0; state(fd_of(which)) != TCP_CLOSE && state(fd_of(which)) != TCP_FIN_WAIT2; i++) {
		if (i == 3000) {
			printf("%c is in state %d\n", which, state(fd_of(which)));
			exit(1);
		}
		usleep(5000);
	}
}

static void look(int n)
{
	printf("%d", n);
	for (size_t i = 0; i < N; i++)
		printf(" %c=%d", cases[i], state(fds[i]));
	puts("");
	fflush(stdout);
}

static int begin(int which)
{
	int fd = socket(at.any.sa_family, SOCK_STREAM, 0);
	char letter = (char)which;
	int yes = 1;

	/* By Fast Open: the SYN goes with the first byte. That must not happen to the connection once more. */
	if (which == 'h') {
		setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &yes, sizeof yes);
		setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, &yes, sizeof yes);
	}
	if (fd < 0 || connect(fd, &at.any, at_bytes) || write(fd, &letter, 1) != 1)
		stop(which, "connect");
	return fd;
}

static int begin_without_waiting(int which, int port)
{
	int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	at.four.sin_port = htons((unsigned short)port);
	if (connect(fd, &at.any, at_bytes) == 0 || errno != EINPROGRESS)
		stop(which, "connect");
	at.four.sin_port = htons(PORT);
	return fd;
}

static void *wait_for_b(void *p)
{
	int fd = fd_of('b');
	char letter = 'b';

	(void)p;
	result_of_b = connect(fd, &at.any, at_bytes) ? -errno : 0;
	if (result_of_b)
		stop('b', "connect");
	if (write(fd, &letter, 1) != 1)
		stop('b', "write");
	return NULL;
}

/* As much as goes, also after a while. */
static void overfill(int which)
{
	int fd = fd_of(which), flags = fcntl(fd, F_GETFL), n_vain = 0;
	char out[100];

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while (n_vain < 5) {
		ssize_t n;

		for (size_t i = 0; i < sizeof out; i++)
			out[i] = (char)pattern(which, n_queued[which] + i);
		n = send(fd, out, sizeof out, MSG_NOSIGNAL);
		n_queued[which] += n > 0 ? (unsigned long)n : 0;
		n_vain = n > 0 ? 0 : n_vain + 1;
		if (n <= 0)
			usleep(20000);
	}
	fcntl(fd, F_SETFL, flags);
}

static void finish(int which, unsigned long want)
{
	unsigned long n = 0;
	char byte;

	if (recv(fd_of(which), &n, sizeof n, MSG_WAITALL) != sizeof n || n != want)
		stop(which, "another number came");
	if (read(fd_of(which), &byte, 1) != 0)
		stop(which, "no end");
	printf("%c\n", which);
}

static void finish_new(int which)
{
	struct pollfd p = {fd_of(which), POLLOUT, 0};
	int error = -1, want = which == 'r' ? ECONNREFUSED : 0;
	socklen_t bytes = sizeof error;
	char letter = (char)which;

	if (poll(&p, 1, 20000) != 1)
		stop(which, "not writable");
	if (getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &error, &bytes) || error != want) {
		errno = error;
		stop(which, "other error");
	}
	fcntl(p.fd, F_SETFL, 0);
	if (which == 's') {
		if (write(p.fd, &letter, 1) != 1)
			stop(which, "write");
		shutdown(p.fd, SHUT_WR);
		if (receive(which, p.fd, 0, ~0ul) != BACK)
			stop(which, "fewer bytes came");
	}
	printf("%c\n", which);
}

static void open_all(void)
{
	int small = 4096, yes = 1;

	for (size_t i = 0; i < N; i++)
		if (!strchr("srb", cases[i]))
			fds[i] = begin(cases[i]);
	fds[strchr(cases, 'b') - cases] = socket(at.any.sa_family, SOCK_STREAM, 0);
	receive('w', fd_of('w'), 0, 1000);
	wait_state('w', TCP_CLOSE_WAIT);
	send_all('f', fd_of('f'), 0, THERE);
	shutdown(fd_of('f'), SHUT_WR);
	wait_state('f', TCP_FIN_WAIT2);
	setsockopt(fd_of('q'), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	setsockopt(fd_of('k'), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	overfill('q');
	shutdown(fd_of('q'), SHUT_WR);
	wait_state('q', TCP_FIN_WAIT1);
	overfill('k');
	receive('l', fd_of('l'), 0, 1);
	wait_state('l', TCP_CLOSE_WAIT);
	send_all('x', fd_of('x'), 0, BACK);
	send_all('e', fd_of('e'), 0, BACK);
	wait_state('e', TCP_CLOSE_WAIT);
	shutdown(fd_of('e'), SHUT_WR);
	wait_state('e', TCP_CLOSE);
	receive('e', fd_of('e'), 0, 1000);
	shutdown(fd_of('h'), SHUT_RD);
	setsockopt(fd_of('h'), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

/* When nothing arrives there any more. */
static void cut_all(pthread_t *thread)
{
	static const char closed[] = "xlck";

	for (int i = 0; closed[i]; i++) {
		if (closed[i] != 'k')
			send_all(closed[i], fd_of(closed[i]), closed[i] == 'x' ? BACK : 0, 5000);
		shutdown(fd_of(closed[i]), SHUT_WR);
	}
	close(open("closed", O_CREAT, 0600));
	wait_state('x', TCP_FIN_WAIT1);
	wait_state('l', TCP_LAST_ACK);
	wait_state('c', TCP_CLOSING);
	wait_state('k', TCP_CLOSING);
	fds[strchr(cases, 's') - cases] = begin_without_waiting('s', PORT);
	fds[strchr(cases, 'r') - cases] = begin_without_waiting('r', NOBODY);
	pthread_create(thread, NULL, wait_for_b, NULL);
	wait_state('b', TCP_SYN_SENT);
}

static void end_all(pthread_t thread)
{
	char byte;
	int reuses = 0;
	socklen_t bytes = sizeof reuses;

	if (receive('w', fd_of('w'), 1000, ~0ul) != THERE - 1000)
		stop('w', "fewer bytes came");
	send_all('w', fd_of('w'), 0, BACK);
	close(fd_of('w'));
	puts("w");
	finish('f', THERE);
	finish('q', n_queued['q']);
	finish('x', BACK + 5000);
	if (receive('l', fd_of('l'), 1, ~0ul) != THERE - 1 || read(fd_of('c'), &byte, 1) != 0
			|| read(fd_of('k'), &byte, 1) != 0)
		stop('l', "no end");
	wait_over('l');
	wait_over('c');
	wait_over('k');
	printf("k %lu\n", n_queued['k']);
	if (receive('e', fd_of('e'), 1000, ~0ul) != THERE - 1000
			|| send(fd_of('e'), "", 1, MSG_NOSIGNAL) != -1 || errno != EPIPE)
		stop('e', "it is not over");
	puts("e");
	fcntl(fd_of('h'), F_SETFL, O_NONBLOCK);
	if (read(fd_of('h'), &byte, 1) != 0)
		stop('h', "it reads");
	fcntl(fd_of('h'), F_SETFL, 0);
	if (getsockopt(fd_of('h'), SOL_SOCKET, SO_REUSEADDR, &reuses, &bytes) || !reuses)
		stop('h', "SO_REUSEADDR is off");
	send_all('h', fd_of('h'), 0, BACK);
	shutdown(fd_of('h'), SHUT_WR);
	puts("h");
	finish_new('s');
	finish_new('r');
	pthread_join(thread, NULL);
	shutdown(fd_of('b'), SHUT_WR);
	if (receive('b', fd_of('b'), 0, ~0ul) != BACK)
		stop('b', "fewer bytes came");
	puts("b");
}

static int move(void)
{
	pthread_t thread;
	char name[16];

	open_all();
	puts("open");
	fflush(stdout);
	wait_file("cut");
	cut_all(&thread);
	look(0);
	for (int i = 1;; i++) {
		snprintf(name, sizeof name, "look.%d", i);
		while (access(name, F_OK) && access("end", F_OK))
			usleep(5000);
		if (access(name, F_OK))
			break;
		look(i);
	}
	end_all(thread);
	return puts("over") < 0;
}

static int wait_for_one(void)
{
	int fd = socket(at.any.sa_family, SOCK_STREAM, 0);

	puts("waiting");
	fflush(stdout);
	errno = 0;
	printf("%d", connect(fd, &at.any, at_bytes));
	printf(" %d, state %d\n", errno, state(fd));
	return fflush(stdout);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	set_address(argc > 2 ? argv[2] : "", PORT);
	if (!strcmp(argv[1], "wait"))
		return wait_for_one();
	return strcmp(argv[1], "move") ? answer() : move();
}
