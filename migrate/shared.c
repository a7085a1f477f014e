/* Pipes and pairs of sockets that another process has open too: a process can be told nothing of that
 * by the kernel but through /proc. They would be torn apart. */
#define _GNU_SOURCE
#include "migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int has_ends(const struct hcc_snap_descriptor *d)
{
	return d->kind == HCC_DESCRIPTOR_PIPE
		|| (d->kind == HCC_DESCRIPTOR_SOCKET && d->copy_of != d->fd);
}

static const struct hcc_snap_descriptor *find(const struct hcc_snap_descriptor *d, uint64_t n,
	const char *link)
{
	uint64_t ino;
	int is_pipe = !strncmp(link, "pipe:[", 6);

	if (!is_pipe && strncmp(link, "socket:[", 8))
		return NULL;
	ino = strtoull(strchr(link, '[') + 1, NULL, 10);
	for (; n--; d++)
		if (has_ends(d) && d->ino == ino && is_pipe == (d->kind == HCC_DESCRIPTOR_PIPE))
			return d;
	return NULL;
}

/* Returns the one that the process has too, or NULL. What cannot be read is another user's. */
static const struct hcc_snap_descriptor *find_in(const struct hcc_snap_descriptor *d, uint64_t n,
	const char *pid)
{
	const struct hcc_snap_descriptor *found = NULL;
	const struct dirent *entry;
	char path[280], link[64];
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		ssize_t bytes = readlinkat(dirfd(dir), entry->d_name, link, sizeof link - 1);

		link[bytes < 0 ? 0 : bytes] = 0;
		found = find(d, n, link);
	}
	if (dir)
		closedir(dir);
	return found;
}

int shared_check(const struct snapshot *s, pid_t pid, struct error *e)
{
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(s->header,
		HCC_SECTION_DESCRIPTORS), *found = NULL;
	uint64_t n = snapshot_count(s, HCC_SECTION_DESCRIPTORS, sizeof *d), n_with_ends = 0;
	const struct dirent *entry;
	DIR *proc;

	for (uint64_t i = 0; i < n; i++)
		n_with_ends += (uint64_t)has_ends(&d[i]);
	if (!n_with_ends)
		return 0;
	proc = opendir("/proc");
	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || atoi(entry->d_name) == pid)
			continue;
		found = find_in(d, n, entry->d_name);
		if (found)
			break;
	}
	if (found)
		fail(e, "process %d: descriptor %u is a %s that process %s has too", (int)pid,
			found->fd, hcc_descriptor_kind_names[found->kind], entry->d_name);
	if (proc)
		closedir(proc);
	return found ? -1 : 0;
}
