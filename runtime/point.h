/* System calls at which a thread can be captured: libc's cancellation points, and its waits for a
 * futex. A request interrupts the call; the thread is captured as it stands before the call, and makes
 * it again when it goes on, here or on another machine. Also read by assembly. */
#ifndef HCC_POINT_H
#define HCC_POINT_H

/* Result of a call that a request has kept from being made, or has interrupted; not an errno of
 * Linux, and never seen by neutral code. */
#define HCC_INTERRUPTED 600
/* The same of a call that is not made because the thread is cancelled. */
#define HCC_CANCELLED 601

/* Where struct hcc_thread has what assembly reads. */
#define HCC_THREAD_GENERATION 0
#define HCC_THREAD_IS_ASKED 8

#ifndef __ASSEMBLER__
#include "hcc_process.h"
#include "regs.h"
#include "sys.h"

_Static_assert(__builtin_offsetof(struct hcc_thread, generation) == HCC_THREAD_GENERATION &&
	__builtin_offsetof(struct hcc_thread, is_asked) == HCC_THREAD_IS_ASKED,
	"layout known to assembly");

/* Made by syscall.S on the native stack; the registers are those of the neutral caller. */
struct hcc_point {
	struct hcc_regs regs;
	const volatile void *cancel;  /* int, in neutral memory, or hcc_not_cancelled */
	long n;                       /* neutral number */
	long args[6];
	uint64_t has_left;            /* of a relative timeout, left counts instead of the argument */
	struct sys_timespec left;
};

_Static_assert(sizeof(struct hcc_point) <= sizeof(struct hcc_regs) + 96, "layout known to assembly");
_Static_assert(__builtin_offsetof(struct hcc_point, has_left) == sizeof(struct hcc_regs) + 64,
	"layout known to assembly");

extern const int32_t hcc_not_cancelled;

/* Make the call, until something else than a request has ended it. Result -errno. */
long hcc_point(struct hcc_point *point);

/* The same for a call that was captured, once its frames stand; the registers are those at its site
 * now. */
long hcc_point_again(const struct hcc_point *captured, const struct hcc_regs *regs);

/* For the handler of requests: if the interrupted code is about to make such a call, keep it from
 * that. Async-signal-safe. */
void hcc_point_interrupt(void *ucontext);

/* To and from a snapshot. */
struct hcc_snap_thread;
void hcc_point_save(const struct hcc_point *point, struct hcc_snap_thread *thread);
void hcc_point_load(struct hcc_point *point, const struct hcc_snap_thread *thread);
#endif

#endif
