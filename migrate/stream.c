/* Snapshots in a pipe. See stream.h. */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

/* ---- Sending -------------------------------------------------------------------------------- */

struct sender {
	stream_move *write_all;
	void *arg;
	struct error *e;
	uint64_t sent_bytes;
	char *chunk; /* STREAM_CHUNK_BYTES, after room for the length */
};

static int send_bytes(struct sender *s, void *bytes, size_t n)
{
	s->sent_bytes += n;
	return s->write_all(s->arg, bytes, n, s->e);
}

static int send_chunk(struct sender *s, size_t n)
{
	uint32_t length = (uint32_t)n;

	memcpy(s->chunk, &length, sizeof length);
	return send_bytes(s, s->chunk, sizeof length + n);
}

/* Compress what is in *in. Returns 0; -1 and the error. */
static int send_packed(struct sender *s, ZSTD_CCtx *zstd, ZSTD_inBuffer *in, int is_last)
{
	size_t left;

	do {
		ZSTD_outBuffer out = {s->chunk + sizeof(uint32_t), STREAM_CHUNK_BYTES, 0};

		left = ZSTD_compressStream2(zstd, &out, in, is_last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left))
			return fail(s->e, "zstd: %s", ZSTD_getErrorName(left));
		if (out.pos && send_chunk(s, out.pos))
			return -1;
	} while (is_last ? left != 0 : in->pos < in->size);
	return 0;
}

static int send_plain(struct sender *s, const char *bytes, size_t n)
{
	memcpy(s->chunk + sizeof(uint32_t), bytes, n);
	return send_chunk(s, n);
}

int stream_send(const struct snapshot *snapshot, int level, stream_move *write_all, void *arg,
	void (*progress)(uint64_t done_bytes, uint64_t all_bytes, uint64_t sent_bytes),
	uint64_t *sent, struct error *e)
{
	struct stream_header h = {
		.version = STREAM_VERSION, .coding = level ? STREAM_ZSTD : STREAM_PLAIN,
		.file_bytes = snapshot->bytes,
	};
	struct sender s = {.write_all = write_all, .arg = arg, .e = e};
	ZSTD_CCtx *zstd = level ? ZSTD_createCCtx() : NULL;
	const char *file = (const void *)snapshot->header;
	int result = -1;

	memcpy(h.magic, STREAM_MAGIC, sizeof h.magic);
	s.chunk = malloc(sizeof(uint32_t) + STREAM_CHUNK_BYTES);
	if (!s.chunk || (level && (!zstd || ZSTD_isError(ZSTD_CCtx_setParameter(zstd,
			ZSTD_c_compressionLevel, level))))) {
		fail(e, "%s: %s", snapshot->path, strerror(ENOMEM));
		goto out;
	}
	if (send_bytes(&s, &h, sizeof h))
		goto out;
	for (uint64_t at = 0, n; at < snapshot->bytes; at += n) {
		ZSTD_inBuffer in = {file + at, 0, 0};

		n = snapshot->bytes - at;
		if (n > STREAM_CHUNK_BYTES)
			n = STREAM_CHUNK_BYTES;
		in.size = n;
		if (level ? send_packed(&s, zstd, &in, at + n == snapshot->bytes)
				: send_plain(&s, file + at, n))
			goto out;
		if (progress)
			progress(at + n, snapshot->bytes, s.sent_bytes);
	}
	result = send_chunk(&s, 0);
out:
	*sent = s.sent_bytes;
	ZSTD_freeCCtx(zstd);
	free(s.chunk);
	return result;
}

/* ---- Receiving ------------------------------------------------------------------------------ */

struct receiver {
	int out_fd;
	uint64_t left_bytes; /* of the file */
	struct error *e;
};

static int put(struct receiver *r, const char *bytes, size_t n)
{
	if (n > r->left_bytes)
		return fail(r->e, "the stream has more than its file");
	r->left_bytes -= n;
	while (n) {
		ssize_t done = write(r->out_fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return fail(r->e, "cannot write the snapshot: %s", strerror(errno));
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

/* unpacked: STREAM_CHUNK_BYTES. *is_ended: whether the frame is. */
static int put_packed(struct receiver *r, ZSTD_DCtx *zstd, const char *bytes, size_t n,
	char *unpacked, int *is_ended)
{
	ZSTD_inBuffer in = {bytes, n, 0};
	size_t result;

	for (;;) {
		ZSTD_outBuffer out = {unpacked, STREAM_CHUNK_BYTES, 0};

		if (*is_ended)
			return in.pos == in.size ? 0
				: fail(r->e, "the stream has more than its file");
		result = ZSTD_decompressStream(zstd, &out, &in);
		if (ZSTD_isError(result))
			return fail(r->e, "the stream is damaged: %s", ZSTD_getErrorName(result));
		if (put(r, unpacked, out.pos))
			return -1;
		*is_ended = result == 0;
		if (!*is_ended && in.pos == in.size && out.pos < out.size)
			return 0;
	}
}

static int receive_chunks(struct receiver *r, ZSTD_DCtx *zstd, stream_move *read_all, void *arg,
	char *buffer)
{
	int is_ended = !zstd;

	for (;;) {
		uint32_t n;

		if (read_all(arg, &n, sizeof n, r->e))
			return -1;
		if (n > STREAM_CHUNK_BYTES)
			return fail(r->e, "a chunk of the stream has %u bytes, expected at most %u",
				n, STREAM_CHUNK_BYTES);
		if (!n)
			break;
		if (read_all(arg, buffer, n, r->e))
			return -1;
		if (zstd ? put_packed(r, zstd, buffer, n, buffer + STREAM_CHUNK_BYTES, &is_ended)
				: put(r, buffer, n))
			return -1;
	}
	if (r->left_bytes || !is_ended)
		return fail(r->e, "the stream has less than its file");
	return 0;
}

int stream_receive(int out_fd, stream_move *read_all, void *arg, struct error *e)
{
	struct receiver r = {.out_fd = out_fd, .e = e};
	struct stream_header h;
	ZSTD_DCtx *zstd = NULL;
	char *buffer;
	int result = -1;

	if (read_all(arg, &h, sizeof h, e))
		return -1;
	if (memcmp(h.magic, STREAM_MAGIC, sizeof h.magic))
		return fail(e, "not a stream of hcc-migrate move");
	if (h.version != STREAM_VERSION)
		return fail(e, "version of the stream is %u, expected %u", h.version,
			STREAM_VERSION);
	if (h.coding != STREAM_PLAIN && h.coding != STREAM_ZSTD)
		return fail(e, "coding of the stream is %u, expected at most %u", h.coding,
			STREAM_ZSTD);
	r.left_bytes = h.file_bytes;
	buffer = malloc(2 * STREAM_CHUNK_BYTES);
	if (h.coding == STREAM_ZSTD)
		zstd = ZSTD_createDCtx();
	/* No level that is sent needs more memory. */
	if (!buffer || (h.coding == STREAM_ZSTD && (!zstd || ZSTD_isError(
			ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, STREAM_WINDOW_LOG)))))
		fail(e, "%s", strerror(ENOMEM));
	else
		result = receive_chunks(&r, zstd, read_all, arg, buffer);
	ZSTD_freeDCtx(zstd);
	free(buffer);
	return result;
}
