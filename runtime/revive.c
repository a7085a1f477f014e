/* Threads made anew after a restore; see revive.h. Each rebuilds its frames on a native stack of its
 * own, by entering the outermost one's resume function; the innermost one calls hcc_resume_done, where
 * all wait for each other. */
#include "revive.h"
#include "attributes.h"

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, PR_SET_NAME = 15, EVERYBODY = 0x7fffffff };

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

void hcc_resume_done(struct hcc_frame *frame);
long hcc_resume_done_slow(const struct hcc_regs *regs);

/* One restore per process image. */
static struct revival {
	uint32_t n_threads, n_standing;
	uint32_t is_over;
	uint64_t first_stack_end_va;
} revival;

static const struct hcc_snap_thread *threads(const void *file, uint64_t *n)
{
	const struct hcc_snap_header *h = file;

	*n = h->sections[HCC_SECTION_THREADS].bytes / sizeof(struct hcc_snap_thread);
	return hcc_snapshot_section(file, HCC_SECTION_THREADS);
}

/* ---- Checks --------------------------------------------------------------------------------- */

static int is_memory(const void *file, uint64_t va)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(file, HCC_SECTION_PROCESS);

	return va % 4 == 0 && ((va >= p->arena_start_va && va < p->arena_end_va)
		|| (va >= p->shared_data_start_va && va < p->shared_data_end_va));
}

/* Not inlined: the thread pointer must not be read before it is set. */
static __attribute__((noinline)) void check_thread(const void *file,
	const struct hcc_snap_thread *t)
{
	const struct hcc_thread *state = hcc_thread_of(t->thread_pointer);

	if ((uint64_t)*hcc_psp_of(t->thread_pointer) != t->portable_sp_va)
		hcc_restore_stop("pages: the portable stack pointer is not what the snapshot says");
	if (state->number != t->tid || (state->clear_va && !is_memory(file, state->clear_va))
			|| state->stack_start_va > t->portable_sp_va)
		hcc_restore_stop("pages: the state of a thread is not what the snapshot says");
}

void hcc_revive_check(const void *file)
{
	uint64_t n;
	const struct hcc_snap_thread *t = threads(file, &n);

	hcc_set_thread_pointer(t->thread_pointer);
	for (uint64_t i = 0; i < n; i++)
		check_thread(file, &t[i]);
}

/* ---- Records -------------------------------------------------------------------------------- */

static struct hcc_record *make_record(const struct hcc_snap_thread *t, int is_first)
{
	uint64_t bytes = hcc_rebuild_stack_bytes(t->thread_pointer);
	struct hcc_record *r;

	if (!is_first) {
		r = hcc_record_take(bytes);
	} else {
		r = hcc_record_first();
		revival.first_stack_end_va = hcc_native_stack_new(bytes);
		if (!revival.first_stack_end_va)
			r = NULL;
	}
	if (!r)
		hcc_restore_stop("no memory for the stack");
	return r;
}

static void prepare(struct hcc_record *r, const struct hcc_snap_thread *t,
	const struct hcc_snap_frame *frames)
{
	struct hcc_thread *state = hcc_thread_of(t->thread_pointer);

	r->block_va = t->thread_pointer;
	r->number = (uint32_t)t->tid;
	r->mask = t->signal_mask;
	r->pending = t->pending_signals;
	r->n_frames = t->n_frames;
	r->is_at_point = t->is_at_call != 0;
	hcc_copy(r->name, t->name, sizeof r->name);
	hcc_point_load(&r->again, t);
	state->slot = r->slot;
	state->is_asked = 0;
	state->generation++;
	if (hcc_rebuild_prepare(&r->native, frames, t->n_frames, hcc_resume_done)
			|| (hcc_switches.is_scorched
				&& !hcc_buffer_add(&r->want, frames, t->frames_bytes)))
		hcc_restore_stop("no memory for the frames");
}

void hcc_revive_prepare(const void *file, uint64_t *n_threads, uint64_t *n_frames)
{
	const char *frames = hcc_snapshot_section(file, HCC_SECTION_FRAMES);
	const struct hcc_snap_thread *t = threads(file, n_threads);

	*n_frames = 0;
	if (!__hcc_process.next_thread_number)
		__hcc_process.next_thread_number = HCC_THREAD_NUMBER_FIRST;
	revival.n_threads = (uint32_t)*n_threads;
	for (uint64_t i = 0; i < *n_threads; i++) {
		prepare(make_record(&t[i], i == 0), &t[i], (const void *)(frames + t[i].frames_off));
		*n_frames += t[i].n_frames;
	}
}

