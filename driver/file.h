/* Whole files, and outputs that appear whole or not at all. */
#ifndef HCC_FILE_H
#define HCC_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Read all of path. *bytes is malloc'ed, the caller frees; on error it is untouched.
 * Returns 0 or a negative errno. */
int file_read(const char *path, void **bytes, size_t *n_bytes);

/* Read fd to its end, as file_read. */
int file_read_fd(int fd, void **bytes, size_t *n_bytes);

/* Write path under a temporary name beside it and rename. What is there already and is no regular
 * file (/dev/null, a FIFO, a link) is written to in place. Mode 0666, or another, less the umask.
 * Returns 0 or a negative errno; nothing is left behind on error. */
int file_write(const char *path, const void *bytes, size_t n_bytes);
int file_write_mode(const char *path, const void *bytes, size_t n_bytes, unsigned mode);
int file_write_fd(int fd, const void *bytes, size_t n_bytes);

/* Does path lead to something that is there and is no regular file? */
bool file_is_special(const char *path);
bool file_exists(const char *path);

/* Absolute, by the working directory alone; caller frees. */
char *file_absolute(const char *path);

/* The last part of a path without its suffix (from the last dot); caller frees. */
char *file_stem(const char *path);

#endif
