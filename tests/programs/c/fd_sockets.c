/* levels: -O2 */
/* Sockets: listening TCP (v4, v6) and Unix sockets, TCP that is over, UDP, datagrams at a path, pairs; their
 * options. */
#include "moved.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static int option(int fd, int level, int name)
{
	int v = -1;
	socklen_t n = sizeof v;

	return getsockopt(fd, level, name, &v, &n) ? -1 : v;
}

static void set(int fd, int level, int name, int v)
{
	CHECK(setsockopt(fd, level, name, &v, sizeof v) == 0);
}

/* Binds to a port of the kernel's choice; *a says which. */
static int bound(int family, int type, struct sockaddr_in6 *a)
{
	int fd = socket(family, type, 0);
	struct sockaddr_in *four = (void *)a;
	socklen_t n = family == AF_INET ? sizeof *four : sizeof *a;

	memset(a, 0, sizeof *a);
	a->sin6_family = (sa_family_t)family;
	if (family == AF_INET)
		four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		a->sin6_addr = in6addr_loopback;
	if (type == SOCK_STREAM)
		set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (family == AF_INET6)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	CHECK(bind(fd, (void *)a, n) == 0);
	CHECK(getsockname(fd, (void *)a, &n) == 0);
	return fd;
}

static socklen_t name(struct sockaddr_un *a, const char *path, int is_abstract)
{
	memset(a, 0, sizeof *a);
	a->sun_family = AF_UNIX;
	strcpy(a->sun_path + is_abstract, path);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + is_abstract + strlen(path)
		+ !is_abstract);
}

/* A new connection to a listening socket carries bytes. */
static void use_listener(int listener, const void *address, socklen_t bytes)
{
	char got[8] = "";
	int client = socket(((const struct sockaddr *)address)->sa_family, SOCK_STREAM, 0), server;

	CHECK(connect(client, address, bytes) == 0);
	server = accept(listener, NULL, NULL);
	CHECK(server >= 0);
	CHECK(write(client, "hello", 5) == 5 && read(server, got, 8) == 5);
	CHECK(memcmp(got, "hello", 5) == 0);
	close(server);
	close(client);
}

static char text[150000], got[150000];

/* A connection that is over: both ends have been closed, and what has come is not all read; is_reset: and the
 * program knows it. The end that is left. */
