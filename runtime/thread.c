/* Threads: thread pointers, native stacks, clone and exit. A thread has two stacks: the portable one
 * that libc gives to __clone, and a native one made here, private to the ISA. The kernel clears a word
 * of the thread's record when the thread has ended, so that its native stack is free for others; the
 * word that the program has named (set_tid_address) is cleared here. */
#include "attributes.h"
#include "registry.h"
#include "thread_arch.h"

#define NATIVE_STACK_LEAST_BYTES (1ULL << 20)

enum {
	CLONE_VM = 0x100, CLONE_FS = 0x200, CLONE_FILES = 0x400, CLONE_SIGHAND = 0x800,
	CLONE_VFORK = 0x4000, CLONE_THREAD = 0x10000, CLONE_SYSVSEM = 0x40000,
	CLONE_SETTLS = 0x80000, CLONE_PARENT_SETTID = 0x100000, CLONE_CHILD_CLEARTID = 0x200000,
	CLONE_CHILD_SETTID = 0x1000000, CLONE_PIDFD = 0x1000,
	FUTEX_WAIT = 0, FUTEX_WAKE = 1,
};

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

/* What a new thread begins with; lies at the top of its native stack. */
struct start_record {
	int (*function)(void *);
	void *argument;
	void *portable_stack;
	uint64_t mask;
	struct hcc_record *record;
	uint32_t *number;  /* where the thread writes its number, or NULL */
	int flags;
	int is_revived;    /* one of a snapshot */
	void (*task)(void *); /* of a helper; then only that and the argument count */
} __attribute__((aligned(16)));

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

int __clone(int (*function)(void *), void *stack, int flags, void *argument, void **rest);
_Noreturn void __unmapself(void *base, size_t bytes);
int __set_thread_area(void *block);
_Noreturn void hcc_clone_child(struct start_record *record);
long hcc_arch_clone(long flags, void *stack, void *parent_tid, void *child_tid, uint64_t tp);
int hcc_thread_call(int (*function)(void *), void *argument);

/* Of libc: bytes of the portable stack of the thread that has this thread pointer, and where it begins
 * if libc has made it. */
uint64_t __hcc_thread_stack_bytes(uint64_t block_va);
uint64_t __hcc_thread_stack_start(uint64_t block_va);

/* The process's first thread stays, without a function, as long as there are others: without it /proc
 * has neither the process's memory nor its descriptors. Its status becomes the process's. */
static struct {
	int is_gone;
	long status;
} leader HCC_KEPT;

uint64_t hcc_thread_pointer(void)
{
	return arch_block_of_running_thread();
}

void hcc_set_thread_pointer(uint64_t block_va)
{
	arch_set_register(arch_prepare_block(block_va));
}

uint64_t hcc_native_stack_new(uint64_t bytes)
{
	long va = sys_mmap(0, bytes + HCC_NATIVE_GUARD_BYTES, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_NORESERVE | SYS_MAP_STACK, -1, 0);

	if (hcc_sys_failed(va))
		return 0;
	hcc_sys(SYS_mprotect, va, HCC_NATIVE_GUARD_BYTES, SYS_PROT_NONE);
	return (uint64_t)va + HCC_NATIVE_GUARD_BYTES + bytes;
}

uint64_t hcc_portable_stack_bytes(uint64_t block_va)
{
	uint64_t bytes = block_va == __hcc_process.main_thread_pointer && !__hcc_process.is_forked_thread
		? __hcc_process.main_stack_end_va - __hcc_process.main_stack_start_va
		: __hcc_thread_stack_bytes(block_va);

	return bytes > HCC_PORTABLE_STACK_MOST_BYTES ? HCC_PORTABLE_STACK_MOST_BYTES : bytes;
}

void hcc_thread_start(void)
{
	struct hcc_record *r = hcc_record_first();

	__hcc_thread.number = r->number = (uint32_t)r->kernel;
	__hcc_thread.stack_start_va = __hcc_process.main_stack_start_va;
	hcc_record_begin(r);
}

void hcc_thread_forked(void)
{
	hcc_record_forked();
	hcc_attributes_forked();
	hcc_gather_forked();
	leader.is_gone = 0;
	if (__hcc_process.main_thread_pointer != hcc_thread_pointer())
		__hcc_process.is_forked_thread = 1;
	__hcc_process.main_thread_pointer = hcc_thread_pointer();
	hcc_timers_forked();
	hcc_polls_forked();
	hcc_switches_forked();
}

static long block_all_signals(uint64_t *old)
{
	const uint64_t all = ~0ULL;

	return sys_sigprocmask(SYS_SIG_SETMASK, &all, old);
}

/* ---- The end -------------------------------------------------------------------------------- */

static _Noreturn void exit_thread(long status)
{
	for (;;)
		hcc_sys(SYS_exit, status);
}

