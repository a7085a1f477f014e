/* A restore that waits. The process is made, up to the point where it would go on, while the one
 * that it was waits elsewhere; it goes on when that has ended. Three take part on this side:
 *
 *   the mover    hcc-migrate move, at the other end of a struct control: it sends one byte,
 *                CONTROL_GO, when the old process has ended; it gets lines, each CONTROL_PREFIX
 *                and one of "hello VERSION", "ready PID", "running PID", "error TEXT"
 *   the helper   helper(): answers the mover, makes what only one process can have, opens the
 *                gate
 *   the process  at its gate (runtime/gate.c)
 *
 * If the mover is gone before it has sent its byte, the helper ends; if the helper is gone, the
 * process does. After "error" there is no process, and never was. */
#ifndef HCC_MIGRATE_GATE_H
#define HCC_MIGRATE_GATE_H

#include "descriptors.h"

#define CONTROL_VERSION 1
#define CONTROL_PREFIX "hcc-migrate "
#define CONTROL_GO 'g'
#define CONTROL_RESTORE 's'  /* to restore_for_mover() only, before that */
#define CONTROL_LINE_BYTES 6000

struct control {
	int in, out;
};

/* Tell the mover. what: "ready", ...; Returns 0 or -1. */
int control_say(const struct control *c, const char *what, const char *text);

/* Start the helper, which shares the descriptors of *m.
 *   ends     of the gate: the helper gets the first, which is gone for the caller
 *   claim    absolute path of the snapshot's file, which the process removes when it goes on; or
 *            NULL
 * Returns 0; -1 and *e. */
int gate_start(struct making *m, const int ends[2], const struct control *c, const char *claim,
	struct error *e);
/* Let the process take a POSIX lock. Returns 0; -1 and errno. */
int gate_lock(int gate_fd, int fd, const struct hcc_state_lock *l);

#endif
