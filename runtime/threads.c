/* The threads of a snapshot: what of each is not memory and not frames. */
#include "gather.h"

enum { PR_GET_NAME = 16, N_STANDARD_SIGNALS = 31 };

/* SigPnd of /proc/self/task/N/status: signals that wait for this thread alone. Only the standard ones
 * have the program's numbers there under qemu. */
static uint64_t own_pending(const struct hcc_record *r)
{
	static const char key[] = "\nSigPnd:\t";
	char text[2048];
	struct hcc_text t;
	uint64_t v = 0;
	long fd, n;

	hcc_text_start(&t, text, sizeof text);
	hcc_text_add(&t, "/proc/self/task/");
	hcc_text_decimal(&t, (uint64_t)r->kernel);
	hcc_text_add(&t, "/status");
	fd = sys_openat(SYS_AT_FDCWD, text, SYS_O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	n = sys_read((int)fd, text, sizeof text - 1);
	sys_close((int)fd);
	for (long at = 0; at + (long)sizeof key - 1 + 16 <= n; at++) {
		size_t i = 0;

		while (key[i] && text[at + (long)i] == key[i])
			i++;
		if (key[i])
			continue;
		for (int k = 0; k < 16; k++) {
			char c = text[at + (long)i + k];

			v = v * 16 + (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
		}
		break;
	}
	return v & ((1ull << N_STANDARD_SIGNALS) - 1);
}

/* What pends for a thread pends for it alone or for all: a standard signal as /proc says, another one
 * alone unless it pends for every thread. Nobody has pending signals as a rule. */
static uint64_t shared_pending(void)
{
	const uint64_t standard = (1ull << N_STANDARD_SIGNALS) - 1;
	uint64_t any = 0, every = ~(uint64_t)0, shared;
	struct hcc_record *r = NULL;

	while ((r = hcc_record_next(r)) != NULL)
		if (hcc_gather_has(r)) {
			any |= r->pending;
			every &= r->pending;
		}
	if (!hcc_other_threads() || !any)
		return any;
	shared = every & ~standard;
	for (r = NULL; (r = hcc_record_next(r)) != NULL;) {
		uint64_t own;

		if (!hcc_gather_has(r))
			continue;
		own = (own_pending(r) & r->pending) | (r->pending & ~standard & ~shared);
		shared |= r->pending & ~own & standard;
		r->pending = own;
	}
	return shared;
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
	hcc_pending_save(hcc_other_threads() ? shared & ~hcc_record_self()->pending : shared);
	while ((r = hcc_record_next(r)) != NULL) {
		struct hcc_snap_thread t = {
			.tid = r->number,
			.portable_sp_va = r->psp_va,
			.thread_pointer = r->block_va,
			.frames_off = off,
			.frames_bytes = r->frames.buffer.bytes,
			.n_frames = r->frames.n_frames,
			.signal_mask = r->mask,
			.pending_signals = hcc_other_threads() ? r->pending : 0,
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
