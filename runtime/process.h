/* What the runtime's native files offer each other: start-up, threads, signals, the arena. */
#ifndef HCC_RUNTIME_PROCESS_H
#define HCC_RUNTIME_PROCESS_H

#include "hcc_process.h"
#include "point.h"
#include "sys.h"

#define HCC_ALIGN_UP(x, align) (((x) + (align) - 1) & ~((uint64_t)(align) - 1))

/* Private data that a move in place leaves as they are, because they are about what stays: the kernel's
 * process, and memory that is mapped for the runtime. All other private data are made anew (move.c),
 * as a restore finds them in a new image. image.ld puts these first in .bss. */
#define HCC_KEPT __attribute__((section(".bss.hcc_kept")))
#define HCC_KEPT_LARGE __attribute__((section(".bss.hcc_kept.large"))) /* apart from what every program writes */

/* ---- start.c -----------------------------------------------------------------------------------*/

/* PT_TLS of this ISA's executable; set before anything else in the process. */
struct hcc_tls_layout {
	uint64_t image_va;
	uint64_t image_bytes;
	uint64_t bytes;
};

extern struct hcc_tls_layout hcc_tls_layout;

/* Set it by the executable's table. Returns 0; -1 when there is no table. */
int hcc_tls_layout_read(void);

/* In start.S, just after the call that entered neutral code: return address of the main thread's
 * outermost neutral frame. In clone.S and signal.S: the same for other threads and for handlers. */
extern const char hcc_start_return[];
extern const char hcc_thread_return[];
extern const char hcc_signal_return[];

/* Supplied by the migration part.
 *   hcc_restore       fd: descriptor that HCC_RESTORE names; instead of starting main
 *   hcc_migrate_init  installs the handler of HCC_SIGNAL_MIGRATE; before any neutral code */
_Noreturn void hcc_restore(int fd);
void hcc_migrate_init(void);

/* Read the switches of the real environment (switches.c); before anything else of the migration part.
 * A value that makes no sense ends the process. */
void hcc_switches_read(char **envp, int is_restored);

/* The process is about to end by exit_group: leave its figures. */
void hcc_switches_exit(void);

/* In the child of a fork: it has its own figures, and takes no snapshot. */
void hcc_switches_forked(void);

/* ---- title.c -----------------------------------------------------------------------------------*/

/* Let the kernel show the program's own copies of its arguments and environment, which
 * __hcc_process names, as the process's; at start-up and after a restore. The first remembers what
 * the second needs: the block that the kernel left on its stack. */
void hcc_title_init(const uint64_t *kernel_block);
void hcc_title_show(void);

/* ---- vdso.c ------------------------------------------------------------------------------------*/

/* Find the vDSO's clock_gettime; image_va may be 0. NULL where there is none; its results are the
 * kernel's: no offset added. */
void hcc_vdso_init(uint64_t image_va);
/* Look it up again, where it was. */
void hcc_vdso_renew(void);
extern int (*hcc_vdso_clock_gettime)(long clock, struct sys_timespec *out);

/* ---- thread.c ----------------------------------------------------------------------------------*/

/* Bytes below the neutral thread pointer that belong to libc (struct pthread), and past the TLS
 * segment for the ISA's own use. A block is [below][TLS segment, 64-aligned][tail]. */
#define HCC_THREAD_BELOW_BYTES 1024
#define HCC_THREAD_TAIL_BYTES 64
#define HCC_TLS_ALIGN_BYTES 64

/* The running thread's neutral thread pointer: start of its TLS segment. Async-signal-safe. */
uint64_t hcc_thread_pointer(void);

/* Make block_va the running thread's neutral thread pointer: sets the ISA's register and what it
 * needs in the block. Everything else in the block is left alone. */
void hcc_set_thread_pointer(uint64_t block_va);

/* The process begins: its first thread is the calling one, whose thread pointer is set. */
void hcc_thread_start(void);

/* A thread keeps the number it began with (locks hold it); the kernel's changes with a move. The
 * kernel's number of a thread that the program knows as `number`; the number by which the program knows
 * the calling thread; one for a new thread in a process whose threads have moved. */
long hcc_thread_number(long number);
long hcc_thread_number_here(void);
uint32_t hcc_thread_next_number(void);

/* Threads of this process besides the running one, as far as the runtime made them. */
int hcc_other_threads(void);

/* Whether the running thread is a vfork child, which shares its parent's thread-locals. */
int hcc_thread_is_child(void);

