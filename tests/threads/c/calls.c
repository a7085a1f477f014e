/* levels: -O2 */
/* One thread waits in each system call that a thread can wait in for long (libc's cancellation points), all at
 * once. On the other side each ends with what it was waiting for. */
#include "lib_threads.h"
#include <aio.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { HOUR = 3600, FILL = 1 << 20, SIGNALS = 5 }; /* SIGRTMIN + 5 and on */

/* What each waits for; made before the threads are. */
static int pipes[5][2], pairs[5][2], events[7], udp[2], listeners[2], timer, signals, watch, sets[2],
	queue, full_queue, locked;
static mqd_t messages, full_messages;
static struct sockaddr_in udp_at[2], tcp_at;
static struct sockaddr_un path_at;
static const struct timespec hour = {HOUR, 0};
static struct { long type; char text[8]; } message = {3, "message"};
static char big[FILL];
static size_t filled[5];

static void *give(long result)
{
	return (void *)(result < 0 ? -errno : result);
}

/* ---- The calls ------------------------------------------------------------------------------ */

static void *call_read(void *arg)
{
	char c[8];

	(void)arg;
	return give(read(pipes[0][0], c, sizeof c) == 3 && !memcmp(c, "abc", 3));
}

static void *call_readv(void *arg)
{
	char a[2], b[4];
	struct iovec parts[] = {{a, 2}, {b, 4}};

	(void)arg;
	return give(readv(pipes[1][0], parts, 2) == 5 && b[2] == 'e');
}

static void *call_write(void *arg)
{
	(void)arg;
	return give(write(pipes[2][1], "written", 7));
}

static void *call_writev(void *arg)
{
	struct iovec parts[] = {{"two ", 4}, {"parts", 5}};

	(void)arg;
	return give(writev(pipes[3][1], parts, 2));
}

static void *call_recv(void *arg)
{
	char c[4];

	(void)arg;
	return give(recv(pairs[0][0], c, 4, MSG_WAITALL) == 4 && !memcmp(c, "late", 4));
}

static void *call_recvfrom(void *arg)
{
	struct sockaddr_in from;
	socklen_t n = sizeof from;
	char c[8];

	(void)arg;
	return give(recvfrom(udp[0], c, sizeof c, 0, (void *)&from, &n) == 5
		&& from.sin_port == udp_at[1].sin_port);
}

static void *call_recvmsg(void *arg)
{
	char c[8];
	struct iovec part = {c, sizeof c};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};

	(void)arg;
	return give(recvmsg(pairs[1][0], &m, 0) == 3);
}

static void *call_recvmmsg(void *arg)
{
	char c[8];
	struct iovec part = {c, sizeof c};
	struct mmsghdr m = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};

	(void)arg;
	return give(recvmmsg(udp[1], &m, 1, 0, NULL) == 1 && m.msg_len == 6);
}

static void *call_send(void *arg)
{
	(void)arg;
	return give(send(pairs[2][0], "sent", 4, 0));
}

static void *call_sendmsg(void *arg)
{
	struct iovec part = {"datagram", 8};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};

	(void)arg;
	return give(sendmsg(pairs[3][0], &m, 0));
}

static void *call_accept(void *arg)
{
	int fd = accept(listeners[0], NULL, NULL);

	(void)arg;
	return give(fd < 0 ? -1 : close(fd) + 1);
}

static void *call_accept4(void *arg)
{
	int fd = accept4(listeners[1], NULL, NULL, SOCK_CLOEXEC);

	(void)arg;
	return give(fd < 0 ? -1 : close(fd) + 1);
}

static void *call_open(void *arg)
{
	int fd = open("fifo", O_RDONLY);
	char c;

	(void)arg;
	return give(read(fd, &c, 1) == 1 && c == 'f' && close(fd) == 0);
}

static void *call_fcntl(void *arg)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	(void)arg;
	return give(fcntl(locked, F_SETLKW, &whole) + 1);
}

