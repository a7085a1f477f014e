/* Headers: sys/socket.h sys/un.h netinet/in.h netinet/tcp.h sys/uio.h sys/sendfile.h sys/ioctl.h
 * Streams, datagrams and sequences, local and over loopback; messages with descriptors and
 * credentials. */
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib_log.h"

static void show_local(const struct sockaddr_un *a, socklen_t n)
{
	SAY("%d %d %s", a->sun_family == AF_UNIX, (int)n, n > 2 ? a->sun_path : "");
}

static void local(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "socket"}, b;
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), c, s;
	socklen_t n = sizeof(b);
	char text[20] = "";
	struct stat st;

	SHOW(bind(listener, (void *)&a, sizeof(a)));
	SHOW(bind(listener, (void *)&a, sizeof(a)));
	SHOW(stat("socket", &st));
	SHOW(S_ISSOCK(st.st_mode));
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, sizeof(a)));
	SHOW(listen(listener, 5));
	SHOW(connect(c, (void *)&a, sizeof(a)));
	s = accept4(listener, (void *)&b, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
	SHOW(s >= 0);
	show_local(&b, n);
	SHOW(fcntl(s, F_GETFL) & O_NONBLOCK ? 1 : 0);
	SHOW(fcntl(s, F_GETFD));
	SHOW(recv(s, text, sizeof(text), 0));
	SHOW(send(c, "hello", 5, MSG_NOSIGNAL));
	SHOW(ioctl(s, FIONREAD, &(int){0}));
	SHOW(recv(s, text, 3, MSG_PEEK));
	SHOW(recv(s, text, sizeof(text), 0));
	SHOW(text);
	n = sizeof(b);
	SHOW(getsockname(s, (void *)&b, &n));
	show_local(&b, n);
	n = sizeof(b);
	SHOW(getpeername(s, (void *)&b, &n));
	show_local(&b, n);
	SHOW(shutdown(c, SHUT_WR));
	SHOW(recv(s, text, sizeof(text), 0));
	SHOW(send(c, "x", 1, MSG_NOSIGNAL));
	close(c);
	SHOW(send(s, "x", 1, MSG_NOSIGNAL));
	close(s);
	close(listener);
	unlink("socket");
	SHOW(connect(-1, (void *)&a, sizeof(a)));
	SHOW(socket(999, SOCK_STREAM, 0));
	SHOW(socket(AF_UNIX, 77, 0));
}

static void show_message(const struct msghdr *m, long got)
{
	struct cmsghdr *c;

	SAY("got %ld namelen %d iovlen %d flags %s%s", got, (int)m->msg_namelen, (int)m->msg_iovlen,
		m->msg_flags & MSG_TRUNC ? "trunc " : "",
		m->msg_flags & MSG_CTRUNC ? "ctrunc" : "");
	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR((struct msghdr *)m, c)) {
		int *fds = (int *)CMSG_DATA(c);

		SAY("  level %d type %d len %d", c->cmsg_level == SOL_SOCKET, c->cmsg_type,
			(int)(c->cmsg_len - CMSG_LEN(0)));
		if (c->cmsg_type == SCM_RIGHTS) {
			int i, n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			char byte = 0;

			for (i = 0; i < n; i++) {
				SAY("  fd valid %d, reads %d '%c'", fcntl(fds[i], F_GETFD) >= 0,
					(int)pread(fds[i], &byte, 1, i), byte);
				close(fds[i]);
			}
		} else if (c->cmsg_type == SCM_CREDENTIALS) {
			struct ucred *u = (struct ucred *)CMSG_DATA(c);

			SAY("  pid %d uid %d gid %d", u->pid == getpid(), u->uid == getuid(),
				u->gid == getgid());
		}
	}
}

