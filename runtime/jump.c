/* longjmp to a frame that was made before the process moved: its native state is another machine's,
 * so the frame is found by its function and its place on the portable stack, and its function is
 * entered anew, at the setjmp's site, as if its caller had just called it.
 *
 * The frame may be one that the restore has rebuilt, and may so be left again and again: the buffer
 * keeps its old generation, and every longjmp to it comes here. */
#include "registry.h"

/* The neutral jmp_buf: 32 words that setjmp.S knows, then musl's fields for the signal mask. */
struct jump_buffer {
	uint64_t generation;
	uint64_t psp_va;
	uint64_t function_va;
	int64_t site;         /* number within the function */
	uint64_t base_va;     /* of the portable frame */
	uint64_t reserved;
	struct hcc_regs regs; /* after setjmp's return */
	uint64_t unused[26 - sizeof(struct hcc_regs) / 8];
	uint64_t mask_saved;
	uint64_t mask;
};

_Static_assert(offsetof(struct jump_buffer, regs) == 48, "layout known to setjmp.S");
_Static_assert(offsetof(struct jump_buffer, mask_saved) == 256, "layout known to libc");

/* The setjmp's frame, and behind its values the one that gives its second result. Taken by a slow
 * longjmp, free again once the result has been given; signal handlers may be in between, hence
 * several. */
struct jump_frames {
	uint32_t taken;
	uint32_t is_mapped;
	uint64_t bytes;
	struct hcc_frame setjmp;
	uint64_t values[];
};

#define N_POOL 8
#define POOL_BYTES 1024

static char pool[N_POOL][POOL_BYTES] __attribute__((aligned(16)));

_Noreturn void hcc_longjmp_slow(struct jump_buffer *buf, int value);
void hcc_siglongjmp_mask(const struct jump_buffer *buf);
void __hcc_sigsave(struct jump_buffer *buf, int save_mask);

void __hcc_sigsave(struct jump_buffer *buf, int save_mask)
{
	buf->mask_saved = (uint64_t)save_mask;
	if (save_mask)
		sys_sigprocmask(SYS_SIG_SETMASK, NULL, &buf->mask);
}

void hcc_siglongjmp_mask(const struct jump_buffer *buf)
{
	if (buf->mask_saved)
		sys_sigprocmask(SYS_SIG_SETMASK, &buf->mask, NULL);
}

static struct jump_frames *frames_take(uint64_t bytes)
{
	struct jump_frames *f;
	long va;

	for (int i = 0; i < N_POOL && bytes <= POOL_BYTES; i++) {
		f = (void *)pool[i];
		if (!__atomic_exchange_n(&f->taken, 1, __ATOMIC_ACQUIRE))
			return f;
	}
	va = sys_mmap(0, bytes, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
	if (hcc_sys_failed(va))
		__builtin_trap();
	f = (void *)va;
	f->is_mapped = 1;
	return f;
}

/* Called in place of setjmp by the resume function, by way of hcc_give_result: its result is longjmp's
 * value. */
int hcc_jump_result(struct hcc_frame *frame)
{
	const uint64_t *slot = (const uint64_t *)(frame + 1);
	struct jump_frames *f = (void *)slot[1];
	int value = (int)slot[0];

	if (f->is_mapped)
		sys_munmap((uint64_t)f, f->bytes);
	else
		__atomic_store_n(&f->taken, 0, __ATOMIC_RELEASE);
	return value;
}

static struct hcc_frame *make_frames(const struct jump_buffer *buf, uint64_t resume_va,
	unsigned n_values, int value)
{
	uint64_t values_bytes = 16 * (uint64_t)n_values;
	uint64_t bytes = sizeof(struct jump_frames) + values_bytes + sizeof(struct hcc_frame) + 16
		+ 16 * HCC_FRAME_SHARED;
	struct jump_frames *f = frames_take(bytes);
	struct hcc_frame *result;
	uint64_t *slots = f->values;

	f->bytes = bytes;
	f->setjmp = (struct hcc_frame){(uint64_t)buf->site, resume_va,
		sizeof f->setjmp + values_bytes, 0};
	for (unsigned i = 0; i < 2 * n_values; i++)
		slots[i] = i ? 0 : buf->base_va;
	result = (void *)(slots + 2 * n_values);
	*result = (struct hcc_frame){0, (uint64_t)hcc_give_result, sizeof *result + 16, 0};
	slots = (uint64_t *)(result + 1);
	slots[0] = (uint64_t)(value ? value : 1);
	slots[1] = (uint64_t)f;
	return &f->setjmp;
}

/* ---- Frames that can be jumped to --------------------------------------------------------------- */

/* A rebuilt frame of a function that calls setjmp, and the state in which its caller had called it.
 * Every buffer of an older generation names one of these, or one that has returned. A walk at the
 * time of the jump would not do: it could not cross a frame that a signal has interrupted. */
struct target {
	uint64_t function_va, base_va;
	uint32_t function_idx;
	struct hcc_regs caller;
};

static int add_target(uint32_t function_idx, uint64_t base_va, const struct hcc_cursor *caller)
{
	const struct hcc_meta_function *functions = hcc_meta_at(hcc_meta()->functions_off);
	struct target t = {functions[function_idx].entry_va, base_va, function_idx, {0}};

	hcc_cursor_regs(caller, &t.caller);
	/* Of the last move; its memory serves the next one. */
	return hcc_buffer_add(&hcc_record_self()->targets, &t, sizeof t) ? 0 : -SYS_ENOMEM;
}

int hcc_jump_remember(const struct hcc_regs *regs)
{
	const struct hcc_meta_function *functions = hcc_meta_at(hcc_meta()->functions_off);
	struct hcc_cursor c;

	hcc_record_self()->targets.bytes = 0;
	for (hcc_cursor_start(&c, regs); c.has_record;) {
		uint32_t function_idx = hcc_meta_function_of(hcc_meta(), c.ret.site_idx);
		int is_target = (functions[function_idx].flags & HCC_FUNCTION_SETJMP) != 0;
		uint64_t base[1][2] = {{0, 0}};

		if (is_target && hcc_cursor_first_values(&c, base, 1))
			__builtin_trap();
		if (hcc_cursor_step(&c))
			__builtin_trap();
		if (is_target && add_target(function_idx, base[0][0], &c))
			return -SYS_ENOMEM;
	}
	return 0;
}

/* Undefined behaviour when the frame is no longer there; then, as natively, the program crashes. */
static const struct target *find_target(const struct jump_buffer *buf)
{
	const struct hcc_buffer *targets = &hcc_record_self()->targets;
	const struct target *t = (const void *)targets->base;

	for (uint64_t n = targets->bytes / sizeof *t; n; n--, t++)
		if (t->base_va == buf->base_va && t->function_va == buf->function_va)
			return t;
	__builtin_trap();
}

void hcc_longjmp_slow(struct jump_buffer *buf, int value)
{
	const struct target *t = find_target(buf);
	const struct hcc_meta_function *f =
		(const struct hcc_meta_function *)hcc_meta_at(hcc_meta()->functions_off)
		+ t->function_idx;
	struct hcc_meta_site site;

	if (buf->site < 0 || (uint64_t)buf->site >= hcc_meta_n_sites(hcc_meta(), f) ||
	    hcc_find_site(f->first_site + (uint32_t)buf->site, &site))
		__builtin_trap();
	__hcc_psp = (void *)buf->psp_va;
	hcc_reenter(&t->caller, make_frames(buf, f->resume_va, site.n_values, value));
}
