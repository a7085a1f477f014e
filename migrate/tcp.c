/* TCP connections, by the kernel's TCP_REPAIR (tcp(7) does not have it; Linux net/ipv4/tcp.c, and the
 * article "TCP connection repair", lwn.net/Articles/495304): taking them. tcp_read.c reads what there is, and
 * tcp_make.c makes them again. It needs CAP_NET_ADMIN, and pidfd_getfd the right to trace the process; so this
 * program does it, natively, and the process needs no privileges.
 *
 * While a connection is taken it must not change: a socket filter drops all that comes. The peer sends
 * it again later. The socket stays held until the process has ended, and is then closed in repair mode,
 * which says nothing to the peer. From then on until the restore a rule keeps the kernel from answering for
 * the connection (lock.c). It stays when the process goes on at another machine: until the address is
 * there, too, what comes here must go astray.
 *
 * A connection that is closed on one side or both, and one that is being made, can be repaired like any other
 * (since Linux 4.10, commit 319b0534b9). */
#define _GNU_SOURCE
#include "tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOMENT_MS 100

/* One that is held. */
struct connection {
	int fd;
	uint32_t reuses; /* SO_REUSEADDR, which repair mode does not leave alone */
	struct ends ends;
};

int connections_allowed(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result = fd >= 0 && !tcp_set(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON);

	if (fd >= 0)
		close(fd);
	return result;
}

uint32_t tcp_state(int fd)
{
	struct tcp_info info = {0};
	socklen_t bytes = sizeof info;

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) ? 0 : info.tcpi_state;
}

/* ---- Addresses ------------------------------------------------------------------------------ */

/* An address of /proc/net/tcp6 (8 digits in tcp): words of the host's byte order, and a port. */
static int parse_address(const char *text, int family, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (void *)out;
	struct sockaddr_in6 *six = (void *)out;
	uint32_t words[4] = {0};
	unsigned n_words = family == AF_INET ? 1 : 4, port;

	for (unsigned i = 0; i < n_words; i++, text += 8)
		if (sscanf(text, "%8" SCNx32, &words[i]) != 1)
			return -1;
	if (sscanf(text, ":%4x", &port) != 1)
		return -1;
	memset(out, 0, sizeof *out);
	out->ss_family = (sa_family_t)family;
	if (family == AF_INET) {
		memcpy(&four->sin_addr, words, 4);
		four->sin_port = htons((uint16_t)port);
	} else {
		memcpy(&six->sin6_addr, words, 16);
		six->sin6_port = htons((uint16_t)port);
	}
	return 0;
}

/* While a connection is being made getpeername(2) does not tell with whom. */
static int find_peer(pid_t pid, uint64_t inode, struct ends *e)
{
	int family = e->own.ss_family, result = -1;
	char path[64], line[512], peer[64];
	uint64_t line_inode;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/net/tcp%s", (int)pid, family == AF_INET ? "" : "6");
	f = fopen(path, "re");
	while (f && result && fgets(line, sizeof line, f))
		if (sscanf(line, "%*s %*s %63s %*s %*s %*s %*s %*s %*s %" SCNu64, peer, &line_inode) == 2
				&& line_inode == inode)
			result = parse_address(peer, family, &e->peer);
	if (f)
		fclose(f);
	if (!result && family == AF_INET6)
		((struct sockaddr_in6 *)&e->peer)->sin6_scope_id =
			((struct sockaddr_in6 *)&e->own)->sin6_scope_id;
	return result;
}

static int find_ends(struct connection *c, pid_t pid, uint64_t inode)
{
	socklen_t bytes = sizeof c->ends.own;

	if (getsockname(c->fd, (void *)&c->ends.own, &bytes))
		return -1;
	bytes = sizeof c->ends.peer;
	if (!getpeername(c->fd, (void *)&c->ends.peer, &bytes))
		return 0;
	if (errno == ENOTCONN && !find_peer(pid, inode, &c->ends))
		return 0;
	/* It is over since the process looked. */
	errno = EAGAIN;
	return -1;
}

