/* Established TCP connections, by the kernel's TCP_REPAIR (tcp(7) does not have it; Linux
 * net/ipv4/tcp.c, and the article "TCP connection repair", lwn.net/Articles/495304). It needs
 * CAP_NET_ADMIN, and pidfd_getfd the right to trace the process; so this program does it, natively, and
 * the process needs no privileges.
 *
 * While a connection is taken it must not change: a socket filter drops all that comes. The peer sends
 * it again later. The socket stays held until the process has ended, and is then closed in repair mode,
 * which says nothing to the peer. From then on until the restore a rule keeps the kernel from answering for
 * the connection (lock.c). It stays when the process goes on at another machine: until the address is
 * there, too, what comes here must go astray. */
#define _GNU_SOURCE
#include "descriptors.h"
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif
#define CHUNK_BYTES 32768u
#define MOMENT_MS 100
#define BUFFER_BYTES (64 << 20) /* while queues are filled */

enum { ESTABLISHED = 1 };
enum { OPTION_MSS = 2, OPTION_SCALE = 3, OPTION_SACK = 4, OPTION_TIMESTAMP = 8 }; /* TCPOPT_* */

_Static_assert(sizeof(struct tcp_repair_window) == sizeof((struct hcc_state_tcp *)NULL)->window,
	"the kernel's structure");

static int get(int fd, int level, int name, uint32_t *out)
{
	socklen_t bytes = sizeof *out;

	*out = 0;
	return getsockopt(fd, level, name, out, &bytes);
}

static int set(int fd, int level, int name, uint32_t v)
{
	return setsockopt(fd, level, name, &v, sizeof v);
}

int connections_allowed(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result = fd >= 0 && !set(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON);

	if (fd >= 0)
		close(fd);
	return result;
}

/* ---- Taking --------------------------------------------------------------------------------- */

/* Drop all that comes, then let nothing out. */
static int hold(int fd)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {1, &drop};

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program))
		return -1;
	return set(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON);
}

/* A socket that listens takes no new connections, so that their peers ask again; without the right
 * to do that they are reset. Returns -1 when there is one already: it is the program's to accept
 * first. */
static int hold_listening(int fd)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {1, &drop};
	struct pollfd queue = {fd, POLLIN, 0};

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program))
		return 0;
	return poll(&queue, 1, 0) > 0 ? -1 : 0;
}

static void let_go(int fd)
{
	set(fd, SOL_SOCKET, SO_DETACH_FILTER, 0);
	set(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_OFF);
}

/* If it cannot be done, all depends on what comes. */
static void lock_all(const struct connections *c)
{
	for (size_t i = 0; i < c->n; i++)
		network_lock(c->fds[i]);
}

/* The states that are being made. */
struct states {
	char *base;
	size_t bytes, cap_bytes;
};

static void *add_state(struct states *t, uint32_t fd, uint32_t kind, size_t bytes)
{
	size_t whole = sizeof(struct hcc_snap_state) + ((bytes + 7) & ~(size_t)7);
	struct hcc_snap_state *s;

	if (t->cap_bytes - t->bytes < whole) {
		size_t cap_bytes = 2 * t->cap_bytes + whole;
		char *base = realloc(t->base, cap_bytes);

		if (!base)
			return NULL;
		t->base = base;
		t->cap_bytes = cap_bytes;
	}
	s = (void *)(t->base + t->bytes);
	memset(s, 0, whole);
	*s = (struct hcc_snap_state){fd, kind, bytes};
	t->bytes += whole;
	return s + 1;
}

/* The bytes [from, to) of a queue in which there are all_bytes. */
static int add_queue(struct states *t, uint32_t number, uint32_t queue, const char *from,
	size_t bytes)
{
	while (bytes) {
		size_t n = bytes < CHUNK_BYTES ? bytes : CHUNK_BYTES;
		struct hcc_state_bytes *at = add_state(t, number, HCC_STATE_BYTES, sizeof *at + n);

		if (!at)
			return -1;
		at->off = queue;
		memcpy(at + 1, from, n);
		from += n;
		bytes -= n;
	}
	return 0;
}

