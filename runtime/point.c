/* System calls at which a thread can be captured. See point.h. */
#include "migrate.h"
#include "signal_arch.h"

#define SECOND_NS 1000000000ll
#define NO_TIMEOUT (-1)

extern const char __cp_begin[], __cp_end[], hcc_cp_interrupted[];

const int32_t hcc_not_cancelled;

long __cancel(void); /* of libc */

/* Where a call has a relative timeout: argument number, and whether it is an int of milliseconds. */
static int timeout_arg(const struct hcc_point *p, int *is_ms)
{
	enum { FUTEX_WAIT = 0, FUTEX_COMMAND_MASK = 127, TIMER_ABSTIME = 1 };

	*is_ms = 0;
	switch (p->n) {
	case NEUTRAL_epoll_pwait:
		*is_ms = 1;
		return (int)p->args[3] > 0 ? 3 : NO_TIMEOUT;
	case NEUTRAL_epoll_pwait2:
	case NEUTRAL_semtimedop:
		return p->args[3] ? 3 : NO_TIMEOUT;
	case NEUTRAL_ppoll:
	case NEUTRAL_rt_sigtimedwait:
		return p->args[2] ? 2 : NO_TIMEOUT;
	case NEUTRAL_pselect6:
	case NEUTRAL_recvmmsg:
		return p->args[4] ? 4 : NO_TIMEOUT;
	case NEUTRAL_nanosleep:
		return p->args[0] ? 0 : NO_TIMEOUT;
	case NEUTRAL_clock_nanosleep:
		return p->args[2] && !(p->args[1] & TIMER_ABSTIME) ? 2 : NO_TIMEOUT;
	case NEUTRAL_futex:
		return p->args[3] && (p->args[1] & FUTEX_COMMAND_MASK) == FUTEX_WAIT ? 3
			: NO_TIMEOUT;
	}
	return NO_TIMEOUT;
}

/* The argument itself is the program's, and stays as it is. */
static void load_left(struct hcc_point *p, int arg, int is_ms)
{
	long ms = (int)p->args[arg];

	p->left = is_ms ? (struct sys_timespec){ms / 1000, ms % 1000 * 1000000}
		: *(const struct sys_timespec *)p->args[arg];
	p->has_left = p->left.tv_sec >= 0 && p->left.tv_nsec >= 0 && p->left.tv_nsec < SECOND_NS;
}

static void count_down(struct hcc_point *p, uint64_t passed_ns)
{
	int64_t left_ns = p->left.tv_nsec - (int64_t)(passed_ns % SECOND_NS);
	int64_t left_sec = p->left.tv_sec - (int64_t)(passed_ns / SECOND_NS);

	if (left_ns < 0) {
		left_ns += SECOND_NS;
		left_sec--;
	}
	p->left = left_sec < 0 ? (struct sys_timespec){0, 0}
		: (struct sys_timespec){left_sec, left_ns};
}

static long call_once(const struct hcc_point *p, int arg, int is_ms)
{
	struct sys_timespec left = p->left;
	long args[6];

	for (int i = 0; i < 6; i++)
		args[i] = p->args[i];
	/* A millisecond that has begun counts, as it does for the kernel. */
	if (p->has_left && is_ms)
		args[arg] = left.tv_sec * 1000 + (left.tv_nsec + 999999) / 1000000;
	else if (p->has_left)
		args[arg] = (long)&left;
	return hcc_syscall_at(p, p->n, args);
}

/* libc looks at EINTR whether it comes of this, and then ends the thread itself, so that handlers of the
 * cancellation run in frames that have records; but not at that of close. */
static long cancelled(const struct hcc_point *p)
{
	return p->n == NEUTRAL_close ? __cancel() : -SYS_EINTR;
}

static long call(struct hcc_point *p)
{
	int is_ms, arg = timeout_arg(p, &is_ms);
	uint64_t begin_ns = 0;
	long result;

	for (;;) {
		if (arg != NO_TIMEOUT)
			begin_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
		result = call_once(p, arg, is_ms);
		if (result == -HCC_CANCELLED)
			return cancelled(p);
		if (result != -HCC_INTERRUPTED)
			return result;
		if (arg != NO_TIMEOUT && !p->has_left)
			load_left(p, arg, is_ms);
		if (p->has_left)
			count_down(p, hcc_now_ns(SYS_CLOCK_MONOTONIC) - begin_ns);
		hcc_poll_at(&p->regs, p);
	}
}

long hcc_point(struct hcc_point *p)
{
	if (hcc_switches.is_on)
		hcc_poll_at(&p->regs, p);
	return call(p);
}

long hcc_point_again(const struct hcc_point *captured, const struct hcc_regs *regs)
{
	struct hcc_point p = *captured;

	p.regs = *regs;
	return call(&p);
}

void hcc_point_interrupt(void *ucontext)
{
	struct arch_ucontext *uc = ucontext;
	uint64_t pc = ARCH_UC_PC(uc);

	if (pc >= (uint64_t)__cp_begin && pc < (uint64_t)__cp_end)
		ARCH_UC_PC(uc) = (uint64_t)hcc_cp_interrupted;
}

/* ---- In a snapshot -------------------------------------------------------------------------- */

void hcc_point_save(const struct hcc_point *p, struct hcc_snap_thread *t)
{
	t->is_at_call = 1;
	t->call = p->n;
	for (int i = 0; i < 6; i++)
		t->args[i] = p->args[i];
	t->cancel_va = p->cancel == &hcc_not_cancelled ? 0 : (uint64_t)p->cancel;
	t->has_left = p->has_left;
	t->left_sec = p->has_left ? p->left.tv_sec : 0;
	t->left_nsec = p->has_left ? p->left.tv_nsec : 0;
}

void hcc_point_load(struct hcc_point *p, const struct hcc_snap_thread *t)
{
	*p = (struct hcc_point){
		.cancel = t->cancel_va ? (const volatile void *)t->cancel_va : &hcc_not_cancelled,
		.n = t->call,
		.has_left = t->has_left,
		.left = {t->left_sec, t->left_nsec},
	};
	for (int i = 0; i < 6; i++)
		p->args[i] = t->args[i];
}
