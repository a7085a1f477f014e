/* Whether a snapshot belongs to an executable. No system calls, no libc: compiled into the runtime,
 * which looks at its own table, and into hcc-migrate, which says so before it becomes the process. */
#include "hcc_table.h"
#include "snapshot.h"

/* A thread block is as process.h says: what libc keeps below, the segment, what the ISA needs. */
#define BLOCK_BELOW_BYTES 1024u
#define BLOCK_TAIL_BYTES 64u
#define BLOCK_ALIGN_BYTES 64u

/* asm-generic numbers */
enum {
#define HCC_SYSCALL(name, generic, x86_64) CALL_##name = generic,
#include "syscalls.def"
#undef HCC_SYSCALL
};

/* The cancellation points of musl, and its waits for a futex: what a thread can be captured in. */
static const uint16_t waiting_calls[] = {
	CALL_accept, CALL_accept4, CALL_clock_nanosleep, CALL_close, CALL_connect, CALL_epoll_pwait,
	CALL_fcntl, CALL_fdatasync, CALL_fsync, CALL_futex, CALL_getrandom, CALL_ioctl,
	CALL_mq_timedreceive, CALL_mq_timedsend, CALL_msgrcv, CALL_msgsnd, CALL_msync,
	CALL_nanosleep, CALL_openat, CALL_ppoll, CALL_pread64, CALL_preadv, CALL_pselect6,
	CALL_pwrite64, CALL_pwritev, CALL_read, CALL_readv, CALL_recvfrom, CALL_recvmmsg,
	CALL_recvmsg, CALL_rt_sigsuspend, CALL_rt_sigtimedwait, CALL_sendmmsg, CALL_sendmsg,
	CALL_sendto, CALL_wait4, CALL_waitid, CALL_write, CALL_writev,
};

static int fault(struct hcc_snap_fault *f, const char *where, const char *what)
{
	*f = (struct hcc_snap_fault){.where = where, .what = what};
	return -1;
}

static int fault_numbers(struct hcc_snap_fault *f, const char *where, const char *what,
	uint64_t got, uint64_t expected)
{
	*f = (struct hcc_snap_fault){what, where, got, expected, 1};
	return -1;
}

unsigned hcc_value_bits(unsigned type)
{
	if (type >= 1 && type <= 64)
		return type;
	switch (type) {
	case HCC_VALUE_F32:
		return 32;
	case HCC_VALUE_PTR:
	case HCC_VALUE_F64:
		return 64;
	case HCC_VALUE_I128:
	case HCC_VALUE_F128:
	case HCC_VALUE_V128:
		return 128;
	default:
		return 0;
	}
}

/* Whether [start, end) is memory that the process can write. */
static int is_writable(const void *file, uint64_t start_va, uint64_t end_va)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_region *r = hcc_snapshot_section(file, HCC_SECTION_REGIONS);
	uint64_t n = h->sections[HCC_SECTION_REGIONS].bytes / sizeof *r;

	if (end_va < start_va)
		return 0;
	for (; n--; r++)
		if (start_va >= r->start_va && start_va < r->end_va && end_va <= r->end_va)
			return r->prot == (HCC_PROT_READ | HCC_PROT_WRITE);
	return 0;
}

/* What belongs to one thread: its block, and the word that its portable stack's pointer points at. */
struct place {
	uint64_t block_va, block_end_va, psp_va;
};

static struct place place_of(const struct hcc_snap_thread *t, const struct hcc_meta_header *m)
{
	uint64_t segment_bytes = (m->tls_bytes + BLOCK_ALIGN_BYTES - 1)
		& ~(uint64_t)(BLOCK_ALIGN_BYTES - 1);

	return (struct place){t->thread_pointer - BLOCK_BELOW_BYTES,
		t->thread_pointer + segment_bytes + BLOCK_TAIL_BYTES, t->portable_sp_va};
}

static int overlap(const struct place *a, const struct place *b)
{
	return (a->block_va < b->block_end_va && b->block_va < a->block_end_va)
		|| (a->psp_va >= b->block_va && a->psp_va < b->block_end_va)
		|| (b->psp_va >= a->block_va && b->psp_va < a->block_end_va)
		|| a->psp_va == b->psp_va;
}

static int match_thread(const void *file, const struct hcc_snap_thread *t,
	const struct hcc_meta_header *m, struct hcc_snap_fault *f)
{
	const struct hcc_snap_thread *other = hcc_snapshot_section(file, HCC_SECTION_THREADS);
	struct place place = place_of(t, m);

	if (t->thread_pointer % BLOCK_ALIGN_BYTES
			|| !is_writable(file, place.block_va, place.block_end_va))
		return fault(f, "threads", "thread pointer out of range");
	if (t->portable_sp_va % 16 || !is_writable(file, t->portable_sp_va, t->portable_sp_va + 16))
		return fault(f, "threads", "portable stack pointer out of range");
	for (; other < t; other++) {
		struct place others = place_of(other, m);

		if (overlap(&place, &others))
			return fault(f, "threads", "two threads have the same memory");
	}
	return 0;
}

