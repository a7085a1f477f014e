/* Headers: poll.h sys/poll.h sys/select.h sys/epoll.h sys/eventfd.h sys/timerfd.h sys/signalfd.h
 * Headers: sys/inotify.h wait.h
 * All that waits for descriptors. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/poll.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wait.h>
#include "lib_log.h"

static void polls(void)
{
	int a[2], b[2];
	struct pollfd p[4];
	struct timespec t = {0, 1000000};
	sigset_t none;

	sigemptyset(&none);
	SHOW(pipe(a) + pipe(b));
	p[0] = (struct pollfd){a[0], POLLIN, 77};
	p[1] = (struct pollfd){a[1], POLLOUT | POLLIN, 77};
	p[2] = (struct pollfd){-1, POLLIN, 77};
	p[3] = (struct pollfd){999, POLLIN, 77};
	SHOW(poll(p, 4, 0));
	SAY("%x %x %x %x", p[0].revents, p[1].revents, p[2].revents, p[3].revents);
	SHOW(poll(p, 1, 1));
	SHOW(write(a[1], "x", 1));
	SHOW(poll(p, 1, -1));
	SHOW(p[0].revents == POLLIN);
	close(a[1]);
	SHOW(ppoll(p, 1, &t, &none));
	SAY("%d %d", !!(p[0].revents & POLLIN), !!(p[0].revents & POLLHUP));
	p[0] = (struct pollfd){b[1], POLLOUT, 0};
	close(b[0]);
	SHOW(poll(p, 1, 0));
	SHOW(p[0].revents == (POLLOUT | POLLERR));
	SHOW(ppoll(NULL, 0, &t, NULL));
	SHOW(t.tv_nsec);
	close(a[0]);
	close(b[1]);
}

static void selects(void)
{
	int a[2];
	fd_set r, w, e;
	struct timeval tv = {0, 1000};
	struct timespec ts = {0, 1000};
	sigset_t none;

	sigemptyset(&none);
	SHOW(pipe(a));
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(a[0], &r);
	FD_SET(a[1], &w);
	FD_SET(a[0], &e);
	SHOW(select(a[1] + 1, &r, &w, &e, &tv));
	SAY("%d %d %d", FD_ISSET(a[0], &r) != 0, FD_ISSET(a[1], &w) != 0, FD_ISSET(a[0], &e) != 0);
	FD_ZERO(&r);
	FD_SET(a[0], &r);
	SHOW(pselect(a[0] + 1, &r, NULL, NULL, &ts, &none));
	SHOW(FD_ISSET(a[0], &r));
	SHOW(write(a[1], "x", 1));
	FD_SET(a[0], &r);
	SHOW(select(a[0] + 1, &r, NULL, NULL, NULL));
	FD_CLR(a[0], &r);
	SHOW(FD_ISSET(a[0], &r));
	close(a[0]);
	FD_SET(a[0], &r);
	SHOW(select(a[0] + 1, &r, NULL, NULL, &tv));
	SHOW(select(-1, NULL, NULL, NULL, &tv));
	SHOW(select(0, NULL, NULL, NULL, &tv));
	close(a[1]);
}

static void epolls(void)
{
	struct epoll_event e, out[5];
	int fd = epoll_create1(EPOLL_CLOEXEC), a[2], b[2], i;
	sigset_t none;

	sigemptyset(&none);
	SHOW(fcntl(fd, F_GETFD));
	SHOW(pipe(a) + pipe(b));
	e.events = EPOLLIN;
	e.data.u64 = 0x1122334455667788;
	SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, a[0], &e));
	SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, a[0], &e));
	e.events = EPOLLOUT | EPOLLET;
	e.data.ptr = &fd;
	SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, a[1], &e));
	e.data.u64 = 5;
	e.events = EPOLLIN | EPOLLONESHOT;
	SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, b[0], &e));
	SHOW(epoll_wait(fd, out, 5, 0));
	SAY("%x %d", out[0].events, out[0].data.ptr == &fd);
	SHOW(epoll_wait(fd, out, 5, 0));
	SHOW(write(a[1], "x", 1) + write(b[1], "x", 1));
	memset(out, 0xaa, sizeof(out));
	SHOW(epoll_pwait(fd, out, 5, 100, &none));
	for (i = 0; i < 3; i++)
		SAY("%x %llx", out[i].events,
			out[i].data.ptr == &fd            ? 0
			: i == 2 || out[i].data.u64 >> 32 ? (unsigned long long)out[i].data.u64
							  : (unsigned long long)out[i].data.fd);
	SHOW(epoll_wait(fd, out, 1, 0));
	SHOW(out[0].data.u64 == 0x1122334455667788);
	e.events = EPOLLIN;
	e.data.u32 = 9;
	SHOW(epoll_ctl(fd, EPOLL_CTL_MOD, b[0], &e));
	SHOW(epoll_ctl(fd, EPOLL_CTL_DEL, a[0], NULL));
	SHOW(epoll_wait(fd, out, 5, 0));
	SAY("%x %u", out[0].events, out[0].data.u32);
	SHOW(epoll_ctl(fd, EPOLL_CTL_DEL, a[0], &e));
	SHOW(epoll_ctl(fd, 99, b[0], &e));
	SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, fd, &e));
	SHOW(epoll_wait(fd, out, 0, 0));
	SHOW(epoll_wait(a[0], out, 5, 0));
	SHOW(close(epoll_create(1)));
	SHOW(epoll_create(0));
	SHOW(epoll_create1(77));
	close(fd);
	for (i = 0; i < 2; i++) {
		close(a[i]);
		close(b[i]);
	}
}

static void counters(void)
{
	int fd = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC),
	    sem = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK), timer;
	struct itimerspec set = {{0, 2000000}, {0, 1000000}}, got;
	uint64_t n = 5;
	eventfd_t value;

	SHOW(write(fd, &n, sizeof(n)));
	SHOW(read(fd, &n, sizeof(n)));
	SHOW(n);
	SHOW(read(fd, &n, sizeof(n)));
	SHOW(read(fd, &n, 4));
	SHOW(eventfd_write(fd, 7));
	SHOW(eventfd_read(fd, &value));
	SHOW(value);
	SHOW(eventfd_read(sem, &value));
	SHOW(value);
	SHOW(eventfd_read(sem, &value) + eventfd_read(sem, &value));
	close(fd);
	close(sem);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	SHOW(timerfd_settime(timer, 0, &set, NULL));
	SHOW(read(timer, &n, sizeof(n)));
	CHECK(n >= 1);
	SHOW(timerfd_gettime(timer, &got));
	SHOW(got.it_interval.tv_nsec);
	CHECK(got.it_value.tv_sec == 0 && got.it_value.tv_nsec <= 2000000);
	set.it_value.tv_nsec = 0;
	SHOW(timerfd_settime(timer, 0, &set, &got));
	SHOW(got.it_interval.tv_nsec);
	SHOW(fcntl(timer, F_SETFL, O_NONBLOCK));
	SHOW(read(timer, &n, sizeof(n)));
	set.it_value = (struct timespec){0, 1};
	set.it_interval.tv_nsec = 0;
	SHOW(timerfd_settime(timer, TFD_TIMER_ABSTIME, &set, NULL));
	SHOW(fcntl(timer, F_SETFL, 0));
	SHOW(read(timer, &n, sizeof(n)));
	SHOW(n);
	SHOW(timerfd_create(99, 0));
	close(timer);
}

static void signals(void)
{
	struct signalfd_siginfo info;
	union sigval value = {.sival_int = 1234};
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	SHOW(fd >= 0);
	SHOW(read(fd, &info, sizeof(info)));
	SHOW(kill(getpid(), SIGUSR1));
	SHOW(sigqueue(getpid(), SIGRTMIN, value));
	SHOW(sizeof(info));
	SHOW(read(fd, &info, sizeof(info)));
	SAY("%d %d %d", info.ssi_signo, info.ssi_pid == (unsigned)getpid(),
		info.ssi_uid == getuid());
	SHOW(read(fd, &info, sizeof(info)));
	SAY("%d %d %d", info.ssi_signo - SIGRTMIN, info.ssi_int, info.ssi_code == SI_QUEUE);
	sigdelset(&set, SIGUSR1);
	SHOW(signalfd(fd, &set, 0) == fd);
	close(fd);
}

static void watches(void)
{
	char buffer[1000] __attribute__((aligned(8)));
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), watch, other, n, i, file;
	const struct inotify_event *e;
	unsigned cookie = 0;

	mkdir("watched", 0700);
	SHOW(watch = inotify_add_watch(
		     fd, "watched", IN_CREATE | IN_MOVE | IN_DELETE | IN_CLOSE_WRITE | IN_MODIFY));
	SHOW(inotify_add_watch(fd, "none", IN_CREATE));
	SHOW(read(fd, buffer, sizeof(buffer)));
	file = open("watched/file", O_CREAT | O_WRONLY, 0600);
	SHOW(write(file, "x", 1));
	close(file);
	rename("watched/file", "watched/a longer name than that");
	unlink("watched/a longer name than that");
	n = read(fd, buffer, sizeof(buffer));
	for (i = 0; i < n; i += sizeof(*e) + e->len) {
		e = (const struct inotify_event *)(buffer + i);
		SAY("%d %x %d %s", e->wd == watch, e->mask, e->cookie != 0, e->len ? e->name : "");
		if (e->mask & IN_MOVED_FROM)
			cookie = e->cookie;
		if (e->mask & IN_MOVED_TO)
			SHOW(cookie == e->cookie);
	}
	other = inotify_init();
	SHOW(inotify_rm_watch(fd, watch));
	SHOW(inotify_rm_watch(fd, 99));
	SHOW(read(fd, buffer, sizeof(buffer)));
	rmdir("watched");
	close(fd);
	close(other);
}

int main(void)
{
	polls();
	selects();
	epolls();
	counters();
	signals();
	watches();
	return 0;
}
