/* Threads: thread pointers, native stacks and clone. A thread has two stacks: the portable one that
 * libc gives to __clone, and a native one made here, private to the ISA. Native stacks are kept
 * for reuse, because a thread cannot unmap the stack that it exits on. */
#include "process.h"
#include "thread_arch.h"

#define NATIVE_STACK_LEAST_BYTES (1ULL << 20)
#define NATIVE_GUARD_BYTES 65536ULL

enum {
	CLONE_VM = 0x100, CLONE_VFORK = 0x4000, CLONE_SETTLS = 0x80000,
	CLONE_PARENT_SETTID = 0x100000, CLONE_CHILD_CLEARTID = 0x200000,
	CLONE_CHILD_SETTID = 0x1000000, CLONE_PIDFD = 0x1000,
};

/* One native stack; lies at its top. Never freed, so the list can be walked without a lock. */
struct native_stack {
	struct native_stack *next;
	uint64_t start_va, end_va;
	int busy;
};

/* What a new thread begins with; lies at the top of its native stack. */
struct start_record {
	int (*function)(void *);
	void *argument;
	void *portable_stack;
	uint64_t mask;
	int is_thread;  /* of this process, with its own thread-locals */
} __attribute__((aligned(16)));

static struct native_stack *stacks;

/* Number of the main thread for the program and for the kernel, after a move; else both 0. */
static struct { long program, kernel; } moved_thread;

int __clone(int (*function)(void *), void *stack, int flags, void *argument, void **rest);
_Noreturn void __unmapself(void *base, size_t bytes);
int __set_thread_area(void *block);
_Noreturn void hcc_clone_child(struct start_record *record);
long hcc_arch_clone(long flags, void *stack, void *parent_tid, void *child_tid, uint64_t tp);
int hcc_thread_call(int (*function)(void *), void *argument);
_Noreturn void hcc_thread_leave(int *busy, long status);

/* Of libc: bytes of the portable stack of the thread that has this thread pointer. */
uint64_t __hcc_thread_stack_bytes(uint64_t block_va);

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
	long va = sys_mmap(0, bytes + NATIVE_GUARD_BYTES, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_NORESERVE | SYS_MAP_STACK, -1, 0);

	if (hcc_sys_failed(va))
		return 0;
	hcc_sys(SYS_mprotect, va, NATIVE_GUARD_BYTES, SYS_PROT_NONE);
	return (uint64_t)va + NATIVE_GUARD_BYTES + bytes;
}

static struct native_stack *take_stack(uint64_t bytes)
{
	struct native_stack *s;
	uint64_t top;

	for (s = __atomic_load_n(&stacks, __ATOMIC_ACQUIRE); s != NULL; s = s->next) {
		int idle = 0;

		if (s->end_va - s->start_va >= bytes &&
		    __atomic_compare_exchange_n(&s->busy, &idle, 1, 0, __ATOMIC_ACQ_REL,
			    __ATOMIC_RELAXED))
			return s;
	}
	top = hcc_native_stack_new(bytes);
	if (top == 0)
		return NULL;
	s = (struct native_stack *)(top - 64);
	s->start_va = top - bytes;
	s->end_va = top;
	s->busy = 1;
	s->next = __atomic_load_n(&stacks, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&stacks, &s->next, s, 0, __ATOMIC_RELEASE,
		__ATOMIC_RELAXED))
		;
	return s;
}

/* The stack that the running thread is on; NULL for the kernel's own one. */
static struct native_stack *running_stack(void)
{
	uint64_t va = (uint64_t)__builtin_frame_address(0);
	struct native_stack *s;

	for (s = __atomic_load_n(&stacks, __ATOMIC_ACQUIRE); s != NULL; s = s->next)
		if (va >= s->start_va && va < s->end_va)
			return s;
	return NULL;
}

void hcc_thread_renumber(long number)
{
	moved_thread.program = number;
	moved_thread.kernel = hcc_sys(SYS_gettid);
}

long hcc_thread_number(long number)
{
	return number != 0 && number == moved_thread.program ? moved_thread.kernel : number;
}

long hcc_thread_number_here(void)
{
	long number = hcc_sys(SYS_gettid);

	return number == moved_thread.kernel ? moved_thread.program : number;
}

int hcc_other_threads(void)
{
	const struct native_stack *own = running_stack();
	const struct native_stack *s;
	int n = 0;

	for (s = __atomic_load_n(&stacks, __ATOMIC_ACQUIRE); s != NULL; s = s->next)
		if (s != own && __atomic_load_n(&s->busy, __ATOMIC_RELAXED))
			n++;
	return n;
}

