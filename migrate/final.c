/* Whether a snapshot is all that there is of its process. move.c says how it comes about. */
#include "migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A process that was killed while it waited is what its snapshot says. */
static int check_request(const char *path, int fd, struct error *e)
{
	struct hcc_request q = {0};
	char boot_id[sizeof q.boot_id];

	if (read(fd, &q, sizeof q) != sizeof q)
		return fail(e, "%s: not a request for a snapshot", path);
	read_boot_id(boot_id);
	if (memcmp(boot_id, q.boot_id, sizeof boot_id))
		return fail(e, "%s: process %u has not ended by it, as far as is known: if it has"
			" ended, remove this file", path, q.target_pid);
	if (q.start_ticks && process_start_ticks((pid_t)q.target_pid) == q.start_ticks)
		return fail(e, "%s: process %u has not ended", path, q.target_pid);
	return 0;
}

int snapshot_is_final(const char *dir, struct error *e)
{
	char path[PATH_MAX + 16];
	int fd, result;

	snprintf(path, sizeof path, "%s/%s", dir, HCC_SENT_FILE);
	if (!access(path, F_OK))
		return fail(e, "%s: the process may go on where this was sent: if it does not,"
			" rename the file to " HCC_SNAPSHOT_FILE, path);
	snprintf(path, sizeof path, "%s/%s", dir, HCC_REQUEST_FILE);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0
			: fail(e, "%s: %s", path, strerror(errno));
	result = check_request(path, fd, e);
	close(fd);
	return result;
}
