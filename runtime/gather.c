/* Holding all threads at points; see gather.h. One thread, which has claimed to, counts up `phase`,
 * which is odd while threads are held, and sends each other thread a signal that interrupts what it
 * waits in. At its next point a thread captures itself and waits for the phase to change. The memory in
 * which it waits is the runtime's own. */
#include "gather.h"
#include "attributes.h"
#include "fenv.h"

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1 };

#define KICK 0x6b63696bu          /* si_value of our signals */
#define KICK_AGAIN_NS 5000000
#define PATIENCE_NS 100000000u    /* since the last thread has come; doubled for the next time */
#define PATIENCE_MOST_NS 400000000u
#define EVERYBODY 0x7fffffff

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

static HCC_KEPT uint32_t phase;
static HCC_KEPT uint32_t changes;   /* counts what the holding thread may wait for */
static HCC_KEPT uint32_t is_claimed;
static HCC_KEPT uint32_t patience_factor;

static void wait_while(uint32_t *word, uint32_t value, const struct sys_timespec *limit)
{
	hcc_sys(SYS_futex, word, FUTEX_WAIT | HCC_FUTEX_PRIVATE, value, limit);
}

static void wake(uint32_t *word)
{
	hcc_sys(SYS_futex, word, FUTEX_WAKE | HCC_FUTEX_PRIVATE, EVERYBODY);
}

static uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

int hcc_gather_claim(void)
{
	uint32_t none = 0;

	return __atomic_compare_exchange_n(&is_claimed, &none, 1, 0, __ATOMIC_SEQ_CST,
		__ATOMIC_SEQ_CST);
}

void hcc_gather_unclaim(void)
{
	__atomic_store_n(&is_claimed, 0, __ATOMIC_SEQ_CST);
}

int hcc_gather_is_on(void)
{
	return load(&is_claimed) || load(&phase) & 1;
}

void hcc_gather_forked(void)
{
	phase &= ~1u;
	is_claimed = 0;
	hcc_asked = 0;
	__hcc_thread.is_asked = 0;
}

void hcc_gather_changed(void)
{
	if (!(load(&phase) & 1))
		return;
	__atomic_add_fetch(&changes, 1, __ATOMIC_SEQ_CST);
	wake(&changes);
}

#include "apart.h"

/* ---- The held ------------------------------------------------------------------------------- */

int hcc_hold(struct hcc_record *r, const struct hcc_regs *regs, const struct hcc_point *point,
	uint64_t mask, struct hcc_refusal *why)
{
	if (hcc_capture_frames(regs, HCC_ALL_FRAMES, &r->frames, why))
		return -1;
	__hcc_fenv = hcc_fenv_get();
	hcc_scheduling_save(r);
	r->mask = mask;
	r->point = point;
	r->psp_va = (uint64_t)__hcc_psp;
	r->pending = 0;
	hcc_sys(SYS_rt_sigpending, &r->pending, sizeof r->pending);
	hcc_pending_hold(r);
	return 0;
}

void hcc_let_go(struct hcc_record *r)
{
	hcc_buffer_free(&r->frames.buffer);
	hcc_buffer_free(&r->queued);
}

static void be_held(struct hcc_record *r, uint32_t n)
{
	__atomic_store_n(&r->held, n, __ATOMIC_SEQ_CST);
	hcc_gather_changed();
	while (load(&phase) == n)
		wait_while(&phase, n, NULL);
	__atomic_store_n(&r->held, 0, __ATOMIC_SEQ_CST);
}

void hcc_gather_wait(const struct hcc_regs *regs, const struct hcc_point *point)
{
	const uint64_t all = ~(uint64_t)0;
	struct hcc_record *r;
	uint32_t n = load(&phase);
	uint64_t mask;

	if (!(n & 1) || hcc_thread_is_child())
		return;
	r = hcc_record_self();
	sys_sigprocmask(SYS_SIG_SETMASK, &all, &mask);
	if (!hcc_hold(r, regs, point, mask, &r->why))
		be_held(r, n);
	else
		__atomic_store_n(&r->declined, n, __ATOMIC_SEQ_CST);
	hcc_let_go(r);
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
}

/* ---- Signals -------------------------------------------------------------------------------- */

int hcc_is_kick(const struct sys_siginfo *info)
{
	return (uint32_t)info->si_value == KICK && info->si_pid == hcc_sys(SYS_getpid);
}

static void kick(struct hcc_record *r, long pid)
{
	struct sys_siginfo info = {
		.si_signo = HCC_SIGNAL_MIGRATE, .si_code = SYS_SI_QUEUE, .si_pid = (int32_t)pid,
		.si_value = KICK,
	};
	int32_t kernel = __atomic_load_n(&r->kernel, __ATOMIC_ACQUIRE);

	if (kernel == 0 || __atomic_exchange_n(&r->is_kicked, 1, __ATOMIC_SEQ_CST))
		return;
	if (hcc_sys(SYS_rt_tgsigqueueinfo, pid, kernel, HCC_SIGNAL_MIGRATE, &info) != 0)
		__atomic_store_n(&r->is_kicked, 0, __ATOMIC_SEQ_CST);
}

static int is_live(const struct hcc_record *r)
{
	return load(&r->state) == HCC_RECORD_LIVE;
}

void hcc_kick_others(void)
{
	const struct hcc_record *self = hcc_record_self();
	struct hcc_record *r = NULL;
	long pid = hcc_sys(SYS_getpid);

	if (hcc_other_threads() > 0)
		while ((r = hcc_record_next(r)) != NULL)
			if (r != self && is_live(r))
				kick(r, pid);
}

