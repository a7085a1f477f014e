/* POSIX timers, and the times of timers that a program gives. The kernel's numbers of timers change
 * with a move, so the program has numbers of the runtime's: places in a list that lies in the
 * program's memory and travels with it. Before a capture the list is told what is left of each. */
#include "process.h"

#define PAGE_BYTES 4096u
#define MAX_PAGES 4096u

enum {
	TIMER_ABSTIME = 1,
	SIGEV_SIGNAL = 0, SIGEV_THREAD_ID = 4,
	SIGALRM = 14,
};

enum state { FREE, TAKEN, LIVE };

/* struct sigevent of the neutral ABI, and of the kernels. */
struct event {
	uint64_t value;
	int32_t signal, notify, thread;
	int32_t reserved[11];
};

struct timer {
	uint32_t state;          /* enum state */
	int32_t kernel_id;
	int32_t clock;
	int32_t is_absolute;     /* as it was set last */
	struct event event;      /* thread: as the program knows it */
	struct sys_timespec left[2]; /* interval; what is left, or if absolute when, by the program's
				      * clock; zero: not armed. Made true by hcc_timers_save() */
};

#define N_TIMERS ((PAGE_BYTES - sizeof(uint64_t)) / sizeof(struct timer))

struct page {
	uint64_t next_va;
	struct timer timers[N_TIMERS];
};

_Static_assert(sizeof(struct event) == 64, "kernel ABI");
_Static_assert(sizeof(struct page) <= PAGE_BYTES, "one page");

/* ---- The list ---------------------------------------------------------------------------------- */

static struct page *first_page(void)
{
	return (struct page *)__atomic_load_n(&__hcc_process.timers_va, __ATOMIC_ACQUIRE);
}

static struct page *next_page(const struct page *page)
{
	return (struct page *)__atomic_load_n(&page->next_va, __ATOMIC_ACQUIRE);
}

#define FOR_TIMERS(id, timer) \
	for (struct { struct page *page; long n; } at_ = {first_page(), 0}; at_.page != NULL; \
		at_.page = next_page(at_.page)) \
		for (struct timer *timer = at_.page->timers; \
			timer < at_.page->timers + N_TIMERS && ((id = at_.n++), 1); timer++)

static struct timer *find(long id)
{
	struct page *page = first_page();

	for (; page != NULL && id >= (long)N_TIMERS; id -= (long)N_TIMERS)
		page = next_page(page);
	if (page == NULL || id < 0
			|| __atomic_load_n(&page->timers[id].state, __ATOMIC_ACQUIRE) != LIVE)
		return NULL;
	return &page->timers[id];
}