/* Read a queue whole: what is in it stays there. */
static char *read_queue(int fd, uint32_t queue, int bytes, uint32_t *seq)
{
	char *p = malloc((size_t)bytes + 1);
	ssize_t n = 0;

	if (!p)
		return NULL;
	if (set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, queue)
			|| get(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, seq)) {
		free(p);
		return NULL;
	}
	if (bytes)
		n = recv(fd, p, (size_t)bytes, MSG_PEEK | MSG_DONTWAIT);
	if (n == bytes)
		return p;
	if (n >= 0)
		errno = EIO;
	free(p);
	return NULL;
}

static int read_state(int fd, struct hcc_state_tcp *t)
{
	struct tcp_info info = {0};
	struct tcp_repair_window window;
	socklen_t bytes = sizeof info, window_bytes = sizeof window;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes))
		return -1;
	/* The peer has closed it since the process looked. */
	if (info.tcpi_state != ESTABLISHED) {
		errno = EAGAIN;
		return -1;
	}
	t->flags = (info.tcpi_options & TCPI_OPT_SACK ? HCC_TCP_SACK : 0)
		| (info.tcpi_options & TCPI_OPT_WSCALE ? HCC_TCP_SCALE : 0)
		| (info.tcpi_options & TCPI_OPT_TIMESTAMPS ? HCC_TCP_TIMESTAMPS : 0);
	t->send_scale = info.tcpi_snd_wscale;
	t->receive_scale = info.tcpi_rcv_wscale;
	if (getsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &window, &window_bytes))
		return -1;
	memcpy(t->window, &window, sizeof window);
	get(fd, SOL_SOCKET, SO_BUF_LOCK, &t->buffer_locks);
	return get(fd, IPPROTO_TCP, TCP_MAXSEG, &t->mss_bytes)
		|| get(fd, IPPROTO_TCP, TCP_TIMESTAMP, &t->timestamp)
		|| get(fd, SOL_SOCKET, SO_SNDBUF, &t->send_buffer_bytes)
		|| get(fd, SOL_SOCKET, SO_RCVBUF, &t->receive_buffer_bytes) ? -1 : 0;
}

static int take_one(struct states *all, uint32_t number, int fd)
{
	struct hcc_state_tcp t = {0}, *out;
	int n_received = 0, n_sent = 0, n_unsent = 0, result = -1;
	char *received = NULL, *sent = NULL;

	if (ioctl(fd, SIOCINQ, &n_received) || ioctl(fd, SIOCOUTQ, &n_sent)
			|| ioctl(fd, SIOCOUTQNSD, &n_unsent) || read_state(fd, &t))
		return -1;
	received = read_queue(fd, TCP_RECV_QUEUE, n_received, &t.receive_seq);
	if (received)
		sent = read_queue(fd, TCP_SEND_QUEUE, n_sent, &t.send_seq);
	set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_NO_QUEUE);
	if (sent && (out = add_state(all, number, HCC_STATE_TCP, sizeof t))) {
		*out = t;
		result = add_queue(all, number, HCC_TCP_RECEIVED, received, (size_t)n_received)
			|| add_queue(all, number, HCC_TCP_SENT, sent, (size_t)(n_sent - n_unsent))
			|| add_queue(all, number, HCC_TCP_UNSENT, sent + n_sent - n_unsent,
				(size_t)n_unsent);
	}
	free(received);
	free(sent);
	return result ? -1 : 0;
}

/* If this program is killed, its end of the pipe closes, and the connections must not stay held. Until
 * the guard has let go of them it has the verdict's FIFO open too, so that the process still waits; unless
 * it has its verdict, and ends just now: then they belong to its snapshot. */
