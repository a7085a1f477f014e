/* What the kernel's structures and flags say, in the program's terms on every ISA. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>
#include "lib_check.h"

static void status(void)
{
	struct stat s, t;
	int fd = open("file", O_RDWR | O_CREAT | O_EXCL, 0640);
	struct timespec times[2] = { { 1000000000, 123456789 }, { 1100000000, 987654321 } };

	CHECK(fd >= 0 && write(fd, "0123456789", 10) == 10);
	CHECK(fchmod(fd, 0604) == 0 && link("file", "second") == 0 && symlink("file", "soft") == 0);
	CHECK(futimens(fd, times) == 0);
	memset(&s, 0xff, sizeof(s));
	CHECK(fstat(fd, &s) == 0);
	CHECK_LONG(s.st_size, 10);
	CHECK_LONG(s.st_mode, S_IFREG | 0604);
	CHECK_LONG(s.st_nlink, 2);
	CHECK_LONG(s.st_uid, getuid());
	CHECK_LONG(s.st_gid, getgid());
	CHECK(s.st_ino != 0 && s.st_blksize >= 512 && s.st_blocks >= 0);
	CHECK(s.st_atim.tv_sec == 1000000000 && s.st_atim.tv_nsec == 123456789);
	CHECK(s.st_mtim.tv_sec == 1100000000 && s.st_mtim.tv_nsec == 987654321);
	CHECK(stat("second", &t) == 0 && t.st_ino == s.st_ino && t.st_dev == s.st_dev);
	CHECK(lstat("soft", &t) == 0 && S_ISLNK(t.st_mode) && t.st_size == 4);
	CHECK(fstatat(AT_FDCWD, "soft", &t, 0) == 0 && S_ISREG(t.st_mode));
	CHECK(stat("/dev/null", &t) == 0 && S_ISCHR(t.st_mode));
	CHECK(major(t.st_rdev) == 1 && minor(t.st_rdev) == 3);
	CHECK(stat("none", &t) == -1 && errno == ENOENT);
	close(fd);
}

static void flags(void)
{
	int fd, ends[2];
	char buffer[4];
	struct iovec parts[2] = { { buffer, 1 }, { buffer + 1, 2 } };
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 5 };

	CHECK(mkdir("dir", 0755) == 0);
	fd = open("dir", O_RDONLY | O_DIRECTORY);
	CHECK(fd >= 0);
	CHECK((fcntl(fd, F_GETFL) & (O_ACCMODE | O_DIRECTORY)) == O_DIRECTORY);
	CHECK(openat(fd, "in", O_WRONLY | O_CREAT, 0600) >= 0);
	close(fd);
	CHECK(open("file", O_RDONLY | O_DIRECTORY) == -1 && errno == ENOTDIR);
	CHECK(open("soft", O_RDONLY | O_NOFOLLOW) == -1 && errno == ELOOP);
	fd = open("soft", O_PATH | O_NOFOLLOW);
	CHECK(fd >= 0 && readlink("soft", buffer, 4) == 4 && memcmp(buffer, "file", 4) == 0);
	close(fd);
	fd = open("file", O_RDWR | O_APPEND | O_CLOEXEC);
	CHECK((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == (O_RDWR | O_APPEND));
	CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	CHECK((fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK)) == O_NONBLOCK);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(fd, F_SETLK, &lock) == 0);
	CHECK(readv(fd, parts, 2) == 3 && memcmp(buffer, "012", 3) == 0);
	CHECK(pread(fd, buffer, 2, 8) == 2 && memcmp(buffer, "89", 2) == 0);
	CHECK(lseek(fd, 1L << 33, SEEK_SET) == 1L << 33 && ftruncate(fd, 1L << 33) == 0);
	CHECK(flock(fd, LOCK_EX) == 0 && posix_fallocate(fd, 0, 4096) == 0);
	close(fd);
	fd = open(".", O_TMPFILE | O_RDWR, 0600);
	CHECK(fd >= 0 || errno == EOPNOTSUPP);
	CHECK(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
	CHECK(read(ends[0], buffer, 1) == -1 && errno == EAGAIN);
	CHECK(fcntl(ends[1], F_GETFD) == FD_CLOEXEC);
	CHECK(write(ends[1], "ab", 2) == 2 && ioctl(ends[0], FIONREAD, &fd) == 0 && fd == 2);
	CHECK(dup2(ends[0], 100) == 100 && read(100, buffer, 4) == 2);
	CHECK(isatty(ends[0]) == 0 && errno == ENOTTY);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void directories(void)
{
	struct dirent **list, *e;
	struct statvfs fs;
	char name[20], path[4096];
	DIR *d;
	int i, n = 0;

	for (i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "dir/f%03d", i);
		close(open(name, O_WRONLY | O_CREAT, 0600));
	}
	d = opendir("dir");
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] == 'f' && e->d_type == DT_REG;
	closedir(d);
	CHECK_LONG(n, 500);
	CHECK_LONG(scandir("dir", &list, NULL, by_name), 503);
	CHECK_STRING(list[2]->d_name, "f000");
	CHECK_STRING(list[502]->d_name, "in");
	CHECK(rename("dir/f000", "dir/renamed") == 0 && unlink("dir/renamed") == 0);
	CHECK(chdir("dir") == 0 && getcwd(path, sizeof(path)) != NULL);
	CHECK_STRING(strrchr(path, '/'), "/dir");
	CHECK(chdir("..") == 0 && realpath("dir/../soft", path) != NULL);
	CHECK_STRING(strrchr(path, '/'), "/file");
	CHECK(statvfs(".", &fs) == 0 && fs.f_bsize >= 512 && fs.f_namemax >= 100);
}

int main(void)
{
	umask(0);
	status();
	flags();
	directories();
	return check_failures();
}