static void *call_epoll_wait(void *arg)
{
	struct epoll_event e = {0, {0}};

	(void)arg;
	return give(epoll_wait(sets[0], &e, 1, -1) == 1 && e.data.u64 == 4711);
}

static void *call_epoll_pwait(void *arg)
{
	struct epoll_event e = {0, {0}};
	sigset_t all;

	(void)arg;
	sigfillset(&all);
	return give(epoll_pwait(sets[1], &e, 1, HOUR * 1000, &all) == 1 && e.events == EPOLLIN);
}

static void *call_poll(void *arg)
{
	struct pollfd p = {events[0], POLLIN, 0};

	(void)arg;
	return give(poll(&p, 1, -1) == 1 && p.revents == POLLIN);
}

static void *call_ppoll(void *arg)
{
	struct pollfd p = {events[1], POLLIN, 0};

	(void)arg;
	return give(ppoll(&p, 1, &hour, NULL) == 1 && p.revents == POLLIN);
}

static void *call_select(void *arg)
{
	struct timeval limit = {HOUR, 0};
	fd_set set;

	(void)arg;
	FD_ZERO(&set);
	FD_SET(events[2], &set);
	return give(select(events[2] + 1, &set, NULL, NULL, &limit) == 1 && FD_ISSET(events[2], &set));
}

static void *call_pselect(void *arg)
{
	fd_set set;

	(void)arg;
	FD_ZERO(&set);
	FD_SET(events[3], &set);
	return give(pselect(events[3] + 1, &set, NULL, NULL, NULL, NULL));
}

static void *read_eventfd(void *arg)
{
	uint64_t n = 0;

	(void)arg;
	return give(read(events[4], &n, sizeof n) == sizeof n && n == 17);
}

/* It is as large as it can be. */
static void *write_eventfd(void *arg)
{
	uint64_t n = 5;

	(void)arg;
	return give(write(events[5], &n, sizeof n));
}

static void *read_timerfd(void *arg)
{
	uint64_t n = 0;

	(void)arg;
	return give(read(timer, &n, sizeof n) == sizeof n && n == 1);
}

static void *read_signalfd(void *arg)
{
	struct signalfd_siginfo info = {0};

	(void)arg;
	return give(read(signals, &info, sizeof info) == sizeof info && info.ssi_signo == SIGUSR2);
}

static void *read_inotify(void *arg)
{
	char e[sizeof(struct inotify_event) + 256] = {0};

	(void)arg;
	return give(read(watch, e, sizeof e) > 0
		&& !strcmp(((struct inotify_event *)(void *)e)->name, "made"));
}

static sigset_t set_of(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	return set;
}

static void *call_sigwaitinfo(void *arg)
{
	sigset_t set = set_of(SIGRTMIN + SIGNALS);
	siginfo_t info;

	(void)arg;
	return give(sigwaitinfo(&set, &info) == SIGRTMIN + SIGNALS && info.si_value.sival_int == 99);
}

static void *call_sigtimedwait(void *arg)
{
	sigset_t set = set_of(SIGRTMIN + SIGNALS + 1);

	(void)arg;
	return give(sigtimedwait(&set, NULL, &hour) == SIGRTMIN + SIGNALS + 1);
}

static void *call_sigwait(void *arg)
{
	sigset_t set = set_of(SIGRTMIN + SIGNALS + 2);
	int signal = 0;

	(void)arg;
	return give(sigwait(&set, &signal) == 0 && signal == SIGRTMIN + SIGNALS + 2);
}

static void *call_pause(void *arg)
{
	sigset_t set = set_of(SIGUSR1);

	(void)arg;
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	return give(pause());
}

static void *call_sigsuspend(void *arg)
{
	sigset_t all;

	(void)arg;
	sigfillset(&all);
	sigdelset(&all, SIGUSR1);
	return give(sigsuspend(&all));
}

