/* The checksum of snapshots: it finds what has been damaged by accident, at the speed of memory, and is
 * no proof against a forger. No system calls, no libc: compiled into the runtime and into hcc-migrate
 * alike.
 *
 * Data is cut into chunks of HCC_HASH_CHUNK_BYTES, which can be summed up by several threads; the sum of
 * all is that of the chunks' sums. A chunk goes through four lanes, 16 bytes of each 64 through each: a
 * lane is multiplied to 128 bits, and folded (as in Wang Yi's wyhash, 2019). */
#include "snapshot.h"

#define STRIPE_BYTES 64u
#define N_LANES 4

/* Bits of the fractional parts of the square roots of 2, 3, 5 and 7. */
static const uint64_t keys[N_LANES] = {
	0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu, 0x3c6ef372fe94f82bu, 0xa54ff53a5f1d36f1u,
};

static uint64_t load64(const unsigned char *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, 8);
	return v;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static void start(struct hcc_hash_chunk *h)
{
	for (int i = 0; i < N_LANES; i++)
		h->lanes[i] = keys[N_LANES - 1 - i];
	h->n_bytes = 0;
}

/* So many whole stripes. */
static void add_stripes(struct hcc_hash_chunk *h, const unsigned char *p, size_t bytes)
{
	uint64_t a = h->lanes[0], b = h->lanes[1], c = h->lanes[2], d = h->lanes[3];

	for (; bytes; bytes -= STRIPE_BYTES, p += STRIPE_BYTES) {
		a = fold(a ^ load64(p), load64(p + 8) ^ keys[0]);
		b = fold(b ^ load64(p + 16), load64(p + 24) ^ keys[1]);
		c = fold(c ^ load64(p + 32), load64(p + 40) ^ keys[2]);
		d = fold(d ^ load64(p + 48), load64(p + 56) ^ keys[3]);
	}
	h->lanes[0] = a;
	h->lanes[1] = b;
	h->lanes[2] = c;
	h->lanes[3] = d;
}

static void add(struct hcc_hash_chunk *h, const unsigned char *p, size_t bytes)
{
	size_t held_bytes = h->n_bytes % STRIPE_BYTES, whole;

	h->n_bytes += bytes;
	for (; bytes && held_bytes; bytes--) {
		h->held[held_bytes++] = *p++;
		if (held_bytes == STRIPE_BYTES) {
			add_stripes(h, h->held, STRIPE_BYTES);
			held_bytes = 0;
		}
	}
	whole = bytes & ~(size_t)(STRIPE_BYTES - 1);
	add_stripes(h, p, whole);
	for (size_t i = whole; i < bytes; i++)
		h->held[held_bytes++] = p[i];
}

static uint64_t end(struct hcc_hash_chunk *h)
{
	size_t held_bytes = h->n_bytes % STRIPE_BYTES;
	uint64_t sum = h->n_bytes;

	if (held_bytes) {
		while (held_bytes < STRIPE_BYTES)
			h->held[held_bytes++] = 0;
		add_stripes(h, h->held, STRIPE_BYTES);
	}
	for (int i = 0; i < N_LANES; i++)
		sum = fold(sum ^ h->lanes[i], keys[i] | 1) + h->lanes[i];
	return fold(sum ^ keys[0], keys[1] | 1);
}

void hcc_hash_start(struct hcc_hash *h)
{
	start(&h->chunk);
	start(&h->all);
}

static void end_chunk(struct hcc_hash *h)
{
	uint64_t sum = end(&h->chunk);

	add(&h->all, (const void *)&sum, sizeof sum);
	start(&h->chunk);
}

void hcc_hash_add(struct hcc_hash *h, const void *data, size_t bytes)
{
	const unsigned char *p = data;

	while (bytes) {
		size_t n = HCC_HASH_CHUNK_BYTES - h->chunk.n_bytes;

		if (n > bytes)
			n = bytes;
		add(&h->chunk, p, n);
		p += n;
		bytes -= n;
		if (h->chunk.n_bytes == HCC_HASH_CHUNK_BYTES)
			end_chunk(h);
	}
}

uint64_t hcc_hash_end(struct hcc_hash *h)
{
	if (h->chunk.n_bytes)
		end_chunk(h);
	return end(&h->all);
}

uint64_t hcc_hash(const void *data, size_t bytes)
{
	struct hcc_hash h;

	hcc_hash_start(&h);
	hcc_hash_add(&h, data, bytes);
	return hcc_hash_end(&h);
}

void hcc_hash_chunk_start(struct hcc_hash_chunk *h)
{
	start(h);
}

void hcc_hash_chunk_add(struct hcc_hash_chunk *h, const void *data, size_t bytes)
{
	add(h, data, bytes);
}

uint64_t hcc_hash_chunk_end(struct hcc_hash_chunk *h)
{
	return end(h);
}

uint64_t hcc_hash_of_chunks(const uint64_t *sums, size_t n)
{
	struct hcc_hash_chunk all;

	start(&all);
	add(&all, (const void *)sums, n * sizeof *sums);
	return end(&all);
}

/* No page is zero but for its last bytes as a rule: most are told by their first line. */
int hcc_is_zero(const void *data, size_t bytes)
{
	const unsigned char *p = data;
	uint64_t any = 0;

	for (; bytes >= STRIPE_BYTES && !any; bytes -= STRIPE_BYTES, p += STRIPE_BYTES)
		any = load64(p) | load64(p + 8) | load64(p + 16) | load64(p + 24)
			| load64(p + 32) | load64(p + 40) | load64(p + 48) | load64(p + 56);
	for (; bytes && !any; bytes--)
		any = *p++;
	return !any;
}
