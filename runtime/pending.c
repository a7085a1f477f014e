/* Pending signals with what they carry: who sent them, a value, a timer. They are taken from the kernel
 * and given back at once, in their order; the list of them lies in the program's memory and travels
 * with it. */
#include "descriptors.h"
#include "gather.h"

#define PAGE_BYTES 4096u
#define STANDARD ((1ull << 31) - 1)

/* In the list. */
struct pending {
	struct sys_siginfo info;
	uint64_t thread; /* number by which the program knows it; 0: for no thread in particular */
};

static HCC_KEPT struct hcc_buffer taken;

static void put_back(const struct pending *p, const struct hcc_record *r)
{
	long self = hcc_sys(SYS_getpid);
	int signal = p->info.si_signo;

	if (r) {
		if (hcc_sys(SYS_rt_tgsigqueueinfo, self, r->kernel, signal, &p->info))
			hcc_sys(SYS_tgkill, self, r->kernel, signal);
	} else if (hcc_sys(SYS_rt_sigqueueinfo, self, signal, &p->info)) {
		hcc_sys(SYS_kill, self, signal);
	}
}

/* ---- Of one thread --------------------------------------------------------------------------- */

/* Of /proc/self/task/N/status: SigPnd, signals that wait for this thread alone; ShdPnd, for all. */
static uint64_t read_set(const struct hcc_record *r, const char *key, int shift)
{
	char text[2048];
	struct hcc_text t;
	const char *s;
	uint64_t v;
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
	text[n < 0 ? 0 : n] = 0;
	s = hcc_info_after(text, key);
	v = s ? hcc_info_number(&s, 16) : 0;
	return (v & STANDARD) | ((v & ~STANDARD) >> shift & ~STANDARD);
}

static uint64_t read_own(const struct hcc_record *r, int shift)
{
	return read_set(r, "\nSigPnd:\t", shift);
}

uint64_t hcc_pending_shared(void)
{
	return read_set(hcc_record_self(), "\nShdPnd:\t", hcc_signal_shift());
}

/* The kernel gives a thread its own before those that are for all. */
void hcc_pending_hold(struct hcc_record *r)
{
	const uint64_t request = 1ull << (HCC_MIGRATE_SIGNAL - 1);
	const struct sys_timespec now = {0, 0};
	uint64_t own;
	int shift;

	r->own_pending = 0;
	r->queued.bytes = 0;
	if (!(r->pending & ~request) || !hcc_other_threads())
		return;
	shift = hcc_signal_shift();
	r->own_pending = read_own(r, shift) & r->pending & ~request;
	while ((own = read_own(r, shift) & r->pending & ~request) != 0) {
		struct pending p = {.thread = 1};

		if (hcc_buffer_room(&r->queued, sizeof p) || hcc_sys(SYS_rt_sigtimedwait, &own, &p.info,
				&now, sizeof own) <= 0)
			break;
		hcc_buffer_add(&r->queued, &p, sizeof p);
	}
	for (uint64_t i = 0; i < r->queued.bytes / sizeof(struct pending); i++)
		put_back((const struct pending *)(const void *)r->queued.base + i, r);
}

/* ---- Of the process -------------------------------------------------------------------------- */

/* This thread's own come first. They are in its list already, and only given back. */
static void take_all(uint64_t set)
{
	const struct sys_timespec now = {0, 0};
	struct hcc_record *self = hcc_record_self();
	const struct pending *own = (const void *)self->queued.base;
	uint64_t n_own = self->queued.bytes / sizeof *own;
	uint32_t n_left[65] = {0};
	struct pending p = {.thread = 0};

	for (uint64_t i = 0; i < n_own; i++)
		n_left[own[i].info.si_signo]++;
	while (!hcc_buffer_room(&taken, sizeof p)
			&& hcc_sys(SYS_rt_sigtimedwait, &set, &p.info, &now, sizeof set) > 0)
		if (n_left[p.info.si_signo])
			n_left[p.info.si_signo]--;
		else
			hcc_buffer_add(&taken, &p, sizeof p);
	for (uint64_t i = 0; i < n_own; i++)
		if (set >> (own[i].info.si_signo - 1) & 1)
			put_back(&own[i], self);
	for (uint64_t i = 0; i < taken.bytes / sizeof p; i++)
		put_back((const struct pending *)(const void *)taken.base + i, NULL);
}

