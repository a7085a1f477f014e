/* TCP connections, made again from what a snapshot says of them (tcp.c). In repair mode connect(2) says
 * nothing to the peer, and what is written goes into the queue that is chosen, as if it had come or been sent
 * already; so does a FIN. A FIN that has come is given to the socket as a segment (segment.c). Where that
 * cannot be (without CAP_NET_RAW, or when a firewall throws it away) the socket is shut down for reading: the
 * program finds the same end at the same place, but its half is called established, not CLOSE_WAIT.
 *
 * One that was being made is begun anew from the same address, by the same SYN: when that comes twice to the
 * peer it is one. */
#define _GNU_SOURCE
#include "tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES (64 << 20) /* while queues are filled */
#define PATIENCE_US 200000
#define MOMENT_US 1000
#define MOST_PASSED_MS (1u << 30) /* half of what can be told from the past */

enum { OPTION_MSS = 2, OPTION_SCALE = 3, OPTION_SACK = 4, OPTION_TIMESTAMP = 8 }; /* TCPOPT_* */

static int set_seq(int fd, uint32_t queue, uint32_t seq)
{
	return tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, queue)
		|| tcp_set(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, seq) ? -1 : 0;
}

static uint32_t queue_bytes(const struct making *m, const struct hcc_snap_descriptor *d,
	uint32_t queue)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = m->connections[d - m->list];
	uint64_t sum = 0;

	for (; (s = hcc_state_find(file, s, HCC_STATE_BYTES)); s = hcc_state_next(file, s)) {
		const struct hcc_state_bytes *at = (const void *)(s + 1);

		if (at->off == queue)
			sum += s->bytes - sizeof *at;
	}
	return (uint32_t)sum;
}

static int send_queue(const struct making *m, const struct hcc_snap_descriptor *d, int fd,
	uint32_t queue)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = m->connections[d - m->list];

	for (; (s = hcc_state_find(file, s, HCC_STATE_BYTES)); s = hcc_state_next(file, s)) {
		const struct hcc_state_bytes *at = (const void *)(s + 1);
		const char *p = (const char *)(at + 1);
		size_t left = s->bytes - sizeof *at;

		while (at->off == queue && left) {
			/* The kernel takes a segment's worth at a time. */
			ssize_t n = send(fd, p, left, MSG_DONTWAIT | MSG_NOSIGNAL);

			if (n <= 0)
				return -1;
			p += n;
			left -= (size_t)n;
		}
	}
	return 0;
}

/* The clock of its timestamps goes on: the peer throws away what is older than what it had last, and until the
 * process ended, however long it waited, segments were sent again. It counts milliseconds; the lowest bit is a flag
 * of newer kernels (Linux net/ipv4/tcp.c). */
static uint32_t timestamp_now(const struct making *m, const struct hcc_state_tcp *t)
{
	uint64_t passed_ms = making_passed_ns(m) / 1000000 + 2;

	return t->timestamp + ((uint32_t)(passed_ms < MOST_PASSED_MS ? passed_ms : MOST_PASSED_MS) & ~1u);
}

static int set_negotiated(const struct making *m, int fd, const struct hcc_state_tcp *t)
{
	struct tcp_repair_opt options[4];
	int n = 0;

	if (t->flags & HCC_TCP_SACK)
		options[n++] = (struct tcp_repair_opt){OPTION_SACK, 0};
	if (t->flags & HCC_TCP_SCALE)
		options[n++] = (struct tcp_repair_opt){OPTION_SCALE,
			t->send_scale + (t->receive_scale << 16)};
	if (t->flags & HCC_TCP_TIMESTAMPS)
		options[n++] = (struct tcp_repair_opt){OPTION_TIMESTAMP, 0};
	options[n++] = (struct tcp_repair_opt){OPTION_MSS, t->mss_bytes};
	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_OPTIONS, options,
			(socklen_t)((size_t)n * sizeof *options)))
		return -1;
	return t->flags & HCC_TCP_TIMESTAMPS ? tcp_set(fd, IPPROTO_TCP, TCP_TIMESTAMP, timestamp_now(m, t))
		: 0;
}

