/* Sockets: TCP that listens, is not connected or is over, UDP, Unix sockets that listen or are bound, and
 * pairs with both ends in this process. A TCP connection needs the privileges of the requester
 * (migrate/tcp.c). What waits in a queue and cannot be put back into one is waited for. */
#include "descriptors.h"

enum {
	AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10,
	SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_SEQPACKET = 5,
	IPPROTO_TCP = 6, IPPROTO_UDP = 17,
	SOL_SOCKET = 1, SO_TYPE = 3, SO_GET_FILTER = 26,
	SO_ACCEPTCONN = 30, SO_PROTOCOL = 38, SO_DOMAIN = 39, TCP_INFO = 11,
	POLLIN = 1, POLLERR = 8, POLLHUP = 16, POLLRDHUP = 0x2000,
	MSG_PEEK = 2, MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000, FIONREAD = 0x541b,
	ADDRESS_BYTES = 128,
	MESSAGE_BYTES = 1 << 19, /* that one may have */
	/* net.core.somaxconn's default is 4096: the kernel takes the smaller */
	BACKLOG_MOST = 65535,
};

struct address {
	char bytes[ADDRESS_BYTES];
	uint32_t n; /* 0: there is none */
};

/* A socket as the kernel shows it. */
struct socket {
	struct hcc_state_socket state;
	struct address own, peer;
	int is_bound;
};

static uint32_t number_option(uint32_t fd, int name)
{
	uint32_t v = 0;

	return hcc_option(fd, SOL_SOCKET, name, &v, sizeof v) < 0 ? 0 : v;
}

/* ---- Addresses ------------------------------------------------------------------------------ */

static void read_address(uint32_t fd, long call, struct address *a)
{
	uint32_t n = sizeof a->bytes;
	long result = call == SYS_getsockname ? hcc_sys(SYS_getsockname, fd, a->bytes, &n)
		: hcc_sys(SYS_getpeername, fd, a->bytes, &n);

	a->n = result < 0 || n > sizeof a->bytes ? 0 : n;
}

static unsigned port_of(const struct address *a)
{
	return (unsigned)(uint8_t)a->bytes[2] << 8 | (uint8_t)a->bytes[3];
}

static void add_ip6(struct hcc_text *t, const char *bytes)
{
	for (int i = 0; i < 16; i += 2) {
		hcc_text_add(t, i ? ":" : "[");
		hcc_text_hex(t, (uint64_t)(uint8_t)bytes[i] << 8 | (uint8_t)bytes[i + 1]);
	}
	hcc_text_add(t, "]");
}

/* 127.0.0.1:80, [0:0:0:0:0:0:0:1]:80, /path, @abstract */
static void add_address(struct hcc_text *t, const struct address *a, uint32_t family)
{
	char name[ADDRESS_BYTES + 1];

	if (family == AF_UNIX) {
		hcc_copy(name, a->bytes, sizeof a->bytes);
		name[a->n] = 0;
		if (a->n > 2 && !name[2])
			name[2] = '@';
		hcc_text_add(t, a->n > 2 ? name + 2 : "a socket without a name");
		return;
	}
	if (family == AF_INET6)
		add_ip6(t, a->bytes + 8);
	for (int i = 0; family == AF_INET && i < 4; i++) {
		hcc_text_add(t, i ? "." : "");
		hcc_text_decimal(t, (uint8_t)a->bytes[4 + i]);
	}
	hcc_text_add(t, ":");
	hcc_text_decimal(t, port_of(a));
}

static int refuse_connected(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct socket *s, const char *what)
{
	char text[384];
	struct hcc_text t;

	hcc_text_start(&t, text, sizeof text);
	add_address(&t, &s->own, s->state.family);
	hcc_text_add(&t, " to ");
	add_address(&t, &s->peer, s->state.family);
	return hcc_refuse_descriptor(l, d, what, text);
}

static int save_address(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct address *a, uint32_t is_peer)
{
	struct hcc_state_address state = {is_peer, 0};

	return hcc_add_state(l, d, HCC_STATE_ADDRESS, &state, sizeof state, a->bytes, a->n);
}

/* ---- Pairs ---------------------------------------------------------------------------------- */

