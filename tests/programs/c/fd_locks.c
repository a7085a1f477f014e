/* levels: -O2 */
/* Locks of files: flock, POSIX, open file description. A child finds them held. */
#include "moved.h"
#include <sys/file.h>
#include <sys/wait.h>

static struct flock range(int type, off_t start, off_t bytes)
{
	return (struct flock){.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start,
		.l_len = bytes};
}

/* Whether another process could lock the range. */
static int is_free(const char *name, int type, off_t start, off_t bytes)
{
	struct flock l = range(type, start, bytes);
	int status;

	fflush(stdout);
	if (fork() == 0) {
		int fd = open(name, O_RDWR);
		_exit(fcntl(fd, F_GETLK, &l) == 0 && l.l_type == F_UNLCK);
	}
	wait(&status);
	return WEXITSTATUS(status);
}

int main(void)
{
	struct flock whole = range(F_WRLCK, 1000, 0), part = range(F_RDLCK, 10, 20),
		own = range(F_WRLCK, 100, 50);
	int exclusive, other, posix, description;

	exclusive = open("exclusive", O_RDWR | O_CREAT, 0644);
	CHECK(flock(exclusive, LOCK_EX) == 0);
	posix = open("posix", O_RDWR | O_CREAT, 0644);
	CHECK(fcntl(posix, F_SETLK, &whole) == 0 && fcntl(posix, F_SETLK, &part) == 0);
	description = open("description", O_RDWR | O_CREAT, 0644);
	CHECK(fcntl(description, F_OFD_SETLK, &own) == 0);
	wait_for_move();

	other = open("exclusive", O_RDWR);
	CHECK(flock(other, LOCK_SH | LOCK_NB) == -1);
	CHECK(flock(exclusive, LOCK_UN) == 0 && flock(other, LOCK_SH | LOCK_NB) == 0);
	CHECK(is_free("posix", F_WRLCK, 0, 10) && !is_free("posix", F_WRLCK, 29, 1));
	CHECK(is_free("posix", F_RDLCK, 29, 1) && is_free("posix", F_WRLCK, 30, 970));
	CHECK(!is_free("posix", F_RDLCK, 1000000, 1));
	CHECK(is_free("description", F_RDLCK, 0, 100) && !is_free("description", F_RDLCK, 149, 1));
	CHECK(is_free("description", F_RDLCK, 150, 0));
	other = open("description", O_RDWR);
	CHECK(fcntl(other, F_OFD_SETLK, &own) == -1);
	return done();
}
