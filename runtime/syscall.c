/* System calls of neutral code: asm-generic numbers, structures and flags on one side, the running
 * kernel's on the other. What is the same on both goes through a table; the rest through a switch.
 * Signals, mappings and threads are handled in their own files. */
#include "attributes.h"
#include "thread_arch.h"

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

enum {
	TIMER_ABSTIME = 1,
	FUTEX_WAIT_BITSET = 9, FUTEX_WAIT_REQUEUE_PI = 11, FUTEX_COMMAND_MASK = 127,
	FUTEX_CLOCK_REALTIME = 256,
	CLONE_VM = 0x100, CLONE_THREAD = 0x10000, CLONE_SETTLS = 0x80000,
};

/* Handled below. clone3, io_setup, io_uring and rseq give kernel and program memory in common that
 * could not travel, and pkeys are a register of one ISA; rt_sigreturn and restart_syscall are not the
 * program's to make. */
#define IS_REFUSED(n) \
	((n) == NEUTRAL_clone3 || (n) == NEUTRAL_io_setup || (n) == NEUTRAL_io_uring_setup || \
	 (n) == NEUTRAL_rseq || (n) == NEUTRAL_rt_sigreturn || (n) == NEUTRAL_restart_syscall || \
	 (n) == NEUTRAL_brk || (n) == NEUTRAL_pkey_alloc || (n) == NEUTRAL_pkey_free)
/* Calls that name a thread by its number, or say what is to happen at its end (numbers.c). */
#define IS_OF_THREAD(n) \
	((n) == NEUTRAL_gettid || (n) == NEUTRAL_tkill || (n) == NEUTRAL_tgkill || \
	 (n) == NEUTRAL_rt_tgsigqueueinfo || (n) == NEUTRAL_sched_setparam || \
	 (n) == NEUTRAL_sched_setscheduler || (n) == NEUTRAL_sched_getscheduler || \
	 (n) == NEUTRAL_sched_getparam || (n) == NEUTRAL_sched_setaffinity || \
	 (n) == NEUTRAL_sched_getaffinity || (n) == NEUTRAL_sched_setattr || \
	 (n) == NEUTRAL_sched_getattr || (n) == NEUTRAL_sched_rr_get_interval || \
	 (n) == NEUTRAL_setpriority || (n) == NEUTRAL_getpriority || \
	 (n) == NEUTRAL_get_robust_list || (n) == NEUTRAL_set_robust_list || \
	 (n) == NEUTRAL_set_tid_address || (n) == NEUTRAL_clock_getres || \
	 (n) == NEUTRAL_ioprio_set || (n) == NEUTRAL_ioprio_get)
/* Calls that name a timer by its number, and times on clocks that a move offsets. */
#define IS_OF_TIMER(n) \
	((n) == NEUTRAL_timer_create || (n) == NEUTRAL_timer_settime || \
	 (n) == NEUTRAL_timer_gettime || (n) == NEUTRAL_timer_getoverrun || \
	 (n) == NEUTRAL_timer_delete || (n) == NEUTRAL_timerfd_settime)
/* Calls that tell the kernel what it does not tell again. */
#define IS_NOTED(n) \
	((n) == NEUTRAL_socketpair || (n) == NEUTRAL_listen || (n) == NEUTRAL_setsockopt || \
	 (n) == NEUTRAL_inotify_add_watch)
/* Calls that set what a new process does not have (attributes.c). */
#define IS_ATTRIBUTE(n) \
	((n) == NEUTRAL_prctl || (n) == NEUTRAL_prlimit64 || (n) == NEUTRAL_setrlimit || \
	 (n) == NEUTRAL_personality || (n) == NEUTRAL_seccomp || (n) == NEUTRAL_unshare || \
	 (n) == NEUTRAL_setns || (n) == NEUTRAL_chroot || (n) == NEUTRAL_pivot_root || \
	 (n) == NEUTRAL_semop || (n) == NEUTRAL_semtimedop || (n) == NEUTRAL_keyctl || \
	 (n) == NEUTRAL_capset || (n) == NEUTRAL_setgroups || \
	 (n) == NEUTRAL_setsid || (n) == NEUTRAL_setpgid || (n) == NEUTRAL_membarrier || \
	 (n) == NEUTRAL_mlockall || (n) == NEUTRAL_munlockall || (n) == NEUTRAL_mlock || \
	 (n) == NEUTRAL_mlock2 || (n) == NEUTRAL_madvise)
#define IS_SPECIAL(n) \
	((n) == NEUTRAL_mmap || (n) == NEUTRAL_munmap || (n) == NEUTRAL_mremap || \
	 (n) == NEUTRAL_shmat || (n) == NEUTRAL_rt_sigaction || (n) == NEUTRAL_sigaltstack || \
	 (n) == NEUTRAL_clone || (n) == NEUTRAL_exit || (n) == NEUTRAL_exit_group || \
	 (n) == NEUTRAL_clock_gettime || \
	 (n) == NEUTRAL_clock_nanosleep || (n) == NEUTRAL_nanosleep || IS_OF_THREAD(n) || \
	 (n) == NEUTRAL_futex || IS_REFUSED(n) || IS_NOTED(n) || IS_OF_TIMER(n) || \
	 (n) == NEUTRAL_rt_sigtimedwait || \
	 ARCH_IS_SPECIAL(n))