static int start_guard(struct connections *c, int pid_fd)
{
	struct pollfd end = {pid_fd, POLLIN, 0};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	c->guard = fork();
	if (c->guard == 0) {
		char over = 0;

		close(ends[1]);
		setpgid(0, 0);
		while (read(ends[0], &over, 1) < 0 && errno == EINTR)
			continue;
		if (!over && poll(&end, 1, MOMENT_MS) > 0)
			lock_all(c);
		for (size_t i = 0; !over && !end.revents && i < c->n; i++)
			let_go(c->fds[i]);
		_exit(0);
	}
	close(ends[0]);
	c->guard_fd = ends[1];
	if (c->guard > 0)
		return 0;
	c->guard = 0;
	close(ends[1]);
	return -1;
}

void connections_release(struct connections *c, int is_over)
{
	const char over = 1;

	if (is_over)
		lock_all(c);
	for (size_t i = 0; i < c->n; i++) {
		if (!is_over)
			let_go(c->fds[i]);
		close(c->fds[i]);
	}
	if (c->guard > 0) {
		if (write(c->guard_fd, &over, 1) != 1)
			kill(c->guard, SIGKILL);
		close(c->guard_fd);
		waitpid(c->guard, NULL, 0);
	}
	free(c->fds);
	*c = (struct connections){.keeps_listening = c->keeps_listening};
}

/* Where a walk over the connections is, and over the sockets that listen; all zero at first. */
struct walk {
	uint64_t i;
	const struct hcc_snap_state *states;
	int listens; /* the one found does */
};

static const struct hcc_snap_descriptor *next_connection(const struct snapshot *s, struct walk *w)
{
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(s->header,
		HCC_SECTION_DESCRIPTORS);
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d);

	while (w->i < n) {
		const struct hcc_snap_descriptor *at = &d[w->i++];
		const struct hcc_state_socket *state;

		if (at->kind != HCC_DESCRIPTOR_SOCKET)
			continue;
		w->states = hcc_state_first(s->header, HCC_SECTION_STATES, at->fd, w->states);
		state = (const void *)(w->states + 1);
		w->listens = !!(state->flags & HCC_SOCKET_LISTENS);
		if (state->protocol == IPPROTO_TCP && !(state->flags & HCC_SOCKET_RESET)
				&& (w->listens || state->flags & HCC_SOCKET_CONNECTED))
			return at;
	}
	return NULL;
}

/* The section is the last of the file, and empty so far. */
static int write_section(const struct snapshot *s, const struct states *all, struct error *e)
{
	struct hcc_snap_header h = *s->header;
	struct hcc_snap_section *section = &h.sections[HCC_SECTION_CONNECTIONS];
	int fd, result = -1;

	if (!all->bytes)
		return 0;
	if (section->bytes || section->off != h.file_bytes)
		return fail(e, "%s: there is no room for connections", s->path);
	section->bytes = all->bytes;
	section->checksum = hcc_hash(all->base, all->bytes);
	h.file_bytes += all->bytes;
	h.checksum = hcc_hash(&h, offsetof(struct hcc_snap_header, checksum));
	fd = open(s->path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && pwrite(fd, all->base, all->bytes, (off_t)section->off) == (ssize_t)all->bytes
			&& pwrite(fd, &h, sizeof h, 0) == sizeof h && !fsync(fd))
		result = 0;
	if (result)
		fail(e, "%s: %s", s->path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return result;
}

static int fail_connection(struct error *e, const struct snapshot *s, uint32_t number,
	const char *what)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(s->header, HCC_SECTION_PROCESS);

	return fail(e, "process %d: descriptor %u is a TCP connection that cannot be %s: %s",
		(int)p->pid, number, what, strerror(errno));
}