static struct timer *take(long *id)
{
	for (;;) {
		uint64_t *link = &__hcc_process.timers_va, none = 0;
		long va;

		FOR_TIMERS(*id, timer) {
			uint32_t free = FREE;

			if (__atomic_compare_exchange_n(&timer->state, &free, TAKEN, 0,
					__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
				return timer;
		}
		va = hcc_arena_mmap(0, PAGE_BYTES, SYS_PROT_READ | SYS_PROT_WRITE,
			SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
		if (hcc_sys_failed(va))
			return NULL;
		while (*link != 0)
			link = &((struct page *)*link)->next_va;
		if (!__atomic_compare_exchange_n(link, &none, (uint64_t)va, 0, __ATOMIC_RELEASE,
				__ATOMIC_RELAXED))
			hcc_arena_munmap((uint64_t)va, PAGE_BYTES); /* another thread was first */
	}
}

static long make(struct timer *timer)
{
	struct event event = timer->event;

	if (event.notify == SIGEV_THREAD_ID)
		event.thread = (int32_t)hcc_thread_number(event.thread);
	return hcc_sys(SYS_timer_create, hcc_thread_clock(timer->clock), &event, &timer->kernel_id);
}

/* ---- System calls ------------------------------------------------------------------------------ */

long hcc_timer_create(long clock, const void *event, int32_t *id)
{
	struct timer *timer;
	long place, result;

	timer = take(&place);
	if (timer == NULL)
		return -SYS_EAGAIN;
	timer->clock = (int32_t)clock;
	timer->is_absolute = 0;
	timer->event = event != NULL
		? *(const struct event *)event
		: (struct event){.value = (uint64_t)place, .signal = SIGALRM, .notify = SIGEV_SIGNAL};
	result = make(timer);
	if (result == 0)
		*id = (int32_t)place;
	__atomic_store_n(&timer->state, result == 0 ? LIVE : FREE, __ATOMIC_RELEASE);
	return result;
}

/* Absolute times of a timer on a clock of boot, as the kernel counts; else the program's. */
static const struct sys_timespec *kernel_times(struct sys_timespec times[2], int clock, long flags,
	const struct sys_timespec *new)
{
	int64_t offset_ns = hcc_clock_offset_ns(clock);

	if (!(flags & TIMER_ABSTIME) || new == NULL || offset_ns == 0
			|| (new[1].tv_sec == 0 && new[1].tv_nsec == 0))
		return new;
	times[0] = new[0];
	times[1] = new[1];
	hcc_shift_time(&times[1], -offset_ns);
	if (times[1].tv_sec < 0 || (times[1].tv_sec == 0 && times[1].tv_nsec == 0))
		times[1] = (struct sys_timespec){0, 1}; /* long ago, but armed */
	return times;
}

long hcc_timer_settime(long id, long flags, const struct sys_timespec *new, struct sys_timespec *old)
{
	struct timer *timer = find(id);
	struct sys_timespec times[2];
	long result;

	if (timer == NULL)
		return -SYS_EINVAL;
	result = hcc_sys(SYS_timer_settime, timer->kernel_id, flags,
		kernel_times(times, timer->clock, flags, new), old);
	if (result == 0)
		timer->is_absolute = flags & TIMER_ABSTIME;
	return result;
}

long hcc_timerfd_settime(long fd, long flags, const struct sys_timespec *new,
	struct sys_timespec *old)
{
	struct sys_timespec times[2];

	if ((flags & TIMER_ABSTIME) && new != NULL && (__hcc_process.monotonic_offset_ns != 0
			|| __hcc_process.boottime_offset_ns != 0))
		new = kernel_times(times, hcc_timerfd_clock((int)fd), flags, new);
	return hcc_sys(SYS_timerfd_settime, fd, flags, new, old);
}

long hcc_timer_gettime(long id, struct sys_timespec *now)
{
	struct timer *timer = find(id);

	return timer ? hcc_sys(SYS_timer_gettime, timer->kernel_id, now) : -SYS_EINVAL;
}

long hcc_timer_getoverrun(long id)
{
	struct timer *timer = find(id);

	return timer ? hcc_sys(SYS_timer_getoverrun, timer->kernel_id) : -SYS_EINVAL;
}

long hcc_timer_delete(long id)
{
	struct timer *timer = find(id);
	uint32_t live = LIVE;
	long result;

	if (timer == NULL || !__atomic_compare_exchange_n(&timer->state, &live, TAKEN, 0,
			__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return -SYS_EINVAL;
	result = hcc_sys(SYS_timer_delete, timer->kernel_id);
	__atomic_store_n(&timer->state, FREE, __ATOMIC_RELEASE);
	return result;
}

enum { SI_TIMER = -2 };

void hcc_timer_unname(struct sys_siginfo *info)
{
	const struct timer *timer = info->si_code == SI_TIMER ? find(info->si_pid) : NULL;

	if (timer != NULL)
		info->si_pid = timer->kernel_id;
}

/* qemu-user 7.2 gives the host's number in place of its own: then signal and value have to do. */
void hcc_timer_rename(struct sys_siginfo *info)
{
	long id, alike = info->si_pid;

	if (info->si_code != SI_TIMER)
		return;
	FOR_TIMERS(id, timer) {
		if (timer->state != LIVE)
			continue;
		if (timer->kernel_id == info->si_pid) {
			info->si_pid = (int32_t)id;
			return;
		}
		if (timer->event.signal == info->si_signo && timer->event.value == info->si_value)
			alike = id;
	}
	info->si_pid = (int32_t)alike;
}

void hcc_timers_forked(void)
{
	long id;

	FOR_TIMERS(id, timer) {
		(void)id;
		timer->state = FREE;
	}
}

/* ---- Moves ------------------------------------------------------------------------------------- */

#include "apart.h"

static int64_t to_ns(const struct sys_timespec *time)
{
	return time->tv_sec * 1000000000 + time->tv_nsec;
}

void hcc_timers_save(void)
{
	long id;

	FOR_TIMERS(id, timer) {
		struct sys_timespec now;

		if (timer->state != LIVE)
			continue;
		timer->left[1] = (struct sys_timespec){0, 0};
		hcc_sys(SYS_timer_gettime, timer->kernel_id, timer->left);
		if (!timer->is_absolute || to_ns(&timer->left[1]) == 0)
			continue;
		/* Clocks of processor time begin anew. */
		if (timer->clock < 0 || timer->clock == SYS_CLOCK_PROCESS_CPUTIME
				|| timer->clock == SYS_CLOCK_THREAD_CPUTIME
				|| hcc_sys(SYS_clock_gettime, timer->clock, &now) != 0) {
			timer->is_absolute = 0;
			continue;
		}
		hcc_shift_time(&now, hcc_clock_offset_ns(timer->clock));
		hcc_shift_time(&timer->left[1], to_ns(&now));
	}
}

/* The list is as a snapshot had it. */
static int list_is_sound(void)
{
	const uint64_t start_va = __hcc_process.arena_start_va, end_va = __hcc_process.arena_end_va;
	uint64_t va = __hcc_process.timers_va;

	for (unsigned n = 0; va != 0; n++) {
		if (n == MAX_PAGES || va % PAGE_BYTES || va < start_va || va >= end_va)
			return 0;
		va = ((const struct page *)va)->next_va;
	}
	return 1;
}

int hcc_timers_restore(void)
{
	long id, flags;

	if (!list_is_sound())
		return -1;
	FOR_TIMERS(id, timer) {
		struct sys_timespec times[2];

		if (timer->state != LIVE)
			continue;
		if (make(timer) != 0)
			return -1;
		flags = timer->is_absolute ? TIMER_ABSTIME : 0;
		if (to_ns(&timer->left[1]) != 0
				&& hcc_sys(SYS_timer_settime, timer->kernel_id, flags,
					kernel_times(times, timer->clock, flags, timer->left),
					NULL) != 0)
			return -1;
	}
	return 0;
}
