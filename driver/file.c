/* Reading and writing whole files. */
#include "file.h"

#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_fd(int fd, void **bytes, size_t *n_bytes)
{
	size_t n = 0, capacity = 0;
	char *buffer = NULL;
	struct stat st;

	/* One read too many finds the end of what is larger or smaller than it says. */
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0)
		buffer = array_grow(NULL, &capacity, (size_t)st.st_size, 1);
	for (;;) {
		ssize_t got;

		buffer = array_grow(buffer, &capacity, n + 4096, 1);
		got = read(fd, buffer + n, capacity - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int error = -errno;

			free(buffer);
			return error;
		}
		if (!got)
			break;
		n += (size_t)got;
	}
	*bytes = buffer;
	*n_bytes = n;
	return 0;
}

int file_read(const char *path, void **bytes, size_t *n_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = file_read_fd(fd, bytes, n_bytes);
	close(fd);
	return error;
}

bool file_is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

bool file_exists(const char *path)
{
	return !access(path, F_OK);
}

int file_write_fd(int fd, const void *start, size_t n_bytes)
{
	const char *bytes = start;

	while (n_bytes) {
		ssize_t put = write(fd, bytes, n_bytes);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		bytes += put;
		n_bytes -= (size_t)put;
	}
	return 0;
}

int file_write(const char *path, const void *bytes, size_t n_bytes)
{
	return file_write_mode(path, bytes, n_bytes, 0666);
}

int file_write_mode(const char *path, const void *bytes, size_t n_bytes, unsigned mode)
{
	struct stat st;
	bool in_place = !lstat(path, &st) && !S_ISREG(st.st_mode);
	char *temporary = in_place ? NULL : text_format("%s.hcc-%ld", path, (long)getpid());
	int fd = open(in_place ? path : temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	int error = fd < 0 ? -errno : 0;

	if (fd < 0)
		goto out;
	error = file_write_fd(fd, bytes, n_bytes);
	if (close(fd) && !error)
		error = -errno;
	if (!error && temporary && rename(temporary, path))
		error = -errno;
	if (error && temporary)
		unlink(temporary);
out:
	free(temporary);
	return error;
}

char *file_absolute(const char *path)
{
	char *here, *absolute;

	if (*path == '/')
		return text_copy(path);
	here = getcwd(NULL, 0);
	absolute = text_format("%s/%s", here ? here : "", path);
	free(here);
	return absolute;
}

char *file_stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *stem = text_copy(slash ? slash + 1 : path);
	char *dot = strrchr(stem, '.');

	if (dot && dot != stem)
		*dot = 0;
	return stem;
}