/* Open all first: the guard must have them before any is held. */
static int open_all(struct connections *c, const struct snapshot *s, int pid_fd, struct error *e)
{
	const struct hcc_snap_descriptor *d;
	struct walk at = {0};

	while ((d = next_connection(s, &at))) {
		int *more = realloc(c->fds, (c->n + 1) * sizeof *more);

		if (!more)
			return fail_connection(e, s, d->fd, "taken");
		c->fds = more;
		c->fds[c->n] = (int)syscall(SYS_pidfd_getfd, pid_fd, d->fd, 0);
		if (c->fds[c->n] < 0 && !at.listens)
			return fail_connection(e, s, d->fd, "opened from here");
		c->n++;
	}
	return 0;
}

static int take_all(struct connections *c, const struct snapshot *s, struct states *all,
	struct error *e)
{
	const struct hcc_snap_descriptor *d;
	struct walk at = {0};

	for (size_t i = 0; (d = next_connection(s, &at)) != NULL; i++)
		if (at.listens && c->fds[i] >= 0 && hold_listening(c->fds[i])
				&& !c->keeps_listening) {
			fail(e, "%s: descriptor %u has a connection that is not accepted yet", s->path,
				d->fd);
			return 1;
		} else if (!at.listens && hold(c->fds[i])) {
			return fail_connection(e, s, d->fd, "held");
		}
	at = (struct walk){0};
	for (size_t i = 0; (d = next_connection(s, &at)) != NULL; i++)
		if (!at.listens && take_one(all, d->fd, c->fds[i])) {
			int is_closed = errno == EAGAIN;

			fail_connection(e, s, d->fd, "read");
			return is_closed ? 1 : -1;
		}
	return 0;
}

int connections_take(struct connections *out, const struct snapshot *s, int pid_fd, struct error *e)
{
	struct states all = {0};
	int result = open_all(out, s, pid_fd, e);

	if (!result && !out->n)
		return 0;
	if (!result && start_guard(out, pid_fd))
		result = fail(e, "%s: %s", s->path, strerror(errno));
	if (!result)
		result = take_all(out, s, &all, e);
	if (!result)
		result = write_section(s, &all, e);
	free(all.base);
	if (result)
		connections_release(out, 0);
	return result;
}

/* ---- Making again --------------------------------------------------------------------------- */

static int set_seq(int fd, uint32_t queue, uint32_t seq)
{
	return set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, queue)
		|| set(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, seq) ? -1 : 0;
}

static uint32_t queue_bytes(const struct making *m, const struct hcc_snap_descriptor *d,
	uint32_t queue)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = m->connections[d - m->list];
	uint64_t sum = 0;

	for (; (s = hcc_state_find(file, s, HCC_STATE_BYTES)); s = hcc_state_next(file, s)) {
		const struct hcc_state_bytes *at = (const void *)(s + 1);

		if (at->off == queue)
			sum += s->bytes - sizeof *at;
	}
	return (uint32_t)sum;
}

static int send_queue(const struct making *m, const struct hcc_snap_descriptor *d, int fd,
	uint32_t queue)
{
	const void *file = m->s->header;
	const struct hcc_snap_state *s = m->connections[d - m->list];

	for (; (s = hcc_state_find(file, s, HCC_STATE_BYTES)); s = hcc_state_next(file, s)) {
		const struct hcc_state_bytes *at = (const void *)(s + 1);
		const char *p = (const char *)(at + 1);
		size_t left = s->bytes - sizeof *at;

		while (at->off == queue && left) {
			/* The kernel takes a segment's worth at a time. */
			ssize_t n = send(fd, p, left, MSG_DONTWAIT | MSG_NOSIGNAL);

			if (n <= 0)
				return -1;
			p += n;
			left -= (size_t)n;
		}
	}
	return 0;
}

static int set_negotiated(int fd, const struct hcc_state_tcp *t)
{
	struct tcp_repair_opt options[4];
	int n = 0;

	if (t->flags & HCC_TCP_SACK)
		options[n++] = (struct tcp_repair_opt){OPTION_SACK, 0};
	if (t->flags & HCC_TCP_SCALE)
		options[n++] = (struct tcp_repair_opt){OPTION_SCALE,
			t->send_scale + (t->receive_scale << 16)};
	if (t->flags & HCC_TCP_TIMESTAMPS)
		options[n++] = (struct tcp_repair_opt){OPTION_TIMESTAMP, 0};
	options[n++] = (struct tcp_repair_opt){OPTION_MSS, t->mss_bytes};
	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_OPTIONS, options,
			(socklen_t)((size_t)n * sizeof *options)))
		return -1;
	return t->flags & HCC_TCP_TIMESTAMPS ? set(fd, IPPROTO_TCP, TCP_TIMESTAMP, t->timestamp)
		: 0;
}