static const struct hcc_state_tcp *find_tcp(const struct making *m,
	const struct hcc_snap_descriptor *d)
{
	const struct hcc_snap_state *s = hcc_state_find(m->s->header, m->connections[d - m->list],
		HCC_STATE_TCP);

	return s ? (const void *)(s + 1) : NULL;
}

static int is_inet(const struct sockaddr_storage *a, size_t bytes)
{
	return (a->ss_family == AF_INET && bytes >= sizeof(struct sockaddr_in))
		|| (a->ss_family == AF_INET6 && bytes >= sizeof(struct sockaddr_in6));
}

/* The peer's address is with the connection: the process may not have known it (tcp.c). */
static int find_ends(const struct making *m, const struct hcc_snap_descriptor *d, struct ends *e)
{
	const struct hcc_snap_state *s = hcc_state_find(m->s->header, m->connections[d - m->list],
		HCC_STATE_ADDRESS);
	socklen_t own_bytes;
	const void *own = find_address(m, d, 0, &own_bytes);
	size_t peer_bytes = s ? s->bytes - sizeof(struct hcc_state_address) : 0;

	*e = (struct ends){0};
	if (!own || own_bytes > sizeof e->own || !peer_bytes || peer_bytes > sizeof e->peer)
		return -1;
	memcpy(&e->own, own, own_bytes);
	memcpy(&e->peer, (const char *)(s + 1) + sizeof(struct hcc_state_address), peer_bytes);
	return is_inet(&e->own, own_bytes) && is_inet(&e->peer, peer_bytes)
		&& e->own.ss_family == e->peer.ss_family ? 0 : -1;
}

static socklen_t address_bytes(const struct sockaddr_storage *a)
{
	return a->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

/* A connection on its way into a socket. */
struct remaking {
	const struct making *m;
	const struct hcc_snap_descriptor *d;
	const struct hcc_state_tcp *t;
	struct ends ends;
	int fd;
	int is_fin_sent;   /* whether or not it has arrived */
	int has_fin;       /* the peer's has come */
	int gets_fin;      /* the peer's comes as a segment; else it is only counted */
};

/* ---- Queues --------------------------------------------------------------------------------- */

/* Sizes that the program has not set adapt themselves again. */
static int set_buffers(int fd, const struct hcc_state_tcp *t)
{
	return tcp_set(fd, SOL_SOCKET, SO_SNDBUFFORCE, t->send_buffer_bytes / 2)
		|| tcp_set(fd, SOL_SOCKET, SO_RCVBUFFORCE, t->receive_buffer_bytes / 2)
		|| tcp_set(fd, SOL_SOCKET, SO_BUF_LOCK, t->buffer_locks) ? -1 : 0;
}

/* An address, also where another connection of this port is still there. */
static int bind_silently(const struct remaking *r)
{
	return tcp_set(r->fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON)
		|| tcp_set(r->fd, SOL_SOCKET, SO_MARK, NETWORK_MARK)
		|| bind(r->fd, (const void *)&r->ends.own, address_bytes(&r->ends.own)) ? -1 : 0;
}

static int connect_silently(const struct remaking *r)
{
	const struct hcc_state_tcp *t = r->t;
	uint32_t n_received = queue_bytes(r->m, r->d, HCC_TCP_RECEIVED);
	uint32_t n_sent = queue_bytes(r->m, r->d, HCC_TCP_SENT)
		+ queue_bytes(r->m, r->d, HCC_TCP_UNSENT);

	return tcp_set(r->fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_BYTES)
		|| tcp_set(r->fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
		|| set_seq(r->fd, TCP_RECV_QUEUE,
			t->receive_seq - n_received + (r->has_fin && !r->gets_fin))
		|| set_seq(r->fd, TCP_SEND_QUEUE, t->send_seq - n_sent)
		|| connect(r->fd, (const void *)&r->ends.peer, address_bytes(&r->ends.peer))
		|| set_negotiated(r->m, r->fd, t) ? -1 : 0;
}

static int fill_queues(const struct remaking *r)
{
	struct tcp_repair_window window;
	int fd = r->fd;

	memcpy(&window, r->t->window, sizeof window);
	/* The FIN takes a number of it. */
	window.rcv_wup -= (uint32_t)r->gets_fin;
	window.rcv_wnd += (uint32_t)r->gets_fin;
	return tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE)
		|| send_queue(r->m, r->d, fd, HCC_TCP_RECEIVED)
		|| tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE)
		|| send_queue(r->m, r->d, fd, HCC_TCP_SENT)
		|| tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_NO_QUEUE)
		|| setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &window, sizeof window) ? -1 : 0;
}

