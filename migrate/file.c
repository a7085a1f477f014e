/* A snapshot in its directory, checked before anything is read from it; and the executables that
 * belong to it. */
#include "migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail_fault(const struct snapshot *s, const struct hcc_snap_fault *f, struct error *e)
{
	if (f->has_numbers == 2)
		return fail(e, "%s: %s: %s is %016" PRIx64 ", expected %016" PRIx64, s->path,
			f->where, f->what, f->got, f->expected);
	if (f->has_numbers)
		return fail(e, "%s: %s: %s is %" PRIu64 ", expected %" PRIu64, s->path, f->where,
			f->what, f->got, f->expected);
	return fail(e, "%s: %s: %s", s->path, f->where, f->what);
}

/* What others can change could be another thing once it has been checked. */
static int check_owner(const char *path, const struct stat *st, mode_t others, struct error *e)
{
	if (st->st_uid != geteuid() && st->st_uid)
		return fail(e, "%s: owned by user %u, expected %u", path, (unsigned)st->st_uid,
			(unsigned)geteuid());
	if (st->st_mode & others)
		return fail(e, "%s: can be written by others: mode is %03o, expected %03o", path,
			(unsigned)st->st_mode & 0777, (unsigned)(st->st_mode & 0777 & ~others));
	return 0;
}