static _Noreturn void stay(void)
{
	int32_t word = 0;

	for (;;)
		hcc_sys(SYS_futex, &word, FUTEX_WAIT | HCC_FUTEX_PRIVATE, 0, NULL);
}

/* From clear_va on nothing of the thread's neutral memory is touched: it may be unmapped by then. */
static _Noreturn void leave(struct hcc_record *r, uint64_t clear_va, long status)
{
	int is_leader = hcc_sys(SYS_getpid) == r->kernel;

	if (r->block_va == __hcc_process.main_thread_pointer)
		__hcc_process.main_thread_pointer = 0;
	if (is_leader) {
		leader.status = status;
		__atomic_store_n(&leader.is_gone, 1, __ATOMIC_RELEASE);
	}
	if (clear_va != 0) {
		__atomic_store_n((int32_t *)clear_va, 0, __ATOMIC_SEQ_CST);
		hcc_sys(SYS_futex, clear_va, FUTEX_WAKE, 1);
	}
	if (hcc_record_end(r) == 0 && __atomic_load_n(&leader.is_gone, __ATOMIC_ACQUIRE)) {
		hcc_switches_exit();
		sys_exit_group((int)leader.status);
	}
	hcc_gather_changed();
	if (is_leader)
		stay();
	exit_thread(status);
}

_Noreturn void hcc_thread_exit(long status)
{
	struct hcc_record *r = hcc_record_self();

	block_all_signals(NULL);
	if (hcc_thread_is_child())
		exit_thread(status);
	hcc_signal_thread_exit();
	hcc_robust_leave();
	leave(r, __hcc_thread.clear_va, status);
}

/* End a detached thread whose portable stack and TLS block lie in the given mapping. */
_Noreturn void __unmapself(void *base, size_t bytes)
{
	struct hcc_record *r = hcc_record_self();
	uint64_t clear_va = __hcc_thread.clear_va;

	block_all_signals(NULL);
	hcc_signal_thread_exit();
	hcc_arena_munmap((uint64_t)base, bytes);
	leave(r, clear_va, 0);
}

/* ---- The beginning -------------------------------------------------------------------------- */

/* First code of a child: on its native stack, with its thread pointer. */
_Noreturn void hcc_clone_child(struct start_record *start)
{
	uint64_t mask = start->mask;
	int status;

	if (start->task) {
		start->task(start->argument);
		exit_thread(0);
	}
	if (start->is_revived)
		hcc_revived(start->record);
	if (!(start->flags & CLONE_VM))
		hcc_thread_forked();
	__hcc_psp = start->portable_stack;
	if (start->flags & CLONE_THREAD) {
		if (__hcc_thread.number == 0)
			__hcc_thread.number = (uint32_t)start->record->kernel;
		start->record->number = __hcc_thread.number;
		if (start->number != NULL)
			*start->number = __hcc_thread.number;
	}
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
	status = hcc_thread_call(start->function, start->argument);
	if (!(start->flags & CLONE_THREAD))
		sys_exit_group(status);
	hcc_thread_exit(status);
}

/* In enter.S: the outermost frame of a thread that has moved has returned. */
_Noreturn void hcc_thread_returned(int status);
_Noreturn void hcc_thread_returned(int status)
{
	hcc_thread_exit(status);
}

/* What the new thread's memory has to say before the thread is there. In a process whose threads have
 * moved, no number is the kernel's, so that none can be one that another thread began with. */
static void fill_thread(struct hcc_record *r, uint64_t block_va, void *stack, void *clear)
{
	uint64_t start_va = __hcc_thread_stack_start(block_va);

	r->block_va = block_va;
	r->number = __hcc_process.next_thread_number != 0 ? hcc_thread_next_number() : 0;
	*hcc_psp_of(block_va) = stack;
	*hcc_thread_of(block_va) = (struct hcc_thread){
		.slot = r->slot, .number = r->number, .clear_va = (uint64_t)clear,
		.stack_start_va = start_va < (uint64_t)stack ? start_va : 0,
	};
}

static int clone_thread(struct hcc_record *r, struct start_record *start, void **rest)
{
	uint64_t block_va = (uint64_t)rest[1];
	int flags = start->flags;
	uint32_t *parent_number = flags & CLONE_PARENT_SETTID ? rest[0] : NULL, number;
	long kernel_flags = flags | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, result;
	void *parent_tid = parent_number;

	fill_thread(r, block_va, start->portable_stack,
		flags & CLONE_CHILD_CLEARTID ? rest[2] : NULL);
	start->number = flags & CLONE_CHILD_SETTID ? rest[2] : NULL;
	number = r->number;
	if (number != 0) {
		/* Whoever has the number can use it when this returns. */
		if (parent_number != NULL)
			*parent_number = number;
		kernel_flags |= CLONE_PARENT_SETTID;
		parent_tid = &r->kernel;
	}
	hcc_record_begin(r);
	result = hcc_arch_clone(kernel_flags, start, parent_tid, &r->kernel,
		arch_prepare_block(block_va));
	if (result < 0) {
		hcc_record_end(r);
		hcc_gather_changed();
		return (int)result;
	}
	return number != 0 ? (int)number : (int)result;
}

