/* The resume clones of an executable (HCC_CLONES_SECTION), plain, for a process that arrives: in memory that has
 * no name and cannot be changed any more. */
#define _GNU_SOURCE
#include "migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u /* Linux 6.3; before it all could be executed */
#endif

#define BYTES_MOST (1ull << 31) /* of the image */

static int seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

static int make_file(const struct image *image, const char *bytes, size_t n_bytes, struct error *e)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("hcc clones", flags | MFD_EXEC), high;

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("hcc clones", flags);
	if (fd >= 0 && !write_bytes(fd, bytes, n_bytes) && !seal(fd)
			&& (high = fcntl(fd, F_DUPFD_CLOEXEC, 3)) >= 0) {
		close(fd);
		return high;
	}
	fail(e, "%s: cannot make room for its clones: %s", image->path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int unpack(const struct image *image, const Elf_Data *data, struct error *e)
{
	const struct hcc_clones_header *h = data ? data->d_buf : NULL;
	char *bytes;
	size_t n;
	int fd;

	if (!data)
		return fail(e, "%s: its section %s has been stripped off", image->path, HCC_CLONES_SECTION);
	if (!h || data->d_size < sizeof *h || memcmp(h->magic, HCC_CLONES_MAGIC, sizeof h->magic)
			|| h->bytes > BYTES_MOST)
		return fail(e, "%s: section %s is damaged", image->path, HCC_CLONES_SECTION);
	bytes = malloc(h->bytes + 1);
	if (!bytes)
		return fail(e, "%s: %s", image->path, strerror(ENOMEM));
	n = ZSTD_decompress(bytes, h->bytes, h + 1, data->d_size - sizeof *h);
	if (ZSTD_isError(n))
		fd = fail(e, "%s: section %s: %s", image->path, HCC_CLONES_SECTION, ZSTD_getErrorName(n));
	else if (n != h->bytes)
		fd = fail(e, "%s: section %s has %zu bytes, expected %llu", image->path, HCC_CLONES_SECTION, n,
			(unsigned long long)h->bytes);
	else
		fd = make_file(image, bytes, n, e);
	free(bytes);
	return fd;
}

int clones_open(struct image *image, struct error *e)
{
	Elf *elf;
	Elf_Scn *section;
	int fd;

	if (!(image->meta->flags & HCC_META_COMPRESSED))
		return 0;
	elf = elf_begin(image->fd, ELF_C_READ, NULL);
	section = elf ? image_section(elf, HCC_CLONES_SECTION) : NULL;
	fd = unpack(image, section ? elf_rawdata(section, NULL) : NULL, e);
	elf_end(elf);
	image->clones_fd = fd < 0 ? 0 : fd;
	return fd < 0 ? -1 : 0;
}