static int connect_silently(struct making *m, const struct hcc_snap_descriptor *d, int fd,
	const struct hcc_state_tcp *t)
{
	socklen_t own_bytes, peer_bytes;
	const struct sockaddr *own = find_address(m, d, 0, &own_bytes);
	const struct sockaddr *peer = find_address(m, d, 1, &peer_bytes);
	uint32_t n_sent = queue_bytes(m, d, HCC_TCP_SENT) + queue_bytes(m, d, HCC_TCP_UNSENT);

	errno = EINVAL;
	return !own || !peer || set(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON)
		|| set(fd, SOL_SOCKET, SO_MARK, NETWORK_MARK)
		|| set(fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_BYTES)
		|| set(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
		|| set_seq(fd, TCP_RECV_QUEUE,
			t->receive_seq - queue_bytes(m, d, HCC_TCP_RECEIVED))
		|| set_seq(fd, TCP_SEND_QUEUE, t->send_seq - n_sent)
		|| bind(fd, own, own_bytes) || connect(fd, peer, peer_bytes)
		|| set_negotiated(fd, t) ? -1 : 0;
}

static int fill_queues(const struct making *m, const struct hcc_snap_descriptor *d, int fd,
	const struct hcc_state_tcp *t)
{
	return set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE)
		|| send_queue(m, d, fd, HCC_TCP_RECEIVED)
		|| set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE)
		|| send_queue(m, d, fd, HCC_TCP_SENT)
		|| set(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_NO_QUEUE)
		|| setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, t->window, sizeof t->window)
		? -1 : 0;
}

/* Sizes that the program has not set adapt themselves again. */
static int set_buffers(int fd, const struct hcc_state_tcp *t)
{
	return set(fd, SOL_SOCKET, SO_SNDBUFFORCE, t->send_buffer_bytes / 2)
		|| set(fd, SOL_SOCKET, SO_RCVBUFFORCE, t->receive_buffer_bytes / 2)
		|| set(fd, SOL_SOCKET, SO_BUF_LOCK, t->buffer_locks) ? -1 : 0;
}

static const struct hcc_state_tcp *find_tcp(const struct making *m,
	const struct hcc_snap_descriptor *d)
{
	const struct hcc_snap_state *s = hcc_state_find(m->s->header, m->connections[d - m->list], HCC_STATE_TCP);

	return s ? (const void *)(s + 1) : NULL;
}

/* It stays in repair mode: if something else fails, it is closed without a word. */
int finish_connection(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_tcp *t = find_tcp(m, d);

	if (!t)
		return making_refuse(m, d, "its connection is not in the snapshot");
	if (connect_silently(m, d, (int)d->fd, t))
		return making_fail(m, d, "its connection cannot be made");
	if (fill_queues(m, d, (int)d->fd, t))
		return making_fail(m, d, "its connection cannot get its contents");
	return 0;
}

int start_connection(struct making *m, const struct hcc_snap_descriptor *d)
{
	const struct hcc_state_tcp *t = find_tcp(m, d);
	int fd = (int)d->fd;

	if (!t)
		return 0;
	network_unlock(fd);
	if (set(fd, SOL_SOCKET, SO_MARK, 0) || set(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_OFF)
			|| send_queue(m, d, fd, HCC_TCP_UNSENT) || set_buffers(fd, t))
		return making_fail(m, d, "its connection cannot go on");
	return making_each(m, d, HCC_STATE_OPTION, set_option, fd);
}
