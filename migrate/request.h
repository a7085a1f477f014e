/* Asking a process for its snapshot: what `snapshot` and `move` share. The process writes the
 * file itself, into a working directory, and then waits for the verdict; runtime/poll.c is the
 * other side. */
#ifndef HCC_MIGRATE_REQUEST_H
#define HCC_MIGRATE_REQUEST_H

#include "migrate.h"

#include <signal.h>

/* What the process has said of its threads, at its last decline. */
struct report {
	char reason[HCC_STATUS_BYTES + 256];
	char lines[32768];        /* of a thread each; none when there is but one */
	size_t bytes;
	int is_whole;             /* the next line begins a new one */
};

void report_decline(struct report *r, const struct process *p, const struct status *status);
void report_thread(struct report *r, const struct process *p, const struct status *status);

struct request {
	struct process p;
	struct connections connections;
	char path[PATH_MAX];      /* of the directory; empty: there is none, or it is to stay */
	int dir_fd, status_fd, verdict_fd;
	uint64_t end_ns;
	struct report report;
	char line[HCC_STATUS_BYTES];
	uint64_t start_ns, asked_ns, written_ns, verified_ns; /* verified: the snapshot can be relied on */
	int is_committed;         /* the process has been told to end */
	int is_fleeting;          /* the snapshot is for this moment, not for the machine's next start */
};

/* Set by SIGINT, SIGTERM and SIGHUP once a request is begun. */
extern volatile sig_atomic_t is_interrupted;

/* Find the process, and make the working directory `dir`.tmp.XXXXXX for a request. Where this
 * fails, too, request_end() is to be called. All functions that can fail return 0; -1 and *e.
 *   is_here  the process will go on on this machine */
int request_begin(struct request *r, const struct options *o, const char *dir, int is_fleeting,
	int is_here, struct error *e);
/* Ask until the snapshot is written; the process then waits. Read the file back, and take what the
 * process itself cannot (connections); when one has been closed meanwhile, let the process go on,
 * and ask again. The caller closes *out. */
int request_take(struct request *r, const struct options *o, struct snapshot *out,
	struct error *e);
/* Give the directory the name `dir`, and make it last. */
int request_name(struct request *r, const char *dir, struct error *e);
/* Let the process end, and see its end: from here on the snapshot is what is left of it. */
int request_commit(struct request *r, struct error *e);
/* Let the process go on, and leave the snapshot. */
int request_continue(struct request *r, struct error *e);
/* Whether the process has ended, by whatever hand. */
int request_is_over(const struct request *r);
/* Remove what was for the request only: then the directory is a snapshot by itself. */
void request_strip(const struct request *r);
/* Let go of everything. A process that has got no verdict goes on, and the directory is removed;
 * but if the process has ended, the directory stays, and *e says so. Also when path is empty it
 * stays. */
void request_end(struct request *r, struct error *e);
/* A line for --stats. more: " name=number" that follow, or "". */
int request_write_stats(const struct request *r, const struct options *o, const char *more,
	struct error *e);

#endif