/* Bytes of the portable stack of the thread with this thread pointer, as libc knows it. */
#define HCC_PORTABLE_STACK_MOST_BYTES (1ull << 38)
uint64_t hcc_portable_stack_bytes(uint64_t block_va);

/* Map a native stack of the given size with a guard of so many bytes below, in private memory.
 *   returns  its top, 16-aligned; 0 when there is no memory */
#define HCC_NATIVE_GUARD_BYTES 65536ull
uint64_t hcc_native_stack_new(uint64_t bytes);

/* End the running thread only; its native stack becomes free for others. */
_Noreturn void hcc_thread_exit(long status);

/* Unmap the native stacks of threads that have ended, when there is but one thread. */
void hcc_thread_drop_stacks(void);

/* A thread that helps the runtime before any other runs: with a native stack and nothing else, it calls task,
 * which returns, and makes no use of thread-locals. All signals must be blocked. Returns 0 or -errno. */
struct hcc_helper {
	uint32_t is_running;
	uint64_t stack_end_va, stack_bytes;
};
int hcc_helper_start(struct hcc_helper *h, uint64_t stack_bytes, void (*task)(void *), void *arg);
void hcc_helper_join(struct hcc_helper *h);

/* In the child of a fork: no other thread exists there. */
void hcc_thread_forked(void);
void hcc_record_forked(void);

/* ---- gather.c ----------------------------------------------------------------------------------*/

/* A thread has ended, or does not come about: for who waits for all threads. */
void hcc_gather_changed(void);

/* In the child of a fork: nobody holds it. */
void hcc_gather_forked(void);

#define HCC_FUTEX_PRIVATE 128

/* ---- numbers.c ---------------------------------------------------------------------------------*/

/* A system call of neutral code that names a thread by its number, or says what is to happen when the
 * calling one ends. */
long hcc_numbered_syscall(long n, long a, long b, long c, long d, long e);

/* The clock of a thread's or process's processor time has its number in it: as the kernel numbers. */
long hcc_thread_clock(long clock);

/* Leave the robust locks of the calling thread, which ends, as the kernel does; but it may know the thread
 * by another number. */
void hcc_robust_leave(void);

/* ---- futex.c -----------------------------------------------------------------------------------*/

/* Locks with priority inheritance have the numbers of threads in them, which the kernel reads: once
 * threads have moved, they are locked and unlocked here. */
int hcc_futex_is_ours(long operation);
long hcc_futex_pi(const struct hcc_point *point, uint32_t *word, long operation, long until);

/* ---- polls.c -----------------------------------------------------------------------------------*/

/* In the child of a fork: nobody is at work on its text. */
void hcc_polls_forked(void);

/* ---- signal.c ----------------------------------------------------------------------------------*/

/* The kernel's handler of every signal that the program handles: calls the program's handler on
 * the portable stack with neutral siginfo and ucontext. The handler of HCC_SIGNAL_MIGRATE calls it
 * too, for a signal of si_code SI_TKILL (libc's own use) when hcc_signal_wanted() says so. */
void hcc_signal_entry(int signal, struct sys_siginfo *info, void *ucontext);

int hcc_signal_wanted(int signal);

/* Where a signal's handler has interrupted its thread. */
uint64_t hcc_signal_pc(const void *ucontext);

/* For rt_sigaction from native code, with native handler; fills in the restorer. */
long hcc_signal_install_native(int signal, void (*handler)(int, struct sys_siginfo *, void *),
	uint64_t flags, uint64_t mask);

/* Before a capture: make __hcc_sigactions say what the kernel has (ignored signals included). After a
 * restore: give the kernel what __hcc_sigactions says. */
void hcc_signal_save(void);
void hcc_signal_restore(void);

/* After a restore, on each thread, with its thread pointer set: give it its native alternate stack
 * and its floating-point environment, which was saved on the thread itself in __hcc_fenv. */
void hcc_signal_restore_thread(void);

/* rt_sigaction and sigaltstack as neutral code calls them. */
long hcc_signal_action(long signal, const struct sys_sigaction *action,
	struct sys_sigaction *old, long set_bytes);
long hcc_signal_altstack(const struct sys_stack *stack, struct sys_stack *old);

/* Unmap the native half of the thread's alternate stack, if it has one, and make another. */
void hcc_signal_renew_altstack(void);

/* Unmap the thread's native alternate stack, if it has one. */
void hcc_signal_thread_exit(void);

/* ---- arena.c -----------------------------------------------------------------------------------*/

/* Choose the arena's place: below 2^38, random. */
void hcc_arena_init(void);

