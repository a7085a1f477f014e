/* The threads of a snapshot made anew. What fails ends the process by hcc_restore_stop(). */
#ifndef HCC_REVIVE_H
#define HCC_REVIVE_H

#include "registry.h"

/* Once memory is filled: set the calling thread's pointer, which is the first thread's; and what the
 * runtime keeps in the memory of each thread must be what the snapshot says. */
void hcc_revive_check(const void *file);

/* Make all that the threads need, so that the snapshot is no longer needed.
 *   n_threads, n_frames  out */
void hcc_revive_prepare(const void *file, uint64_t *n_threads, uint64_t *n_frames);

/* Begin all threads; the calling one becomes the first. When the frames of all stand, the first calls
 * hcc_restore_done(), and then all go on. */
_Noreturn void hcc_revive(void);

/* ---- restore.c ---- */
_Noreturn void hcc_restore_stop(const char *what);
void hcc_restore_done(void);

#endif
