/* A connection that nobody has. When a segment comes for it the kernel resets the connection;
 * and between the end of a process and its restore there is nobody. A routing rule with the
 * action "blackhole" for exactly what this end would send to the other keeps the kernel silent
 * (net/ipv4/tcp_ipv4.c, tcp_v4_send_reset: the reply is routed, with the ports;
 * net/core/fib_rules.c). The peer sends again what it gets no answer for. The rule is for
 * packets without a mark, so that the socket that takes the connection over can be made. `ip
 * rule` shows it. It does not help where both ends are on this machine: the table of local
 * addresses comes before all rules. rtnetlink(7), fib_rules.h. */
#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PRIORITY 1

struct message {
	struct nlmsghdr header;
	struct fib_rule_hdr rule;
	char attributes[256];
};

static void add(struct message *m, uint16_t type, const void *data, size_t bytes)
{
	struct rtattr *a = (void *)((char *)m + NLMSG_ALIGN(m->header.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(bytes);
	memcpy(RTA_DATA(a), data, bytes);
	m->header.nlmsg_len = (uint32_t)(NLMSG_ALIGN(m->header.nlmsg_len) + RTA_ALIGN(a->rta_len));
}

/* An end of a connection. IPv4 in IPv6 is IPv4. */
struct end {
	sa_family_t family;
	unsigned char address[16];
	uint16_t port;
};

static int take_end(const struct sockaddr_storage *from, struct end *out)
{
	const struct sockaddr_in *four = (const void *)from;
	const struct sockaddr_in6 *six = (const void *)from;

	*out = (struct end){.family = from->ss_family};
	if (from->ss_family == AF_INET) {
		memcpy(out->address, &four->sin_addr, 4);
		out->port = ntohs(four->sin_port);
	} else if (from->ss_family == AF_INET6) {
		memcpy(out->address, &six->sin6_addr, 16);
		out->port = ntohs(six->sin6_port);
		if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
			out->family = AF_INET;
			memcpy(out->address, six->sin6_addr.s6_addr + 12, 4);
		}
	} else {
		return -1;
	}
	return 0;
}

static int fill(struct message *m, const struct ends *e)
{
	const uint32_t priority = PRIORITY, no_mark = 0, all_bits = ~0u;
	const uint8_t protocol = IPPROTO_TCP;
	struct end own, peer;
	struct fib_rule_port_range range;
	size_t n;

	if (take_end(&e->own, &own) || take_end(&e->peer, &peer) || own.family != peer.family)
		return -1;
	n = own.family == AF_INET ? 4 : 16;
	m->rule = (struct fib_rule_hdr){
		.family = (uint8_t)own.family, .action = FR_ACT_BLACKHOLE,
		.src_len = (uint8_t)(8 * n), .dst_len = (uint8_t)(8 * n),
	};
	add(m, FRA_SRC, own.address, n);
	add(m, FRA_DST, peer.address, n);
	add(m, FRA_PRIORITY, &priority, sizeof priority);
	add(m, FRA_FWMARK, &no_mark, sizeof no_mark);
	add(m, FRA_FWMASK, &all_bits, sizeof all_bits);
	add(m, FRA_IP_PROTO, &protocol, sizeof protocol);
	range = (struct fib_rule_port_range){own.port, own.port};
	add(m, FRA_SPORT_RANGE, &range, sizeof range);
	range = (struct fib_rule_port_range){peer.port, peer.port};
	add(m, FRA_DPORT_RANGE, &range, sizeof range);
	return 0;
}

static int ask(struct message *m)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int result = -1;

	if (fd < 0)
		return -1;
	if (send(fd, m, m->header.nlmsg_len, 0) == (ssize_t)m->header.nlmsg_len
			&& recv(fd, &answer, sizeof answer, 0) >= (ssize_t)(sizeof answer.header
				+ sizeof answer.error) && answer.header.nlmsg_type == NLMSG_ERROR) {
		errno = -answer.error.error;
		result = answer.error.error ? -1 : 0;
	}
	close(fd);
	return result;
}

static int change(const struct ends *e, uint16_t type, uint16_t flags)
{
	struct message m = {
		.header = {
			.nlmsg_len = NLMSG_LENGTH(sizeof m.rule), .nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
		},
	};

	return fill(&m, e) ? -1 : ask(&m);
}

int network_lock(const struct ends *e)
{
	return change(e, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL) && errno != EEXIST ? -1 : 0;
}

void network_unlock(const struct ends *e)
{
	change(e, RTM_DELRULE, 0);
}
