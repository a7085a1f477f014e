/* Becoming the process of a snapshot. */
#ifndef HCC_MIGRATE_RESTORE_H
#define HCC_MIGRATE_RESTORE_H

#include "gate.h"

/* For a restore that waits (gate.h). */
struct gate {
	struct control control;
	const char *claim;
};

/* Open what --stdin, --stdout and --stderr name, in place of this program's. Returns 0; -1 and
 * *e. */
int restore_streams(const struct options *o, struct error *e);
/* Check all, then become the process; without a gate it goes on. Returns only when that fails:
 * -1 and *e.
 *   early  the executable, if it is known already: then it is not the caller's any more; or fd -1, or NULL */
int restore_become(const struct options *o, const struct snapshot *s, struct gate *g,
	struct image *early, struct error *e);

/* For `move --to DIR`, in a process of its own: be ready, and when CONTROL_RESTORE comes, become the process of
 * the snapshot in dir, behind a gate.
 *   w        of the process
 *   control  a socket, to the mover
 *   returns  only when that fails, and the mover knows: exit status */
int restore_for_mover(const struct options *o, const struct wanted *w, const char *dir, int control);

/* receive.c: `restore -`. */
int receive_command(const struct options *o, struct error *e);

#endif
