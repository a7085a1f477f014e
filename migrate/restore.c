/* hcc-migrate restore: becomes the process of a snapshot, by exec of its executable for the ISA, or
 * of qemu-user on it. The runtime does the rest (runtime/restore.c). */
#define _GNU_SOURCE
#include "restore.h"
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int is_closed(int fd)
{
	return fcntl(fd, F_GETFD) < 0 && errno == EBADF;
}

/* The number that the snapshot's descriptor gets: above all that the process will have, with the
 * next three free, for the times, the gate and the clones. */
static int choose_number(const struct snapshot *s)
{
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(s->header,
		HCC_SECTION_DESCRIPTORS);
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d);
	int fd = n ? (int)d[n - 1].fd + 1 : 3;

	if (fd < 64)
		fd = 64;
	while (!is_closed(fd) || !is_closed(fd + 1) || !is_closed(fd + 2) || !is_closed(fd + 3))
		fd++;
	return fd;
}

/* Besides the one that each descriptor has while it is made. */
#define N_OF_MAKING 17

/* Numbers up to fd + 3, and above them those that are in use for the time being. */
static int make_room(const struct snapshot *s, int fd, struct error *e)
{
	rlim_t n = (rlim_t)fd + N_OF_MAKING + snapshot_count(s, HCC_SECTION_DESCRIPTORS,
		sizeof(struct hcc_snap_descriptor));
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= n)
		return 0;
	limit.rlim_cur = n;
	if (limit.rlim_max < n)
		limit.rlim_max = n;
	if (!setrlimit(RLIMIT_NOFILE, &limit))
		return 0;
	return fail(e, "%s: descriptors: descriptor %d is above what is allowed here", s->path,
		fd - 1);
}

static int start_gate(struct making *m, int fd, struct gate *g, struct error *e)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return fail(e, "%s: %s", m->s->path, strerror(errno));
	if (gate_start(m, ends, &g->control, g->claim, e))
		return -1;
	if (dup2(ends[1], fd) < 0)
		return fail(e, "%s: %s", m->s->path, strerror(errno));
	close(ends[1]);
	return 0;
}

/* The mover's descriptors get numbers out of the way. */
static int move_control(const struct snapshot *s, struct control *c, int above, struct error *e)
{
	int in = fcntl(c->in, F_DUPFD_CLOEXEC, above), out = fcntl(c->out, F_DUPFD_CLOEXEC, above);

	if (in < 0 || out < 0)
		return fail(e, "%s: %s", s->path, strerror(errno));
	if (c->in > 2)
		close(c->in);
	if (c->out > 2 && c->out != c->in)
		close(c->out);
	*c = (struct control){in, out};
	return 0;
}

static int pass_descriptors(const struct snapshot *s, const struct options *o,
	const struct image *image, struct gate *g, struct error *e)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(s->header, HCC_SECTION_PROCESS);
	int fd = choose_number(s), stats = -1, clones = image->clones_fd ? image->clones_fd : -1;
	struct making m;
	char number[16];

	if (make_room(s, fd, e) || (g && move_control(s, &g->control, fd + 4, e)))
		return -1;
	if (dup2(s->fd, fd) < 0 || (clones >= 0 && dup2(clones, fd + 3) < 0))
		return fail(e, "%s: %s", s->path, strerror(errno));
	if (o->stats) {
		char line[64];
		int n = snprintf(line, sizeof line, "restore isa=%s\n", image->isa->name);

		stats = open(o->stats, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
		if (stats < 0 || write(stats, line, (size_t)n) != n || dup2(stats, fd + 1) < 0)
			return fail(e, "%s: %s", o->stats, strerror(errno));
	}
	if (descriptors_make(&m, s, (const int[]){s->fd, image->fd, stats, clones}, 4, fd + 4,
			g && g->claim ? (pid_t)p->pid : 0, e))
		return -1;
	if (g ? start_gate(&m, fd + 2, g, e) : descriptors_finish(&m, e))
		return -1;
	fcntl(fd, F_SETFD, 0);
	if (o->stats)
		fcntl(fd + 1, F_SETFD, 0);
	if (clones >= 0)
		fcntl(fd + 3, F_SETFD, 0);
	snprintf(number, sizeof number, "%d", fd);
	setenv("HCC_RESTORE", number, 1);
	return 0;
}

/* qemu-user for the ISA, as PATH has it. */
static int find_emulator(const struct isa *isa, char *out, size_t bytes, struct error *e)
{
	static const char *const endings[] = {"", "-static"};
	const char *path = getenv("PATH");

	for (const char *at = path ? path : ""; *at; at += strspn(at, ":")) {
		size_t n = strcspn(at, ":");

		for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
			snprintf(out, bytes, "%.*s/qemu-%s%s", (int)n, at, isa->name, endings[i]);
			if (!access(out, X_OK))
				return 0;
		}
		at += n;
	}
	return fail(e, "qemu-%s: not found in PATH, needed to run %s on %s", isa->name, isa->name,
		HCC_HOST_ISA);
}