static void add_threads(void)
{
	const struct hcc_record *r = NULL;

	while ((r = hcc_record_next(r)) != NULL)
		if (hcc_gather_has(r) && r->own_pending)
			hcc_buffer_add(&taken, r->queued.base, r->queued.bytes);
}

static void number_threads(void)
{
	struct pending *p = (struct pending *)taken.base;
	const struct hcc_record *r = NULL;

	while (p < (struct pending *)(taken.base + taken.bytes) && !p->thread)
		p++;
	while ((r = hcc_record_next(r)) != NULL)
		if (hcc_gather_has(r) && r->own_pending)
			for (uint64_t i = 0; i < r->queued.bytes / sizeof *p; i++)
				(p++)->thread = r->number;
}

void hcc_pending_save(uint64_t pending)
{
	struct hcc_process *process = &__hcc_process;
	uint64_t bytes;
	long va;

	if (process->pending_va)
		hcc_arena_munmap(process->pending_va, HCC_ALIGN_UP(process->pending_bytes, PAGE_BYTES));
	process->pending_va = process->pending_bytes = 0;
	taken.bytes = 0;
	pending &= ~(1ull << (HCC_MIGRATE_SIGNAL - 1));
	if (pending)
		take_all(pending);
	add_threads();
	if (!taken.bytes)
		return;
	number_threads();
	for (uint64_t i = 0; i < taken.bytes / sizeof(struct pending); i++)
		hcc_timer_rename(&((struct pending *)taken.base)[i].info);
	bytes = HCC_ALIGN_UP(taken.bytes, PAGE_BYTES);
	va = hcc_arena_mmap(0, bytes, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
	if (hcc_sys_failed(va))
		return;
	hcc_copy((void *)va, taken.base, taken.bytes);
	process->pending_va = (uint64_t)va;
	process->pending_bytes = taken.bytes;
}

static struct hcc_record *find_thread(uint64_t number)
{
	struct hcc_record *r = NULL;

	while ((r = hcc_record_next(r)) != NULL)
		if (r->number == number && r->kernel)
			return r;
	return NULL;
}

/* Whether it was pending, where the list says. */
static int was_pending(const struct pending *p, uint64_t pending)
{
	const struct hcc_record *r = p->thread ? find_thread(p->thread) : NULL;
	int signal = p->info.si_signo;

	if (signal < 1 || signal > 64 || signal == HCC_MIGRATE_SIGNAL || (p->thread && !r))
		return 0;
	return (p->thread ? r->pending : pending) >> (signal - 1) & 1;
}

void hcc_pending_restore(uint64_t pending)
{
	struct hcc_process *process = &__hcc_process;
	struct pending *list = (struct pending *)process->pending_va;
	uint64_t n = process->pending_bytes / sizeof *list;

	if (process->pending_va % PAGE_BYTES || process->pending_va < process->arena_start_va
			|| process->pending_va > process->arena_end_va
			|| process->pending_bytes > process->arena_end_va - process->pending_va)
		n = 0;
	for (uint64_t i = 0; i < n; i++) {
		if (!was_pending(&list[i], pending))
			return; /* not what was pending */
		hcc_timer_unname(&list[i].info);
	}
	for (uint64_t i = 0; i < n; i++)
		put_back(&list[i], list[i].thread ? find_thread(list[i].thread) : NULL);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t bit = 1ull << (list[i].info.si_signo - 1);

		if (list[i].thread)
			find_thread(list[i].thread)->pending &= ~bit;
		else
			pending &= ~bit;
	}
	for (int i = 1; i <= 64; i++)
		if (pending >> (i - 1) & 1 && i != HCC_MIGRATE_SIGNAL)
			hcc_sys(SYS_kill, hcc_sys(SYS_getpid), i);
}
