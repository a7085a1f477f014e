/* The threads of this process as the runtime knows them: private records, in a table that only grows.
 * What of a thread travels is in its own memory (struct hcc_thread). */
#ifndef HCC_REGISTRY_H
#define HCC_REGISTRY_H

#include "migrate.h"

enum hcc_record_state {
	HCC_RECORD_FREE = 0, /* and once `kernel` is 0, for another thread */
	HCC_RECORD_TAKEN,    /* being made; or only the stack of a child that is no thread */
	HCC_RECORD_LIVE,     /* a thread that can run code of the program */
};

struct hcc_record {
	uint32_t slot;
	uint32_t state;
	int32_t kernel;      /* the kernel's number of the thread; the kernel clears it at its end */
	uint32_t number;     /* as in its struct hcc_thread */
	uint64_t block_va;   /* neutral thread pointer */
	uint32_t owned;      /* what the program has set of its scheduling (scheduling.c) */
	uint64_t stack_start_va, stack_end_va; /* native stack; 0: the kernel's own */

	/* ---- gather.c: while it is held ---- */
	uint32_t held;       /* the gathering for which it is held at a point, */
	uint32_t declined;   /* or in which it was at a point where it cannot be captured */
	uint32_t is_kicked;  /* a signal of ours is on its way */
	uint64_t found_pc;   /* where the last one found it */
	uint64_t mask, pending, psp_va;
	uint64_t own_pending; /* for this thread alone; 0 when there is but one */
	struct hcc_buffer queued; /* struct sys_siginfo of those, in their order */
	char name[16];
	const struct hcc_point *point; /* the system call before which it stands, or NULL */
	struct hcc_frames frames;
	struct hcc_refusal why;

	/* ---- revive.c: until its frames stand ---- */
	struct hcc_buffer native;    /* as resume functions read them */
	struct hcc_buffer want;      /* as they were captured, when they are to be checked */
	uint64_t n_frames;
	struct hcc_point again;      /* the system call that it makes then */
	int is_at_point;

	struct hcc_buffer targets;   /* jump.c */
	struct hcc_move *move;       /* move.c */
};

/* The calling thread's; in a vfork child, its parent's. */
struct hcc_record *hcc_record_self(void);

/* The one after r, or the first; NULL at the end. All that have ever been used, in order of slots. */
struct hcc_record *hcc_record_next(const struct hcc_record *r);

/* Take a free record with a native stack of at least so many bytes, in state TAKEN. NULL: no memory. */
struct hcc_record *hcc_record_take(uint64_t stack_bytes);

/* The first thread of the process: make its record the calling thread's; sets slot and kernel. */
struct hcc_record *hcc_record_first(void);

/* Count a thread, from before it begins to run until it can no longer touch the program's memory. The
 * second returns how many are left. */
void hcc_record_begin(struct hcc_record *r);
uint32_t hcc_record_end(struct hcc_record *r);

/* The struct hcc_thread, and the portable stack's pointer, of a thread with this thread pointer. */
struct hcc_thread *hcc_thread_of(uint64_t block_va);
void **hcc_psp_of(uint64_t block_va);

/* Begin a thread that has a record, its memory and its frames (revive.c): it calls hcc_revived().
 * Returns 0 or -errno. All signals must be blocked. */
long hcc_thread_revive(struct hcc_record *r);
_Noreturn void hcc_revived(struct hcc_record *r);

#endif
