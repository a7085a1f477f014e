/* Numbers of threads in system calls. A thread keeps the number that the program first saw; the
 * kernel's is another after a move. What the kernel would find by such a number, or do at the end of a
 * thread, is done here. */
#include "attributes.h"
#include "registry.h"

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

/* Which argument is a number. */
static const struct {
	uint16_t neutral, native;
	uint8_t arg;
} calls[] = {
#define OF(name, arg) { NEUTRAL_##name, SYS_##name, arg }
	OF(tkill, 0), OF(tgkill, 1), OF(rt_tgsigqueueinfo, 1), OF(sched_setparam, 0),
	OF(sched_setscheduler, 0), OF(sched_getscheduler, 0), OF(sched_getparam, 0),
	OF(sched_setaffinity, 0), OF(sched_getaffinity, 0), OF(sched_setattr, 0),
	OF(sched_getattr, 0), OF(sched_rr_get_interval, 0), OF(setpriority, 1), OF(getpriority, 1),
	OF(ioprio_set, 1), OF(ioprio_get, 1),
#undef OF
};

enum { PRIO_PROCESS = 0, IOPRIO_WHO_PROCESS = 1, CLOCK_PER_THREAD = 4, CLOCK_KIND = 3, CLOCK_FD = 3 };

/* struct robust_list_head of linux/futex.h. */
struct robust_list {
	uint64_t first;
	int64_t word_off;  /* from an entry to its futex word */
	uint64_t pending;
};

long hcc_thread_clock(long clock)
{
	long c = (int)clock;

	if (c >= 0 || !(c & CLOCK_PER_THREAD) || (c & CLOCK_KIND) == CLOCK_FD)
		return clock;
	return ~hcc_thread_number(~(c >> 3)) << 3 | (c & 7);
}

/* qemu-user has no such calls: then the list is only kept here, and looked at when the thread ends. */
static long set_robust_list(uint64_t va, uint64_t bytes)
{
	long result = hcc_sys(SYS_set_robust_list, va, bytes);

	if (bytes != sizeof(struct robust_list))
		return -SYS_EINVAL;
	if (result != 0 && result != -SYS_ENOSYS)
		return result;
	__hcc_thread.robust_va = va;
	__hcc_thread.robust_bytes = bytes;
	return 0;
}

static long get_robust_list(long number, uint64_t *va, uint64_t *bytes)
{
	long result = hcc_sys(SYS_get_robust_list, hcc_thread_number(number), va, bytes);

	if (result != -SYS_ENOSYS || (number != 0 && number != hcc_thread_number_here()))
		return result;
	*va = __hcc_thread.robust_va;
	*bytes = sizeof(struct robust_list);
	return 0;
}

long hcc_numbered_syscall(long n, long a, long b, long c, long d, long e)
{
	long args[5] = { a, b, c, d, e }, which = -2, result;

	switch (n) {
	case NEUTRAL_gettid:
		return hcc_thread_number_here();
	case NEUTRAL_set_tid_address:
		__hcc_thread.clear_va = (uint64_t)a;
		return hcc_thread_number_here();
	case NEUTRAL_set_robust_list:
		return set_robust_list((uint64_t)a, (uint64_t)b);
	case NEUTRAL_get_robust_list:
		return get_robust_list((int)a, (uint64_t *)b, (uint64_t *)c);
	case NEUTRAL_clock_getres:
		return hcc_sys(SYS_clock_getres, hcc_thread_clock(a), b);
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (calls[i].neutral != n)
			continue;
		if (n == NEUTRAL_setpriority || n == NEUTRAL_getpriority)
			which = a == PRIO_PROCESS ? -2 : -1;
		else if (n == NEUTRAL_ioprio_set || n == NEUTRAL_ioprio_get)
			which = a == IOPRIO_WHO_PROCESS ? -2 : -1;
		if (which != -1)
			args[calls[i].arg] = hcc_thread_number((int)args[calls[i].arg]);
		result = hcc_sys6(calls[i].native, args[0], args[1], args[2], args[3], args[4], 0);
		if (result >= 0)
			hcc_scheduling_note(n, which, args[calls[i].arg]);
		return result;
	}
	return -SYS_ENOSYS;
}

/* ---- Robust locks --------------------------------------------------------------------------- */

enum {
	OWNER_DIED = 0x40000000, WAITERS = (int)0x80000000, NUMBER_MASK = 0x3fffffff,
	MOST_LOCKS = 2048, FUTEX_WAKE = 1,
};

static void leave_lock(uint64_t entry, int64_t word_off)
{
	uint32_t *word = (uint32_t *)((entry & ~(uint64_t)1) + (uint64_t)word_off);
	uint32_t value = __atomic_load_n(word, __ATOMIC_SEQ_CST);

	while ((value & NUMBER_MASK) == __hcc_thread.number)
		if (__atomic_compare_exchange_n(word, &value, (value & (uint32_t)WAITERS) |
			OWNER_DIED, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
			if (value & (uint32_t)WAITERS)
				hcc_sys(SYS_futex, word, FUTEX_WAKE, 1);
			return;
		}
}

void hcc_robust_leave(void)
{
	const struct robust_list *list = (const struct robust_list *)__hcc_thread.robust_va;
	uint64_t entry;

	if (list == NULL)
		return;
	entry = list->first;
	for (int n = 0; n < MOST_LOCKS && (entry & ~(uint64_t)1) != (uint64_t)list; n++) {
		uint64_t next = *(const uint64_t *)(entry & ~(uint64_t)1);

		if (entry != list->pending)
			leave_lock(entry, list->word_off);
		entry = next;
	}
	if (list->pending != 0)
		leave_lock(list->pending, list->word_off);
}