static inline __attribute__((always_inline)) long kernel_once(const struct hcc_point *point, long n,
	long a, long b, long c, long d, long e, long f)
{
	if (point != NULL)
		return hcc_sys_cp(point->cancel, n, a, b, c, d, e, f);
	return hcc_sys6(n, a, b, c, d, e, f);
}

/* What only a request has interrupted is made again: by the point, if it is one's, else here. Those
 * with a relative timeout that the kernel does not count down begin it anew. A close is never made
 * again: the descriptor is gone. */
static inline __attribute__((always_inline)) long kernel(const struct hcc_point *point, long n,
	long a, long b, long c, long d, long e, long f)
{
	volatile struct hcc_thread *self = &__hcc_thread;
	uint32_t n_handled, n_requests;
	long result;

	for (;;) {
		n_handled = self->n_handled;
		n_requests = self->n_requests;
		result = kernel_once(point, n, a, b, c, d, e, f);
		if (__builtin_expect(result != -SYS_EINTR, 1) || n == SYS_close ||
		    n_requests == self->n_requests || n_handled != self->n_handled)
			return result;
		if (point != NULL)
			return -HCC_INTERRUPTED;
	}
}

/* Uses kernel(). */
#include "syscall_arch.h"

/* By neutral number: native number + 1; -1: special; below: -2 - native number, to be noted when it has been
 * made; 0: there is none. */
#define HCC_SYSCALL(name, generic, x86_64) \
	[generic] = IS_SPECIAL(generic) ? -1 : IS_ATTRIBUTE(generic) \
		? -2 - HCC_SYSCALL_NATIVE(generic, x86_64) : HCC_SYSCALL_NATIVE(generic, x86_64) + 1,
static const int16_t native_numbers[] = {
#include "syscalls.def"
};
#undef HCC_SYSCALL

#define N_NUMBERS (sizeof(native_numbers) / sizeof(native_numbers[0]))

/* Sleeps for a span of time count down: a repeated one sleeps for the rest. */
static long sleep_span(const struct hcc_point *point, long clock, const struct sys_timespec *span,
	struct sys_timespec *rest)
{
	struct sys_timespec left = *span;
	long result = kernel(point, SYS_clock_nanosleep, clock, 0, (long)&left, (long)&left, 0, 0);

	if (result == -SYS_EINTR && rest != NULL)
		*rest = left;
	return result;
}

void hcc_shift_time(struct sys_timespec *time, int64_t offset_ns)
{
	const int64_t second_ns = 1000000000;

	time->tv_sec += offset_ns / second_ns;
	time->tv_nsec += offset_ns % second_ns;
	if (time->tv_nsec >= second_ns) {
		time->tv_nsec -= second_ns;
		time->tv_sec++;
	} else if (time->tv_nsec < 0) {
		time->tv_nsec += second_ns;
		time->tv_sec--;
	}
}

/* An absolute time of the program, on a clock of boot, as the kernel counts. */
static long kernel_time(struct sys_timespec *out, long time, int64_t offset_ns)
{
	*out = *(const struct sys_timespec *)time;
	hcc_shift_time(out, -offset_ns);
	return (long)out;
}

static long fork_process(long flags, long stack, long parent_tid, long child_tid)
{
	long result;

	if (stack != 0 || (flags & (CLONE_VM | CLONE_THREAD | CLONE_SETTLS)))
		return -SYS_EINVAL;
	result = arch_clone_fork(flags, parent_tid, child_tid);
	if (result == 0)
		hcc_thread_forked();
	return result;
}

static __attribute__((noinline)) long attribute(const struct hcc_point *point, int native, long n,
	long a, long b, long c, long d, long e)
{
	const long args[5] = { a, b, c, d, e };
	long result;

	if (n == NEUTRAL_prctl && hcc_is_foreign_option(a))
		return -SYS_EINVAL;
	hcc_filter_begins(n, args);
	result = kernel(point, native, a, b, c, d, e, 0);
	if (!hcc_sys_failed(result))
		hcc_attributes_note(n, args);
	else
		hcc_filter_fails(n, args);
	return result;
}

