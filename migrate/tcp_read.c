/* What a TCP connection that is held in repair mode (tcp.c) consists of: read, and written down as states. Its
 * sequence numbers count a SYN and each FIN, of which the queues show nothing. */
#define _GNU_SOURCE
#include "tcp.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define CHUNK_BYTES 32768u
#define MOST_TRIES 100

static void *add_state(struct states *t, uint32_t fd, uint32_t kind, size_t bytes)
{
	size_t whole = sizeof(struct hcc_snap_state) + ((bytes + 7) & ~(size_t)7);
	struct hcc_snap_state *s;

	if (t->cap_bytes - t->bytes < whole) {
		size_t cap_bytes = 2 * t->cap_bytes + whole;
		char *base = realloc(t->base, cap_bytes);

		if (!base)
			return NULL;
		t->base = base;
		t->cap_bytes = cap_bytes;
	}
	s = (void *)(t->base + t->bytes);
	memset(s, 0, whole);
	*s = (struct hcc_snap_state){fd, kind, bytes};
	t->bytes += whole;
	return s + 1;
}

static int add_peer(struct states *t, uint32_t number, const struct sockaddr_storage *peer)
{
	const struct hcc_state_address state = {.is_peer = 1};
	size_t bytes = peer->ss_family == AF_INET ? sizeof(struct sockaddr_in)
		: sizeof(struct sockaddr_in6);
	struct hcc_state_address *at = add_state(t, number, HCC_STATE_ADDRESS, sizeof *at + bytes);

	if (!at)
		return -1;
	*at = state;
	memcpy(at + 1, peer, bytes);
	return 0;
}

/* The bytes [from, to) of a queue in which there are all_bytes. */
static int add_queue(struct states *t, uint32_t number, uint32_t queue, const char *from,
	size_t bytes)
{
	while (bytes) {
		size_t n = bytes < CHUNK_BYTES ? bytes : CHUNK_BYTES;
		struct hcc_state_bytes *at = add_state(t, number, HCC_STATE_BYTES, sizeof *at + n);

		if (!at)
			return -1;
		at->off = queue;
		memcpy(at + 1, from, n);
		from += n;
		bytes -= n;
	}
	return 0;
}

/* Read a chosen queue whole: what is in it stays there. */
static char *read_queue(int fd, int bytes, uint32_t *seq)
{
	char *p = malloc((size_t)bytes + 1);
	ssize_t n = 0;

	if (!p)
		return NULL;
	if (tcp_get(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, seq)) {
		free(p);
		return NULL;
	}
	if (bytes)
		n = recv(fd, p, (size_t)bytes, MSG_PEEK | MSG_DONTWAIT);
	if (n == bytes)
		return p;
	if (n >= 0)
		errno = EIO;
	free(p);
	return NULL;
}

/* Data that goes with a SYN (TCP Fast Open) would have to go with the next one. */
static int has_early_data(int fd)
{
	struct pollfd p = {fd, POLLOUT, 0};
	char byte;
	int result = poll(&p, 1, 0) > 0;

	if (!tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE))
		result |= recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
	tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_NO_QUEUE);
	return result;
}

static int read_state(int fd, struct hcc_state_tcp *t)
{
	struct tcp_info info = {0};
	struct tcp_repair_window window;
	socklen_t bytes = sizeof info, window_bytes = sizeof window;
	struct pollfd end = {fd, POLLRDHUP, 0};

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes))
		return -1;
	t->state = info.tcpi_state;
	/* It is over since the process looked. */
	if ((t->state != HCC_TCP_ESTABLISHED && t->state != HCC_TCP_SYN_SENT && !tcp_has_sent_fin(t->state)
			&& !tcp_has_got_fin(t->state))
			|| (t->state == HCC_TCP_SYN_SENT && has_early_data(fd))) {
		errno = EAGAIN;
		return -1;
	}
	t->flags = (info.tcpi_options & TCPI_OPT_SACK ? HCC_TCP_SACK : 0)
		| (info.tcpi_options & TCPI_OPT_WSCALE ? HCC_TCP_SCALE : 0)
		| (info.tcpi_options & TCPI_OPT_TIMESTAMPS ? HCC_TCP_TIMESTAMPS : 0);
	if (!tcp_has_got_fin(t->state) && poll(&end, 1, 0) > 0 && end.revents & POLLRDHUP)
		t->flags |= HCC_TCP_NO_READ;
	t->send_scale = info.tcpi_snd_wscale;
	t->receive_scale = info.tcpi_rcv_wscale;
	if (getsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &window, &window_bytes))
		return -1;
	memcpy(t->window, &window, sizeof window);
	tcp_get(fd, SOL_SOCKET, SO_BUF_LOCK, &t->buffer_locks);
	return tcp_get(fd, IPPROTO_TCP, TCP_MAXSEG, &t->mss_bytes)
		|| tcp_get(fd, IPPROTO_TCP, TCP_TIMESTAMP, &t->timestamp)
		|| tcp_get(fd, SOL_SOCKET, SO_SNDBUF, &t->send_buffer_bytes)
		|| tcp_get(fd, SOL_SOCKET, SO_RCVBUF, &t->receive_buffer_bytes) ? -1 : 0;
}

