/* The pages of a snapshot, read to where they belong and held against their checksum while they are in the
 * cache. Where there are many, other threads help, for as long as it takes: chunks of the section can be
 * read and summed up in any order. Knows nothing of what the pages mean. */
#include "pages.h"

#define PAGE_BYTES 4096u
#define PART_BYTES (256u << 10)  /* read at once, and then summed up */
#define N_PIECES 64
#define POPULATE_LEAST_BYTES (64u << 10)
#define CHUNKS_PER_HELPER 4u
#define HELPERS_MOST 7u
#define AT_ONCE_MOST 32u
#define HELPER_STACK_BYTES 65536u

/* Where memory at an address of the snapshot is; the fuzzer has it elsewhere. */
#ifndef HCC_PLACED
#define HCC_PLACED(va, bytes) ((const void *)(va))
#endif

struct fill {
	const struct hcc_snap_run *runs;
	uint64_t n_runs;
	int fd;
	uint64_t pages_off, pages_bytes;
	uint64_t *sums;          /* of the chunks */
	uint64_t n_chunks, next; /* the first chunk that nobody has begun yet */
	uint64_t n_at_once;      /* chunks that a thread takes: neighbours share page tables, and wait for
	                          * each other */
	int32_t error;           /* of any thread: 0 or -errno */
};

/* ---- A chunk -------------------------------------------------------------------------------- */

static int read_pieces(int fd, uint64_t off, struct sys_iovec *iov, int n)
{
	while (n) {
		long bytes = hcc_sys(SYS_preadv, fd, iov, n, off, 0);

		if (bytes == -SYS_EINTR)
			continue;
		if (bytes <= 0)
			return bytes ? (int)bytes : -SYS_EIO;
		off += (uint64_t)bytes;
		iov = sys_iov_advance(iov, &n, (uint64_t)bytes);
	}
	return 0;
}

/* Make the pages of [va, end_va) be there, by one call instead of a fault each; older kernels cannot. */
static void populate(uint64_t va, uint64_t end_va)
{
	uint64_t start_va = va & ~(uint64_t)(PAGE_BYTES - 1);

	hcc_sys(SYS_madvise, start_va, HCC_ALIGN_UP(end_va, PAGE_BYTES) - start_va,
		SYS_MADV_POPULATE_WRITE);
}

/* Read up to so many bytes of the section at off, of run r and those that follow. Returns how many, or
 * -errno. */
static int64_t fill_part(const struct fill *f, const struct hcc_snap_run *r, uint64_t off,
	uint64_t bytes, struct hcc_hash_chunk *hash)
{
	struct sys_iovec iov[N_PIECES], placed[N_PIECES];
	uint64_t at = off, end = off + bytes;
	int n = 0, result;

	for (; n < N_PIECES && at < end; n++, r++) {
		uint64_t va = r->va + (at - r->pages_off), left = r->bytes - (at - r->pages_off);

		if (left > end - at)
			left = end - at;
		if (left >= POPULATE_LEAST_BYTES)
			populate(va, va + left);
		iov[n] = placed[n] = (struct sys_iovec){(void *)va, left};
		at += left;
	}
	result = read_pieces(f->fd, f->pages_off + off, iov, n);
	for (int i = 0; i < n && !result; i++)
		hcc_hash_chunk_add(hash, HCC_PLACED(placed[i].base, placed[i].bytes),
			placed[i].bytes);
	return result ? result : (int64_t)(at - off);
}

/* The run that has this offset of the section. */
static const struct hcc_snap_run *run_at(const struct fill *f, uint64_t off)
{
	uint64_t low = 0, high = f->n_runs;

	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;

		if (f->runs[middle].pages_off <= off)
			low = middle;
		else
			high = middle;
	}
	return &f->runs[low];
}

