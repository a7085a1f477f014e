/* Sockets, made again from what a snapshot says of them. */
#define _GNU_SOURCE
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define MARGIN_BYTES 65536
#define PATIENCE_US 1000000
#define MOMENT_US 1000

/* ---- Options -------------------------------------------------------------------------------- */

/* The kernel shows twice the size that it was given. */
static int set_buffer(int fd, int name, const void *value)
{
	int half = *(const int *)value / 2;

	if (!setsockopt(fd, SOL_SOCKET, name == SO_SNDBUF ? SO_SNDBUFFORCE : SO_RCVBUFFORCE, &half,
			sizeof half))
		return 0;
	return setsockopt(fd, SOL_SOCKET, name, &half, sizeof half);
}

/* What a new socket has already is not set: it may need privileges, or turn off what adapts. */
int set_option(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int fd)
{
	const struct hcc_state_option *o = (const void *)(s + 1);
	socklen_t bytes = (socklen_t)(s->bytes - sizeof *o), now_bytes;
	char now[64] = "", text[128];
	int level = (int)o->level, name = (int)o->name, result;

	now_bytes = sizeof now;
	if (!getsockopt(fd, level, name, now, &now_bytes) && now_bytes == bytes
			&& !memcmp(now, o + 1, bytes))
		return 0;
	if (level == SOL_SOCKET && (name == SO_SNDBUF || name == SO_RCVBUF) && bytes == sizeof(int))
		result = set_buffer(fd, name, o + 1);
	else
		result = setsockopt(fd, level, name, o + 1, bytes);
	if (!result)
		return 0;
	snprintf(text, sizeof text, "cannot get option %d of level %d", name, level);
	return making_fail(m, d, text);
}

/* ---- Addresses ------------------------------------------------------------------------------ */

const struct sockaddr *find_address(const struct making *m,
	const struct hcc_snap_descriptor *d, int is_peer, socklen_t *bytes)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = m->states[d - m->list];

	for (; (s = hcc_state_find(file, s, HCC_STATE_ADDRESS)); s = hcc_state_next(file, s)) {
		const struct hcc_state_address *a = (const void *)(s + 1);

		*bytes = (socklen_t)(s->bytes - sizeof *a);
		if (!a->is_peer == !is_peer && *bytes >= sizeof(sa_family_t))
			return (const void *)(a + 1);
	}
	return NULL;
}

/* The file that the old socket was bound to is still there; nobody may be listening at it. */
static int remove_file(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct stat st;
	int probe, result;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -1;
	errno = EADDRINUSE;
	if (!S_ISSOCK(st.st_mode))
		return -1;
	probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (probe < 0)
		return -1;
	snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	result = connect(probe, (void *)&a, sizeof a);
	if (result && errno == ECONNREFUSED) {
		close(probe);
		return unlink(path);
	}
	close(probe);
	errno = EADDRINUSE;
	return -1;
}

/* A path is relative to the working directory of the process. */
static int bind_path(const struct making *m, int fd, const struct sockaddr *a, socklen_t bytes,
	uint32_t mode)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(m->s->header,
		HCC_SECTION_PROCESS);
	const size_t path_off = offsetof(struct sockaddr_un, sun_path);
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;
	char path[sizeof((struct sockaddr_un *)NULL)->sun_path + 1] = "";
	int result;

	if (here < 0 || bytes < path_off || bytes - path_off >= sizeof path) {
		close(here);
		errno = EINVAL;
		return -1;
	}
	memcpy(path, (const char *)a + path_off, bytes - path_off);
	result = chdir(snapshot_string(m->s, p->cwd_off));
	if (!result)
		result = remove_file(path);
	if (!result)
		result = bind(fd, a, bytes);
	if (!result)
		result = chmod(path, (mode_t)mode);
	error = errno;
	if (fchdir(here))
		result = -1;
	close(here);
	errno = error;
	return result;
}

/* Connections of the process that has ended may be in the port's way: they are in TIME_WAIT. */
static int bind_address(struct making *m, const struct hcc_snap_descriptor *d, int fd,
	const struct hcc_state_socket *state)
{
	const int yes = 1;
	int before = 0, result;
	socklen_t bytes, n = sizeof before;
	const struct sockaddr *a = find_address(m, d, 0, &bytes);

	if (!a)
		return 0;
	if (a->sa_family == AF_UNIX && bytes > sizeof(sa_family_t) && a->sa_data[0]) {
		result = bind_path(m, fd, a, bytes, state->mode & 07777);
		return result ? making_fail(m, d, "cannot be bound") : 0;
	}
	if (state->type == SOCK_STREAM && a->sa_family != AF_UNIX) {
		getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &before, &n);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	}
	result = bind(fd, a, bytes);
	if (result)
		return making_fail(m, d, "cannot be bound");
	if (state->type == SOCK_STREAM && a->sa_family != AF_UNIX && !before)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &before, sizeof before);
	return 0;
}

