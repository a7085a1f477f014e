/* The frames of a thread as neutral frames, read by the program's own table. Changes nothing. */
#include "migrate.h"

int hcc_refuse(struct hcc_refusal *why, const char *a, const char *b, const char *c)
{
	struct hcc_text t;

	hcc_text_start(&t, why->text, sizeof why->text);
	hcc_text_add(&t, a);
	hcc_text_add(&t, b);
	hcc_text_add(&t, c);
	why->verdict = HCC_REFUSE;
	return -1;
}

int hcc_fail(struct hcc_refusal *why, long error, const char *what)
{
	hcc_refuse(why, what, "", "");
	why->verdict = HCC_FAIL;
	why->error = (int)-error;
	return -1;
}

int hcc_decline(struct hcc_refusal *why, uint64_t pc, const char *text)
{
	hcc_refuse(why, text, "", "");
	why->verdict = HCC_DECLINE;
	why->pc = pc;
	why->thread = 0;
	return -1;
}

static int grow(struct hcc_buffer *b, uint64_t more_bytes, uint64_t keep_at_end)
{
	uint64_t cap = b->cap_bytes ? b->cap_bytes : 1 << 16;
	long va;

	while (cap - b->bytes < more_bytes)
		cap *= 2;
	va = sys_mmap(0, cap, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_NORESERVE, -1, 0);
	if (hcc_sys_failed(va))
		return (int)va;
	if (b->base) {
		if (keep_at_end)
			hcc_copy((char *)va + cap - b->bytes, b->base + b->cap_bytes - b->bytes,
				b->bytes);
		else
			hcc_copy((char *)va, b->base, b->bytes);
		sys_munmap((uint64_t)b->base, b->cap_bytes);
	}
	b->base = (char *)va;
	b->cap_bytes = cap;
	return 0;
}

int hcc_buffer_room(struct hcc_buffer *b, uint64_t more_bytes)
{
	return b->cap_bytes - b->bytes < more_bytes ? grow(b, more_bytes, 0) : 0;
}

void *hcc_buffer_add(struct hcc_buffer *b, const void *data, uint64_t bytes)
{
	void *at;

	if (hcc_buffer_room(b, bytes))
		return NULL;
	at = b->base + b->bytes;
	hcc_copy(at, data, bytes);
	b->bytes += bytes;
	return at;
}

void hcc_buffer_free(struct hcc_buffer *b)
{
	if (b->base)
		sys_munmap((uint64_t)b->base, b->cap_bytes);
	*b = (struct hcc_buffer){0};
}

/* A frame of something else than the program's movable code: names that, or, where that is the
 * runtime's own, the function in which the thread is. */
static int decline_frame(struct hcc_refusal *why, uint64_t pc, uint64_t innermost_pc)
{
	if (pc == (uint64_t)hcc_signal_return)
		return hcc_decline(why, innermost_pc, "a signal handler runs");
	return hcc_decline(why, pc, "a frame has no record");
}

int hcc_capture_frames(const struct hcc_regs *regs, uint64_t most, struct hcc_frames *out,
	struct hcc_refusal *why)
{
	struct hcc_buffer *b = &out->buffer;
	struct hcc_cursor c;

	b->bytes = 0;
	out->n_frames = 0;
	hcc_cursor_start(&c, regs);
	for (; out->n_frames < most && !hcc_cursor_at_end(&c); out->n_frames++) {
		struct hcc_snap_frame *frame;
		uint64_t bytes;

		if (!c.has_record)
			return decline_frame(why, c.pc, regs->pc);
		bytes = sizeof *frame + 16 * (uint64_t)c.site.n_values;
		if (b->cap_bytes - b->bytes < bytes) {
			int error = grow(b, bytes, 1);

			if (error)
				return hcc_fail(why, error, "no memory for its frames");
		}
		b->bytes += bytes;
		frame = (void *)(b->base + b->cap_bytes - b->bytes);
		frame->site_idx = c.ret.site_idx;
		frame->n_values = c.site.n_values;
		frame->reserved = 0;
		if (hcc_cursor_values(&c, (void *)(frame + 1)))
			return hcc_decline(why, c.pc, "a value of a frame is not portable");
		if (hcc_cursor_step(&c))
			return hcc_decline(why, c.pc, "the record of a frame is wrong");
	}
	if (!out->n_frames)
		return hcc_decline(why, c.pc, "it has no frames");
	hcc_cursor_regs(&c, &out->caller);
	return 0;
}
