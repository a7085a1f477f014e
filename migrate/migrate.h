/* hcc-migrate: takes, restores and shows snapshots of processes. The files share this header; only
 * main.c prints errors and exits. */
#ifndef HCC_MIGRATE_TOOL_H
#define HCC_MIGRATE_TOOL_H

#include "../runtime/snapshot.h"

#include <libelf.h>
#include <limits.h>
#include <stdio.h>
#include <sys/types.h>

/* ---- error.c -------------------------------------------------------------------------------- */
struct error {
	char text[4096 + 512]; /* "subject: what is wrong" */
	char *more;            /* lines after that, or NULL; freed by nobody */
};

/* Set the error; returns -1. It stays one line: control characters of names become '?'. */
int fail(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- isa.c ---------------------------------------------------------------------------------- */
struct isa {
	const char *name;
	enum hcc_isa_id id;
	int elf_machine;
};

/* NULL for an ISA that does not exist. */
const struct isa *isa_by_name(const char *name);
const struct isa *isa_by_id(uint32_t id);
/* "x86_64 or aarch64" */
const char *isa_names(void);

/* ---- image.c: executables made by hcc ------------------------------------------------------- */
struct image {
	char path[PATH_MAX];
	const struct isa *isa;
	struct hcc_meta_header *meta; /* the whole table; its offsets are checked */
	int fd;
	int clones_fd; /* the plain bytes of its clones (clones_open); 0: not open */
};

/* Read an executable's table. path is for messages and for opening, unless fd >= 0.
 *   returns  1; 0 when it is no executable made by hcc (and *e says so); -1 when it is one that
 *            cannot be used. The caller frees in the first case only. */
int image_open(struct image *out, const char *path, struct error *e);
void image_close(struct image *image);
/* Write the executable of another ISA that this one carries to path, which appears whole or not at all.
 *   returns  1; 0 when it carries none for that ISA (and *e says so); -1 for all else */
int image_extract(const struct image *image, const struct isa *isa, const char *path,
	struct error *e);
/* The function that an address is in; "?" where unknown. Valid until the next call. */
const char *image_function_at(const struct image *image, uint64_t pc);
/* Parts of the table; the indices must be in range. */
struct hcc_meta_site image_site(const struct image *image, uint32_t site_idx);
const struct hcc_meta_function *image_function(const struct image *image, uint32_t function_idx);
const char *image_string(const struct image *image, uint32_t off);

/* However many calls that takes. Returns 0; -1 and errno. */
int write_bytes(int fd, const void *bytes, size_t n_bytes);
/* The first section of that name, or NULL. */
Elf_Scn *image_section(Elf *elf, const char *name);

/* ---- clones.c -------------------------------------------------------------------------------- */
/* Make clones_fd, where the executable's clones are compressed. Returns 0; -1 and *e. */
int clones_open(struct image *image, struct error *e);

/* ---- process.c: a running process ----------------------------------------------------------- */
struct process {
	pid_t pid;
	int pid_fd;
	int is_emulated; /* by qemu-user */
	int signal;      /* of this host, that brings a request */
	struct image image;
};

/* Find out what runs under a PID, and that it is ours and made by hcc. */
int process_open(struct process *out, pid_t pid, struct error *e);
void process_close(struct process *p);
/* When a process was started; 0 when there is none of that number. It and the boot ID name a process for
 * ever. */
uint64_t process_start_ticks(pid_t pid);
void read_boot_id(char out[40]);
/* Bytes of memory that are its own and that it has touched, or somewhat more. */
off_t process_memory_bytes(const struct process *p);
/* Whether it has its handler of requests: 1 yes, 0 not yet. */
int process_is_ready(const struct process *p);
/* Why a process does not answer, as far as can be seen from here; or NULL. */
const char *process_hindrance(const struct process *p);
/* The system call in which a thread (0: the first) is outside of its own code, as far as the kernel
 * tells; NULL where unknown. Valid until the next call. */
const char *process_where(const struct process *p, pid_t thread);
/* The name of a system call by its neutral number. Valid until the next call. */
const char *call_name(int neutral);

/* ---- file.c: a snapshot in a directory ------------------------------------------------------ */
struct snapshot {
	char path[PATH_MAX];
	int fd;
	const struct hcc_snap_header *header; /* the whole file, checked */
	uint64_t bytes;
};

/* Open and check a snapshot that nobody but this user, or root, can change.
 *   returns  0; -1 and *e */
int snapshot_open(struct snapshot *out, const char *dir, struct error *e);
/* The same but for the checksum of its pages: for who has them read by the process that is made of them, which
 * looks at that before anything of it runs. */
int snapshot_open_but_pages(struct snapshot *out, const char *dir, struct error *e);
/* The last of a file that is open; fd becomes the snapshot's, and name is what it is called. */
int snapshot_open_fd(struct snapshot *out, int fd, const char *name, struct error *e);
void snapshot_close(struct snapshot *s);
const char *snapshot_string(const struct snapshot *s, uint32_t off);
uint64_t snapshot_count(const struct snapshot *s, int kind, size_t unit_bytes);
/* Hold the snapshot against an executable of the same build (hcc_snapshot_match). */
int snapshot_match(const struct snapshot *s, const struct image *image, struct error *e);
struct wanted {
	const uint8_t *build_id;
	const char *recorded;     /* path of the executable that has run */
	const struct isa *source; /* its ISA; NULL: an unknown one */
};

/* The executable of an ISA that belongs to a snapshot, or to a process that is to be one, which must be this user's or root's: exe, or one
 * beside the recorded one, or the one that it carries, which is then put beside it, or in the user's
 * cache where that cannot be.
 *   isa  NULL: of any ISA, and nothing is put anywhere */
int find_image(const struct wanted *w, const struct isa *isa, const char *exe, struct image *out,
	struct error *e);
struct wanted snapshot_wanted(const struct snapshot *s);
/* build_id in hexadecimal; out has room for HCC_BUILD_ID_BYTES * 2 + 1. */
void build_id_text(const uint8_t *build_id, char *out);

/* ---- final.c -------------------------------------------------------------------------------- */
/* Whether the snapshot in a directory is what is left of its process: not if that still waits for a
 * verdict, or if another restore may have it. Returns 0; -1 and *e. */
int snapshot_is_final(const char *dir, struct error *e);

/* ---- shared.c: what other processes have open too --------------------------------------------- */
/* Whether the snapshot's process has its pipes and pairs for itself. Returns 0; -1 and the error. */
int shared_check(const struct snapshot *s, pid_t pid, struct error *e);

/* ---- tcp.c: TCP connections ------------------------------------------------------------------ */
/* The connections of a process that waits for its verdict, held still: they answer nothing. */
struct connections {
	struct connection *list;
	size_t n;
	pid_t guard;      /* lets them go when this program is killed; 0: there are none */
	int guard_fd;
	int keeps_listening; /* sockets that listen stay as they are, with their queues */
};

/* Whether this program has the privileges for it. */
int connections_allowed(void);
/* Hold the process's TCP connections that its snapshot names, and write them into it.
 *   pid_fd  pidfd of the process, pid
 *   path    of the snapshot's file, which s is an open mapping of
 * Returns 0; 1 and the error when one is over since the process looked, or one
 * is to be accepted first; -1 and the error. Then all connections go on. */
int connections_take(struct connections *out, const struct snapshot *s, pid_t pid, int pid_fd,
	struct error *e);
/* Let go of them: of the process's, which has ended (is_over) or goes on. */
void connections_release(struct connections *c, int is_over);

/* ---- take.c, restore.c, inspect.c: the commands --------------------------------------------- */

/* ---- status.c: a process's answer to a request ----------------------------------------------- */
enum status_kind {
	STATUS_UNKNOWN, STATUS_WRITTEN, STATUS_DECLINE, STATUS_THREAD, STATUS_REFUSE, STATUS_FAIL,
};

struct status {
	enum status_kind kind;
	const char *text; /* what follows the kind and its number; never empty but for an empty line */
	pid_t thread;     /* STATUS_DECLINE: because of this one, or 0; STATUS_THREAD: of this one */
	uint64_t pc;      /* the same: where, or 0 */
	int call;         /* STATUS_THREAD: the system call that it waits in, neutral number; or -1 */
	int error;        /* STATUS_FAIL: errno, or 0 */
};

/* Take a line apart, which must live as long as the result. What does not have the form that
 * snapshot.h gives is STATUS_UNKNOWN, with the whole line as its text. */
struct status status_parse(const char *line);

/* ---- take.c, restore.c, inspect.c, extract.c: the commands ----------------------------------- */
struct options {
	const char *dir;
	const char *to;
	const char *stdin_path, *stdout_path, *stderr_path;
	const char *pid_file;
	int compress;      /* level of zstd; 0: none */
	const char *isa;
	const char *exe;
	const char *stats;
	pid_t pid;
	double timeout_s;
	int leave_running;
	int close_connections;
	int json;
};

/* Return 0; -1 and *e; 1 when the error has been told to whom it concerns. */
int take_command(const struct options *o, struct error *e);
int move_command(const struct options *o, struct error *e);
int restore_command(const struct options *o, struct error *e);
int extract_command(const struct options *o, struct error *e);
int inspect_command(const struct options *o, struct error *e);

uint64_t now_ns(void);

#endif