static int connect_address(struct making *m, const struct hcc_snap_descriptor *d, int fd)
{
	socklen_t bytes;
	const struct sockaddr *a = find_address(m, d, 1, &bytes);

	return a && connect(fd, a, bytes) ? making_fail(m, d, "cannot be connected") : 0;
}

/* ---- Pairs ---------------------------------------------------------------------------------- */

static int send_bytes(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int from)
{
	const struct hcc_state_bytes *at = (const void *)(s + 1);
	size_t bytes = s->bytes - sizeof *at;
	ssize_t n = send(from, at + 1, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return making_fail(m, d, "cannot get its contents");
	return (size_t)n == bytes ? 0 : making_refuse(m, d, "its contents do not fit");
}

/* What has been sent to this end, then what it does not read any more. */
static int fill_end(struct making *m, const struct hcc_snap_descriptor *d, int fd, int peer_fd)
{
	const struct hcc_state_socket *state = making_state(m, d, HCC_STATE_SOCKET);

	if (making_each(m, d, HCC_STATE_BYTES, send_bytes, peer_fd))
		return -1;
	if (state->flags & HCC_SOCKET_NO_READ && d->copy_of != d->fd && shutdown(fd, SHUT_RD))
		return making_fail(m, d, "cannot be shut down");
	return 0;
}

/* Both ends are made at the first. Where the other is not there, it has been closed. */
static int make_pair(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_state_socket *state)
{
	int64_t peer = d->copy_of == d->fd ? -1 : making_index(m, d->copy_of);
	int ends[2];

	if (peer >= 0 && (m->list[peer].kind != HCC_DESCRIPTOR_SOCKET
			|| m->list[peer].copy_of != d->fd || m->made[peer] >= 0))
		return making_refuse(m, d, "its other end is not there");
	if (socketpair((int)state->family, (int)state->type | SOCK_CLOEXEC, (int)state->protocol,
			ends))
		return making_fail(m, d, "cannot be created");
	if (making_each(m, d, HCC_STATE_OPTION, set_option, ends[0])
			|| (peer >= 0 && making_each(m, &m->list[peer], HCC_STATE_OPTION,
				set_option, ends[1]))
			|| fill_end(m, d, ends[0], ends[1])
			|| (peer >= 0 && fill_end(m, &m->list[peer], ends[1], ends[0])))
		goto fail;
	if (peer < 0) {
		close(ends[1]);
		return ends[0];
	}
	m->made[peer] = fcntl(ends[1], F_DUPFD_CLOEXEC, m->above);
	if (m->made[peer] < 0 || fcntl(m->made[peer], F_SETFL,
			making_flags(&m->list[peer]) & O_NONBLOCK)) {
		making_fail(m, &m->list[peer], "cannot be created");
		goto fail;
	}
	close(ends[1]);
	return ends[0];
fail:
	close(ends[0]);
	close(ends[1]);
	return -1;
}

/* A connection to ourselves, without going by any address that others can reach. */
static int connect_self(int family, int fd)
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 at = {.sin6_family = AF_INET6}, own, peer;
	socklen_t bytes = sizeof at, own_bytes = sizeof own, peer_bytes = sizeof peer;
	int listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), other = -1;

	/* ::ffff:127.0.0.1, which is there also without IPv6's loopback */
	memset(at.sin6_addr.s6_addr + 10, 0xff, 2);
	memcpy(at.sin6_addr.s6_addr + 12, &four.sin_addr, 4);
	if (family == AF_INET) {
		bytes = sizeof four;
		memcpy(&at, &four, bytes);
	}
	if (listener >= 0 && !bind(listener, (void *)&at, bytes) && !listen(listener, 1)
			&& !getsockname(listener, (void *)&at, &bytes)
			&& !connect(fd, (void *)&at, bytes))
		other = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	/* Anybody may have been faster. */
	if (other >= 0 && (getsockname(fd, (void *)&own, &own_bytes)
			|| getpeername(other, (void *)&peer, &peer_bytes) || own_bytes != peer_bytes
			|| memcmp(&own, &peer, own_bytes))) {
		close(other);
		errno = ECONNABORTED;
		other = -1;
	}
	close_failed(listener);
	return other;
}

/* As large as the kernel lets it be. */
static void enlarge(int fd, int name, int force, int bytes)
{
	if (setsockopt(fd, SOL_SOCKET, force, &bytes, sizeof bytes))
		setsockopt(fd, SOL_SOCKET, name, &bytes, sizeof bytes);
}

