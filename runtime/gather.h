/* Holding all threads of the process at points, by one of them. The others capture their own frames,
 * on their own, and wait until they are let go; whoever cannot be captured where it is goes on. */
#ifndef HCC_GATHER_H
#define HCC_GATHER_H

#include "registry.h"

/* Become the one thread that may hold the others; all signals must be blocked until it is so no more.
 * Returns 1; 0 when another one is. */
int hcc_gather_claim(void);
void hcc_gather_unclaim(void);

/* Hold all other threads. All signals must be blocked.
 *   returns  0 and all live threads' records are `held`; -1 and *why, and all go on */
int hcc_gather(struct hcc_refusal *why);
/* The calling thread itself cannot be captured: hold the others for what there is to report of them. */
void hcc_gather_in_vain(const struct hcc_refusal *why);
/* Let them go, if they are held. */
void hcc_gather_release(void);

/* Whether a live thread is held, or is the one that holds the others. */
int hcc_gather_has(const struct hcc_record *r);

/* At a point of the calling thread: if threads are being held, be held. */
void hcc_gather_wait(const struct hcc_regs *regs, const struct hcc_point *point);

/* Capture the calling thread into its record; all signals must be blocked, mask is what was.
 * Returns 0; -1 and *why. */
int hcc_hold(struct hcc_record *r, const struct hcc_regs *regs, const struct hcc_point *point,
	uint64_t mask, struct hcc_refusal *why);
void hcc_let_go(struct hcc_record *r);

/* Whether a signal of the runtime's own number is for this purpose; and let every other thread, or one,
 * have it. Async-signal-safe. */
int hcc_is_kick(const struct sys_siginfo *info);
void hcc_kick_others(void);

/* Before the threads are let go: a line for each on the status FIFO. Without threads to hold, none. */
void hcc_gather_report(int status_fd);

/* Whether somebody is holding the threads, or about to. */
int hcc_gather_is_on(void);

#endif
