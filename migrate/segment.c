/* A segment as if a connection's peer had sent it. The end of what the peer sends cannot be put into a socket
 * otherwise: TCP_REPAIR fills queues with data only. As CRIU does (soccr/soccr.c), it goes by a raw socket to
 * our own address, and so through the loopback device, where nobody asks whether it may come from there.
 * raw(7), RFC 9293. Of options there are none; the kernel takes a segment without a timestamp also where
 * timestamps are agreed upon (tcp_validate_incoming). */
#define _GNU_SOURCE
#include "tcp.h"

#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <string.h>
#include <unistd.h>

#define HOPS 64

/* The sum of RFC 1071, of an even number of bytes; not yet the checksum. */
static uint32_t sum(uint32_t from, const void *data, size_t bytes)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < bytes; i += 2)
		from += (uint32_t)p[i] << 8 | p[i + 1];
	return from;
}

static uint16_t checksum(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* An IPv4 address, which IPv6 may hold; NULL when it is none. */
static const void *as_four(const struct sockaddr_storage *a)
{
	const struct sockaddr_in *four = (const void *)a;
	const struct sockaddr_in6 *six = (const void *)a;

	if (a->ss_family == AF_INET)
		return &four->sin_addr;
	return IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) ? six->sin6_addr.s6_addr + 12 : NULL;
}

/* At the same place in both kinds of address. */
static uint16_t port(const struct sockaddr_storage *a)
{
	return ((const struct sockaddr_in *)(const void *)a)->sin_port;
}

static void fill_tcp(struct tcphdr *t, const struct ends *e, const struct segment *s)
{
	*t = (struct tcphdr){
		.source = port(&e->peer), .dest = port(&e->own), .seq = htonl(s->seq),
		.ack_seq = htonl(s->ack), .doff = sizeof *t / 4, .ack = 1, .fin = s->is_fin != 0,
		.window = htons(s->window),
	};
}

/* With the header that the checksum of TCP includes. */
static void seal(struct tcphdr *t, const void *from, const void *to, size_t address_bytes)
{
	uint32_t all = sum(sum(IPPROTO_TCP + sizeof *t, from, address_bytes), to, address_bytes);

	t->check = checksum(sum(all, t, sizeof *t));
}

static int give(int family, const void *packet, size_t bytes, const void *to, socklen_t to_bytes)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int result = fd >= 0 && sendto(fd, packet, bytes, 0, to, to_bytes) == (ssize_t)bytes ? 0 : -1;

	close_failed(fd);
	return result;
}

static int give_four(const struct tcphdr *t, const void *from, const void *to)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	struct { struct iphdr ip; struct tcphdr tcp; } packet = {
		.ip = {.version = 4, .ihl = sizeof packet.ip / 4, .ttl = HOPS, .protocol = IPPROTO_TCP,
			.tot_len = htons(sizeof packet)},
		.tcp = *t,
	};

	memcpy(&packet.ip.saddr, from, sizeof packet.ip.saddr);
	memcpy(&packet.ip.daddr, to, sizeof packet.ip.daddr);
	memcpy(&at.sin_addr, to, sizeof at.sin_addr);
	seal(&packet.tcp, from, to, sizeof at.sin_addr);
	return give(AF_INET, &packet, sizeof packet, &at, sizeof at);
}

static int give_six(const struct tcphdr *t, const struct sockaddr_in6 *from, const struct sockaddr_in6 *to)
{
	struct sockaddr_in6 at = *to;
	struct { struct ip6_hdr ip; struct tcphdr tcp; } packet = {
		.ip = {.ip6_src = from->sin6_addr, .ip6_dst = to->sin6_addr},
		.tcp = *t,
	};

	packet.ip.ip6_vfc = 6 << 4;
	packet.ip.ip6_plen = htons(sizeof packet.tcp);
	packet.ip.ip6_nxt = IPPROTO_TCP;
	packet.ip.ip6_hlim = HOPS;
	at.sin6_port = 0;
	seal(&packet.tcp, &from->sin6_addr, &to->sin6_addr, sizeof at.sin6_addr);
	return give(AF_INET6, &packet, sizeof packet, &at, sizeof at);
}

int segment_from_peer(const struct ends *e, const struct segment *s)
{
	const void *from = as_four(&e->peer), *to = as_four(&e->own);
	struct tcphdr t;

	fill_tcp(&t, e, s);
	if (from && to)
		return give_four(&t, from, to);
	return give_six(&t, (const void *)&e->peer, (const void *)&e->own);
}