static void *call_nanosleep(void *arg)
{
	const struct timespec span = {1, 500000000};

	(void)arg;
	return give(nanosleep(&span, NULL) + 1);
}

static void *call_clock_nanosleep(void *arg)
{
	struct timespec at = in_seconds(CLOCK_REALTIME, 2);

	(void)arg;
	return give(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &at, NULL) == 0
		&& in_seconds(CLOCK_REALTIME, 0).tv_sec >= at.tv_sec);
}

static void *call_sleep(void *arg)
{
	(void)arg;
	return give(sleep(1) == 0 && usleep(900000) == 0);
}

static void *call_msgrcv(void *arg)
{
	char got[sizeof message];

	(void)arg;
	return give(msgrcv(queue, got, sizeof message.text, 3, 0));
}

static void *call_msgsnd(void *arg)
{
	(void)arg;
	return give(msgsnd(full_queue, &message, sizeof message.text, 0) + 1);
}

static void *call_mq_receive(void *arg)
{
	char got[8];

	(void)arg;
	return give(messages < 0 ? 3 : mq_receive(messages, got, sizeof got, NULL));
}

static void *call_mq_send(void *arg)
{
	struct timespec at = in_seconds(CLOCK_REALTIME, HOUR);

	(void)arg;
	return give(messages < 0 ? 1 : mq_timedsend(full_messages, "second", 6, 0, &at) + 1);
}

static void *call_aio_suspend(void *arg)
{
	char c[8];
	struct aiocb request = {.aio_fildes = pipes[4][0], .aio_buf = c, .aio_nbytes = sizeof c};
	const struct aiocb *list[] = {&request};

	(void)arg;
	if (aio_read(&request) || aio_suspend(list, 1, NULL))
		return give(-1);
	return give(aio_return(&request));
}

/* ---- What they wait for --------------------------------------------------------------------- */

/* Until nothing more goes in. */
static size_t fill(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	size_t sum = 0;
	ssize_t n;

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while ((n = write(fd, big, 1000)) > 0)
		sum += (size_t)n;
	fcntl(fd, F_SETFL, flags);
	return sum;
}

/* All that there is, and what came last. */
static void drain(int fd, size_t bytes, const char *last)
{
	size_t n_last = strlen(last), sum = 0;

	while (sum < bytes + n_last) {
		ssize_t n = read(fd, big + sum, sizeof big - sum);

		CHECK(n > 0);
		if (n <= 0)
			return;
		sum += (size_t)n;
	}
	CHECK(sum == bytes + n_last && !memcmp(big + bytes, last, n_last));
	memset(big, 0, sizeof big);
}

static int bound(int type, struct sockaddr_in *a)
{
	int fd = socket(AF_INET, type, 0);
	socklen_t n = sizeof *a;

	*a = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	CHECK(bind(fd, (void *)a, sizeof *a) == 0 && getsockname(fd, (void *)a, &n) == 0);
	return fd;
}

/* Another process, which is no child, has a lock until there is the file `release`. */
static void lock_elsewhere(void)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int status;

	unlink("release");
	unlink("has_lock");
	locked = open("locked", O_RDWR | O_CREAT, 0600);
	if (fork() == 0) {
		if (fork() != 0)
			_exit(0);
		CHECK(fcntl(locked, F_SETLK, &whole) == 0);
		close(open("has_lock", O_CREAT | O_WRONLY, 0600));
		for (int i = 0; i < 12000 && access("release", F_OK); i++)
			usleep(5000);
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	while (access("has_lock", F_OK))
		usleep(1000);
}