static void messages(void)
{
	struct iovec out[2] = {{"one", 3}, {"two-", 4}}, in[2];
	char a[5] = "", b[50] = "",
	     control[CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))]
		__attribute__((aligned(8)));
	struct msghdr m = {.msg_iov = out, .msg_iovlen = 2};
	struct mmsghdr many[3];
	struct cmsghdr *c;
	struct ucred *credentials;
	int ends[2], fd = open("file", O_CREAT | O_RDWR, 0600), on = 1, i;
	int *fds;

	SHOW(write(fd, "XYZ", 3));
	SHOW(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends));
	SHOW(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	memset(control, 0, sizeof(control));
	m.msg_control = control;
	m.msg_controllen = sizeof(control);
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(2 * sizeof(int));
	fds = (int *)CMSG_DATA(c);
	fds[0] = fds[1] = fd;
	c = CMSG_NXTHDR(&m, c);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_CREDENTIALS;
	c->cmsg_len = CMSG_LEN(sizeof(struct ucred));
	credentials = (struct ucred *)CMSG_DATA(c);
	credentials->pid = getpid();
	credentials->uid = getuid();
	credentials->gid = getgid();
	SHOW(sendmsg(ends[0], &m, 0));
	in[0] = (struct iovec){a, 4};
	in[1] = (struct iovec){b, 50};
	m = (struct msghdr){.msg_iov = in,
		.msg_iovlen = 2,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	memset(control, 0, sizeof(control));
	show_message(&m, recvmsg(ends[1], &m, 0));
	SAY("%s %s", a, b);
	m.msg_controllen = sizeof(control);
	SHOW(recvmsg(ends[1], &m, 0));
	/* Too little room for what comes. */
	SHOW(send(ends[0], "0123456789", 10, 0));
	m.msg_iovlen = 1;
	m.msg_control = NULL;
	m.msg_controllen = 0;
	show_message(&m, recvmsg(ends[1], &m, 0));
	for (i = 0; i < 3; i++)
		many[i] = (struct mmsghdr){{.msg_iov = &out[i % 2], .msg_iovlen = 1}, 77};
	SHOW(sendmmsg(ends[0], many, 3, 0));
	SAY("%u %u %u", many[0].msg_len, many[1].msg_len, many[2].msg_len);
	memset(b, 0, sizeof(b));
	in[1].iov_len = 4;
	for (i = 0; i < 3; i++)
		many[i] = (struct mmsghdr){{.msg_iov = &in[1], .msg_iovlen = 1}, 77};
	SHOW(recvmmsg(ends[1], many, 3, 0, NULL));
	SAY("%u %u %u %s", many[0].msg_len, many[1].msg_len, many[2].msg_len, b);
	close(fd);
	close(ends[0]);
	close(ends[1]);
	unlink("file");
}

static void options(int s)
{
	static const int names[] = {
		SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE, SO_REUSEPORT};
	struct timeval t = {1, 500000};
	struct linger l = {1, 30};
	socklen_t n;
	size_t i;
	int value;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		value = 1;
		SHOW(setsockopt(s, SOL_SOCKET, names[i], &value, sizeof(value)));
		value = 77;
		n = sizeof(value);
		SHOW(getsockopt(s, SOL_SOCKET, names[i], &value, &n));
		SAY("%d %d", value, (int)n);
	}
	SHOW(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)));
	t.tv_sec = t.tv_usec = 0;
	n = sizeof(t);
	SHOW(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, &n));
	SAY("%ld %ld %d", (long)t.tv_sec, (long)t.tv_usec / 10000, (int)n);
	SHOW(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
	l.l_onoff = l.l_linger = 0;
	n = sizeof(l);
	SHOW(getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &n));
	SAY("%d %d", l.l_onoff, l.l_linger);
	l.l_onoff = 0;
	setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	n = sizeof(value);
	SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &n));
	SHOW(value == SOCK_STREAM);
	SHOW(getsockopt(s, SOL_SOCKET, SO_ERROR, &value, &n));
	SHOW(value);
	SHOW(getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &value, &n));
	value = 1;
	SHOW(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)));
	value = 5;
	n = sizeof(value);
	SHOW(getsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, &n));
	SHOW(value);
	SHOW(getsockopt(s, IPPROTO_TCP, TCP_MAXSEG, &value, &n));
	SHOW(getsockopt(s, IPPROTO_IP, IP_TTL, &value, &n));
	SHOW(value);
	SHOW(setsockopt(s, SOL_SOCKET, 9999, &value, sizeof(value)));
	SHOW(setsockopt(0, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value)));
}