static int fill_chunk(const struct fill *f, uint64_t i)
{
	uint64_t off = i * HCC_HASH_CHUNK_BYTES, end = off + HCC_HASH_CHUNK_BYTES;
	struct hcc_hash_chunk hash;

	if (end > f->pages_bytes)
		end = f->pages_bytes;
	hcc_hash_chunk_start(&hash);
	while (off < end) {
		int64_t n = fill_part(f, run_at(f, off), off,
			end - off < PART_BYTES ? end - off : PART_BYTES, &hash);

		if (n <= 0)
			return (int)n;
		off += (uint64_t)n;
	}
	f->sums[i] = hcc_hash_chunk_end(&hash);
	return 0;
}

static void fill_chunks(void *arg)
{
	struct fill *f = arg;
	uint64_t i, end;

	while ((i = __atomic_fetch_add(&f->next, f->n_at_once, __ATOMIC_RELAXED)) < f->n_chunks)
		for (end = i + f->n_at_once; i < end && i < f->n_chunks; i++) {
			int result = __atomic_load_n(&f->error, __ATOMIC_RELAXED);

			if (!result)
				result = fill_chunk(f, i);
			if (result)
				__atomic_store_n(&f->error, result, __ATOMIC_RELAXED);
		}
}

/* ---- Threads -------------------------------------------------------------------------------- */

static uint32_t count_processors(void)
{
	uint64_t set[128] = {0};
	long bytes = hcc_sys(SYS_sched_getaffinity, 0, sizeof set, set);
	uint32_t n = 0;

	for (long i = 0; i < bytes / 8; i++)
		for (uint64_t bits = set[i]; bits; bits &= bits - 1)
			n++;
	return n ? n : 1;
}

static void fill_by_all(struct fill *f)
{
	struct hcc_helper helpers[HELPERS_MOST];
	uint32_t n = (uint32_t)(f->n_chunks / CHUNKS_PER_HELPER < HELPERS_MOST
		? f->n_chunks / CHUNKS_PER_HELPER : HELPERS_MOST), n_started = 0;

	if (n && n > count_processors() - 1)
		n = count_processors() - 1;
	f->n_at_once = f->n_chunks / (4 * (n + 1));
	if (f->n_at_once > AT_ONCE_MOST)
		f->n_at_once = AT_ONCE_MOST;
	if (!f->n_at_once)
		f->n_at_once = 1;
	while (n_started < n && !hcc_helper_start(&helpers[n_started], HELPER_STACK_BYTES,
			fill_chunks, f))
		n_started++;
	fill_chunks(f);
	while (n_started)
		hcc_helper_join(&helpers[--n_started]);
}

/* ---- All ------------------------------------------------------------------------------------ */

static int check_sum(const struct fill *f, uint64_t expected, struct hcc_snap_fault *fault)
{
	uint64_t sum = hcc_hash_of_chunks(f->sums, f->n_chunks);

	if (sum == expected)
		return 0;
	*fault = (struct hcc_snap_fault){"checksum", "pages", sum, expected, 2};
	return 1;
}

int hcc_fill_memory(const void *file, int fd, struct hcc_snap_fault *fault)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_section *pages = &h->sections[HCC_SECTION_PAGES];
	struct fill f = {
		.runs = hcc_snapshot_section(file, HCC_SECTION_RUNS),
		.n_runs = h->sections[HCC_SECTION_RUNS].bytes / sizeof *f.runs,
		.fd = fd, .pages_off = pages->off, .pages_bytes = pages->bytes,
		.n_chunks = (pages->bytes + HCC_HASH_CHUNK_BYTES - 1) / HCC_HASH_CHUNK_BYTES,
	};
	struct hcc_buffer sums = {0};
	int result;

	result = hcc_buffer_room(&sums, f.n_chunks * sizeof *f.sums);
	if (result)
		return result;
	f.sums = (void *)sums.base;
	fill_by_all(&f);
	result = f.error ? f.error : check_sum(&f, pages->checksum, fault);
	hcc_buffer_free(&sums);
	return result;
}