/* The executable to become: of --isa, else of --exe, else of this machine; with its clones. */
static int choose_image(const struct options *o, const struct wanted *w, struct image *out,
	struct error *e)
{
	const struct isa *isa = isa_by_name(o->isa ? o->isa : HCC_HOST_ISA);

	if (!isa)
		return fail(e, "%s: unknown ISA, expected %s", o->isa ? o->isa : HCC_HOST_ISA,
			isa_names());
	if (find_image(w, o->isa || !o->exe ? isa : NULL, o->exe, out, e))
		return -1;
	if (!clones_open(out, e))
		return 0;
	image_close(out);
	return -1;
}

int restore_become(const struct options *o, const struct snapshot *s, struct gate *g,
	struct image *early, struct error *e)
{
	const struct wanted wanted = snapshot_wanted(s);
	char emulator[PATH_MAX];
	sigset_t all, before;
	struct image image;
	const struct isa *isa;

	if (early && early->fd >= 0) {
		image = *early;
		early->fd = -1;
	} else if (choose_image(o, &wanted, &image, e)) {
		return -1;
	}
	isa = image.isa;
	if (snapshot_match(s, &image, e))
		goto out;
	if (strcmp(isa->name, HCC_HOST_ISA) && find_emulator(isa, emulator, sizeof emulator, e))
		goto out;
	if (pass_descriptors(s, o, &image, g, e))
		goto out;
	/* A signal for the process that is about to stand here waits until its handlers do. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if (strcmp(isa->name, HCC_HOST_ISA)) {
		execl(emulator, emulator, image.path, (char *)NULL);
		fail(e, "%s: %s", emulator, strerror(errno));
	} else {
		execl(image.path, image.path, (char *)NULL);
		fail(e, "%s: %s", image.path, strerror(errno));
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
out:
	image_close(&image);
	return -1;
}

static int open_stream(int fd, const char *path, int flags, struct error *e)
{
	int from = path ? open(path, flags | O_NOCTTY, 0666) : fd;

	if (from < 0 || (from != fd && dup2(from, fd) < 0))
		return fail(e, "%s: %s", path, strerror(errno));
	if (from != fd)
		close(from);
	return 0;
}

int restore_streams(const struct options *o, struct error *e)
{
	return open_stream(0, o->stdin_path, O_RDONLY, e)
		|| open_stream(1, o->stdout_path, O_WRONLY | O_CREAT | O_APPEND, e)
		|| open_stream(2, o->stderr_path, O_WRONLY | O_CREAT | O_APPEND, e) ? -1 : 0;
}

/* Until the mover says that the snapshot is there, look for the executable, which takes a while: it is that
 * of the process as a rule. What is wrong with it will be found again then. */
static int wait_for_snapshot(const struct options *o, const struct wanted *w, int control,
	struct image *early)
{
	struct error ignored;
	char byte = 0;
	ssize_t n;

	*early = (struct image){.fd = -1};
	if (choose_image(o, w, early, &ignored))
		early->fd = -1;
	do
		n = read(control, &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 && byte == CONTROL_RESTORE ? 0 : -1;
}

/* Whether the executable is what would be found for the snapshot. */
static int is_of(const struct wanted *w, const struct snapshot *s)
{
	struct wanted now = snapshot_wanted(s);

	return !memcmp(now.build_id, w->build_id, HCC_BUILD_ID_BYTES)
		&& !strcmp(now.recorded, w->recorded) && now.source == w->source;
}

int restore_for_mover(const struct options *o, const struct wanted *w, const char *dir, int control)
{
	struct error e = {0};
	char claim[PATH_MAX];
	struct gate g = {{control, control}, claim};
	struct snapshot s;
	struct image early;

	if (wait_for_snapshot(o, w, control, &early))
		return 1;
	if (!snapshot_open_but_pages(&s, dir, &e)) {
		if (!is_of(w, &s))
			image_close(&early);
		if (!realpath(s.path, claim))
			fail(&e, "%s: %s", s.path, strerror(errno));
		else
			restore_become(o, &s, &g, &early, &e);
	}
	control_say(&g.control, "error", e.text);
	return 1;
}

int restore_command(const struct options *o, struct error *e)
{
	struct snapshot s;

	if (!strcmp(o->dir, "-"))
		return receive_command(o, e);
	if (snapshot_is_final(o->dir, e) || restore_streams(o, e)
			|| snapshot_open(&s, o->dir, e))
		return -1;
	restore_become(o, &s, NULL, NULL, e);
	snapshot_close(&s);
	return -1;
}
