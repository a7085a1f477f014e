/* What taking a TCP connection (tcp.c, tcp_read.c) and making it again (tcp_make.c, segment.c) have in common. */
#ifndef HCC_MIGRATE_TCP_H
#define HCC_MIGRATE_TCP_H

#include "descriptors.h"
#include "lock.h"

#include <linux/tcp.h>
#include <netinet/in.h>

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif

_Static_assert(sizeof(struct tcp_repair_window) == sizeof((struct hcc_state_tcp *)NULL)->window,
	"the kernel's structure");

/* Options that are a number. Return 0; -1 and errno. */
static inline int tcp_set(int fd, int level, int name, uint32_t v)
{
	return setsockopt(fd, level, name, &v, sizeof v);
}

static inline int tcp_get(int fd, int level, int name, uint32_t *out)
{
	socklen_t bytes = sizeof *out;

	*out = 0;
	return getsockopt(fd, level, name, out, &bytes);
}

static inline int tcp_is(uint32_t state, uint32_t a, uint32_t b, uint32_t c)
{
	return state == a || state == b || state == c;
}

/* Whether this half has been closed, and the other one has. */
static inline int tcp_has_sent_fin(uint32_t state)
{
	return state == HCC_TCP_FIN_WAIT2
		|| tcp_is(state, HCC_TCP_FIN_WAIT1, HCC_TCP_CLOSING, HCC_TCP_LAST_ACK);
}

static inline int tcp_has_got_fin(uint32_t state)
{
	return tcp_is(state, HCC_TCP_CLOSE_WAIT, HCC_TCP_CLOSING, HCC_TCP_LAST_ACK);
}

/* enum hcc_tcp_state, or another number of the kernel's; 0 when it cannot be told. */
uint32_t tcp_state(int fd);

/* ---- tcp_read.c ------------------------------------------------------------------------------ */
/* The states that are being made; allocated. */
struct states {
	char *base;
	size_t bytes, cap_bytes;
};

/* Add all that there is of a connection, which is in repair mode, under the number of its descriptor.
 * Returns 0; -1 and errno: EAGAIN: it is in no state that can be carried, but will be, or will be over. */
int tcp_read(struct states *all, uint32_t number, int fd, const struct sockaddr_storage *peer);

/* ---- segment.c ------------------------------------------------------------------------------- */
struct segment {
	uint32_t seq, ack;
	uint16_t window; /* as it is sent, shifted */
	int is_fin;
};

/* Give this machine a segment as if it came from a connection's peer. Needs CAP_NET_RAW. Returns 0 when it
 * has been sent, which need not mean that it arrives; -1 and errno. */
int segment_from_peer(const struct ends *e, const struct segment *s);

#endif
