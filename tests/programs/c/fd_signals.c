/* levels: -O2 */
/* Descriptors that signal their process (O_ASYNC, F_SETOWN, F_SETSIG) signal the new one; sockets stay in their
 * multicast groups, and send from where they did. */
#include "moved.h"
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

static volatile sig_atomic_t n_io, n_queued, from;

static void on_io(int signal)
{
	(void)signal;
	n_io++;
}

static void on_queued(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	n_queued++;
	from = info->si_fd;
}

static void use(const int plain[2], const int queued[2])
{
	char c;

	n_io = n_queued = 0;
	CHECK(write(plain[1], "a", 1) == 1);
	CHECK(n_io == 1 && n_queued == 0);
	CHECK(write(queued[1], "b", 1) == 1);
	CHECK(n_io == 1 && n_queued == 1 && from == queued[0]);
	CHECK(read(plain[0], &c, 1) == 1 && read(queued[0], &c, 1) == 1);
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = on_queued, .sa_flags = SA_SIGINFO};
	int plain[2], queued[2], owned[2], one, left, six, interface = (int)if_nametoindex("lo");
	struct ip_mreq group = {.imr_interface.s_addr = htonl(INADDR_LOOPBACK)}, other;
	struct ipv6_mreq group6 = {.ipv6mr_interface = (unsigned)interface};
	struct in_addr sends = {htonl(INADDR_LOOPBACK)}, now = {0};
	socklen_t n = sizeof now;
	int has_six, has_interface;

	signal(SIGIO, on_io);
	sigaction(SIGRTMIN + 3, &action, NULL);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, plain) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, queued) == 0);
	CHECK(pipe(owned) == 0);
	CHECK(fcntl(plain[0], F_SETOWN, getpid()) == 0);
	CHECK(fcntl(plain[0], F_SETFL, O_ASYNC) == 0);
	CHECK(fcntl(queued[0], F_SETOWN, getpid()) == 0);
	CHECK(fcntl(queued[0], F_SETSIG, SIGRTMIN + 3) == 0);
	CHECK(fcntl(queued[0], F_SETFL, O_ASYNC | O_NONBLOCK) == 0);
	CHECK(fcntl(owned[0], F_SETOWN, getpid()) == 0);
	CHECK(fcntl(owned[0], F_SETSIG, SIGRTMIN + 3) == 0);
	use(plain, queued);

	one = socket(AF_INET, SOCK_DGRAM, 0);
	left = socket(AF_INET, SOCK_DGRAM, 0);
	six = socket(AF_INET6, SOCK_DGRAM, 0);
	group.imr_multiaddr.s_addr = inet_addr("239.1.2.3");
	other = group;
	other.imr_multiaddr.s_addr = inet_addr("239.1.2.4");
	inet_pton(AF_INET6, "ff12::1234", &group6.ipv6mr_multiaddr);
	CHECK(setsockopt(one, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0);
	CHECK(setsockopt(one, IPPROTO_IP, IP_ADD_MEMBERSHIP, &other, sizeof other) == 0);
	/* An emulator may not know it. */
	has_interface = !setsockopt(one, IPPROTO_IP, IP_MULTICAST_IF, &sends, sizeof sends);
	CHECK(setsockopt(left, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0);
	CHECK(setsockopt(left, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group) == 0);
	has_six = !setsockopt(six, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group6, sizeof group6);
	wait_for_move();

	use(plain, queued);
	CHECK(fcntl(plain[0], F_GETOWN) == getpid() && fcntl(owned[0], F_GETOWN) == getpid());
	CHECK(fcntl(owned[0], F_GETSIG) == SIGRTMIN + 3 && !(fcntl(owned[0], F_GETFL) & O_ASYNC));
	CHECK(fcntl(queued[0], F_GETFL) & O_NONBLOCK && fcntl(queued[0], F_GETFL) & O_ASYNC);
	wait_for_move();
	use(plain, queued);
	CHECK(setsockopt(one, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group) == 0);
	CHECK(setsockopt(one, IPPROTO_IP, IP_DROP_MEMBERSHIP, &other, sizeof other) == 0);
	CHECK(setsockopt(left, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, sizeof group) == -1
		&& errno == EADDRNOTAVAIL);
	if (!getsockopt(one, IPPROTO_IP, IP_MULTICAST_IF, &now, &n) && has_interface)
		CHECK(now.s_addr == sends.s_addr);
	if (has_six)
		CHECK(setsockopt(six, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &group6, sizeof group6) == 0);
	return done();
}