static const struct hcc_snap_descriptor *find_peer(const struct hcc_listing *l,
	const struct hcc_snap_descriptor *d)
{
	const struct hcc_snap_descriptor *at = hcc_listed(l), *end = at + hcc_n_listed(l);
	uint64_t ino = hcc_noted_peer(d->ino);

	for (; ino && at < end; at++)
		if (at->ino == ino && at->dev == d->dev && !(at->open_flags & SYS_O_PATH))
			return at;
	return NULL;
}

/* Descriptors that are on their way through a socket. */
static int has_descriptors(struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	const char *s = hcc_read_info(l, d) ? NULL : hcc_info_after(l->info.base, "scm_fds:");

	return s && hcc_info_number(&s, 10);
}

static int save_stream(struct hcc_listing *l, const struct hcc_snap_descriptor *d)
{
	struct hcc_state_bytes at = {0};
	struct hcc_buffer buffer = {0};
	int32_t bytes = 0;
	long n = 0;
	int result = 0;

	hcc_sys(SYS_ioctl, d->fd, FIONREAD, &bytes);
	if (!bytes)
		return 0;
	n = hcc_buffer_room(&buffer, (uint64_t)bytes);
	if (!n)
		n = hcc_sys(SYS_recvfrom, d->fd, buffer.base, bytes, MSG_PEEK | MSG_DONTWAIT);
	if (n != bytes)
		result = hcc_refuse_descriptor(l, d,
			" is a socket whose contents cannot be read", "");
	for (long off = 0; !result && off < n; off += 65536)
		result = hcc_add_state(l, d, HCC_STATE_BYTES, &at, sizeof at, buffer.base + off,
			(uint64_t)(n - off < 65536 ? n - off : 65536));
	hcc_buffer_free(&buffer);
	return result;
}

/* A queue of messages shows its first only: take them all, then let the other end, which is ours, send
 * them again. There is room for what was there, and nobody else can come between. */
static int save_messages(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_descriptor *peer)
{
	const struct hcc_state_bytes at = {0};
	uint64_t first_off = l->states->bytes, off;
	struct hcc_buffer buffer = {0};
	long n = hcc_buffer_room(&buffer, MESSAGE_BYTES);
	int result = 0;

	if (n)
		return hcc_fail_descriptor(l, d, n, ": no memory for its messages");
	for (;;) {
		/* What is taken must not be lost for want of memory. */
		if (hcc_buffer_room(l->states, MESSAGE_BYTES + 64)) {
			result = hcc_fail_descriptor(l, d, -SYS_ENOMEM, ": no memory for its messages");
			break;
		}
		n = hcc_sys(SYS_recvfrom, d->fd, buffer.base, MESSAGE_BYTES, MSG_DONTWAIT);
		if (n < 0)
			break;
		hcc_add_state(l, d, HCC_STATE_BYTES, &at, sizeof at, buffer.base, (uint64_t)n);
	}
	hcc_buffer_free(&buffer);
	for (off = first_off; off < l->states->bytes;) {
		const struct hcc_snap_state *s = (const void *)(l->states->base + off);
		uint64_t bytes = s->bytes - sizeof at;

		hcc_sys(SYS_sendto, peer->fd, (const char *)(s + 1) + sizeof at, bytes,
			MSG_DONTWAIT | MSG_NOSIGNAL);
		off += sizeof *s + ((s->bytes + 7) & ~(uint64_t)7);
	}
	return result;
}