/* SIOCOUTQ counts a FIN as long as it is not acknowledged; of a queue it can not be read. */
static void discount_fin(struct hcc_state_tcp *t, int *n_sent, int *n_unsent)
{
	if (tcp_has_sent_fin(t->state) && *n_sent > 0)
		--*n_sent;
	if (tcp_has_sent_fin(t->state) && *n_unsent > 0) {
		--*n_unsent;
		t->flags |= HCC_TCP_FIN_UNSENT;
	}
}

static int add_connection(struct states *all, uint32_t number, const struct sockaddr_storage *peer,
	const struct hcc_state_tcp *t)
{
	struct hcc_state_tcp *out = add_state(all, number, HCC_STATE_TCP, sizeof *t);

	if (!out)
		return -1;
	*out = *t;
	return add_peer(all, number, peer);
}

/* The queues of a connection, allocated; n_unsent of n_all bytes have not been sent. */
struct queues {
	char *received, *sent;
	int n_received, n_all, n_unsent, n_outstanding; /* with a FIN */
};

/* Only while the queue of what is sent is chosen does repair mode keep what is unsent from being sent (Linux
 * net/ipv4/tcp_output.c, tcp_write_xmit). Otherwise a timer may do so after it has been counted as unsent. Whatever
 * the peer says then acknowledges more than the new socket knows to have sent, and is thrown away. So this queue is
 * read last, and stays chosen. */
static int read_queues(int fd, struct hcc_state_tcp *t, struct queues *q)
{
	if (tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE) || ioctl(fd, SIOCINQ, &q->n_received)
			|| !(q->received = read_queue(fd, q->n_received, &t->receive_seq))
			|| tcp_set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE)
			|| ioctl(fd, SIOCOUTQNSD, &q->n_unsent) || ioctl(fd, SIOCOUTQ, &q->n_outstanding))
		return -1;
	q->n_all = q->n_outstanding;
	discount_fin(t, &q->n_all, &q->n_unsent);
	q->sent = read_queue(fd, q->n_all, &t->send_seq);
	/* A SYN and each FIN have a number, too. */
	t->send_seq -= t->state == HCC_TCP_SYN_SENT || tcp_has_sent_fin(t->state);
	t->receive_seq -= (uint32_t)tcp_has_got_fin(t->state);
	return q->sent ? 0 : -1;
}

/* Returns 0; -1 and errno: EIO when a queue changed: a segment may have been past the filter (tcp.c) when that
 * was set. */
static int read_once(int fd, struct hcc_state_tcp *t, struct queues *q)
{
	int n_received, n_outstanding;

	*t = (struct hcc_state_tcp){0};
	*q = (struct queues){0};
	if (read_state(fd, t) || read_queues(fd, t, q) || ioctl(fd, SIOCINQ, &n_received)
			|| ioctl(fd, SIOCOUTQ, &n_outstanding))
		return -1;
	if (n_received == q->n_received && n_outstanding == q->n_outstanding
			&& tcp_state(fd) == t->state)
		return 0;
	errno = EIO;
	return -1;
}

static void free_queues(struct queues *q)
{
	free(q->received);
	free(q->sent);
}

int tcp_read(struct states *all, uint32_t number, int fd, const struct sockaddr_storage *peer)
{
	struct hcc_state_tcp t;
	struct queues q;
	int result, n_tries = 0;

	while ((result = read_once(fd, &t, &q)) && errno == EIO && ++n_tries < MOST_TRIES)
		free_queues(&q);
	if (!result && (add_connection(all, number, peer, &t)
			|| add_queue(all, number, HCC_TCP_RECEIVED, q.received, (size_t)q.n_received)
			|| add_queue(all, number, HCC_TCP_SENT, q.sent, (size_t)(q.n_all - q.n_unsent))
			|| add_queue(all, number, HCC_TCP_UNSENT, q.sent + q.n_all - q.n_unsent,
				(size_t)q.n_unsent)))
		result = -1;
	free_queues(&q);
	return result;
}
