/* The threads of a snapshot: what of each is not memory and not frames. */
#include "gather.h"

enum { PR_GET_NAME = 16 };

/* What pends for a thread pends for it alone or for all. */
static uint64_t shared_pending(void)
{
	struct hcc_record *r = NULL;
	uint64_t shared = 0, own = 0;

	while ((r = hcc_record_next(r)) != NULL)
		if (hcc_gather_has(r)) {
			shared |= r->pending & ~r->own_pending;
			own |= r->own_pending;
		}
	/* What pends for each thread alone may pend for all, too. */
	return own ? shared | (hcc_pending_shared() & own) : shared;
}

static void read_name(const struct hcc_record *r, char name[16])
{
	char path[64];
	struct hcc_text t;
	long fd, n = 0;

	if (r == hcc_record_self()) {
		hcc_sys(SYS_prctl, PR_GET_NAME, name);
		return;
	}
	hcc_text_start(&t, path, sizeof path);
	hcc_text_add(&t, "/proc/self/task/");
	hcc_text_decimal(&t, (uint64_t)r->kernel);
	hcc_text_add(&t, "/comm");
	fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_CLOEXEC, 0);
	if (fd >= 0) {
		n = sys_read((int)fd, name, 15);
		sys_close((int)fd);
	}
	name[n > 0 && name[n - 1] == '\n' ? n - 1 : n > 0 ? n : 0] = 0;
}

int hcc_threads_list(struct hcc_capture *c, struct hcc_refusal *why)
{
	const struct hcc_record *r = NULL;
	uint64_t off = 0, shared = shared_pending();

	c->process.pending_signals = shared;
	hcc_pending_save(shared);
	while ((r = hcc_record_next(r)) != NULL) {
		struct hcc_snap_thread t = {
			.tid = r->number,
			.portable_sp_va = r->psp_va,
			.thread_pointer = r->block_va,
			.frames_off = off,
			.frames_bytes = r->frames.buffer.bytes,
			.n_frames = r->frames.n_frames,
			.signal_mask = r->mask,
			.pending_signals = r->own_pending,
		};

		if (!hcc_gather_has(r))
			continue;
		if (r->point)
			hcc_point_save(r->point, &t);
		read_name(r, t.name);
		off += t.frames_bytes;
		c->n_frames += t.n_frames;
		if (!hcc_buffer_add(&c->threads, &t, sizeof t))
			return hcc_fail(why, -SYS_ENOMEM, "no memory for its threads");
	}
	if (c->threads.bytes / sizeof(struct hcc_snap_thread) > HCC_SNAPSHOT_THREADS_MAX)
		return hcc_refuse(why, "it has too many threads", "", "");
	return 0;
}
