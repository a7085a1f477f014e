/* Options of sockets: all that travel. Called by sockets.c. */
#include "descriptors.h"

enum {
	AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10,
	IPPROTO_IP = 0, IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_IPV6 = 41,
	SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, TCP_FASTOPEN_CONNECT = 30,
};

#define ON(family) (1u << (family))
#define ON_INET (ON(AF_INET) | ON(AF_INET6))
#define ON_ANY (ON_INET | ON(AF_UNIX))
#define OFF (1u << 31) /* 0 in a new socket, always: not worth saying */

/* Numbers are those of asm-generic; protocol 0: every. */
static const struct {
	uint32_t families;
	uint16_t level, name, protocol;
	uint16_t bytes; /* at most */
} options[] = {
	{ON_ANY, SOL_SOCKET, 2, 0, 4},    /* SO_REUSEADDR */
	{ON_ANY, SOL_SOCKET, 5, 0, 4},    /* SO_DONTROUTE */
	{ON_ANY, SOL_SOCKET, 6, 0, 4},    /* SO_BROADCAST */
	{ON_ANY, SOL_SOCKET, 7, 0, 4},    /* SO_SNDBUF */
	{ON_ANY, SOL_SOCKET, 8, 0, 4},    /* SO_RCVBUF */
	{ON_ANY, SOL_SOCKET, 9, 0, 4},    /* SO_KEEPALIVE */
	{ON_ANY, SOL_SOCKET, 10, 0, 4},   /* SO_OOBINLINE */
	{ON_ANY, SOL_SOCKET, 12, 0, 4},   /* SO_PRIORITY */
	{ON_ANY, SOL_SOCKET, 13, 0, 8},   /* SO_LINGER */
	{ON_INET, SOL_SOCKET, 15, 0, 4},  /* SO_REUSEPORT */
	{ON(AF_UNIX), SOL_SOCKET, 16, 0, 4}, /* SO_PASSCRED */
	{ON_ANY, SOL_SOCKET, 18, 0, 4},   /* SO_RCVLOWAT */
	{ON_ANY, SOL_SOCKET, 20, 0, 16},  /* SO_RCVTIMEO */
	{ON_ANY, SOL_SOCKET, 21, 0, 16},  /* SO_SNDTIMEO */
	{ON_INET, SOL_SOCKET, 25, 0, 16}, /* SO_BINDTODEVICE */
	{ON_ANY, SOL_SOCKET, 29, 0, 4},   /* SO_TIMESTAMP */
	{OFF | ON_ANY, SOL_SOCKET, 35, 0, 4}, /* SO_TIMESTAMPNS */
	{ON_INET, SOL_SOCKET, 36, 0, 4},  /* SO_MARK */
	{OFF | ON_ANY, SOL_SOCKET, 37, 0, 8}, /* SO_TIMESTAMPING */
	{OFF | ON_ANY, SOL_SOCKET, 40, 0, 4}, /* SO_RXQ_OVFL */
	{ON(AF_UNIX), SOL_SOCKET, 42, 0, 4}, /* SO_PEEK_OFF */
	{OFF | ON_ANY, SOL_SOCKET, 45, 0, 4}, /* SO_SELECT_ERR_QUEUE */
	{ON_INET, SOL_SOCKET, 47, 0, 8}, /* SO_MAX_PACING_RATE */
	{OFF | ON_INET, SOL_SOCKET, 60, 0, 4}, /* SO_ZEROCOPY */
	{OFF | ON(AF_UNIX), SOL_SOCKET, 76, 0, 4}, /* SO_PASSPIDFD */
	{ON_INET, IPPROTO_TCP, 1, IPPROTO_TCP, 4},   /* TCP_NODELAY */
	{ON_INET, IPPROTO_TCP, 3, IPPROTO_TCP, 4},   /* TCP_CORK */
	{ON_INET, IPPROTO_TCP, 4, IPPROTO_TCP, 4},   /* TCP_KEEPIDLE */
	{ON_INET, IPPROTO_TCP, 5, IPPROTO_TCP, 4},   /* TCP_KEEPINTVL */
	{ON_INET, IPPROTO_TCP, 6, IPPROTO_TCP, 4},   /* TCP_KEEPCNT */
	{ON_INET, IPPROTO_TCP, 7, IPPROTO_TCP, 4},   /* TCP_SYNCNT */
	{ON_INET, IPPROTO_TCP, 8, IPPROTO_TCP, 4},   /* TCP_LINGER2 */
	{ON_INET, IPPROTO_TCP, 9, IPPROTO_TCP, 4},   /* TCP_DEFER_ACCEPT */
	{ON_INET, IPPROTO_TCP, 13, IPPROTO_TCP, 16}, /* TCP_CONGESTION */
	{ON_INET, IPPROTO_TCP, 18, IPPROTO_TCP, 4},  /* TCP_USER_TIMEOUT */
	{ON_INET, IPPROTO_TCP, 23, IPPROTO_TCP, 4},  /* TCP_FASTOPEN */
	{ON_INET, IPPROTO_TCP, 25, IPPROTO_TCP, 4},  /* TCP_NOTSENT_LOWAT */
	{OFF | ON_INET, IPPROTO_TCP, 27, IPPROTO_TCP, 4}, /* TCP_SAVE_SYN */
	{OFF | ON_INET, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, IPPROTO_TCP, 4},
	{OFF | ON_INET, IPPROTO_TCP, 34, IPPROTO_TCP, 4}, /* TCP_FASTOPEN_NO_COOKIE */
	{OFF | ON_INET, IPPROTO_TCP, 36, IPPROTO_TCP, 4}, /* TCP_INQ */
	{OFF | ON_INET, IPPROTO_TCP, 37, IPPROTO_TCP, 4}, /* TCP_TX_DELAY */
	{OFF | ON_INET, IPPROTO_UDP, 1, IPPROTO_UDP, 4}, /* UDP_CORK */
	{OFF | ON_INET, IPPROTO_UDP, 101, IPPROTO_UDP, 4}, /* UDP_NO_CHECK6_TX */
	{OFF | ON_INET, IPPROTO_UDP, 102, IPPROTO_UDP, 4}, /* UDP_NO_CHECK6_RX */
	{OFF | ON_INET, IPPROTO_UDP, 103, IPPROTO_UDP, 4}, /* UDP_SEGMENT */
	{OFF | ON_INET, IPPROTO_UDP, 104, IPPROTO_UDP, 4}, /* UDP_GRO */
	{OFF | ON(AF_INET), IPPROTO_IP, 6, 0, 4}, /* IP_RECVOPTS */
	{OFF | ON(AF_INET), IPPROTO_IP, 7, 0, 4}, /* IP_RETOPTS */
	{OFF | ON(AF_INET), IPPROTO_IP, 20, 0, 4}, /* IP_RECVORIGDSTADDR */
	{OFF | ON(AF_INET), IPPROTO_IP, 21, 0, 4}, /* IP_MINTTL */
	{OFF | ON(AF_INET), IPPROTO_IP, 24, 0, 4}, /* IP_BIND_ADDRESS_NO_PORT */
	{OFF | ON(AF_INET), IPPROTO_IP, 25, 0, 4}, /* IP_RECVFRAGSIZE */
	{OFF | ON(AF_INET), IPPROTO_IP, 32, IPPROTO_UDP, 4}, /* IP_MULTICAST_IF */
	{ON(AF_INET), IPPROTO_IP, 49, IPPROTO_UDP, 4}, /* IP_MULTICAST_ALL */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 17, IPPROTO_UDP, 4}, /* IPV6_MULTICAST_IF */
	{ON(AF_INET6), IPPROTO_IPV6, 23, 0, 4}, /* IPV6_MTU_DISCOVER */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 25, 0, 4}, /* IPV6_RECVERR */
	{ON(AF_INET6), IPPROTO_IPV6, 29, IPPROTO_UDP, 4}, /* IPV6_MULTICAST_ALL */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 33, 0, 4}, /* IPV6_FLOWINFO_SEND */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 62, 0, 4}, /* IPV6_DONTFRAG */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 73, 0, 4}, /* IPV6_MINHOPCOUNT */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 74, 0, 4}, /* IPV6_RECVORIGDSTADDR */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 75, 0, 4}, /* IPV6_TRANSPARENT */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 77, 0, 4}, /* IPV6_RECVFRAGSIZE */
	{OFF | ON(AF_INET6), IPPROTO_IPV6, 78, 0, 4}, /* IPV6_FREEBIND */
	{ON(AF_INET), IPPROTO_IP, 1, 0, 4},   /* IP_TOS */
	{ON(AF_INET), IPPROTO_IP, 2, 0, 4},   /* IP_TTL */
	{ON(AF_INET), IPPROTO_IP, 8, 0, 4},   /* IP_PKTINFO */
	{ON(AF_INET), IPPROTO_IP, 10, 0, 4},  /* IP_MTU_DISCOVER */
	{ON(AF_INET), IPPROTO_IP, 11, 0, 4},  /* IP_RECVERR */
	{ON(AF_INET), IPPROTO_IP, 12, 0, 4},  /* IP_RECVTTL */
	{ON(AF_INET), IPPROTO_IP, 13, 0, 4},  /* IP_RECVTOS */
	{ON(AF_INET), IPPROTO_IP, 15, 0, 4},  /* IP_FREEBIND */
	{ON(AF_INET), IPPROTO_IP, 19, 0, 4},  /* IP_TRANSPARENT */
	{ON(AF_INET), IPPROTO_IP, 33, IPPROTO_UDP, 4},  /* IP_MULTICAST_TTL */
	{ON(AF_INET), IPPROTO_IP, 34, IPPROTO_UDP, 4},  /* IP_MULTICAST_LOOP */
	{ON(AF_INET6), IPPROTO_IPV6, 16, 0, 4}, /* IPV6_UNICAST_HOPS */
	{ON(AF_INET6), IPPROTO_IPV6, 18, IPPROTO_UDP, 4}, /* IPV6_MULTICAST_HOPS */
	{ON(AF_INET6), IPPROTO_IPV6, 19, IPPROTO_UDP, 4}, /* IPV6_MULTICAST_LOOP */
	{ON(AF_INET6), IPPROTO_IPV6, 26, 0, 4}, /* IPV6_V6ONLY */
	{ON(AF_INET6), IPPROTO_IPV6, 49, 0, 4}, /* IPV6_RECVPKTINFO */
	{ON(AF_INET6), IPPROTO_IPV6, 51, 0, 4}, /* IPV6_RECVHOPLIMIT */
	{ON(AF_INET6), IPPROTO_IPV6, 66, 0, 4}, /* IPV6_RECVTCLASS */
	{ON(AF_INET6), IPPROTO_IPV6, 67, 0, 4}, /* IPV6_TCLASS */
};