static int save_pair(struct hcc_listing *l, struct hcc_snap_descriptor *d, struct socket *s)
{
	const struct hcc_snap_descriptor *peer = find_peer(l, d);
	int events = hcc_poll_now((int)d->fd, POLLIN | POLLRDHUP);
	int32_t bytes = 0;

	if (!peer && !(events & POLLHUP)) {
		if (!(hcc_request_flags & HCC_REQUEST_CLOSE))
			return refuse_connected(l, d, s, " is a socket connected from ");
		events |= POLLRDHUP;
	}
	if (has_descriptors(l, d))
		return hcc_decline_descriptor(l, d, " has descriptors in its queue");
	s->state.flags |= HCC_SOCKET_PAIR;
	if (events & POLLRDHUP)
		s->state.flags |= HCC_SOCKET_NO_READ;
	if (peer)
		d->copy_of = peer->fd;
	if (hcc_add_state(l, d, HCC_STATE_SOCKET, &s->state, sizeof s->state, NULL, 0)
			|| hcc_save_options(l, d, &s->state))
		return -1;
	if (s->state.type == SOCK_STREAM)
		return save_stream(l, d);
	if (!(events & POLLIN))
		return 0;
	/* An end that has come is to be read for ever; only a message that is not empty tells of itself. */
	if (events & POLLRDHUP)
		hcc_sys(SYS_ioctl, d->fd, FIONREAD, &bytes);
	if (events & POLLRDHUP ? bytes : !peer)
		return hcc_decline_descriptor(l, d,
			" is a socket with messages that are not read yet");
	return events & POLLRDHUP ? 0 : save_messages(l, d, peer);
}

/* ---- All ------------------------------------------------------------------------------------ */

static void read_socket(const struct hcc_snap_descriptor *d, struct socket *s)
{
	s->state.family = number_option(d->fd, SO_DOMAIN);
	s->state.type = number_option(d->fd, SO_TYPE);
	s->state.protocol = number_option(d->fd, SO_PROTOCOL);
	if (number_option(d->fd, SO_ACCEPTCONN)) {
		s->state.flags |= HCC_SOCKET_LISTENS;
		if (!hcc_noted_backlog(d->ino, &s->state.backlog))
			s->state.backlog = BACKLOG_MOST;
	}
	read_address(d->fd, SYS_getsockname, &s->own);
	read_address(d->fd, SYS_getpeername, &s->peer);
	if (s->peer.n)
		s->state.flags |= HCC_SOCKET_CONNECTED;
	s->is_bound = s->state.family == AF_UNIX ? s->own.n > 2 : port_of(&s->own) != 0;
}

/* The file of a Unix socket. Its name may be gone, or be another's by now: then it is made no more. */
static int check_file(struct hcc_listing *l, const struct hcc_snap_descriptor *d, struct socket *s)
{
	char path[ADDRESS_BYTES];
	struct sys_stat st;
	long fd;

	if (s->state.family != AF_UNIX || !s->is_bound || !s->own.bytes[2])
		return 0;
	hcc_copy(path, s->own.bytes + 2, s->own.n - 2);
	path[s->own.n - 2] = 0;
	fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_PATH | SYS_O_CLOEXEC | SYS_O_NOFOLLOW, 0);
	if (fd >= 0) {
		long result = sys_fstat((int)fd, &st);

		sys_close((int)fd);
		if (!result && (st.st_mode & SYS_S_IFMT) == SYS_S_IFSOCK) {
			s->state.mode = st.st_mode & 07777;
			return 0;
		}
	}
	return hcc_refuse_descriptor(l, d, " is a socket whose path is gone: ", path);
}

/* What would be lost. */
static int check_queue(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct socket *s)
{
	uint16_t n_filters[4] = {0};
	uint32_t n = 0;

	if (!hcc_sys(SYS_getsockopt, d->fd, SOL_SOCKET, SO_GET_FILTER, n_filters, &n) && n)
		return hcc_refuse_descriptor(l, d, " is a socket with a filter", "");
	if (s->state.type == SOCK_STREAM && !(s->state.flags & HCC_SOCKET_LISTENS))
		return 0;
	if (!(hcc_poll_now((int)d->fd, POLLIN) & POLLIN) || (s->state.flags & HCC_SOCKET_LISTENS
			&& hcc_request_flags & HCC_REQUEST_LISTENING))
		return 0;
	return hcc_decline_descriptor(l, d, s->state.flags & HCC_SOCKET_LISTENS
		? " is a socket with a connection that is not accepted yet"
		: " is a socket with messages that are not read yet");
}

static int refuse_family(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct hcc_state_socket *s)
{
	char text[64];
	struct hcc_text t;

	hcc_text_start(&t, text, sizeof text);
	if (s->family == AF_UNIX || s->family == AF_INET || s->family == AF_INET6) {
		hcc_text_add(&t, "protocol ");
		hcc_text_decimal(&t, s->protocol);
	} else {
		hcc_text_add(&t, "family ");
		hcc_text_decimal(&t, s->family);
	}
	return hcc_refuse_descriptor(l, d, " is a socket of ", text);
}

