/* levels: -O2 */
/* eventfd, timerfd, signalfd, epoll, inotify. */
#include "moved.h"
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>

static uint64_t take(int fd)
{
	uint64_t v = 0;

	return read(fd, &v, sizeof v) == sizeof v ? v : 0;
}

static double seconds(struct timespec t)
{
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
	struct epoll_event events[8], event = {.events = EPOLLIN | EPOLLET, .data.u64 = 0x123456789abcdef0};
	struct itimerspec soon = {.it_value = {0, 1}}, later = {{7, 0}, {1000, 0}}, now;
	struct itimerspec at = {{0, 0}, {0, 0}}, often = {{0, 20000000}, {0, 20000000}};
	struct signalfd_siginfo info;
	struct timespec clock;
	int count, semaphore, expired, armed, absolute, periodic, signals, poll, nested, watch, removed, w1, w2;
	int n, ends[2];
	sigset_t set;
	char buffer[4096] __attribute__((aligned(8)));
	const struct inotify_event *seen = (const void *)buffer;

	count = eventfd(0, EFD_NONBLOCK);
	CHECK(write(count, &(uint64_t){0x123456789abc}, 8) == 8);
	semaphore = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
	expired = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	timerfd_settime(expired, 0, &soon, NULL);
	armed = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	timerfd_settime(armed, 0, &later, NULL);
	absolute = timerfd_create(CLOCK_MONOTONIC, 0);
	clock_gettime(CLOCK_MONOTONIC, &clock);
	at.it_value = clock;
	at.it_value.tv_sec += 500;
	timerfd_settime(absolute, TFD_TIMER_ABSTIME, &at, NULL);
	periodic = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK);
	timerfd_settime(periodic, 0, &often, NULL);
	usleep(110000);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGRTMIN + 5);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	CHECK(pipe(ends) == 0);
	poll = epoll_create1(EPOLL_CLOEXEC);
	CHECK(epoll_ctl(poll, EPOLL_CTL_ADD, ends[0], &event) == 0);
	event = (struct epoll_event){.events = EPOLLIN | EPOLLONESHOT, .data.u64 = ~0ULL};
	CHECK(epoll_ctl(poll, EPOLL_CTL_ADD, semaphore, &event) == 0);
	event = (struct epoll_event){.events = EPOLLIN, .data.fd = signals};
	CHECK(epoll_ctl(poll, EPOLL_CTL_ADD, signals, &event) == 0);
	nested = epoll_create1(0);
	event = (struct epoll_event){.events = EPOLLIN, .data.u64 = 77};
	CHECK(epoll_ctl(nested, EPOLL_CTL_ADD, poll, &event) == 0);
	n = epoll_wait(poll, events, 8, 0); /* the eventfd: disabled until it is set anew */
	CHECK(n == 1 && events[0].data.u64 == ~0ULL);
	mkdir("watched", 0755);
	mkdir("other", 0755);
	watch = inotify_init1(IN_NONBLOCK);
	removed = inotify_add_watch(watch, ".", IN_CREATE);
	w1 = inotify_add_watch(watch, "watched", IN_CREATE | IN_DELETE);
	w2 = inotify_add_watch(watch, "./watched/../other", IN_CREATE | IN_ONLYDIR);
	inotify_rm_watch(watch, removed);
	CHECK(read(watch, buffer, sizeof buffer) > 0);
	wait_for_move();

	CHECK(take(count) == 0x123456789abc && take(count) == 0);
	CHECK(take(semaphore) == 1 && fcntl(semaphore, F_GETFD) == FD_CLOEXEC);
	CHECK(take(expired) == 1 && take(expired) == 0);
	CHECK(take(periodic) >= 5);
	timerfd_gettime(armed, &now);
	CHECK(now.it_interval.tv_sec == 7 && seconds(now.it_value) > 800
		&& seconds(now.it_value) <= 1000);
	timerfd_gettime(absolute, &now);
	clock_gettime(CLOCK_MONOTONIC, &clock);
	CHECK(seconds(now.it_value) + seconds(clock) - seconds(at.it_value) < 0.5
		&& seconds(now.it_value) + seconds(clock) - seconds(at.it_value) > -0.5);
	at.it_value = clock;
	at.it_value.tv_sec += 300;
	timerfd_settime(absolute, TFD_TIMER_ABSTIME, &at, NULL);
	timerfd_gettime(absolute, &now);
	CHECK(seconds(now.it_value) > 250 && seconds(now.it_value) < 301);

	CHECK(epoll_wait(poll, events, 8, 0) == 0);
	CHECK(write(ends[1], "x", 1) == 1);
	CHECK(epoll_wait(nested, events, 8, 0) == 1 && events[0].data.u64 == 77);
	CHECK(epoll_wait(poll, events, 8, 0) == 1 && events[0].data.u64 == 0x123456789abcdef0);
	CHECK(epoll_wait(poll, events, 8, 0) == 0);
	event = (struct epoll_event){.events = EPOLLIN, .data.u64 = 5};
	CHECK(epoll_ctl(poll, EPOLL_CTL_MOD, semaphore, &event) == 0);
	CHECK(epoll_wait(poll, events, 8, 0) == 1 && events[0].data.u64 == 5);
	CHECK(take(semaphore) == 1 && take(semaphore) == 1 && take(semaphore) == 0);
	raise(SIGUSR2);
	CHECK(epoll_wait(poll, events, 8, 0) == 1 && events[0].data.fd == signals);
	CHECK(read(signals, &info, sizeof info) == sizeof info && info.ssi_signo == SIGUSR2);
	raise(SIGRTMIN + 5);
	CHECK(read(signals, &info, sizeof info) == sizeof info
		&& (int)info.ssi_signo == SIGRTMIN + 5);
	CHECK(read(signals, &info, sizeof info) == -1 && errno == EAGAIN);

	CHECK(read(watch, buffer, sizeof buffer) == -1);
	close(open("watched/new", O_CREAT | O_WRONLY, 0644));
	CHECK(read(watch, buffer, sizeof buffer) > 0 && seen->wd == w1 && seen->mask == IN_CREATE);
	close(open("other/new", O_CREAT | O_WRONLY, 0644));
	CHECK(read(watch, buffer, sizeof buffer) > 0 && seen->wd == w2
		&& strcmp(seen->name, "new") == 0);
	unlink("watched/new");
	unlink("other/new");
	return done();
}
