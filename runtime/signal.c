/* Signals: the kernel always gets a native handler of ours, which calls the program's handler on
 * the portable stack with neutral siginfo and ucontext. An alternate stack has two halves likewise:
 * the program's memory is the portable one, the native one is made here. A table of what the
 * program asked for travels with the process. */
#include "fenv.h"
#include "process.h"
#include "signal_arch.h"

/* Bytes below the portable stack pointer that interrupted code may be using. */
#define PORTABLE_RED_ZONE_BYTES 256
#define NATIVE_ALTSTACK_BYTES (64ULL << 10)
/* No function touches its native frame further from the stack pointer, above or below; and the least guard
 * of a portable stack. */
#define OVERFLOW_BYTES (64ULL << 10)

enum { SS_ONSTACK = 1, SS_DISABLE = 2, MIN_ALTSTACK_BYTES = 2048 };

/* ucontext_t of the neutral ABI: libc-patches/files/arch/hcc/bits/signal.h. */
struct neutral_ucontext {
	uint64_t uc_flags;
	uint64_t uc_link;
	struct sys_stack uc_stack;
	uint64_t uc_sigmask[16];
	uint64_t pc, sp, fault_va;
	uint64_t reserved[29];
};

struct neutral_frame {
	struct neutral_ucontext ucontext;
	struct sys_siginfo info;
} __attribute__((aligned(16)));

_Static_assert(sizeof(struct neutral_ucontext) == 424, "neutral ABI");

void hcc_signal_restorer(void);
void hcc_signal_call(uint64_t handler, long signal, void *info, void *ucontext);

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

/* syscall.S: a call that can still be given up. */
extern const char __cp_begin[], __cp_end[], __cp_cancel[], hcc_cp_cancelled[];

static int is_in_cp(uint64_t pc)
{
	return pc >= (uint64_t)__cp_begin && pc < (uint64_t)__cp_end;
}

static int is_within(uint64_t va, uint64_t start_va, uint64_t bytes)
{
	return va - start_va < bytes;
}

/* Where the handler's portable frame may end: on the alternate stack when the kernel has just
 * switched to the native one, else below what the interrupted code uses. */
static uint64_t portable_top(const struct arch_ucontext *uc)
{
	uint64_t sp = (uint64_t)__builtin_frame_address(0);
	const struct sys_stack *alt = &uc->uc_stack;

	if (__hcc_altstack.bytes != 0 && is_within(sp, alt->sp, alt->bytes) &&
	    !is_within(ARCH_UC_SP(uc), alt->sp, alt->bytes))
		return __hcc_altstack.start_va + __hcc_altstack.bytes;
	return (uint64_t)__hcc_psp - PORTABLE_RED_ZONE_BYTES;
}

/* Where a fault has been. An overflow of the stack, of either of its halves, is at the end of the
 * portable one: the program knows no native address, and who asks whether it was one compares with the
 * mapping that the stack is, whose guard is a mapping of its own. */
static uint64_t neutral_fault(uint64_t va, const struct arch_ucontext *uc)
{
	uint64_t start_va = __hcc_thread.stack_start_va;

	if (start_va != 0 && (is_within(va, start_va - OVERFLOW_BYTES, OVERFLOW_BYTES) ||
			      is_within(va, ARCH_UC_SP(uc) - OVERFLOW_BYTES, 2 * OVERFLOW_BYTES)))
		return start_va;
	return va;
}

static void fill_frame(struct neutral_frame *frame, const struct sys_siginfo *info,
	const struct arch_ucontext *uc, uint64_t psp)
{
	uint64_t *p = (uint64_t *)frame;
	size_t i;

	for (i = 0; i < sizeof(*frame) / sizeof(*p); i++)
		p[i] = 0;
	frame->ucontext.uc_stack.sp = __hcc_altstack.start_va;
	frame->ucontext.uc_stack.bytes = __hcc_altstack.bytes;
	if (__hcc_altstack.bytes == 0)
		frame->ucontext.uc_stack.flags = SS_DISABLE;
	frame->ucontext.uc_sigmask[0] = uc->uc_sigmask;
	frame->ucontext.pc = ARCH_UC_PC(uc);
	frame->ucontext.sp = psp;
	frame->info = *info;
	if (info->si_signo == SYS_SIGSEGV && info->si_code > 0)
		frame->info.si_addr = neutral_fault(info->si_addr, uc);
	frame->ucontext.fault_va = neutral_fault(ARCH_UC_FAULT_VA(uc), uc);
	hcc_timer_rename(&frame->info);
}

