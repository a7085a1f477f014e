/* What hcc-migrate restore - reads: a snapshot on its way through a pipe.
 * runs: 20000 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib_fuzz.h"
#include "migrate/stream.h"

#define FILE_BYTES 5000u
#define MOST_BYTES (1u << 20)
#define DECODER_BYTES (24ul << 20) /* of zstd, with its largest window */

struct bytes {
	uint8_t *at;
	size_t left;
};

static int write_all(void *arg, void *bytes, size_t n, struct error *e)
{
	struct bytes *b = arg;

	(void)e;
	memcpy(b->at, bytes, n);
	b->at += n;
	b->left += n;
	return 0;
}

static int read_all(void *arg, void *bytes, size_t n, struct error *e)
{
	struct bytes *b = arg;

	if (n > b->left)
		return fail(e, "standard input ends before the snapshot does");
	memcpy(bytes, b->at, n);
	b->at += n;
	b->left -= n;
	return 0;
}

/* By zstd, as it is, and an empty one. */
size_t fuzz_seed(unsigned n, uint8_t *out)
{
	static uint64_t file[FILE_BYTES / 8];
	struct snapshot s = {.header = (const void *)file, .bytes = n == 2 ? 0 : FILE_BYTES};
	struct bytes b = {out, 0};
	struct error e;
	uint64_t sent;

	for (size_t i = 0; i < FILE_BYTES / 8; i++)
		file[i] = i * i;
	if (n > 2 || stream_send(&s, n == 0 ? 3 : 0, write_all, &b, NULL, &sent, &e))
		return 0;
	return b.left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	const struct rlimit most = {MOST_BYTES, MOST_BYTES};
	static int fd = -1;
	struct bytes b = {(uint8_t *)(uintptr_t)data, bytes};
	struct error e = {0};
	uint64_t want;
	int result;

	if (fd < 0) {
		fd = memfd_create("stream", MFD_CLOEXEC);
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &most);
	}
	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		return -1;
	fuzz_begin(bytes + DECODER_BYTES / FUZZ_MEMORY_FACTOR);
	result = stream_receive(fd, read_all, &b, &e);
	if (!result) {
		memcpy(&want, data + offsetof(struct stream_header, file_bytes), sizeof want);
		fuzz_check((uint64_t)lseek(fd, 0, SEEK_END) == want, "size of the file");
	}
	if (result)
		fuzz_message(e.text);
	fuzz_end(result, NULL);
	return 0;
}