int hcc_option(uint32_t fd, int level, int name, void *value, uint32_t bytes)
{
	uint32_t n = bytes;
	long result = hcc_sys(SYS_getsockopt, fd, level, name, value, &n);

	return result < 0 ? (int)result : (int)n;
}

int hcc_save_options(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct hcc_state_socket *s)
{
	for (unsigned i = 0; i < sizeof options / sizeof *options; i++) {
		struct hcc_state_option state = {options[i].level, options[i].name};
		char value[16];
		int n;

		if (!(options[i].families >> s->family & 1)
				|| (options[i].protocol && options[i].protocol != s->protocol))
			continue;
		/* Buffers of a connection adapt themselves: struct hcc_state_tcp has them. How it began is over. */
		if (s->protocol == IPPROTO_TCP && s->flags & HCC_SOCKET_CONNECTED
				&& ((options[i].level == SOL_SOCKET && (options[i].name == SO_SNDBUF
					|| options[i].name == SO_RCVBUF)) || (options[i].level == IPPROTO_TCP
					&& options[i].name == TCP_FASTOPEN_CONNECT)))
			continue;
		n = hcc_option(d->fd, options[i].level, options[i].name, value, options[i].bytes);
		/* qemu-user cuts what is not a number. */
		if (n <= 0 || (options[i].bytes > 8 && n <= 4))
			continue;
		if (options[i].families & OFF && hcc_is_zero(value, (size_t)n))
			continue;
		if (hcc_add_state(l, d, HCC_STATE_OPTION, &state, sizeof state, value, (uint64_t)n))
			return -1;
	}
	return 0;
}