static int count_bytes(const struct making *m, const struct hcc_snap_descriptor *d)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = m->states[d - m->list];
	uint64_t all = 0;

	for (; (s = hcc_state_find(file, s, HCC_STATE_BYTES)); s = hcc_state_next(file, s))
		all += s->bytes - sizeof(struct hcc_state_bytes);
	return all < INT32_MAX / 8 ? (int)all : INT32_MAX / 8;
}

/* What is left to read must have come before the other end goes away, which takes back what has not. */
static int send_rest(struct making *m, const struct hcc_snap_descriptor *d, int fd, int other, int all)
{
	int come = 0;

	if (making_each(m, d, HCC_STATE_BYTES, send_bytes, other))
		return -1;
	for (unsigned us = 0; !ioctl(fd, FIONREAD, &come) && come < all; us += MOMENT_US) {
		if (us >= PATIENCE_US)
			return making_refuse(m, d, "its contents do not fit");
		usleep(MOMENT_US);
	}
	return 0;
}

/* Its end is a reset, which leaves nothing behind on this machine. Of a connection that was over before, the
 * program has seen how it ended. */
static int end_connection(int fd, int other, int is_seen)
{
	const struct linger at_once = {1, 0};
	struct pollfd end = {fd, 0, 0};
	socklen_t bytes = sizeof(int);
	int error;

	if (setsockopt(other, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once)) {
		close_failed(other);
		return -1;
	}
	close(other);
	if (poll(&end, 1, PATIENCE_US / 1000) <= 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return is_seen ? getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes) : 0;
}

/* A connection that has been given up, which the program finds reset; or one that was over: then it finds
 * what was left to read, and the end of it. */
static int make_over(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_state_socket *state)
{
	int is_seen = (state->flags & HCC_SOCKET_ENDED) != 0, all = count_bytes(m, d);
	int fd = socket((int)state->family, SOCK_STREAM | SOCK_CLOEXEC, 0), other;

	if (fd < 0)
		return making_fail(m, d, "cannot be created");
	enlarge(fd, SO_RCVBUF, SO_RCVBUFFORCE, 4 * all + MARGIN_BYTES);
	other = connect_self((int)state->family, fd);
	if (other < 0) {
		making_fail(m, d, "cannot be created");
		return close_failed(fd);
	}
	enlarge(other, SO_SNDBUF, SO_SNDBUFFORCE, 4 * all + MARGIN_BYTES);
	if (is_seen && send_rest(m, d, fd, other, all)) {
		close(other);
		return close_failed(fd);
	}
	if (end_connection(fd, other, is_seen)) {
		making_fail(m, d, "cannot be ended");
		return close_failed(fd);
	}
	return fd;
}

/* A socket that listens can be the very one of the process that still waits on this machine (ptrace(2)
 * says who may): so nobody is refused when that ends, and who waits in its queue is not turned away. */
static int keep_listening(struct making *m, const struct hcc_snap_descriptor *d)
{
	int fd = m->old_fd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, m->old_fd, d->fd, 0);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) || !S_ISSOCK(st.st_mode) || st.st_ino != d->ino || st.st_dev != d->dev)
		return close_failed(fd);
	m->kept[d - m->list] = 1;
	return fd;
}

/* It drops what comes while its process is on its way (tcp.c). */
void start_listening(const struct hcc_snap_descriptor *d)
{
	const int none = 0;

	setsockopt((int)d->fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none);
}

/* Without its address: that may be the other process's still. */
int make_socket(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_socket *state = making_state(m, d, HCC_STATE_SOCKET);
	int fd;

	if (state->flags & HCC_SOCKET_PAIR)
		return make_pair(m, d, state);
	if (state->flags & (HCC_SOCKET_RESET | HCC_SOCKET_ENDED))
		return make_over(m, d, state);
	if (state->flags & HCC_SOCKET_LISTENS && (fd = keep_listening(m, d)) >= 0)
		return fd;
	fd = socket((int)state->family, (int)state->type | SOCK_CLOEXEC, (int)state->protocol);
	if (fd < 0)
		return making_fail(m, d, "cannot be created");
	return making_each(m, d, HCC_STATE_OPTION, set_option, fd) ? close_failed(fd) : fd;
}

int finish_socket(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_socket *state = making_state(m, d, HCC_STATE_SOCKET);
	int fd = (int)d->fd;

	if (state->flags & (HCC_SOCKET_PAIR | HCC_SOCKET_RESET | HCC_SOCKET_ENDED) || m->kept[d - m->list])
		return 0;
	if (state->flags & HCC_SOCKET_CONNECTED && state->protocol == IPPROTO_TCP)
		return finish_connection(m, d);
	if (bind_address(m, d, fd, state) || connect_address(m, d, fd))
		return -1;
	if (state->flags & HCC_SOCKET_LISTENS && listen(fd, (int)state->backlog))
		return making_fail(m, d, "cannot listen");
	return 0;
}