void hcc_signal_entry(int signal, struct sys_siginfo *info, void *ucontext)
{
	struct arch_ucontext *uc = ucontext;
	void *psp = __hcc_psp;
	uint64_t top = portable_top(uc) & ~15ULL;
	struct neutral_frame *frame = (struct neutral_frame *)top - 1;
	uint64_t handler = __atomic_load_n(&__hcc_sigactions[signal].handler, __ATOMIC_RELAXED);
	uint64_t pc;

	if (handler <= SYS_SIG_IGN)
		return;
	__hcc_thread.n_handled++;
	__hcc_psp = frame;
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* a handler that nests puts its frame below */
	fill_frame(frame, info, uc, (uint64_t)psp);
	pc = frame->ucontext.pc;
	hcc_signal_call(handler, signal, &frame->info, &frame->ucontext);
	uc->uc_sigmask = frame->ucontext.uc_sigmask[0];
	if (frame->ucontext.pc == (uint64_t)__cp_cancel && is_in_cp(pc))
		ARCH_UC_PC(uc) = (uint64_t)hcc_cp_cancelled;
	else if (frame->ucontext.pc != pc)
		ARCH_UC_PC(uc) = frame->ucontext.pc;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__hcc_psp = psp;
}

uint64_t hcc_signal_pc(const void *ucontext)
{
	return ARCH_UC_PC((const struct arch_ucontext *)ucontext);
}

int hcc_signal_wanted(int signal)
{
	return __hcc_sigactions[signal].handler > SYS_SIG_IGN;
}

long hcc_signal_install_native(int signal, void (*handler)(int, struct sys_siginfo *, void *),
	uint64_t flags, uint64_t mask)
{
	struct sys_sigaction native = {
		.handler = (uint64_t)handler,
		.flags = flags | SYS_SA_SIGINFO | SYS_SA_RESTORER,
		.restorer = (uint64_t)hcc_signal_restorer,
		.mask = mask,
	};

	return hcc_sys(SYS_rt_sigaction, signal, &native, NULL, sizeof(native.mask));
}

/* HCC_SIGNAL_MIGRATE is the runtime's: libc's use of it is only written down. Taking it away is
 * not, because a posix_spawn child does so in its parent's memory. */
static long migrate_action(const struct sys_sigaction *action, struct sys_sigaction *old)
{
	struct hcc_sigaction *slot = &__hcc_sigactions[HCC_SIGNAL_MIGRATE];

	if (old != NULL) {
		old->handler = slot->handler;
		old->flags = slot->flags;
		old->mask = slot->mask;
	}
	if (action != NULL && action->handler > SYS_SIG_IGN) {
		slot->flags = action->flags;
		slot->mask = action->mask;
		slot->handler = action->handler;
	}
	return 0;
}

/* A handler is written down before the kernel gets ours. Default and ignore are not written down:
 * a posix_spawn child sets them in its parent's memory, and the kernel knows them. */
long hcc_signal_action(long signal, const struct sys_sigaction *action,
	struct sys_sigaction *old, long set_bytes)
{
	struct hcc_sigaction *slot, before;
	struct sys_sigaction native, native_old;
	long result;

	if (set_bytes != sizeof(native.mask) || signal < 1 || signal >= HCC_SIGNALS)
		return -SYS_EINVAL;
	if (signal == HCC_SIGNAL_MIGRATE)
		return migrate_action(action, old);
	slot = &__hcc_sigactions[signal];
	before = *slot;
	if (action != NULL) {
		native = *action;
		native.flags |= SYS_SA_RESTORER;
		native.restorer = (uint64_t)hcc_signal_restorer;
		if (action->handler > SYS_SIG_IGN) {
			native.flags |= SYS_SA_SIGINFO;
			native.handler = (uint64_t)hcc_signal_entry;
			slot->flags = action->flags;
			slot->mask = action->mask;
			__atomic_store_n(&slot->handler, action->handler, __ATOMIC_RELEASE);
		}
	}
	result = hcc_sys(SYS_rt_sigaction, signal, action != NULL ? &native : NULL, &native_old,
		sizeof(native.mask));
	if (result != 0) {
		*slot = before;
		return result;
	}
	if (old != NULL) {
		*old = native_old;
		if (native_old.handler == (uint64_t)hcc_signal_entry) {
			old->handler = before.handler;
			old->flags = before.flags;
		}
	}
	return 0;
}