static __attribute__((noinline)) long special(const struct hcc_point *point, long n, long a, long b,
	long c, long d, long e, long f)
{
	struct sys_timespec time;
	int64_t offset_ns;
	long result;

	switch (n) {
	case NEUTRAL_mmap:
		return hcc_arena_mmap((uint64_t)a, (uint64_t)b, (int)c, (int)d, (int)e, f);
	case NEUTRAL_munmap:
		return hcc_arena_munmap((uint64_t)a, (uint64_t)b);
	case NEUTRAL_mremap:
		return hcc_arena_mremap((uint64_t)a, (uint64_t)b, (uint64_t)c, (int)d,
			(uint64_t)e);
	case NEUTRAL_brk:
		return -SYS_ENOMEM;
	case NEUTRAL_shmat:
		return hcc_arena_shmat((int)a, (uint64_t)b, (int)c);
	case NEUTRAL_rt_sigaction:
		return hcc_signal_action(a, (const struct sys_sigaction *)b,
			(struct sys_sigaction *)c, d);
	case NEUTRAL_sigaltstack:
		return hcc_signal_altstack((const struct sys_stack *)a, (struct sys_stack *)b);
	case NEUTRAL_clone:
		return fork_process(a, b, c, e);
	case NEUTRAL_exit:
		hcc_thread_exit(a);
	case NEUTRAL_exit_group:
		hcc_switches_exit();
		sys_exit_group((int)a);
	case NEUTRAL_clock_gettime:
		a = hcc_thread_clock(a);
		result = hcc_vdso_clock_gettime != NULL
			? hcc_vdso_clock_gettime(a, (struct sys_timespec *)b)
			: hcc_sys(SYS_clock_gettime, a, b);
		offset_ns = hcc_clock_offset_ns(a);
		if (result == 0 && offset_ns != 0)
			hcc_shift_time((struct sys_timespec *)b, offset_ns);
		return result;
	case NEUTRAL_nanosleep:
		if (a == 0)
			return -SYS_EFAULT;
		return sleep_span(point, SYS_CLOCK_MONOTONIC, (const struct sys_timespec *)a,
			(struct sys_timespec *)b);
	case NEUTRAL_clock_nanosleep:
		a = hcc_thread_clock(a);
		offset_ns = hcc_clock_offset_ns(a);
		if ((b & TIMER_ABSTIME) && offset_ns != 0)
			c = kernel_time(&time, c, offset_ns);
		if (!(b & TIMER_ABSTIME) && c != 0)
			return sleep_span(point, a, (const struct sys_timespec *)c,
				(struct sys_timespec *)d);
		return kernel(point, SYS_clock_nanosleep, a, b, c, d, e, f);
	case NEUTRAL_timer_create:
		return hcc_timer_create(a, (const void *)b, (int32_t *)c);
	case NEUTRAL_timer_settime:
		return hcc_timer_settime(a, b, (const struct sys_timespec *)c,
			(struct sys_timespec *)d);
	case NEUTRAL_timer_gettime:
		return hcc_timer_gettime(a, (struct sys_timespec *)b);
	case NEUTRAL_timer_getoverrun:
		return hcc_timer_getoverrun(a);
	case NEUTRAL_timer_delete:
		return hcc_timer_delete(a);
	case NEUTRAL_timerfd_settime:
		return hcc_timerfd_settime(a, b, (const struct sys_timespec *)c,
			(struct sys_timespec *)d);
	case NEUTRAL_rt_sigtimedwait:
		result = kernel(point, SYS_rt_sigtimedwait, a, b, c, d, e, f);
		if (result > 0 && b != 0)
			hcc_timer_rename((struct sys_siginfo *)b);
		return result;
	case NEUTRAL_socketpair:
		return hcc_noted_socketpair(a, b, c, (const int *)d);
	case NEUTRAL_listen:
		return hcc_noted_listen(a, b);
	case NEUTRAL_setsockopt:
		return hcc_noted_setsockopt(a, b, c, (const void *)d, e);
	case NEUTRAL_inotify_add_watch:
		return hcc_noted_inotify_add_watch(a, (const char *)b, c);
	case NEUTRAL_futex:
		if (hcc_futex_is_ours(b))
			return hcc_futex_pi(point, (uint32_t *)a, b, d);
		if (__hcc_process.monotonic_offset_ns != 0 && d != 0 &&
		    !(b & FUTEX_CLOCK_REALTIME) &&
		    ((b & FUTEX_COMMAND_MASK) == FUTEX_WAIT_BITSET ||
		     (b & FUTEX_COMMAND_MASK) == FUTEX_WAIT_REQUEUE_PI))
			d = kernel_time(&time, d, __hcc_process.monotonic_offset_ns);
		return kernel(point, SYS_futex, a, b, c, d, e, f);
	}
	if (IS_OF_THREAD(n))
		return hcc_numbered_syscall(n, a, b, c, d, e);
	return IS_REFUSED(n) ? -SYS_ENOSYS : arch_syscall(point, n, a, b, c, d, e, f);
}

static inline __attribute__((always_inline)) long translate(const struct hcc_point *point, long n,
	long a, long b, long c, long d, long e, long f)
{
	int native = (unsigned long)n < N_NUMBERS ? native_numbers[n] : 0;

	if (native > 0)
		return kernel(point, native - 1, a, b, c, d, e, f);
	if (native == 0)
		return -SYS_ENOSYS;
	if (native < -1)
		return attribute(point, -2 - native, n, a, b, c, d, e);
	return special(point, n, a, b, c, d, e, f);
}

long __hcc_syscall(long n, long a, long b, long c, long d, long e, long f)
{
	return translate(NULL, n, a, b, c, d, e, f);
}

long hcc_syscall_at(const struct hcc_point *point, long n, const long args[6])
{
	return translate(point, n, args[0], args[1], args[2], args[3], args[4], args[5]);
}