void hcc_thread_drop_stacks(void)
{
	struct native_stack *s = stacks, *next;

	for (stacks = NULL; s != NULL; s = next) {
		next = s->next;
		sys_munmap(s->start_va - NATIVE_GUARD_BYTES, s->end_va - s->start_va +
			NATIVE_GUARD_BYTES);
	}
}

void hcc_thread_forked(void)
{
	const struct native_stack *own = running_stack();
	struct native_stack *s;

	for (s = stacks; s != NULL; s = s->next)
		s->busy = s == own;
	__hcc_process.main_thread_pointer = hcc_thread_pointer();
	moved_thread.program = moved_thread.kernel = 0; /* libc asks for its number anew */
	hcc_polls_forked();
	hcc_switches_forked();
}

static long block_all_signals(uint64_t *old)
{
	const uint64_t all = ~0ULL;

	return sys_sigprocmask(SYS_SIG_SETMASK, &all, old);
}

static _Noreturn void leave_stack(long status)
{
	struct native_stack *s = running_stack();
	int ignored;

	hcc_thread_leave(s != NULL ? &s->busy : &ignored, status);
}

_Noreturn void hcc_thread_exit(long status)
{
	block_all_signals(NULL);
	hcc_signal_thread_exit();
	leave_stack(status);
}

/* First code of a child: on its native stack, with its thread pointer. */
_Noreturn void hcc_clone_child(struct start_record *record)
{
	uint64_t mask = record->mask;
	int status;

	__hcc_psp = record->portable_stack;
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
	status = hcc_thread_call(record->function, record->argument);
	if (!record->is_thread)
		sys_exit_group(status);
	hcc_thread_exit(status);
}

static void set_portable_stack_of(uint64_t block_va, void *stack)
{
	uint64_t off = (uint64_t)&__hcc_psp - hcc_thread_pointer();

	*(void **)(block_va + off) = stack;
}

/* musl's __clone(function, stack, flags, argument, ...): rest is where variadic lowering puts
 * parent's tid, thread pointer and child's tid. With CLONE_VM and without its own thread pointer
 * the child shares the parent's thread-locals, the portable stack pointer among them: only while
 * the parent is suspended can that be. */
int __clone(int (*function)(void *), void *stack, int flags, void *argument, void **rest)
{
	int has_tp = (flags & CLONE_SETTLS) != 0;
	void *parent_tid = flags & (CLONE_PARENT_SETTID | CLONE_PIDFD) ? rest[0] : NULL;
	void *child_tid = flags & (CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID) ? rest[2] : NULL;
	void *portable_stack = (void *)((uint64_t)stack & ~15ULL);
	void *own_portable_stack = __hcc_psp;
	struct native_stack *native;
	struct start_record *record;
	uint64_t tp = 0, bytes = 0, mask;
	long result;

	if ((flags & CLONE_VM) && !has_tp && !(flags & CLONE_VFORK))
		return -SYS_EINVAL;
	if (has_tp)
		bytes = __hcc_thread_stack_bytes((uint64_t)rest[1]);
	if (bytes < NATIVE_STACK_LEAST_BYTES)
		bytes = NATIVE_STACK_LEAST_BYTES;
	native = take_stack(HCC_ALIGN_UP(bytes, NATIVE_GUARD_BYTES));
	if (native == NULL)
		return -SYS_EAGAIN;
	record = (struct start_record *)native - 1;
	record->function = function;
	record->argument = argument;
	record->portable_stack = portable_stack;
	record->is_thread = has_tp;
	if (has_tp) {
		tp = arch_prepare_block((uint64_t)rest[1]);
		set_portable_stack_of((uint64_t)rest[1], portable_stack);
	}
	block_all_signals(&mask);
	record->mask = mask;
	result = hcc_arch_clone(flags, record, parent_tid, child_tid, tp);
	if (!has_tp)
		__hcc_psp = own_portable_stack;
	if (result < 0 || !has_tp)
		__atomic_store_n(&native->busy, 0, __ATOMIC_RELEASE);
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
	return (int)result;
}

/* End a detached thread whose portable stack and TLS block lie in the given mapping. */
_Noreturn void __unmapself(void *base, size_t bytes)
{
	block_all_signals(NULL);
	hcc_signal_thread_exit();
	hcc_arena_munmap((uint64_t)base, bytes);
	leave_stack(0);
}

int __set_thread_area(void *block)
{
	hcc_set_thread_pointer((uint64_t)block);
	return 0;
}