/* ---- Alternate stacks ----------------------------------------------------------------------- */

static void drop_native_altstack(void)
{
	const struct sys_stack none = { .flags = SS_DISABLE };
	struct sys_stack native;

	if (hcc_sys(SYS_sigaltstack, NULL, &native) == 0 && !(native.flags & SS_DISABLE) &&
	    hcc_sys(SYS_sigaltstack, &none, NULL) == 0)
		sys_munmap(native.sp, native.bytes);
}

static long make_native_altstack(void)
{
	struct sys_stack native = { .bytes = NATIVE_ALTSTACK_BYTES };
	struct sys_stack old;
	long va;

	if (hcc_sys(SYS_sigaltstack, NULL, &old) == 0 && !(old.flags & SS_DISABLE))
		return 0;
	va = sys_mmap(0, NATIVE_ALTSTACK_BYTES, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_STACK, -1, 0);
	if (hcc_sys_failed(va))
		return va;
	native.sp = (uint64_t)va;
	return hcc_sys(SYS_sigaltstack, &native, NULL);
}

long hcc_signal_altstack(const struct sys_stack *stack, struct sys_stack *old)
{
	const struct hcc_altstack before = __hcc_altstack;
	int is_on = before.bytes != 0 &&
		is_within((uint64_t)__hcc_psp, before.start_va, before.bytes);
	long result = 0;

	if (stack != NULL) {
		const struct sys_stack wanted = *stack;

		if (is_on)
			return -SYS_EPERM;
		if (wanted.flags & SS_DISABLE) {
			__hcc_altstack.bytes = 0;
			drop_native_altstack();
		} else if ((wanted.flags & ~SS_ONSTACK) != 0) {
			return -SYS_EINVAL;
		} else if (wanted.bytes < MIN_ALTSTACK_BYTES) {
			return -SYS_ENOMEM;
		} else {
			result = make_native_altstack();
			if (result == 0) {
				__hcc_altstack.start_va = wanted.sp;
				__hcc_altstack.bytes = wanted.bytes;
			}
		}
	}
	if (old != NULL && result == 0) {
		old->sp = before.start_va;
		old->bytes = before.bytes;
		old->flags = before.bytes == 0 ? SS_DISABLE : is_on ? SS_ONSTACK : 0;
	}
	return result;
}

void hcc_signal_renew_altstack(void)
{
	if (__hcc_altstack.bytes == 0)
		return;
	drop_native_altstack();
	make_native_altstack();
}

void hcc_signal_thread_exit(void)
{
	if (__hcc_altstack.bytes == 0)
		return;
	__hcc_altstack.bytes = 0;
	drop_native_altstack();
}

/* ---- Across a move -------------------------------------------------------------------------- */

#include "apart.h"

static int is_settable(int signal)
{
	return signal != SYS_SIGKILL && signal != SYS_SIGSTOP && signal != HCC_SIGNAL_MIGRATE;
}

void hcc_signal_save(void)
{
	struct sys_sigaction native;
	int signal;

	for (signal = 1; signal < HCC_SIGNALS; signal++) {
		struct hcc_sigaction *slot = &__hcc_sigactions[signal];

		if (!is_settable(signal) || hcc_sys(SYS_rt_sigaction, signal, NULL, &native,
			sizeof(native.mask)) != 0 || native.handler > SYS_SIG_IGN)
			continue;
		slot->handler = native.handler;
		slot->flags = native.flags & ~(uint64_t)SYS_SA_RESTORER;
		slot->mask = native.mask;
	}
}

void hcc_signal_restore(void)
{
	int signal;

	for (signal = 1; signal < HCC_SIGNALS; signal++) {
		const struct hcc_sigaction *slot = &__hcc_sigactions[signal];
		struct sys_sigaction action = {
			.handler = slot->handler, .flags = slot->flags, .mask = slot->mask,
		};

		if (is_settable(signal))
			hcc_signal_action(signal, &action, NULL, sizeof(action.mask));
	}
}

void hcc_signal_restore_thread(void)
{
	if (__hcc_altstack.bytes != 0)
		make_native_altstack();
	hcc_fenv_set(__hcc_fenv);
}
