/* Descriptors: copies that share one position, high numbers, flags, a closed standard input; the
 * creation mask. */
#include "moved.h"
#include <sys/stat.h>

int main(void)
{
	char text[64] = { 0 };
	int a, b, c, high, out;

	a = open("shared", O_RDWR | O_CREAT | O_TRUNC, 0644);
	CHECK(write(a, "0123456789", 10) == 10);
	lseek(a, 2, SEEK_SET);
	b = dup(a);
	c = open("shared", O_RDONLY | O_CLOEXEC);
	lseek(c, 7, SEEK_SET);
	high = fcntl(a, F_DUPFD, 200);
	out = dup(1);
	close(0);
	umask(027);
	wait_for_move();
	CHECK(read(a, text, 2) == 2 && memcmp(text, "23", 2) == 0);
	CHECK(read(b, text, 2) == 2 && memcmp(text, "45", 2) == 0);
	CHECK(lseek(high, 0, SEEK_CUR) == 6);
	CHECK(read(c, text, 2) == 2 && memcmp(text, "78", 2) == 0);
	CHECK(fcntl(c, F_GETFD) == FD_CLOEXEC && fcntl(a, F_GETFD) == 0);
	CHECK((fcntl(c, F_GETFL) & O_ACCMODE) == O_RDONLY);
	CHECK(read(0, text, 1) == -1);
	CHECK(dup(a) == 0);
	CHECK(write(out, "through a copy\n", 15) == 15);
	CHECK(umask(0) == 027);
	return done();
}
