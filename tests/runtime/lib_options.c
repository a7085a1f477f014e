/* Options of sockets, each set to something else than what a new one has; then they are shown: at once, and
 * again when there is a file `again`. What this kernel does not have is left out. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Numbers as in asm-generic. */
static const struct {
	int family, type, level, name, value;
} options[] = {
	{AF_INET, SOCK_STREAM, SOL_SOCKET, 35, 1},      /* SO_TIMESTAMPNS */
	{AF_INET, SOCK_DGRAM, SOL_SOCKET, 37, 8},       /* SO_TIMESTAMPING */
	{AF_INET, SOCK_DGRAM, SOL_SOCKET, 40, 1},       /* SO_RXQ_OVFL */
	{AF_UNIX, SOCK_STREAM, SOL_SOCKET, 42, 0},      /* SO_PEEK_OFF */
	{AF_INET, SOCK_DGRAM, SOL_SOCKET, 45, 1},       /* SO_SELECT_ERR_QUEUE */
	{AF_INET, SOCK_STREAM, SOL_SOCKET, 47, 100000}, /* SO_MAX_PACING_RATE */
	{AF_INET, SOCK_STREAM, SOL_SOCKET, 60, 1},      /* SO_ZEROCOPY */
	{AF_UNIX, SOCK_STREAM, SOL_SOCKET, 76, 1},      /* SO_PASSPIDFD */
	{AF_INET, SOCK_STREAM, IPPROTO_TCP, 27, 1},     /* TCP_SAVE_SYN */
	{AF_INET, SOCK_STREAM, IPPROTO_TCP, 30, 1},     /* TCP_FASTOPEN_CONNECT */
	{AF_INET, SOCK_STREAM, IPPROTO_TCP, 36, 1},     /* TCP_INQ */
	{AF_INET6, SOCK_DGRAM, IPPROTO_UDP, 103, 1000}, /* UDP_SEGMENT */
	{AF_INET, SOCK_DGRAM, IPPROTO_UDP, 104, 1},     /* UDP_GRO */
	{AF_INET, SOCK_DGRAM, IPPROTO_IP, 6, 1},        /* IP_RECVOPTS */
	{AF_INET, SOCK_DGRAM, IPPROTO_IP, 20, 1},       /* IP_RECVORIGDSTADDR */
	{AF_INET, SOCK_STREAM, IPPROTO_IP, 21, 5},      /* IP_MINTTL */
	{AF_INET, SOCK_STREAM, IPPROTO_IP, 24, 1},      /* IP_BIND_ADDRESS_NO_PORT */
	{AF_INET, SOCK_DGRAM, IPPROTO_IP, 49, 0},       /* IP_MULTICAST_ALL */
	{AF_INET6, SOCK_DGRAM, IPPROTO_IPV6, 23, 2},    /* IPV6_MTU_DISCOVER */
	{AF_INET6, SOCK_DGRAM, IPPROTO_IPV6, 25, 1},    /* IPV6_RECVERR */
	{AF_INET6, SOCK_DGRAM, IPPROTO_IPV6, 29, 0},    /* IPV6_MULTICAST_ALL */
	{AF_INET6, SOCK_DGRAM, IPPROTO_IPV6, 62, 1},    /* IPV6_DONTFRAG */
	{AF_INET6, SOCK_STREAM, IPPROTO_IPV6, 73, 5},   /* IPV6_MINHOPCOUNT */
	{AF_INET6, SOCK_DGRAM, IPPROTO_IPV6, 78, 1},    /* IPV6_FREEBIND */
};
#define N (sizeof options / sizeof *options)

static int fds[N];

static void show(void)
{
	for (size_t i = 0; i < N; i++) {
		unsigned long value = 0;
		socklen_t bytes = sizeof value;

		if (fds[i] >= 0 && getsockopt(fds[i], options[i].level, options[i].name, &value, &bytes))
			puts("it cannot be asked for");
		if (fds[i] >= 0)
			printf("%d %d: %lx\n", options[i].level, options[i].name, value);
	}
	puts("all");
	fflush(stdout);
}

int main(void)
{
	for (size_t i = 0; i < N; i++) {
		fds[i] = socket(options[i].family, options[i].type, 0);
		if (setsockopt(fds[i], options[i].level, options[i].name, &options[i].value, sizeof(int))) {
			close(fds[i]);
			fds[i] = -1;
		}
	}
	show();
	while (access("again", F_OK))
		usleep(2000);
	show();
	return 0;
}
