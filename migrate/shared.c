/* Pipes, pairs of sockets, memfds and anonymous shared memory that another process has too: a process can be told nothing of that
 * by the kernel but through /proc. They would be torn apart. */
#define _GNU_SOURCE
#include "migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int has_ends(const struct hcc_snap_descriptor *d)
{
	return d->kind == HCC_DESCRIPTOR_PIPE || d->kind == HCC_DESCRIPTOR_MEMFD
		|| (d->kind == HCC_DESCRIPTOR_SOCKET && d->copy_of != d->fd);
}

/* A memfd is known by its inode only, as all that have no name are of one device. */
static uint64_t inode_of(int dir_fd, const char *name, const char *link)
{
	struct stat st;

	if (strncmp(link, "/memfd:", 7))
		return strtoull(strchr(link, '[') + 1, NULL, 10);
	return fstatat(dir_fd, name, &st, 0) ? 0 : st.st_ino;
}

static const struct hcc_snap_descriptor *find(const struct hcc_snap_descriptor *d, uint64_t n,
	int dir_fd, const char *name, const char *link)
{
	static const struct {
		const char *head;
		enum hcc_descriptor_kind kind;
	} heads[] = {
		{"pipe:[", HCC_DESCRIPTOR_PIPE}, {"socket:[", HCC_DESCRIPTOR_SOCKET},
		{"/memfd:", HCC_DESCRIPTOR_MEMFD},
	};
	uint64_t ino;
	size_t i = 0;

	while (i < 3 && strncmp(link, heads[i].head, strlen(heads[i].head)))
		i++;
	ino = i < 3 ? inode_of(dir_fd, name, link) : 0;
	for (; ino && n--; d++)
		if (has_ends(d) && d->ino == ino && d->kind == heads[i].kind)
			return d;
	return NULL;
}

/* Returns the one that the process has too, or NULL. What cannot be read is another user's. */
static const struct hcc_snap_descriptor *find_in(const struct hcc_snap_descriptor *d, uint64_t n,
	const char *pid)
{
	const struct hcc_snap_descriptor *found = NULL;
	const struct dirent *entry;
	char path[280], link[300];
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		ssize_t bytes = readlinkat(dirfd(dir), entry->d_name, link, sizeof link - 1);

		link[bytes < 0 ? 0 : bytes] = 0;
		found = find(d, n, dirfd(dir), entry->d_name, link);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* ---- Memory -------------------------------------------------------------------------------- */

#define MEMORIES_MOST 256

/* Inodes of the anonymous shared memory that a process maps. Returns how many. */
static size_t read_memories(const char *pid, uint64_t *inodes)
{
	char path[280], line[512];
	unsigned long long ino;
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%s/maps", pid);
	f = fopen(path, "r");
	while (f && n < MEMORIES_MOST && fgets(line, sizeof line, f))
		if (strstr(line, " /dev/zero (deleted)") && strstr(line, "s ")
				&& sscanf(line, "%*s %*3ss %*s %*s %llu", &ino) == 1)
			inodes[n++] = ino;
	if (f)
		fclose(f);
	return n;
}

static int has_memory(const char *pid, const uint64_t *own, size_t n_own)
{
	uint64_t theirs[MEMORIES_MOST];
	size_t n = read_memories(pid, theirs);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_own; k++)
			if (theirs[i] == own[k])
				return 1;
	return 0;
}

static int has_shared_memory(const struct snapshot *s)
{
	const struct hcc_snap_region *r = hcc_snapshot_section(s->header, HCC_SECTION_REGIONS);
	uint64_t n = snapshot_count(s, HCC_SECTION_REGIONS, sizeof *r);

	while (n--)
		if (r[n].flags & HCC_REGION_SHARED)
			return 1;
	return 0;
}

/* ---- All ----------------------------------------------------------------------------------- */

static int fail_shared(struct error *e, pid_t pid, const struct hcc_snap_descriptor *found,
	const char *other)
{
	if (!found)
		return fail(e, "process %d: it shares memory with process %s", (int)pid, other);
	return fail(e, "process %d: descriptor %u is a %s that process %s has too", (int)pid,
		found->fd, hcc_descriptor_kind_names[found->kind], other);
}

int shared_check(const struct snapshot *s, pid_t pid, struct error *e)
{
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(s->header,
		HCC_SECTION_DESCRIPTORS), *found = NULL;
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d), n_with_ends = 0;
	uint64_t own[MEMORIES_MOST];
	const struct dirent *entry;
	size_t n_own = 0;
	char number[16];
	int result = 0;
	DIR *proc;

	for (uint64_t i = 0; i < n; i++)
		n_with_ends += (uint64_t)has_ends(&d[i]);
	snprintf(number, sizeof number, "%d", (int)pid);
	if (has_shared_memory(s))
		n_own = read_memories(number, own);
	if (!n_with_ends && !n_own)
		return 0;
	proc = opendir("/proc");
	while (proc && !result && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || atoi(entry->d_name) == pid)
			continue;
		found = n_with_ends ? find_in(d, n, entry->d_name) : NULL;
		if (found || (n_own && has_memory(entry->d_name, own, n_own)))
			result = fail_shared(e, pid, found, entry->d_name);
	}
	if (proc)
		closedir(proc);
	return result;
}