/* ---- Closed halves -------------------------------------------------------------------------- */

/* Into the queue of what has been sent. */
static int put_fin(int fd)
{
	return tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE) || shutdown(fd, SHUT_WR)
		|| tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_NO_QUEUE) ? -1 : 0;
}

/* From the peer, who has seen so much of ours. */
static int give_segment(const struct remaking *r, uint32_t ack, int is_fin)
{
	struct tcp_repair_window window;
	uint32_t size;

	memcpy(&window, r->t->window, sizeof window);
	size = window.snd_wnd >> (r->t->flags & HCC_TCP_SCALE ? r->t->send_scale & 15 : 0);
	return segment_from_peer(&r->ends, &(struct segment){
		.seq = r->t->receive_seq, .ack = ack, .is_fin = is_fin,
		.window = (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX),
	});
}

/* It goes the way that all segments go: it need not be there at once. */
static int get_fin(const struct remaking *r)
{
	uint32_t want = r->is_fin_sent && r->t->state == HCC_TCP_CLOSING ? HCC_TCP_CLOSING
		: HCC_TCP_CLOSE_WAIT;
	uint32_t ack = r->t->send_seq - queue_bytes(r->m, r->d, HCC_TCP_SENT)
		- queue_bytes(r->m, r->d, HCC_TCP_UNSENT);

	if (give_segment(r, ack, 1))
		return -1;
	for (unsigned us = 0; tcp_state(r->fd) != want; us += MOMENT_US) {
		if (us >= PATIENCE_US)
			return -1;
		usleep(MOMENT_US);
	}
	return 0;
}

/* Returns 0; 1 when the peer's FIN did not come; -1 and errno. */
static int close_halves(const struct remaking *r)
{
	if (r->is_fin_sent && r->t->state != HCC_TCP_LAST_ACK && put_fin(r->fd))
		return -1;
	if (r->gets_fin && get_fin(r))
		return 1;
	if (r->is_fin_sent && r->t->state == HCC_TCP_LAST_ACK && put_fin(r->fd))
		return -1;
	/* If this does not come our FIN is sent again, and the peer says so once more. */
	if (r->t->state == HCC_TCP_FIN_WAIT2)
		give_segment(r, r->t->send_seq + 1, 0);
	return r->has_fin && !r->gets_fin ? shutdown(r->fd, SHUT_RD) : 0;
}

/* Whether a segment that comes through the loopback device is the socket's. */
static int is_of_any_device(int fd)
{
	char name[IFNAMSIZ] = "";
	socklen_t bytes = sizeof name;

	return !getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &bytes) && !name[0];
}

/* Back to where it is only bound; in repair mode without a word. */
static int disconnect(int fd)
{
	const struct sockaddr none = {.sa_family = AF_UNSPEC};
	socklen_t bytes = sizeof(int);
	int aborted;

	return connect(fd, &none, sizeof none)
		|| getsockopt(fd, SOL_SOCKET, SO_ERROR, &aborted, &bytes) ? -1 : 0;
}

/* ---- All ------------------------------------------------------------------------------------ */