static void loopback(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
			   b;
	int listener = socket(AF_INET, SOCK_STREAM, 0), c, s, u, v;
	socklen_t n = sizeof(a);
	struct tcp_info info;
	char text[100] = "";

	options(listener);
	SHOW(bind(listener, (void *)&a, sizeof(a)));
	SHOW(getsockname(listener, (void *)&a, &n));
	SAY("%d %d %d", (int)n, a.sin_family == AF_INET, a.sin_port != 0);
	SHOW(listen(listener, 1));
	c = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(connect(c, (void *)&a, sizeof(a)));
	n = sizeof(b);
	s = accept(listener, (void *)&b, &n);
	SAY("%d %d %x", s >= 0, b.sin_family == AF_INET, ntohl(b.sin_addr.s_addr));
	SHOW(send(c, "abc", 3, MSG_MORE));
	SHOW(send(c, "def", 3, 0));
	SHOW(recv(s, text, 6, MSG_WAITALL));
	SHOW(text);
	SHOW(send(c, "!", 1, MSG_OOB));
	SHOW(send(c, "z", 1, 0));
	SHOW(recv(s, text, 1, MSG_WAITALL));
	SHOW(sockatmark(s) >= 0);
	n = sizeof(info);
	SHOW(getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &n));
	SHOW(info.tcpi_state == TCP_ESTABLISHED);
	SHOW(ioctl(s, SIOCATMARK, &u) + ioctl(s, FIONBIO, &(int){1}));
	SHOW(fcntl(s, F_GETFL) & O_NONBLOCK ? 1 : 0);
	close(c);
	close(s);
	close(listener);
	SHOW(connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&a, sizeof(a)));
	u = socket(AF_INET, SOCK_DGRAM, 0);
	v = socket(AF_INET, SOCK_DGRAM, 0);
	a.sin_port = 0;
	SHOW(bind(u, (void *)&a, sizeof(a)));
	n = sizeof(a);
	getsockname(u, (void *)&a, &n);
	SHOW(sendto(v, "datagram", 8, 0, (void *)&a, sizeof(a)));
	n = sizeof(b);
	memset(text, 0, sizeof(text));
	SHOW(recvfrom(u, text, 4, MSG_TRUNC, (void *)&b, &n));
	SHOW(text);
	SAY("%d %x", (int)n, ntohl(b.sin_addr.s_addr));
	SHOW(recvfrom(u, text, 4, MSG_DONTWAIT, NULL, NULL));
	close(u);
	close(v);
}

static void sixth(void)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int s = socket(AF_INET6, SOCK_STREAM, 0), on = 1;

	if (s < 0)
		return;
	CHECK(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0);
	(void)a;
	close(s);
}

static void vectors(void)
{
	struct iovec v[3] = {{"first ", 6}, {"", 0}, {"second", 6}}, w[2];
	int fd = open("file", O_CREAT | O_RDWR, 0600),
	    other = open("other", O_CREAT | O_RDWR, 0600), ends[2], more[2];
	char a[8] = "", b[20] = "";
	off_t from = 2, to = 0;

	SHOW(writev(fd, v, 3));
	SHOW(pwritev(fd, v, 1, 20));
	lseek(fd, 0, SEEK_SET);
	w[0] = (struct iovec){a, 7};
	w[1] = (struct iovec){b, 19};
	SHOW(readv(fd, w, 2));
	SAY("%s|%s", a, b);
	SHOW(preadv(fd, w, 2, 3));
	SAY("%s|%s", a, b);
	SHOW(writev(fd, v, -1));
	SHOW(sendfile(other, fd, &from, 5));
	SHOW(from);
	SHOW(lseek(other, 0, SEEK_CUR));
	from = 0;
	to = 1;
	SHOW(copy_file_range(fd, &from, other, &to, 3, 0));
	SAY("%ld %ld", (long)from, (long)to);
	SHOW(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	SHOW(pipe(more));
	from = 0;
	SHOW(splice(fd, &from, ends[1], NULL, 6, 0));
	SHOW(tee(ends[0], more[1], 6, 0));
	SHOW(read(ends[0], b, 6));
	SHOW(read(more[0], b, 3));
	SHOW(vmsplice(more[1], v, 1, 0));
	SHOW(read(more[0], b, 19));
	SHOW(read(ends[0], b, 1));
	HOST_SHOW(process_vm_readv(
		getpid(), &(struct iovec){b, 5}, 1, &(struct iovec){"other", 5}, 1, 0));
	HOST_SHOW(b);
	HOST_SHOW(process_vm_writev(
		getpid(), &(struct iovec){"mine", 4}, 1, &(struct iovec){b, 4}, 1, 0));
	HOST_SHOW(b);
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 4096));
	SHOW(fcntl(ends[1], F_GETPIPE_SZ));
	unlink("file");
	unlink("other");
}

int main(void)
{
	local();
	messages();
	loopback();
	sixth();
	vectors();
	return 0;
}