/* A child that is no thread: it runs on the native stack until it is another program, or it is a
 * process of its own with a copy of it. */
static int clone_process(struct hcc_record *r, struct start_record *start, void **rest)
{
	int flags = start->flags;
	void *parent_tid = flags & (CLONE_PARENT_SETTID | CLONE_PIDFD) ? rest[0] : NULL;
	void *child_tid = flags & (CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID) ? rest[2] : NULL;
	void *own_portable_stack = __hcc_psp;
	long result = hcc_arch_clone(flags, start, parent_tid, child_tid, 0);

	__hcc_psp = own_portable_stack;
	__atomic_store_n(&r->state, HCC_RECORD_FREE, __ATOMIC_RELEASE);
	return (int)result;
}

/* musl's __clone(function, stack, flags, argument, ...): rest is where variadic lowering puts
 * parent's tid, thread pointer and child's tid. With CLONE_VM and without its own thread pointer
 * the child shares the parent's thread-locals, the portable stack pointer among them: only while
 * the parent is suspended can that be. */
int __clone(int (*function)(void *), void *stack, int flags, void *argument, void **rest)
{
	int has_tp = (flags & CLONE_SETTLS) != 0;
	struct start_record *start;
	struct hcc_record *r;
	uint64_t bytes = 0, mask;
	int result;

	if ((flags & CLONE_VM) && !has_tp && !(flags & CLONE_VFORK))
		return -SYS_EINVAL;
	/* A thread has thread-locals of its own; a process with such is none that could be moved. */
	if (!(flags & CLONE_THREAD) != !has_tp)
		return -SYS_EINVAL;
	if (has_tp)
		bytes = __hcc_thread_stack_bytes((uint64_t)rest[1]);
	if (bytes < NATIVE_STACK_LEAST_BYTES)
		bytes = NATIVE_STACK_LEAST_BYTES;
	block_all_signals(&mask);
	r = hcc_record_take(HCC_ALIGN_UP(bytes, HCC_NATIVE_GUARD_BYTES));
	if (r == NULL) {
		sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
		return -SYS_EAGAIN;
	}
	start = (struct start_record *)r->stack_end_va - 1;
	*start = (struct start_record){
		.function = function, .argument = argument, .mask = mask, .record = r,
		.portable_stack = (void *)((uint64_t)stack & ~15ULL), .flags = flags,
	};
	result = has_tp ? clone_thread(r, start, rest) : clone_process(r, start, rest);
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
	return result;
}

long hcc_thread_revive(struct hcc_record *r)
{
	struct start_record *start = (struct start_record *)r->stack_end_va - 1;
	long result;

	*start = (struct start_record){ .record = r, .is_revived = 1 };
	hcc_record_begin(r);
	result = hcc_arch_clone(THREAD_FLAGS | CLONE_SETTLS | CLONE_CHILD_SETTID |
		CLONE_CHILD_CLEARTID, start, NULL, &r->kernel, arch_prepare_block(r->block_va));
	return result < 0 ? result : 0;
}

int hcc_helper_start(struct hcc_helper *h, uint64_t stack_bytes, void (*task)(void *), void *arg)
{
	struct start_record *start;
	long result;

	*h = (struct hcc_helper){1, hcc_native_stack_new(stack_bytes), stack_bytes};
	if (!h->stack_end_va)
		return -SYS_ENOMEM;
	start = (struct start_record *)h->stack_end_va - 1;
	*start = (struct start_record){ .task = task, .argument = arg };
	result = hcc_arch_clone(THREAD_FLAGS | CLONE_CHILD_CLEARTID, start, NULL, &h->is_running, 0);
	if (result >= 0)
		return 0;
	h->is_running = 0;
	hcc_helper_join(h);
	return (int)result;
}

/* The kernel clears the word when the thread has left the stack. */
void hcc_helper_join(struct hcc_helper *h)
{
	while (__atomic_load_n(&h->is_running, __ATOMIC_ACQUIRE))
		hcc_sys(SYS_futex, &h->is_running, FUTEX_WAIT, 1, NULL);
	sys_munmap(h->stack_end_va - h->stack_bytes - HCC_NATIVE_GUARD_BYTES,
		h->stack_bytes + HCC_NATIVE_GUARD_BYTES);
}

int __set_thread_area(void *block)
{
	hcc_set_thread_pointer((uint64_t)block);
	return 0;
}
