/* hcc-migrate restore: becomes the process of a snapshot, by exec of its executable for the ISA, or
 * of qemu-user on it. The runtime does the rest (runtime/restore.c). */
#define _GNU_SOURCE
#include "descriptors.h"
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
 * next one free. */
static int choose_number(const struct snapshot *s)
{
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(s->header,
		HCC_SECTION_DESCRIPTORS);
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d);
	int fd = n ? (int)d[n - 1].fd + 1 : 3;

	if (fd < 64)
		fd = 64;
	while (!is_closed(fd) || !is_closed(fd + 1))
		fd++;
	return fd;
}

/* Besides the one that each descriptor has while it is made. */
#define N_OF_MAKING 16

/* Numbers up to fd + 1, and above them those that are in use for the time being. */
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

static int pass_descriptors(const struct snapshot *s, const struct options *o,
	const struct image *image, struct error *e)
{
	int fd = choose_number(s), stats = -1;
	char number[16];

	if (make_room(s, fd, e))
		return -1;
	if (dup2(s->fd, fd) < 0)
		return fail(e, "%s: %s", s->path, strerror(errno));
	if (o->stats) {
		char line[64];
		int n = snprintf(line, sizeof line, "restore isa=%s\n", image->isa->name);

		stats = open(o->stats, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
		if (stats < 0 || write(stats, line, (size_t)n) != n || dup2(stats, fd + 1) < 0)
			return fail(e, "%s: %s", o->stats, strerror(errno));
	}
	if (descriptors_make(s, (const int[]){s->fd, image->fd, stats}, 3, fd + 2, e))
		return -1;
	fcntl(fd, F_SETFD, 0);
	if (o->stats)
		fcntl(fd + 1, F_SETFD, 0);
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

int restore_command(const struct options *o, struct error *e)
{
	const struct isa *isa = isa_by_name(o->isa ? o->isa : HCC_HOST_ISA);
	char emulator[PATH_MAX];
	sigset_t all, before;
	struct snapshot s;
	struct image image;

	if (!isa)
		return fail(e, "%s: unknown ISA, expected %s", o->isa ? o->isa : HCC_HOST_ISA,
			isa_names());
	if (snapshot_open(&s, o->dir, e))
		return -1;
	if (snapshot_find_image(&s, o->isa || !o->exe ? isa : NULL, o->exe, &image, e))
		goto out_snapshot;
	isa = image.isa;
	if (snapshot_match(&s, &image, e))
		goto out;
	if (strcmp(isa->name, HCC_HOST_ISA) && find_emulator(isa, emulator, sizeof emulator, e))
		goto out;
	if (pass_descriptors(&s, o, &image, e))
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
out_snapshot:
	snapshot_close(&s);
	return -1;
}