static int open_file(struct snapshot *out, const char *dir, struct stat *st, struct error *e)
{
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = -1;

	if (dir_fd < 0 || fstat(dir_fd, st)) {
		fail(e, errno == ENOTDIR || dir_fd >= 0 ? "%s: %s" : "%s/" HCC_SNAPSHOT_FILE ": %s",
			dir, strerror(errno));
		goto out;
	}
	if (check_owner(dir, st, S_IWGRP | S_IWOTH, e))
		goto out;
	/* A FIFO must not hold us up, nor a link lead elsewhere. */
	out->fd = openat(dir_fd, HCC_SNAPSHOT_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (out->fd < 0 || fstat(out->fd, st))
		fail(e, "%s: %s", out->path,
			errno == ELOOP ? "is a symbolic link" : strerror(errno));
	else if (!S_ISREG(st->st_mode))
		fail(e, "%s: not a regular file", out->path);
	else
		result = check_owner(out->path, st, S_IWGRP | S_IWOTH, e);
out:
	if (dir_fd >= 0)
		close(dir_fd);
	return result;
}

typedef int check_function(const void *file, uint64_t file_bytes, struct hcc_snap_fault *fault);

static int map_and_check(struct snapshot *out, const struct stat *st, check_function *check,
	struct error *e)
{
	struct hcc_snap_fault fault;
	void *file;

	out->bytes = (uint64_t)st->st_size;
	file = mmap(NULL, out->bytes ? out->bytes : 1, PROT_READ, MAP_PRIVATE, out->fd, 0);
	if (file == MAP_FAILED)
		return fail(e, "%s: %s", out->path, strerror(errno));
	out->header = file;
	return check(file, out->bytes, &fault) ? fail_fault(out, &fault, e) : 0;
}

static int open_and_check(struct snapshot *out, const char *dir, check_function *check,
	struct error *e)
{
	struct stat st;

	*out = (struct snapshot){.fd = -1};
	if ((size_t)snprintf(out->path, sizeof out->path, "%s/%s", dir, HCC_SNAPSHOT_FILE)
			>= sizeof out->path)
		return fail(e, "%s: %s", dir, strerror(ENAMETOOLONG));
	if (!open_file(out, dir, &st, e) && !map_and_check(out, &st, check, e))
		return 0;
	snapshot_close(out);
	return -1;
}

int snapshot_open(struct snapshot *out, const char *dir, struct error *e)
{
	return open_and_check(out, dir, hcc_snapshot_check, e);
}

int snapshot_open_but_pages(struct snapshot *out, const char *dir, struct error *e)
{
	return open_and_check(out, dir, hcc_snapshot_check_but_pages, e);
}

int snapshot_open_fd(struct snapshot *out, int fd, const char *name, struct error *e)
{
	struct stat st;

	*out = (struct snapshot){.fd = fd};
	snprintf(out->path, sizeof out->path, "%s", name);
	if (fstat(fd, &st))
		fail(e, "%s: %s", name, strerror(errno));
	else if (!map_and_check(out, &st, hcc_snapshot_check_but_pages, e))
		return 0;
	snapshot_close(out);
	return -1;
}

int snapshot_match(const struct snapshot *s, const struct image *image, struct error *e)
{
	struct hcc_snap_fault fault;

	if (!hcc_snapshot_match(s->header, image->meta, &fault))
		return 0;
	return fail_fault(s, &fault, e);
}

void snapshot_close(struct snapshot *s)
{
	if (s->header)
		munmap((void *)s->header, s->bytes ? s->bytes : 1);
	if (s->fd >= 0)
		close(s->fd);
	s->header = NULL;
	s->fd = -1;
}

const char *snapshot_string(const struct snapshot *s, uint32_t off)
{
	return (const char *)hcc_snapshot_section(s->header, HCC_SECTION_STRINGS) + off;
}

uint64_t snapshot_count(const struct snapshot *s, int kind, size_t unit_bytes)
{
	return s->header->sections[kind].bytes / unit_bytes;
}

void build_id_text(const uint8_t *build_id, char *out)
{
	for (int i = 0; i < HCC_BUILD_ID_BYTES; i++)
		sprintf(out + 2 * i, "%02x", build_id[i]);
}

/* Open an executable and hold it against the snapshot. Like image_open, 0 means: there is none.
 * is_named: by the user, not by the snapshot, which could name a stranger's program. */
static int try_image(const struct wanted *w, const struct isa *isa, const char *path,
	int is_named, struct image *out, struct error *e)
{
	char theirs[2 * HCC_BUILD_ID_BYTES + 1], ours[2 * HCC_BUILD_ID_BYTES + 1];
	int result = image_open(out, path, e);
	struct stat st;

	if (result <= 0)
		return access(path, F_OK) ? 0 : -1;
	if (!is_named && (fstat(out->fd, &st) || check_owner(path, &st, S_IWOTH, e))) {
		image_close(out);
		return -1;
	}
	if (memcmp(out->meta->build_id, w->build_id, HCC_BUILD_ID_BYTES)) {
		build_id_text(out->meta->build_id, theirs);
		build_id_text(w->build_id, ours);
		fail(e, "%s: build is %s, expected %s as in the snapshot", path, theirs, ours);
		image_close(out);
		return -1;
	}
	if (isa && out->isa != isa) {
		fail(e, "%s: executable is for %s, expected %s", path, out->isa->name, isa->name);
		image_close(out);
		return -1;
	}
	return 1;
}

static int ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && !strcmp(s + n - m, end);
}

/* Where the user's programs keep what they can make again: a folder of this build, in out. Beside the
 * other ISA's executable it has a link to the one that carries it, so that a later move finds back. */
static int make_cache(const struct image *image, const char *exe, char *out, size_t bytes,
	struct error *e)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	const char *name = strrchr(exe, '/') ? strrchr(exe, '/') + 1 : exe;
	char build_id[2 * HCC_BUILD_ID_BYTES + 1], link[PATH_MAX + 16];
	size_t n;

	if (cache && *cache == '/')
		n = (size_t)snprintf(out, bytes, "%s", cache);
	else if (home && *home == '/')
		n = (size_t)snprintf(out, bytes, "%s/.cache", home);
	else
		return fail(e, "%s: its folder cannot be written, and HOME is not set", exe);
	build_id_text(image->meta->build_id, build_id);
	for (int i = 0; i < 3; i++) {
		if (n >= bytes || (mkdir(out, 0700) && errno != EEXIST))
			return fail(e, "%s: %s", out, strerror(n < bytes ? errno : ENAMETOOLONG));
		if (i < 2)
			n += (size_t)snprintf(out + n, bytes - n, "/%s", i ? build_id : "hcc");
	}
	if ((size_t)snprintf(link, sizeof link, "%s/%s", out, name) >= sizeof link)
		return fail(e, "%s: %s", out, strerror(ENAMETOOLONG));
	if (symlink(exe, link) && errno != EEXIST)
		return fail(e, "%s: %s", link, strerror(errno));
	return 0;
}

