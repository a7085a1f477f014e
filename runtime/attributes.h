/* What the program has asked of the kernel about itself, and a new process does not have. Its system
 * calls are made by syscall.c, and noted here when they have succeeded, in memory that travels
 * (hcc_process.h); a restore asks for the same again. What it was started with is not noted: that is
 * the machine's, and its restore's. docs/moving.md has the list. */
#ifndef HCC_ATTRIBUTES_H
#define HCC_ATTRIBUTES_H

#include "descriptors.h"

/* ---- attributes.c: the process ------------------------------------------------------------------- */

/* A call of syscall.c's IS_ATTRIBUTE has succeeded. */
void hcc_attributes_note(long n, const long args[5]);
/* Around a call that may set a filter of system calls (seccomp), by which a request could be what ends the
 * process: then none is answered. */
void hcc_filter_begins(long n, const long args[5]);
void hcc_filter_fails(long n, const long args[5]);
int hcc_is_filtered(void);
/* Whether prctl's option is about registers of one ISA, or the runtime's own. */
int hcc_is_foreign_option(long option);

/* Before a capture: whether all can be carried; -1 and *why. Then what the kernel tells is written
 * down. */
int hcc_attributes_save(struct hcc_refusal *why);
/* After a restore, before there are threads. Ends the process where something cannot be had. */
void hcc_attributes_restore(void);
/* In the child of a fork. */
void hcc_attributes_forked(void);

/* Something that is to be had again: ends the process unless that has succeeded, or this machine, or
 * its emulator, knows nothing of it. */
void hcc_attribute_need(long result, const char *name);

/* ---- limits.c ------------------------------------------------------------------------------------ */

/* Numbers that are files of /proc/self; set again as far as that is allowed. */
void hcc_numbers_save(void);
void hcc_numbers_restore(void);
/* When nothing more is to be made: limits, and what they allow to lock. */
void hcc_limits_restore(void);
/* A limit of the program's is not for its snapshot, as far as it can be lifted. */
enum { HCC_LIMIT_FILE_BYTES = 1, HCC_LIMIT_DESCRIPTORS = 7 }; /* RLIMIT_FSIZE, RLIMIT_NOFILE */
void hcc_limit_lift(int limit, uint64_t before[2]);
void hcc_limit_back(int limit, const uint64_t before[2]);

/* ---- scheduling.c: threads ----------------------------------------------------------------------- */

/* A call about the scheduling of a thread, by the kernel's number (0: the calling one), has
 * succeeded. which: -1 of all threads, -2 of this one only. */
void hcc_scheduling_note(long n, long which, long kernel);
/* By the thread itself: when it is held, and when it begins again. */
struct hcc_record;
void hcc_scheduling_save(const struct hcc_record *r);
void hcc_scheduling_restore(void);

/* ---- memory.c: mappings ------------------------------------------------------------------------- */

/* Before a capture: write down what is known of mappings besides their contents and protection, or
 * refuse one by its addresses. Returns 0; -1 and *why. */
int hcc_memory_save(struct hcc_refusal *why);
/* After a restore, with all descriptors in place and all memory filled. */
void hcc_memory_restore(void);
/* When the limits are what they were. */
void hcc_memory_lock(void);
/* mmap has succeeded with these flags; madvise with this advice. */
void hcc_memory_note(int flags);
void hcc_memory_advised(long advice);
/* Whether /proc/PID/maps calls anonymous shared memory so. */
int hcc_is_shared_memory(const char *path);
/* The same of anonymous memory of MAP_HUGETLB. */
int hcc_is_huge_memory(const char *path);

/* The restore cannot go on: "what: errno". */
_Noreturn void hcc_restore_stop_errno(const char *what, const char *name, long error);

#endif
