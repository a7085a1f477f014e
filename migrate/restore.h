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
 * -1 and *e. */
int restore_become(const struct options *o, const struct snapshot *s, struct gate *g,
	struct error *e);

/* receive.c: `restore -`. */
int receive_command(const struct options *o, struct error *e);

#endif