/* Get the executable of an ISA out of exe, which is open as carrier. */
static int extract(const struct wanted *w, const struct image *carrier, const struct isa *isa,
	const char *exe, struct image *out, struct error *e)
{
	const char *name = strrchr(exe, '/') ? strrchr(exe, '/') + 1 : exe;
	char folder[PATH_MAX], path[PATH_MAX + 300];
	int result;

	snprintf(folder, sizeof folder, "%.*s", name > exe ? (int)(name - exe - 1) : 1,
		name > exe ? exe : ".");
	if (access(*folder ? folder : "/", W_OK)
			&& make_cache(carrier, exe, folder, sizeof folder, e))
		return -1;
	snprintf(path, sizeof path, "%s/%s.%s", folder, name, isa->name);
	if (!access(path, F_OK))
		return try_image(w, isa, path, 0, out, e);
	result = image_extract(carrier, isa, path, e);
	return result > 0 ? try_image(w, isa, path, 0, out, e) : result;
}

/* The executable without a suffix: of this ISA, or one that carries this ISA's. */
static int try_carrier(const struct wanted *w, const struct isa *isa, const char *exe,
	struct image *out, struct error *e)
{
	struct image carrier;
	int result = try_image(w, NULL, exe, 0, &carrier, e);

	if (result <= 0)
		return result;
	if (carrier.isa == isa) {
		*out = carrier;
		return 1;
	}
	result = extract(w, &carrier, isa, exe, out, e);
	image_close(&carrier);
	return result;
}

/* The executable of the link's host has no suffix, and which ISA that was is not known: of the two
 * names the one with a suffix comes first, unless the recorded one is already of this ISA. */
int find_image(const struct wanted *w, const struct isa *isa, const char *exe, struct image *out,
	struct error *e)
{
	static const char deleted[] = " (deleted)"; /* or replaced, while the process ran */
	char base[PATH_MAX], suffixed[PATH_MAX + 16], suffix[32];
	int result;

	if (exe) {
		result = try_image(w, isa, exe, 1, out, e);
		return result > 0 ? 0 : -1;
	}
	snprintf(base, sizeof base, "%s", w->recorded);
	if (ends_with(base, deleted))
		base[strlen(base) - strlen(deleted)] = 0;
	if (!isa || isa == w->source) {
		result = try_image(w, isa, base, 0, out, e);
		if (result)
			return result > 0 ? 0 : -1;
	}
	if (w->source) {
		snprintf(suffix, sizeof suffix, ".%s", w->source->name);
		if (ends_with(base, suffix))
			base[strlen(base) - strlen(suffix)] = 0;
	}
	if (!isa) {
		result = try_image(w, isa, base, 0, out, e);
		return result > 0 ? 0 : fail(e, "%s: no executable of this build", w->recorded);
	}
	snprintf(suffixed, sizeof suffixed, "%s.%s", base, isa->name);
	result = try_image(w, isa, suffixed, 0, out, e);
	if (!result)
		result = try_carrier(w, isa, base, out, e);
	if (!result)
		fail(e, "%s: no executable for %s beside it or in it", w->recorded, isa->name);
	return result > 0 ? 0 : -1;
}

struct wanted snapshot_wanted(const struct snapshot *s)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(s->header, HCC_SECTION_PROCESS);

	return (struct wanted){s->header->build_id, snapshot_string(s, p->exe_off),
		isa_by_id(s->header->source_isa)};
}