/* mmap, munmap, mremap and shmat as neutral code calls them; results lie in the arena. */
long hcc_arena_mmap(uint64_t va, uint64_t bytes, int prot, int flags, int fd, int64_t off);
long hcc_arena_munmap(uint64_t va, uint64_t bytes);
long hcc_arena_mremap(uint64_t va, uint64_t bytes, uint64_t new_bytes, int flags, uint64_t new_va);
long hcc_arena_shmat(int id, uint64_t va, int flags);

/* ---- notes.c -----------------------------------------------------------------------------------*/

/* System calls that say what a capture needs to know: made, and noted. */
long hcc_noted_socketpair(long family, long type, long protocol, const int *fds);
long hcc_noted_listen(long fd, long backlog);
long hcc_noted_setsockopt(long fd, long level, long name, const void *value, long bytes);
long hcc_noted_inotify_add_watch(long fd, const char *path, long mask);

/* ---- timers.c ----------------------------------------------------------------------------------*/

/* As neutral code calls them; struct itimerspec is an array of two. */
long hcc_timer_create(long clock, const void *event, int32_t *id);
long hcc_timer_settime(long id, long flags, const struct sys_timespec *new, struct sys_timespec *old);
long hcc_timer_gettime(long id, struct sys_timespec *now);
long hcc_timer_getoverrun(long id);
long hcc_timer_delete(long id);
long hcc_timerfd_settime(long fd, long flags, const struct sys_timespec *new,
	struct sys_timespec *old);

/* A timer's signal is to name it as the program does, and as the kernel does. Async-signal-safe. */
void hcc_timer_rename(struct sys_siginfo *info);
void hcc_timer_unname(struct sys_siginfo *info);

/* Before a capture: note what is left of each. After a restore, with all threads made: make them
 * anew. Returns 0; -1 when the kernel cannot, or when the list leaves the arena. */
void hcc_timers_save(void);
int hcc_timers_restore(void);

/* In the child of a fork: timers are not inherited. */
void hcc_timers_forked(void);

/* ---- pending.c ---------------------------------------------------------------------------------*/

/* Before a capture, with all signals blocked: note these signals, which pend for no thread in
 * particular, and leave them pending. After a restore: make them pending again; those of `pending`
 * that are not in the list, bare. */
struct hcc_record;
/* By a thread that is held: what pends for it alone, which is taken and given back, too. */
void hcc_pending_hold(struct hcc_record *r);
uint64_t hcc_pending_shared(void);
void hcc_pending_save(uint64_t pending);
void hcc_pending_restore(uint64_t pending);

/* ---- events.c ----------------------------------------------------------------------------------*/

/* The clock of a timerfd, or -1. */
int hcc_timerfd_clock(int fd);

/* ---- syscall.c ---------------------------------------------------------------------------------*/

/* Clocks that begin at boot go on across a move by an offset; 0 for all others. */
static inline int64_t hcc_clock_offset_ns(long clock)
{
	switch (clock) {
	case SYS_CLOCK_MONOTONIC:
	case SYS_CLOCK_MONOTONIC_COARSE:
		return __hcc_process.monotonic_offset_ns;
	case SYS_CLOCK_MONOTONIC_RAW:
		return __hcc_process.raw_offset_ns;
	case SYS_CLOCK_BOOTTIME:
	case SYS_CLOCK_BOOTTIME_ALARM:
		return __hcc_process.boottime_offset_ns;
	default:
		return 0;
	}
}

void hcc_shift_time(struct sys_timespec *time, int64_t offset_ns);

/* What neutral code calls: asm-generic number and structures; result -errno. */
long __hcc_syscall(long n, long a, long b, long c, long d, long e, long f);

/* The same, as calls at which the thread can be captured (point.h); the second one as a cancellation
 * point: gives -ECANCELED (or ends the thread) when *cancel is set before the system call has begun. */
long __hcc_syscall_point(long n, long a, long b, long c, long d, long e, long f);
long __syscall_cp_asm(const volatile void *cancel, long n, long a, long b, long c, long d, long e,
	long f);

/* One system call of a point: -HCC_INTERRUPTED when it is to be made again. */
long hcc_syscall_at(const struct hcc_point *point, long n, const long args[6]);

/* In syscall.S. Native number; between hcc_sys_cp's labels __cp_begin and __cp_end the call can
 * still be given up by moving the program counter to __cp_cancel. */
long hcc_sys_cp(const volatile void *cancel, long n, long a, long b, long c, long d, long e, long f);

#endif