static void make_all(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	struct epoll_event e = {.events = EPOLLIN, .data.u64 = 4711};
	sigset_t usr2;
	char name[32];

	lock_elsewhere();
	for (int i = 0; i < 5; i++)
		CHECK(pipe(pipes[i]) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(socketpair(AF_UNIX, i % 2 ? SOCK_DGRAM : SOCK_STREAM, 0, pairs[i]) == 0);
	for (int i = 0; i < 7; i++)
		events[i] = eventfd(i == 5 ? 0xfffffffe : 0, 0);
	CHECK(write(events[5], &(uint64_t){0xffffffff00000000}, 8) == 8);
	filled[0] = fill(pipes[2][1]);
	filled[1] = fill(pipes[3][1]);
	filled[2] = fill(pairs[2][0]);
	filled[3] = fill(pairs[3][0]);
	udp[0] = bound(SOCK_DGRAM, &udp_at[0]);
	udp[1] = bound(SOCK_DGRAM, &udp_at[1]);
	listeners[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	path_at.sun_family = AF_UNIX;
	strcpy(path_at.sun_path, "socket");
	unlink("socket");
	CHECK(bind(listeners[0], (void *)&path_at, sizeof path_at) == 0 && listen(listeners[0], 3) == 0);
	listeners[1] = bound(SOCK_STREAM, &tcp_at);
	CHECK(listen(listeners[1], 3) == 0);
	unlink("fifo");
	CHECK(mkfifo("fifo", 0600) == 0);
	for (int i = 0; i < 2; i++) {
		sets[i] = epoll_create1(0);
		CHECK(epoll_ctl(sets[i], EPOLL_CTL_ADD, events[6], &e) == 0);
	}
	timer = timerfd_create(CLOCK_MONOTONIC, 0);
	usr2 = set_of(SIGUSR2);
	signals = signalfd(-1, &usr2, 0);
	mkdir("watched", 0700);
	unlink("watched/made");
	watch = inotify_init1(0);
	CHECK(inotify_add_watch(watch, "watched", IN_CREATE) >= 0);
	queue = msgget(IPC_PRIVATE, 0600);
	full_queue = msgget(IPC_PRIVATE, 0600);
	while (msgsnd(full_queue, &message, sizeof message.text, IPC_NOWAIT) == 0)
		filled[4]++;
	snprintf(name, sizeof name, "/hcc_calls_%d", (int)getpid());
	messages = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	strcat(name, "f");
	full_messages = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	CHECK(messages < 0 || mq_send(full_messages, "first", 5, 0) == 0);
}

static void wake_all(void)
{
	struct itimerspec at_once = {{0, 0}, {0, 1}};
	const uint64_t one = 1, seventeen = 17;
	uint64_t n;
	int fd;

	CHECK(write(pipes[0][1], "abc", 3) == 3 && write(pipes[1][1], "abcde", 5) == 5);
	drain(pipes[2][0], filled[0], "written");
	drain(pipes[3][0], filled[1], "two parts");
	CHECK(write(pairs[0][1], "la", 2) == 2 && write(pairs[0][1], "te", 2) == 2);
	CHECK(sendto(udp[1], "first", 5, 0, (void *)&udp_at[0], sizeof udp_at[0]) == 5);
	CHECK(write(pairs[1][1], "msg", 3) == 3);
	CHECK(sendto(udp[0], "second", 6, 0, (void *)&udp_at[1], sizeof udp_at[1]) == 6);
	drain(pairs[2][1], filled[2], "sent");
	drain(pairs[3][1], filled[3], "datagram");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK(connect(fd, (void *)&path_at, sizeof path_at) == 0 && close(fd) == 0);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(connect(fd, (void *)&tcp_at, sizeof tcp_at) == 0 && close(fd) == 0);
	fd = open("fifo", O_WRONLY);
	CHECK(write(fd, "f", 1) == 1 && close(fd) == 0);
	close(open("release", O_CREAT | O_WRONLY, 0600));
	for (int i = 0; i < 4; i++)
		CHECK(write(events[i], &one, 8) == 8);
	CHECK(write(events[6], &one, 8) == 8 && write(events[4], &seventeen, 8) == 8);
	CHECK(read(events[5], &n, 8) == 8 && n == 0xfffffffffffffffe);
	CHECK(timerfd_settime(timer, 0, &at_once, NULL) == 0);
	CHECK(kill(getpid(), SIGUSR2) == 0);
	close(open("watched/made", O_CREAT | O_WRONLY, 0600));
	CHECK(sigqueue(getpid(), SIGRTMIN + SIGNALS, (union sigval){.sival_int = 99}) == 0);
	CHECK(kill(getpid(), SIGRTMIN + SIGNALS + 1) == 0);
	CHECK(kill(getpid(), SIGRTMIN + SIGNALS + 2) == 0);
	CHECK(msgsnd(queue, &message, sizeof message.text, 0) == 0);
	CHECK(msgrcv(full_queue, &message, sizeof message.text, 0, 0) == sizeof message.text);
	if (messages >= 0) {
		char got[8];

		CHECK(mq_send(messages, "one", 3, 0) == 0);
		CHECK(mq_receive(full_messages, got, sizeof got, NULL) == 5);
		CHECK(mq_receive(full_messages, got, sizeof got, NULL) == 6);
	}
	CHECK(write(pipes[4][1], "asynchronous", 7) == 7);
}

static void remove_all(void)
{
	char name[32];

	msgctl(queue, IPC_RMID, NULL);
	msgctl(full_queue, IPC_RMID, NULL);
	snprintf(name, sizeof name, "/hcc_calls_%d", (int)getpid());
	mq_unlink(name);
	strcat(name, "f");
	mq_unlink(name);
}

static void on_signal(int signal)
{
	(void)signal;
}

#define CALL(name) {#name, name}
static const struct {
	const char *name;
	void *(*function)(void *);
} calls[] = {
	CALL(call_read), CALL(call_readv), CALL(call_write), CALL(call_writev), CALL(call_recv),
	CALL(call_recvfrom), CALL(call_recvmsg), CALL(call_recvmmsg), CALL(call_send),
	CALL(call_sendmsg), CALL(call_accept), CALL(call_accept4), CALL(call_open), CALL(call_fcntl),
	CALL(call_epoll_wait), CALL(call_epoll_pwait), CALL(call_poll), CALL(call_ppoll),
	CALL(call_select), CALL(call_pselect), CALL(read_eventfd), CALL(write_eventfd),
	CALL(read_timerfd), CALL(read_signalfd), CALL(read_inotify), CALL(call_sigwaitinfo),
	CALL(call_sigtimedwait), CALL(call_sigwait), CALL(call_nanosleep), CALL(call_clock_nanosleep),
	CALL(call_sleep), CALL(call_msgrcv), CALL(call_msgsnd), CALL(call_mq_receive),
	CALL(call_mq_send), CALL(call_aio_suspend),
	/* Woken by signals, until they end. */
	CALL(call_pause), CALL(call_sigsuspend),
};

enum { N = sizeof calls / sizeof *calls, N_SIGNALLED = 2 };

static atomic_int ended[N];

static void *run(void *arg)
{
	long i = (long)arg;
	void *result;

	arrive();
	result = calls[i].function(NULL);
	atomic_store(&ended[i], 1);
	return result;
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	pthread_t t[N];
	sigset_t all;

	sigaction(SIGUSR1, &action, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	make_all();
	for (long i = 0; i < N; i++)
		t[i] = start(run, (void *)i);
	wait_arrived(N);
	usleep(50000);
	wait_for_move();
	wait_for_move();
	wake_all();
	for (int i = N - N_SIGNALLED; i < N; i++)
		while (!atomic_load(&ended[i])) {
			pthread_kill(t[i], SIGUSR1);
			usleep(1000);
		}
	for (int i = 0; i < N; i++) {
		long result = join(t[i]);

		printf("%s: %ld\n", calls[i].name, result);
	}
	remove_all();
	return done();
}