static int is_waiting_call(int64_t number)
{
	for (unsigned i = 0; i < sizeof waiting_calls / sizeof *waiting_calls; i++)
		if (waiting_calls[i] == number)
			return 1;
	return 0;
}

/* The call that the thread makes when its frames stand, by itself: none but those that wait. */
static int match_call(const void *file, const struct hcc_snap_thread *t, struct hcc_snap_fault *f)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(file, HCC_SECTION_PROCESS);
	uint64_t cancel_va = t->cancel_va;

	if (!t->is_at_call)
		return 0;
	if (!is_waiting_call(t->call))
		return fault(f, "threads", "system call is none that waits");
	if (cancel_va % 4 || (cancel_va && !is_writable(file, cancel_va, cancel_va + 4)
			&& (cancel_va < p->shared_data_start_va
				|| cancel_va >= p->shared_data_end_va)))
		return fault(f, "threads", "what cancels the system call is out of range");
	return 0;
}

/* What lies past the bits of a value is zero. */
static int is_value(const uint64_t slot[2], unsigned bits)
{
	if (bits == 128)
		return 1;
	return bits && !slot[1] && (bits == 64 || !(slot[0] >> bits));
}

static int match_frame(const struct hcc_snap_frame *frame, int is_at_poll,
	const struct hcc_meta_header *m, struct hcc_snap_fault *f)
{
	const char *meta = (const char *)m;
	const struct hcc_meta_function *functions = (const void *)(meta + m->functions_off);
	const uint64_t (*slots)[2] = (const void *)(frame + 1);
	struct hcc_meta_site site;
	const unsigned char *types;

	if (frame->site_idx >= m->n_sites)
		return fault(f, "frames", "a frame is not of this program");
	if (hcc_meta_find_site(m, (uint32_t)frame->site_idx, &site))
		return fault(f, "frames", "the program's table is damaged");
	if (frame->n_values != site.n_values)
		return fault_numbers(f, "frames", "number of values of a frame", frame->n_values,
			site.n_values);
	if (!functions[hcc_meta_function_of(m, (uint32_t)frame->site_idx)].resume_va)
		return fault(f, "frames", "a frame cannot be rebuilt here");
	if (!!(site.flags & HCC_SITE_POLL) != is_at_poll)
		return fault(f, "frames", is_at_poll ? "the innermost frame is not at a poll"
			: "a frame is at a poll that has called something else");
	types = (const unsigned char *)meta + m->types_off + site.types_off;
	for (uint32_t i = 0; i < frame->n_values; i++)
		if (!is_value(slots[i], hcc_value_bits(types[i])))
			return fault(f, "frames", "a value is larger than its type");
	return 0;
}

static int match_frames(const void *file, const struct hcc_snap_thread *t,
	const struct hcc_meta_header *m, struct hcc_snap_fault *f)
{
	const char *at = hcc_snapshot_section(file, HCC_SECTION_FRAMES);

	at += t->frames_off;
	for (uint64_t i = 0; i < t->n_frames; i++) {
		const struct hcc_snap_frame *frame = (const void *)at;

		if (match_frame(frame, i + 1 == t->n_frames && !t->is_at_call, m, f))
			return -1;
		at += sizeof *frame + 16 * (uint64_t)frame->n_values;
	}
	return 0;
}

int hcc_snapshot_match(const void *file, const struct hcc_meta_header *meta,
	struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_process *p = hcc_snapshot_section(file, HCC_SECTION_PROCESS);
	const struct hcc_snap_thread *t = hcc_snapshot_section(file, HCC_SECTION_THREADS);
	uint64_t n = h->sections[HCC_SECTION_THREADS].bytes / sizeof *t;

	for (int i = 0; i < HCC_BUILD_ID_BYTES; i++)
		if (h->build_id[i] != meta->build_id[i])
			return fault(f, "header",
				"the snapshot is of another build of the program");
	if (p->shared_data_start_va != meta->shared_data_start_va
			|| p->shared_data_end_va != meta->shared_data_end_va)
		return fault(f, "process", "the shared data lie elsewhere in this build");
	for (uint64_t i = 0; i < n; i++)
		if (match_thread(file, &t[i], meta, f) || match_call(file, &t[i], f)
				|| match_frames(file, &t[i], meta, f))
			return -1;
	return 0;
}
