/* Captured frames made ready for their resume functions, the native stack that these run on, and
 * the proof that the frames which then stand are the ones that were captured. Used by a restore and
 * by a move in place alike; knows nothing of processes. */
#include "migrate.h"

#define LEAST_STACK_BYTES (64ull << 20)
#define LEAST_THREAD_STACK_BYTES (8ull << 20)

static const struct hcc_meta_function *function_of(uint32_t site_idx)
{
	const struct hcc_meta_header *m = hcc_meta();

	return (const struct hcc_meta_function *)hcc_meta_at(m->functions_off)
		+ hcc_meta_function_of(m, site_idx);
}

int hcc_rebuild_prepare(struct hcc_buffer *to, const struct hcc_snap_frame *frames,
	uint64_t n_frames, void (*done)(struct hcc_frame *))
{
	const struct hcc_snap_frame *f = frames;
	uint64_t bytes = sizeof(struct hcc_frame);
	struct hcc_frame *at;

	for (uint64_t i = 0; i < n_frames; i++, f = hcc_frame_after(f)) {
		if (!function_of(f->site_idx)->resume_va)
			return -SYS_EINVAL;
		bytes += sizeof *at + 16 * (uint64_t)f->n_values;
	}
	to->bytes = 0;
	if (hcc_buffer_room(to, bytes + 16 * HCC_FRAME_SHARED))
		return -SYS_ENOMEM;
	to->bytes = bytes;
	at = (void *)to->base;
	for (f = frames; n_frames--; f = hcc_frame_after(f)) {
		const struct hcc_meta_function *function = function_of(f->site_idx);
		uint64_t values_bytes = 16 * (uint64_t)f->n_values;

		at->site = f->site_idx - function->first_site;
		at->resume = function->resume_va;
		at->bytes = sizeof *at + values_bytes;
		at->reserved = 0;
		hcc_copy(at + 1, f + 1, values_bytes);
		at = (void *)((char *)at + at->bytes);
	}
	at->site = 0;
	at->resume = (uint64_t)done;
	at->bytes = sizeof *at;
	at->reserved = 0;
	return 0;
}

uint64_t hcc_rebuild_stack_bytes(uint64_t block_va)
{
	uint64_t bytes = 4 * hcc_portable_stack_bytes(block_va);
	uint64_t least = block_va == __hcc_process.main_thread_pointer ? LEAST_STACK_BYTES
		: LEAST_THREAD_STACK_BYTES;

	return bytes < least ? least : HCC_ALIGN_UP(bytes, HCC_NATIVE_GUARD_BYTES);
}

/* ---- Proof ---------------------------------------------------------------------------------- */

void hcc_text_frame(struct hcc_text *t, uint32_t site_idx)
{
	const struct hcc_meta_header *m = hcc_meta();
	const struct hcc_meta_function *function = function_of(site_idx);
	const char *file = hcc_meta_at(m->strings_off + function->file_off);
	struct hcc_meta_site site;

	hcc_text_add(t, hcc_meta_at(m->strings_off + function->name_off));
	hcc_text_add(t, " (");
	hcc_text_add(t, *file ? file : "?");
	hcc_text_add(t, ":");
	hcc_text_decimal(t, hcc_find_site(site_idx, &site) ? 0 : site.line);
	hcc_text_add(t, "), call site ");
	hcc_text_decimal(t, site_idx - function->first_site);
}

static void add_value(struct hcc_text *t, const uint64_t value[2])
{
	hcc_text_add(t, "0x");
	if (value[1]) {
		hcc_text_hex(t, value[1]);
		hcc_text_add(t, ":");
	}
	hcc_text_hex(t, value[0]);
}

static int differ(struct hcc_text *t, const struct hcc_snap_frame *want,
	const struct hcc_snap_frame *got)
{
	const uint64_t (*a)[2] = (const void *)(want + 1), (*b)[2] = (const void *)(got + 1);

	if (want->site_idx != got->site_idx) {
		hcc_text_frame(t, want->site_idx);
		hcc_text_add(t, ": rebuilt wrongly: its frame is now of ");
		hcc_text_frame(t, got->site_idx);
		return -1;
	}
	for (uint32_t i = 0; i < want->n_values; i++) {
		if (a[i][0] == b[i][0] && a[i][1] == b[i][1])
			continue;
		hcc_text_frame(t, want->site_idx);
		hcc_text_add(t, ": rebuilt wrongly: value ");
		hcc_text_decimal(t, i);
		hcc_text_add(t, " of ");
		hcc_text_decimal(t, want->n_values);
		hcc_text_add(t, " is ");
		add_value(t, b[i]);
		hcc_text_add(t, ", expected ");
		add_value(t, a[i]);
		return -1;
	}
	return 0;
}

int hcc_rebuild_check(const struct hcc_regs *regs, const struct hcc_snap_frame *want,
	uint64_t n_frames, struct hcc_frames *again, struct hcc_text *t)
{
	const struct hcc_snap_frame *got;
	struct hcc_refusal why;

	if (hcc_capture_frames(regs, n_frames, again, &why)) {
		hcc_text_add(t, "frames rebuilt wrongly: ");
		hcc_text_add(t, why.text);
		hcc_text_add(t, " at 0x");
		hcc_text_hex(t, why.pc);
		return -1;
	}
	got = hcc_frames_first(again);
	if (again->n_frames != n_frames) {
		hcc_text_add(t, "frames rebuilt wrongly: their number is ");
		hcc_text_decimal(t, again->n_frames);
		hcc_text_add(t, ", expected ");
		hcc_text_decimal(t, n_frames);
		return -1;
	}
	for (; n_frames--; want = hcc_frame_after(want), got = hcc_frame_after(got))
		if (differ(t, want, got))
			return -1;
	return 0;
}