/* ---- The holder ----------------------------------------------------------------------------- */

int hcc_gather_has(const struct hcc_record *r)
{
	return is_live(r) && (r == hcc_record_self() || load(&r->held) == load(&phase));
}

/* How many are not held yet; those are interrupted. */
static uint32_t count_missing(uint32_t n)
{
	const struct hcc_record *self = hcc_record_self();
	struct hcc_record *r = NULL;
	long pid = hcc_sys(SYS_getpid);
	uint32_t n_missing = 0;

	while ((r = hcc_record_next(r)) != NULL) {
		if (r == self || !is_live(r) || load(&r->held) == n)
			continue;
		n_missing++;
		kick(r, pid);
	}
	return n_missing;
}

/* Wait for them. Returns how many have not come. */
static uint32_t wait_for_all(uint32_t n)
{
	const struct sys_timespec again = {0, KICK_AGAIN_NS};
	uint64_t patience_ns = (uint64_t)PATIENCE_NS << patience_factor;
	uint64_t last_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
	uint32_t least = ~0u;

	if (patience_ns > PATIENCE_MOST_NS)
		patience_ns = PATIENCE_MOST_NS;
	for (;;) {
		uint32_t seen = load(&changes), n_missing = count_missing(n);
		uint64_t now_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);

		if (!n_missing)
			return 0;
		if (n_missing < least) {
			least = n_missing;
			last_ns = now_ns;
		}
		if (now_ns - last_ns > patience_ns)
			return n_missing;
		wait_while(&changes, seen, &again);
	}
}

/* Why a thread that is missing has not come. */
static void tell(const struct hcc_record *r, uint32_t n, struct hcc_refusal *why)
{
	if (load(&r->declined) == n)
		*why = r->why;
	else
		hcc_decline(why, r->found_pc, "it reaches no migration point");
	why->thread = r->kernel;
}

/* What the program itself does in a thread that is held: its innermost frame that is not of libc. */
static uint32_t site_of(const struct hcc_record *r)
{
	const struct hcc_meta_header *m = hcc_meta();
	const struct hcc_meta_function *functions = hcc_meta_at(m->functions_off);
	const struct hcc_snap_frame *f = hcc_frames_first(&r->frames);
	uint32_t site = f->site_idx;

	for (uint64_t i = 0; i < r->frames.n_frames; i++, f = hcc_frame_after(f)) {
		const char *file = hcc_meta_at(m->strings_off
			+ functions[hcc_meta_function_of(m, f->site_idx)].file_off);

		if (file[0] != 's' || file[1] != 'r' || file[2] != 'c' || file[3] != '/')
			site = f->site_idx;
	}
	return site;
}

static void report_line(int status_fd, const struct hcc_record *r, uint32_t n)
{
	int is_held = load(&r->held) == n
		|| (r == hcc_record_self() && load(&r->declined) != n);
	char line[HCC_STATUS_BYTES];
	struct hcc_refusal why;
	struct hcc_text t;

	if (!is_held)
		tell(r, n, &why);
	hcc_text_start(&t, line, sizeof line - 1);
	hcc_text_add(&t, "thread thread=");
	hcc_text_decimal(&t, (uint64_t)r->kernel);
	hcc_text_add(&t, " pc=");
	hcc_text_hex(&t, is_held ? 0 : why.pc);
	hcc_text_add(&t, " call=");
	hcc_text_decimal(&t, is_held && r->point ? (uint64_t)r->point->n + 1 : 0);
	hcc_text_add(&t, " ");
	if (is_held)
		hcc_text_frame(&t, site_of(r));
	else
		hcc_text_add(&t, why.text);
	hcc_text_add(&t, "\n");
	sys_write(status_fd, line, hcc_string_bytes(line));
}

void hcc_gather_report(int status_fd)
{
	uint32_t n = load(&phase);
	const struct hcc_record *r = NULL;

	if (n & 1)
		while ((r = hcc_record_next(r)) != NULL)
			if (is_live(r))
				report_line(status_fd, r, n);
}

/* The first thread that is missing. */
static void tell_missing(uint32_t n, struct hcc_refusal *why)
{
	const struct hcc_record *self = hcc_record_self(), *r = NULL;

	hcc_decline(why, 0, "a thread has come and gone");
	while ((r = hcc_record_next(r)) != NULL)
		if (r != self && is_live(r) && load(&r->held) != n) {
			tell(r, n, why);
			return;
		}
}

int hcc_gather(struct hcc_refusal *why)
{
	uint32_t n;

	if (hcc_other_threads() == 0)
		return 0;
	n = __atomic_add_fetch(&phase, 1, __ATOMIC_SEQ_CST);
	hcc_polls_set(1);
	if (!wait_for_all(n)) {
		patience_factor = 0;
		return 0;
	}
	if (patience_factor < 3)
		patience_factor++;
	tell_missing(n, why);
	return -1;
}

void hcc_gather_in_vain(const struct hcc_refusal *why)
{
	struct hcc_record *self = hcc_record_self();
	struct hcc_refusal others;

	hcc_gather(&others);
	self->why = *why;
	__atomic_store_n(&self->declined, load(&phase), __ATOMIC_SEQ_CST);
}

void hcc_gather_release(void)
{
	if (!(load(&phase) & 1))
		return;
	__atomic_add_fetch(&phase, 1, __ATOMIC_SEQ_CST);
	wake(&phase);
}
