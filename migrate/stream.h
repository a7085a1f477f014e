/* A snapshot on its way through a pipe: a struct stream_header, chunks, and a chunk of 0 bytes.
 * Each chunk is its length in bytes, a uint32_t, and so many bytes; together they are the file,
 * or one frame of zstd. Both sides are hcc-migrate of one version: all numbers are
 * little-endian. */
#ifndef HCC_MIGRATE_STREAM_H
#define HCC_MIGRATE_STREAM_H

#include "migrate.h"

#define STREAM_MAGIC "hccmove1"
#define STREAM_VERSION 1u
#define STREAM_CHUNK_BYTES (1u << 17)

#define STREAM_WINDOW_LOG 23 /* of zstd up to level 19 */

enum stream_coding { STREAM_PLAIN = 0, STREAM_ZSTD = 1 };

struct stream_header {
	char magic[8];
	uint32_t version;
	uint32_t coding;      /* enum stream_coding */
	uint64_t file_bytes;
};

/* Where a stream goes to or comes from. All bytes, or -1 and *e. */
typedef int stream_move(void *arg, void *bytes, size_t n_bytes, struct error *e);

/* Send the file of a snapshot.
 *   level     of zstd; 0: as it is
 *   sent      out: bytes that have gone into the pipe
 *   progress  called from time to time with what is done of the file; or NULL */
int stream_send(const struct snapshot *s, int level, stream_move *write_all, void *arg,
	void (*progress)(uint64_t done_bytes, uint64_t all_bytes, uint64_t sent_bytes),
	uint64_t *sent, struct error *e);
/* Write what comes to out_fd, an empty file. What the file holds is not looked at. */
int stream_receive(int out_fd, stream_move *read_all, void *arg, struct error *e);

#endif