/* ---- Holding -------------------------------------------------------------------------------- */

/* Drop all that comes, then let nothing out. */
static int hold(struct connection *c)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {1, &drop};

	if (setsockopt(c->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program))
		return -1;
	return tcp_set(c->fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON);
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

/* SO_REUSEADDR is off after repair mode, whatever it was. */
static void let_go(const struct connection *c)
{
	tcp_set(c->fd, SOL_SOCKET, SO_DETACH_FILTER, 0);
	if (!tcp_set(c->fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_OFF))
		tcp_set(c->fd, SOL_SOCKET, SO_REUSEADDR, c->reuses);
}

/* If it cannot be done, all depends on what comes. */
static void lock_all(const struct connections *c)
{
	for (size_t i = 0; i < c->n; i++)
		network_lock(&c->list[i].ends);
}

/* ---- Taking --------------------------------------------------------------------------------- */

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
			let_go(&c->list[i]);
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
			let_go(&c->list[i]);
		close(c->list[i].fd);
	}
	if (c->guard > 0) {
		if (write(c->guard_fd, &over, 1) != 1)
			kill(c->guard, SIGKILL);
		close(c->guard_fd);
		waitpid(c->guard, NULL, 0);
	}
	free(c->list);
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

/* Returns 0; 1 when it is over since the process looked; -1 and errno. */
static int open_one(struct connection *c, const struct hcc_snap_descriptor *d, pid_t pid, int pid_fd,
	int listens)
{
	*c = (struct connection){.fd = (int)syscall(SYS_pidfd_getfd, pid_fd, d->fd, 0)};
	if (listens)
		return 0;
	if (c->fd < 0 || tcp_get(c->fd, SOL_SOCKET, SO_REUSEADDR, &c->reuses))
		return -1;
	return find_ends(c, pid, d->ino) ? errno == EAGAIN ? 1 : -1 : 0;
}

/* Open all first: the guard must have them before any is held. */
static int open_all(struct connections *c, const struct snapshot *s, pid_t pid, int pid_fd,
	struct error *e)
{
	const struct hcc_snap_descriptor *d;
	struct walk at = {0};

	while ((d = next_connection(s, &at))) {
		struct connection *more = realloc(c->list, (c->n + 1) * sizeof *more);
		int result;

		if (!more)
			return fail_connection(e, s, d->fd, "taken");
		c->list = more;
		result = open_one(&c->list[c->n++], d, pid, pid_fd, at.listens);
		if (result) {
			fail_connection(e, s, d->fd, "opened from here");
			return result;
		}
	}
	return 0;
}

static int take_all(struct connections *c, const struct snapshot *s, struct states *all,
	struct error *e)
{
	const struct hcc_snap_descriptor *d;
	struct walk at = {0};

	for (size_t i = 0; (d = next_connection(s, &at)) != NULL; i++)
		if (at.listens && c->list[i].fd >= 0 && hold_listening(c->list[i].fd)
				&& !c->keeps_listening) {
			fail(e, "%s: descriptor %u has a connection that is not accepted yet", s->path,
				d->fd);
			return 1;
		} else if (!at.listens && hold(&c->list[i])) {
			return fail_connection(e, s, d->fd, "held");
		}
	at = (struct walk){0};
	for (size_t i = 0; (d = next_connection(s, &at)) != NULL; i++)
		if (!at.listens && tcp_read(all, d->fd, c->list[i].fd, &c->list[i].ends.peer)) {
			int is_closed = errno == EAGAIN;

			fail_connection(e, s, d->fd, "read");
			return is_closed ? 1 : -1;
		}
	return 0;
}

int connections_take(struct connections *out, const struct snapshot *s, pid_t pid, int pid_fd,
	struct error *e)
{
	struct states all = {0};
	int result = open_all(out, s, pid, pid_fd, e);

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