/* Returns 0; 1 when the peer's FIN did not come; -1 and the error. */
static int remake(struct making *m, const struct remaking *r)
{
	int result;

	if (connect_silently(r))
		return making_fail(m, r->d, "its connection cannot be made");
	if (fill_queues(r))
		return making_fail(m, r->d, "its connection cannot get its contents");
	result = close_halves(r);
	return result < 0 ? making_fail(m, r->d, "its connection cannot be shut down") : result;
}

/* It stays in repair mode: if something else fails, it is closed without a word. */
int finish_connection(struct making *m, const struct hcc_snap_descriptor *d)
{
	struct remaking r = {.m = m, .d = d, .t = find_tcp(m, d), .fd = (int)d->fd};
	int result;

	if (!r.t || find_ends(m, d, &r.ends))
		return making_refuse(m, d, "its connection is not in the snapshot");
	if (bind_silently(&r))
		return making_fail(m, d, "its connection cannot be made");
	if (r.t->state == HCC_TCP_SYN_SENT)
		return set_seq(r.fd, TCP_SEND_QUEUE, r.t->send_seq) || set_buffers(r.fd, r.t)
			? making_fail(m, d, "its connection cannot be made") : 0;
	r.is_fin_sent = tcp_has_sent_fin(r.t->state) && !(r.t->flags & HCC_TCP_FIN_UNSENT);
	r.has_fin = tcp_has_got_fin(r.t->state);
	r.gets_fin = r.has_fin && !m->loses_segments && is_of_any_device(r.fd);
	/* Should the segment find nobody, the kernel's answer must not reach the peer. */
	if (r.gets_fin)
		network_lock(&r.ends);
	result = remake(m, &r);
	m->loses_segments |= result > 0;
	if (result > 0 && disconnect(r.fd))
		return making_fail(m, d, "its connection cannot be made");
	r.gets_fin = 0;
	return result > 0 ? remake(m, &r) : result;
}

/* The program finds it as it was: on its way, and may wait for it. */
static int begin_anew(const struct remaking *r)
{
	int flags = fcntl(r->fd, F_GETFL), result;

	if (flags < 0 || fcntl(r->fd, F_SETFL, flags | O_NONBLOCK))
		return -1;
	result = connect(r->fd, (const void *)&r->ends.peer, address_bytes(&r->ends.peer));
	return (result && errno != EINPROGRESS) || fcntl(r->fd, F_SETFL, flags) ? -1 : 0;
}

static int go_on(const struct remaking *r)
{
	return send_queue(r->m, r->d, r->fd, HCC_TCP_UNSENT) || set_buffers(r->fd, r->t)
		|| (r->t->flags & HCC_TCP_FIN_UNSENT && shutdown(r->fd, SHUT_WR))
		|| (r->t->flags & HCC_TCP_NO_READ && shutdown(r->fd, SHUT_RD)) ? -1 : 0;
}

/* What repair mode has changed. That a socket is IPv6's only was set before; it can be no more once it is bound,
 * and then says nothing: bind(2) to an address sets it. */
static int set_again(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int fd)
{
	const struct hcc_state_option *o = (const void *)(s + 1);

	return o->level == IPPROTO_IPV6 && o->name == IPV6_V6ONLY ? 0 : set_option(m, d, s, fd);
}

int start_connection(struct making *m, const struct hcc_snap_descriptor *d)
{
	struct remaking r = {.m = m, .d = d, .t = find_tcp(m, d), .fd = (int)d->fd};
	int is_begun = r.t && r.t->state != HCC_TCP_SYN_SENT;

	if (!r.t || find_ends(m, d, &r.ends))
		return 0;
	network_unlock(&r.ends);
	if (tcp_set(r.fd, SOL_SOCKET, SO_MARK, 0)
			|| tcp_set(r.fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_OFF)
			|| (is_begun && go_on(&r)))
		return making_fail(m, d, "its connection cannot go on");
	if (making_each(m, d, HCC_STATE_OPTION, set_again, r.fd))
		return -1;
	return is_begun || !begin_anew(&r) ? 0
		: making_fail(m, d, "its connection cannot be begun anew");
}
