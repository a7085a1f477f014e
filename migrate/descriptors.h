/* Making the descriptors of a process again, before it begins: by kind (objects.c, sockets.c). */
#ifndef HCC_MIGRATE_DESCRIPTORS_H
#define HCC_MIGRATE_DESCRIPTORS_H

#include "migrate.h"

#include <sys/socket.h>

struct making {
	const struct snapshot *s;
	const struct hcc_snap_descriptor *list;
	uint64_t n;
	const struct hcc_snap_state **states;      /* by index in list: the first of each, or NULL */
	const struct hcc_snap_state **connections; /* the same of the other section */
	int *made;     /* by index in list: the number under which it is for now, or -1 */
	int above;     /* all such numbers are this or more */
	int old_fd;    /* pidfd of the process, which still waits on this machine; or -1 */
	unsigned char *kept; /* by index in list: 1: it is the process's own (sockets.c) */
	int gate_fd;   /* of the process, if it is there already (gate.h); else -1 */
	int loses_segments; /* those to this machine do not arrive (segment.c) */
	int messages_fd; /* a copy of this program's standard error */
	struct error *e;
};

/* Index of a descriptor in the list, or -1. */
int64_t making_index(const struct making *m, uint32_t fd);
/* The structure of its first state of a kind; NULL when there is none. */
const void *making_state(const struct making *m, const struct hcc_snap_descriptor *d,
	uint32_t kind);
/* Calls use for each state of a kind that a descriptor has; stops at the first result that is not 0
 * and returns it. */
typedef int use_state(struct making *m, const struct hcc_snap_descriptor *d,
	const struct hcc_snap_state *s, int fd);
int making_each(struct making *m, const struct hcc_snap_descriptor *d, uint32_t kind,
	use_state *use, int fd);
/* Set the error: "descriptor 5 (pipe): cannot ...: strerror(errno)" . Returns -1. */
int making_fail(const struct making *m, const struct hcc_snap_descriptor *d, const char *what);
/* The same without errno. */
int making_refuse(const struct making *m, const struct hcc_snap_descriptor *d, const char *what);
/* Since the process was stopped, by the time of day of both machines. */
uint64_t making_passed_ns(const struct making *m);
/* flags of open for this host, without those that create */
int making_flags(const struct hcc_snap_descriptor *d);

/* ---- objects.c, sockets.c: return a descriptor of any number, or -1 and the error -------------- */
typedef int make_object(struct making *m, const struct hcc_snap_descriptor *d);
make_object make_file, make_deleted, make_memfd, make_pipe, make_fifo, make_eventfd, make_timerfd,
	make_epoll, make_signalfd, make_inotify, make_socket, make_queue;
/* When nothing can fail any more: new connections are answered again. */
void start_listening(const struct hcc_snap_descriptor *d);
/* Close fd, if it is one, and leave errno alone. Returns -1. */
int close_failed(int fd);

/* ---- sockets.c, for tcp.c ---------------------------------------------------------------------- */
use_state set_option;
/* The socket's own address or its peer's; NULL when it has none. */
const struct sockaddr *find_address(const struct making *m, const struct hcc_snap_descriptor *d,
	int is_peer, socklen_t *bytes);

/* Once all have their numbers, and the process that had them has ended: what only one can have, and what
 * one knows of the others. Return 0, or -1 and the error. */
typedef int finish_object(struct making *m, const struct hcc_snap_descriptor *d);
finish_object finish_locks, finish_epoll, finish_socket;

/* ---- tcp.c ------------------------------------------------------------------------------------- */
finish_object finish_connection;
/* When nothing can fail any more. */
finish_object start_connection;

/* ---- descriptors.c ---------------------------------------------------------------------------- */
/* Make all, and give them the numbers that the process knows them by. Nobody sees anything of it from
 * outside: what they have in common with others (addresses, locks) they get by descriptors_finish().
 *   m      out: for descriptors_finish(), also in a child of this program
 *   own    descriptors of this program that may be taken: n_own
 *   above  numbers from here on are free for the time being
 *   old    the process, if it still waits on this machine, or 0
 * Return 0; -1 and *e. */
int descriptors_make(struct making *m, const struct snapshot *s, const int *own, int n_own, int above,
	pid_t old, struct error *e);
int descriptors_finish(struct making *m, struct error *e);
/* Close all in this program. */
void descriptors_close(const struct making *m);

#endif
