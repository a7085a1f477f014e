/* Waiting for descriptors: epoll's structure is packed on one ISA, sockets and timers are not. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>
#include "lib_check.h"

#define N 20

static void many(void)
{
	struct epoll_event events[N], e;
	int fds[N], poller = epoll_create1(EPOLL_CLOEXEC), i, n;
	uint64_t one = 1, seen = 0;

	for (i = 0; i < N; i++) {
		fds[i] = eventfd(0, EFD_NONBLOCK);
		e = (struct epoll_event){ .events = EPOLLIN, .data.u64 = 0x123456789abc0000 + i };
		CHECK(epoll_ctl(poller, EPOLL_CTL_ADD, fds[i], &e) == 0);
	}
	CHECK(epoll_wait(poller, events, N, 0) == 0);
	for (i = 0; i < N; i += 2)
		CHECK(write(fds[i], &one, 8) == 8);
	n = epoll_wait(poller, events, N, 1000);
	CHECK_LONG(n, N / 2);
	for (i = 0; i < n; i++) {
		CHECK(events[i].events == EPOLLIN);
		CHECK((events[i].data.u64 & ~0xfffful) == 0x123456789abc0000);
		seen |= 1ul << (events[i].data.u64 & 0xffff);
	}
	CHECK_LONG(seen, 0x55555);
	CHECK(epoll_ctl(poller, EPOLL_CTL_DEL, fds[0], NULL) == 0);
	CHECK(epoll_ctl(poller, EPOLL_CTL_DEL, fds[0], NULL) == -1 && errno == ENOENT);
}

static void others(void)
{
	int pair[2], timer = timerfd_create(CLOCK_MONOTONIC, 0), signals;
	struct itimerspec soon = { .it_value.tv_nsec = 1000000 };
	struct signalfd_siginfo info;
	struct pollfd p;
	struct timeval wait = { 1, 0 };
	fd_set set;
	sigset_t mask;
	uint64_t ticks = 0;
	char buffer[10];

	CHECK(timerfd_settime(timer, 0, &soon, NULL) == 0);
	p = (struct pollfd){ timer, POLLIN, 0 };
	CHECK(poll(&p, 1, 5000) == 1 && p.revents == POLLIN);
	CHECK(read(timer, &ticks, 8) == 8 && ticks == 1);

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	CHECK(send(pair[0], "hello", 5, 0) == 5);
	FD_ZERO(&set);
	FD_SET(pair[1], &set);
	CHECK(select(pair[1] + 1, &set, NULL, NULL, &wait) == 1 && FD_ISSET(pair[1], &set));
	CHECK(recv(pair[1], buffer, sizeof(buffer), 0) == 5);

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signals = signalfd(-1, &mask, 0);
	raise(SIGUSR1);
	CHECK(read(signals, &info, sizeof(info)) == sizeof(info) && info.ssi_signo == SIGUSR1);
}

static void pass_descriptor(void)
{
	int pair[2], sent[2], got = -1;
	char data = 'x', control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { &data, 1 };
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0 && pipe(sent) == 0);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &sent[1], sizeof(int));
	CHECK(sendmsg(pair[0], &m, 0) == 1);
	memset(control, 0, sizeof(control));
	CHECK(recvmsg(pair[1], &m, 0) == 1);
	c = CMSG_FIRSTHDR(&m);
	CHECK(c != NULL && c->cmsg_type == SCM_RIGHTS);
	if (c != NULL)
		memcpy(&got, CMSG_DATA(c), sizeof(int));
	CHECK(write(got, "y", 1) == 1 && read(sent[0], &data, 1) == 1 && data == 'y');
}

int main(void)
{
	many();
	others();
	pass_descriptor();
	return check_failures();
}
