/* Pending signals with what they carry: who sent them, a value, a timer. They are taken from the kernel
 * and given back at once, in their order; the list of them lies in the program's memory and travels
 * with it. */
#include "migrate.h"

#define PAGE_BYTES 4096u

static HCC_KEPT struct hcc_buffer taken;

static void put_back(struct sys_siginfo *infos, uint64_t n)
{
	long self = hcc_sys(SYS_getpid);

	for (uint64_t i = 0; i < n; i++)
		if (hcc_sys(SYS_rt_sigqueueinfo, self, infos[i].si_signo, &infos[i]))
			hcc_sys(SYS_kill, self, infos[i].si_signo);
}

static void take_all(uint64_t set)
{
	const struct sys_timespec now = {0, 0};
	struct sys_siginfo info;

	taken.bytes = 0;
	while (!hcc_buffer_room(&taken, sizeof info)
			&& hcc_sys(SYS_rt_sigtimedwait, &set, &info, &now, sizeof set) > 0)
		hcc_buffer_add(&taken, &info, sizeof info);
}

void hcc_pending_save(uint64_t pending)
{
	struct hcc_process *process = &__hcc_process;
	uint64_t bytes;
	long va;

	if (process->pending_va)
		hcc_arena_munmap(process->pending_va, HCC_ALIGN_UP(process->pending_bytes, PAGE_BYTES));
	process->pending_va = process->pending_bytes = 0;
	pending &= ~(1ull << (HCC_MIGRATE_SIGNAL - 1));
	if (!pending)
		return;
	take_all(pending);
	put_back((void *)taken.base, taken.bytes / sizeof(struct sys_siginfo));
	for (uint64_t i = 0; i < taken.bytes / sizeof(struct sys_siginfo); i++)
		hcc_timer_rename((struct sys_siginfo *)taken.base + i);
	bytes = HCC_ALIGN_UP(taken.bytes, PAGE_BYTES);
	va = hcc_arena_mmap(0, bytes, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
	if (hcc_sys_failed(va))
		return;
	hcc_copy((void *)va, taken.base, taken.bytes);
	process->pending_va = (uint64_t)va;
	process->pending_bytes = taken.bytes;
}

void hcc_pending_restore(uint64_t pending)
{
	struct hcc_process *process = &__hcc_process;
	struct sys_siginfo *infos = (struct sys_siginfo *)process->pending_va;
	uint64_t n = process->pending_bytes / sizeof *infos;

	if (process->pending_va % PAGE_BYTES || process->pending_va < process->arena_start_va
			|| process->pending_va > process->arena_end_va
			|| process->pending_bytes > process->arena_end_va - process->pending_va)
		n = 0;
	for (uint64_t i = 0; i < n; i++) {
		int signal = infos[i].si_signo;

		if (signal < 1 || signal > 64 || !(pending >> (signal - 1) & 1))
			return; /* not what was pending */
		hcc_timer_unname(&infos[i]);
	}
	put_back(infos, n);
	for (uint64_t i = 0; i < n; i++)
		pending &= ~(1ull << (infos[i].si_signo - 1));
	for (int i = 1; i <= 64; i++)
		if (pending >> (i - 1) & 1 && i != HCC_MIGRATE_SIGNAL)
			hcc_sys(SYS_kill, hcc_sys(SYS_getpid), i);
}