static int ended(int is_reset)
{
	struct sockaddr_in6 at;
	int listener = bound(AF_INET, SOCK_STREAM, &at), fd = socket(AF_INET, SOCK_STREAM, 0), other;
	struct linger at_once = {1, 0};
	struct tcp_info info;
	socklen_t n = sizeof info;

	CHECK(listen(listener, 1) == 0 && connect(fd, (void *)&at, sizeof(struct sockaddr_in)) == 0);
	other = accept(listener, NULL, NULL);
	CHECK(write(other, text, 20000) == 20000 && recv(fd, got, 1000, MSG_WAITALL) == 1000);
	while (recv(fd, got, 19000, MSG_PEEK) < 19000)
		usleep(1000);
	if (is_reset)
		CHECK(setsockopt(other, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
	CHECK(close(other) == 0 && close(listener) == 0);
	if (!is_reset)
		shutdown(fd, SHUT_WR);
	do {
		usleep(1000);
		CHECK(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) == 0);
	} while (info.tcpi_state != TCP_CLOSE);
	CHECK(option(fd, SOL_SOCKET, SO_ERROR) == (is_reset ? ECONNRESET : 0));
	return fd;
}

static void use_ended(int fd)
{
	CHECK(recv(fd, got, 19000, MSG_WAITALL) == 19000 && memcmp(got, text + 1000, 19000) == 0);
	CHECK(read(fd, got, 1) == 0 && option(fd, SOL_SOCKET, SO_ERROR) == 0);
	CHECK(send(fd, "z", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
}

int main(void)
{
	struct sockaddr_in6 tcp4_at, tcp6_at, udp_at, peer_at, now;
	struct sockaddr_un path_at, abstract_at, datagram_at;
	socklen_t path_bytes, abstract_bytes, datagram_bytes, n;
	struct timeval timeout = {3, 500000};
	struct linger linger = {1, 9};
	int tcp4, tcp6, udp, udp_peer, path, abstract, datagram, to_datagram, fresh, bound_only;
	int stream[2], messages[2], packets[2], half[2], alone[2], closed[2], over, reset;
	struct sockaddr_in6 bound_at;
	struct stat st;

	for (int i = 0; i < (int)sizeof text; i++)
		text[i] = (char)(i * 3 + i / 100);
	tcp4 = bound(AF_INET, SOCK_STREAM, &tcp4_at);
	set(tcp4, IPPROTO_TCP, TCP_NODELAY, 1);
	set(tcp4, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(tcp4, IPPROTO_TCP, TCP_KEEPIDLE, 77);
	set(tcp4, SOL_SOCKET, SO_RCVBUF, 50000);
	set(tcp4, SOL_SOCKET, SO_REUSEPORT, 1);
	CHECK(setsockopt(tcp4, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0);
	CHECK(setsockopt(tcp4, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0);
	CHECK(listen(tcp4, 7) == 0);
	tcp6 = bound(AF_INET6, SOCK_STREAM, &tcp6_at);
	CHECK(listen(tcp6, 5) == 0 && fcntl(tcp6, F_SETFL, O_NONBLOCK) == 0);
	bound_only = bound(AF_INET, SOCK_STREAM, &bound_at);
	udp = bound(AF_INET, SOCK_DGRAM, &udp_at);
	udp_peer = bound(AF_INET, SOCK_DGRAM, &peer_at);
	CHECK(connect(udp_peer, (void *)&udp_at, sizeof(struct sockaddr_in)) == 0);
	set(udp, SOL_SOCKET, SO_BROADCAST, 1);
	fresh = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unlink("socket");
	unlink("datagrams");
	path = socket(AF_UNIX, SOCK_STREAM, 0);
	path_bytes = name(&path_at, "socket", 0);
	CHECK(bind(path, (void *)&path_at, path_bytes) == 0 && listen(path, 3) == 0);
	chmod("socket", 0660);
	abstract = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(got, sizeof got, "hcc test %d", (int)getpid());
	abstract_bytes = name(&abstract_at, got, 1);
	CHECK(bind(abstract, (void *)&abstract_at, abstract_bytes) == 0 && listen(abstract, 3) == 0);
	datagram = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	datagram_bytes = name(&datagram_at, "datagrams", 0);
	CHECK(bind(datagram, (void *)&datagram_at, datagram_bytes) == 0);
	to_datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK(connect(to_datagram, (void *)&datagram_at, datagram_bytes) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, stream) == 0);
	CHECK(write(stream[0], text, sizeof text) == sizeof text);
	CHECK(write(stream[1], "back", 4) == 4);
	CHECK(fcntl(stream[1], F_SETFL, 0) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, messages) == 0);
	CHECK(write(messages[0], "first", 5) == 5 && write(messages[0], "", 0) == 0
		&& write(messages[0], "third", 5) == 5);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, packets) == 0);
	CHECK(write(packets[1], "one", 3) == 3 && write(packets[1], "", 0) == 0
		&& write(packets[1], "two", 3) == 3);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, closed) == 0 && shutdown(closed[0], SHUT_WR) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, half) == 0);
	CHECK(write(half[0], "rest", 4) == 4 && shutdown(half[0], SHUT_WR) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, alone) == 0);
	CHECK(write(alone[1], "left", 4) == 4 && close(alone[1]) == 0);
	over = ended(0);
	reset = ended(1);
	wait_for_move();

	CHECK(option(tcp4, IPPROTO_TCP, TCP_NODELAY) == 1);
	CHECK(option(tcp4, SOL_SOCKET, SO_KEEPALIVE) == 1);
	CHECK(option(tcp4, IPPROTO_TCP, TCP_KEEPIDLE) == 77);
	CHECK(option(tcp4, SOL_SOCKET, SO_RCVBUF) == 100000);
	CHECK(option(tcp4, SOL_SOCKET, SO_REUSEPORT) == 1);
	CHECK(option(tcp4, SOL_SOCKET, SO_REUSEADDR) == 1);
	CHECK(option(tcp4, SOL_SOCKET, SO_ACCEPTCONN) == 1);
	memset(&timeout, 0, sizeof timeout);
	n = sizeof timeout;
	CHECK(getsockopt(tcp4, SOL_SOCKET, SO_RCVTIMEO, &timeout, &n) == 0);
	CHECK(timeout.tv_sec == 3 && timeout.tv_usec / 100000 == 5);
	memset(&linger, 0, sizeof linger);
	n = sizeof linger;
	CHECK(getsockopt(tcp4, SOL_SOCKET, SO_LINGER, &linger, &n) == 0 && linger.l_linger == 9);
	use_listener(tcp4, &tcp4_at, sizeof(struct sockaddr_in));
	CHECK(option(tcp6, IPPROTO_IPV6, IPV6_V6ONLY) == 1 && fcntl(tcp6, F_GETFL) & O_NONBLOCK);
	CHECK(accept(tcp6, NULL, NULL) == -1 && errno == EAGAIN);
	use_listener(tcp6, &tcp6_at, sizeof tcp6_at);
	n = sizeof now;
	CHECK(getsockname(bound_only, (void *)&now, &n) == 0 && memcmp(&now, &bound_at, n) == 0);
	CHECK(listen(bound_only, 1) == 0);
	use_listener(bound_only, &bound_at, sizeof(struct sockaddr_in));
	CHECK(send(udp_peer, "datagram", 8, 0) == 8);
	n = sizeof now;
	CHECK(recvfrom(udp, got, 100, 0, (void *)&now, &n) == 8 && memcmp(&now, &peer_at, n) == 0);
	CHECK(option(udp, SOL_SOCKET, SO_BROADCAST) == 1);
	CHECK(fcntl(fresh, F_GETFD) == FD_CLOEXEC);
	CHECK(connect(fresh, (void *)&tcp4_at, sizeof(struct sockaddr_in)) == 0);
	close(accept(tcp4, NULL, NULL));
	use_listener(path, &path_at, path_bytes);
	CHECK(stat("socket", &st) == 0 && (st.st_mode & 0777) == 0660);
	use_listener(abstract, &abstract_at, abstract_bytes);
	CHECK(write(to_datagram, "to a path", 9) == 9 && read(datagram, got, 100) == 9);
	CHECK(read(datagram, got, 100) == -1 && errno == EAGAIN);

	CHECK(recv(stream[1], got, sizeof text, MSG_WAITALL) == sizeof text);
	CHECK(memcmp(got, text, sizeof text) == 0);
	CHECK(read(stream[0], got, 100) == 4 && memcmp(got, "back", 4) == 0);
	CHECK(read(stream[0], got, 100) == -1 && errno == EAGAIN);
	CHECK(!(fcntl(stream[1], F_GETFL) & O_NONBLOCK));
	CHECK(write(stream[0], "again", 5) == 5 && read(stream[1], got, 100) == 5);
	CHECK(read(messages[1], got, 100) == 5 && memcmp(got, "first", 5) == 0);
	CHECK(read(messages[1], got, 100) == 0 && read(messages[1], got, 100) == 5);
	CHECK(memcmp(got, "third", 5) == 0);
	CHECK(read(packets[0], got, 100) == 3 && memcmp(got, "one", 3) == 0);
	CHECK(recv(packets[0], got, 100, MSG_DONTWAIT) == 0);
	CHECK(read(packets[0], got, 100) == 3 && memcmp(got, "two", 3) == 0);
	CHECK(recv(closed[1], got, 100, MSG_DONTWAIT) == 0 && write(closed[1], "x", 1) == 1);
	CHECK(recv(closed[0], got, 100, MSG_DONTWAIT) == 1);
	CHECK(write(packets[0], "x", 1) == 1 && read(packets[1], got, 100) == 1);
	CHECK(read(half[1], got, 100) == 4 && read(half[1], got, 100) == 0);
	CHECK(write(half[1], "y", 1) == 1 && read(half[0], got, 100) == 1);
	CHECK(send(half[0], "z", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
	CHECK(read(alone[0], got, 100) == 4 && read(alone[0], got, 100) == 0);
	CHECK(send(alone[0], "z", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
	use_ended(over);
	use_ended(reset);
	return done();
}
