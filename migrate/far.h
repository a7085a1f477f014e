/* The other side of a move: a command, or this program once more, that restores behind a gate
 * (gate.h). */
#ifndef HCC_MIGRATE_FAR_H
#define HCC_MIGRATE_FAR_H

#include "gate.h"

struct far {
	pid_t pid;           /* 0: none */
	int to, from;
	double patience_s;   /* how long nothing may come, or go */
	const char *name;    /* of the command, for errors */
	char line[CONTROL_LINE_BYTES + 64];
};

/* Run a command by the shell; or make a process that is ready to restore w from dir, once far_restore() says
 * that it is there. Return 0; -1 and *e. */
int far_run_command(struct far *f, const char *command, double patience_s, struct error *e);
int far_run_restore(struct far *f, const struct options *o, const struct wanted *w, const char *dir,
	struct error *e);
int far_restore(struct far *f, struct error *e);
/* Wait for a line: "ready" or the like. Returns 0 with what follows it in *text; -1 and *e: what
 * is wrong there, or here. */
int far_expect(struct far *f, const char *what, const char **text, struct error *e);
/* For stream_send(). If the other side has said what is wrong, that is the error. */
int far_write(void *far, void *bytes, size_t n_bytes, struct error *e);
/* Let go of it. */
void far_close(struct far *f);

#endif