/* ---- Threads -------------------------------------------------------------------------------- */

/* On the thread itself, with all signals blocked. */
static _Noreturn void enter(struct hcc_record *r, uint64_t stack_end_va)
{
	if (__hcc_thread.robust_va)
		hcc_sys(SYS_set_robust_list, __hcc_thread.robust_va, __hcc_thread.robust_bytes);
	if (r->name[0])
		hcc_sys(SYS_prctl, PR_SET_NAME, r->name);
	hcc_signal_restore_thread();
	hcc_scheduling_restore();
	hcc_enter((void *)r->native.base, stack_end_va);
}

void hcc_revived(struct hcc_record *r)
{
	enter(r, r->stack_end_va);
}

void hcc_revive(void)
{
	struct hcc_record *first = hcc_record_self(), *r = first;

	hcc_record_begin(first);
	while ((r = hcc_record_next(r)) != NULL)
		if (r->n_frames && hcc_thread_revive(r))
			hcc_restore_stop("cannot make a thread");
	enter(first, revival.first_stack_end_va);
}

/* By HCC_SCORCH: the frames must be the ones that were captured. */
static void check_rebuilt(struct hcc_record *r, const struct hcc_regs *regs)
{
	struct hcc_frames again = {0};
	char line[1024];
	struct hcc_text t;

	hcc_text_start(&t, line, sizeof line);
	if (hcc_rebuild_check(regs, (const void *)r->want.base, r->n_frames, &again, &t))
		hcc_move_bug(line);
	hcc_buffer_free(&again.buffer);
	hcc_buffer_free(&r->want);
}

static void wait_while(const uint32_t *word, uint32_t value)
{
	hcc_sys(SYS_futex, word, FUTEX_WAIT | HCC_FUTEX_PRIVATE, value, NULL);
}

static void wake(const uint32_t *word)
{
	hcc_sys(SYS_futex, word, FUTEX_WAKE | HCC_FUTEX_PRIVATE, EVERYBODY);
}

static void stand(int is_first)
{
	uint32_t n = __atomic_add_fetch(&revival.n_standing, 1, __ATOMIC_SEQ_CST);

	if (!is_first) {
		if (n == revival.n_threads)
			wake(&revival.n_standing);
		while (!__atomic_load_n(&revival.is_over, __ATOMIC_SEQ_CST))
			wait_while(&revival.is_over, 0);
		return;
	}
	while ((n = __atomic_load_n(&revival.n_standing, __ATOMIC_SEQ_CST)) < revival.n_threads)
		wait_while(&revival.n_standing, n);
	hcc_restore_done();
	__atomic_store_n(&revival.is_over, 1, __ATOMIC_SEQ_CST);
	if (revival.n_threads > 1)
		wake(&revival.is_over);
}

/* A connection that a thread waited for, and that came about before the socket was taken, is one that is made:
 * the kernel tells so the first time only, and that was the restore. */
static long call_again(const struct hcc_point *point, const struct hcc_regs *regs)
{
	long result = hcc_point_again(point, regs);

	return point->n == NEUTRAL_connect && result == -SYS_EISCONN ? 0 : result;
}

/* Called by the innermost frame's resume function in place of the poll at which it was captured: all of
 * the thread's frames stand, and it goes on when this returns. */
long hcc_resume_done_slow(const struct hcc_regs *regs)
{
	struct hcc_record *r = hcc_record_self();
	long pid = hcc_sys(SYS_getpid);
	struct hcc_point point = r->again;
	int is_at_point = r->is_at_point;

	if (r->want.base)
		check_rebuilt(r, regs);
	if (hcc_jump_remember(regs))
		hcc_restore_stop("no memory for the frames");
	hcc_buffer_free(&r->native);
	r->n_frames = 0;
	stand(r->slot == 0);
	for (int i = 1; i <= 64; i++)
		if (r->pending >> (i - 1) & 1 && i != HCC_MIGRATE_SIGNAL)
			hcc_sys(SYS_tgkill, pid, r->kernel, i);
	sys_sigprocmask(SYS_SIG_SETMASK, &r->mask, NULL);
	return is_at_point ? call_again(&point, regs) : 0;
}