static int is_known(const struct hcc_state_socket *s)
{
	if (s->family == AF_UNIX)
		return s->type == SOCK_STREAM || s->type == SOCK_DGRAM || s->type == SOCK_SEQPACKET;
	if (s->family != AF_INET && s->family != AF_INET6)
		return 0;
	return (s->type == SOCK_STREAM && s->protocol == IPPROTO_TCP)
		|| (s->type == SOCK_DGRAM && s->protocol == IPPROTO_UDP);
}

static int give_up_connection(struct socket *s)
{
	s->state.flags |= HCC_SOCKET_RESET;
	s->own.n = s->peer.n = 0;
	s->is_bound = 0;
	return 0;
}

/* A socket that never was connected has nothing to read, not even an end. A connection that is over has no
 * peer any more, but perhaps what is left to read. To look at an error is to take it. */
static int check_closed(struct hcc_listing *l, const struct hcc_snap_descriptor *d, struct socket *s)
{
	int events = hcc_poll_now((int)d->fd, POLLRDHUP);

	s->state.flags &= ~(uint32_t)HCC_SOCKET_CONNECTED;
	s->peer.n = 0;
	if (events & POLLERR)
		return hcc_request_flags & HCC_REQUEST_CLOSE ? give_up_connection(s)
			: hcc_decline_descriptor(l, d,
				" is a TCP connection with an error that the program has not seen yet");
	if (events & POLLRDHUP) {
		s->state.flags |= HCC_SOCKET_ENDED;
		s->own.n = 0;
		s->is_bound = 0;
	}
	return 0;
}

/* A connection is the requester's, if it can: it opens the socket by its number, and sees then how far it is
 * opened or closed. */
static int check_connection(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	struct socket *s)
{
	enum { TCP_SYN_RECV = 3, TCP_CLOSE = 7 };
	uint8_t info[4] = {TCP_CLOSE};

	hcc_option(d->fd, IPPROTO_TCP, TCP_INFO, info, sizeof info);
	if (info[0] == TCP_CLOSE)
		return check_closed(l, d, s);
	if (info[0] != TCP_SYN_RECV && hcc_request_flags & HCC_REQUEST_CONNECTIONS) {
		s->state.flags |= HCC_SOCKET_CONNECTED;
		return 0;
	}
	if (hcc_request_flags & HCC_REQUEST_CLOSE)
		return give_up_connection(s);
	if (info[0] != HCC_TCP_ESTABLISHED) {
		refuse_connected(l, d, s, " is a TCP connection that is being made or closed from ");
		l->why->verdict = HCC_DECLINE;
		l->why->pc = 0;
		return -1;
	}
	return refuse_connected(l, d, s, " is a TCP connection from ");
}

int hcc_save_socket(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st)
{
	struct socket s = {0};

	(void)st;
	d->kind = HCC_DESCRIPTOR_SOCKET;
	read_socket(d, &s);
	if (!is_known(&s.state))
		return refuse_family(l, d, &s.state);
	/* Datagrams go to a path, which is there still. */
	if (s.state.family == AF_UNIX && (s.peer.n || hcc_noted_peer(d->ino))
			&& (s.state.type != SOCK_DGRAM || s.peer.n <= 2))
		return save_pair(l, d, &s);
	if (s.state.protocol == IPPROTO_TCP && !(s.state.flags & HCC_SOCKET_LISTENS)
			&& check_connection(l, d, &s))
		return -1;
	if (check_file(l, d, &s) || check_queue(l, d, &s)
			|| hcc_add_state(l, d, HCC_STATE_SOCKET, &s.state, sizeof s.state, NULL, 0)
			|| hcc_save_options(l, d, &s.state)
			|| hcc_save_memberships(l, d)
			|| (s.is_bound && save_address(l, d, &s.own, 0))
			|| (s.peer.n && save_address(l, d, &s.peer, 1))
			|| (s.state.flags & HCC_SOCKET_ENDED && save_stream(l, d)))
		return -1;
	return 0;
}
