/* The snapshot of a process: one file, `snapshot`, in the snapshot's directory. The same on every
 * ISA; all integers little-endian. Shared by the runtime (writes and restores) and hcc-migrate
 * (checks and shows).
 *
 * The header is followed by the sections that its table names, each 4096-aligned, in any order.
 * Every offset and length is untrusted until hcc_snapshot_check() has returned 0.
 */
#ifndef HCC_SNAPSHOT_H
#define HCC_SNAPSHOT_H

#include "hcc_format.h"

#include <stddef.h>
#include <stdint.h>

#define HCC_SNAPSHOT_MAGIC "hccsnap1"
#define HCC_SNAPSHOT_VERSION 6u
#define HCC_SNAPSHOT_ALIGN_BYTES 4096u
#define HCC_SNAPSHOT_FILE "snapshot"
#define HCC_ROOM_FILE "snapshot.room" /* an empty file with room for one, made before it is asked for; or none */
#define HCC_SENT_FILE "snapshot.sent" /* what it is while another machine may have it */

/* What a request and its answers are called in the working directory of a snapshot that is being
 * taken. The request is struct hcc_request; status and verdict are FIFOs. */
#define HCC_REQUEST_FILE "request"
#define HCC_STATUS_FIFO "status"
#define HCC_VERDICT_FIFO "verdict"
#define HCC_REQUEST_MAGIC "hccreqs1"

/* The guest's real-time signal that carries a request: musl's SIGSYNCCALL. */
#define HCC_MIGRATE_SIGNAL 34

/* A reserved, inaccessible page range that says from the outside that the handler of requests is
 * there. SigCgt in /proc/PID/status says it too, but under qemu-user it names every signal. */
#define HCC_READY_VA 0x7fff0000u
#define HCC_READY_BYTES 0x10000u

struct hcc_request {
	char magic[8];
	uint32_t target_pid; /* a process that gets a request meant for another ignores it */
	uint32_t flags;      /* HCC_REQUEST_* */
	/* Which process that is, for whoever finds the directory later; not for the process: */
	uint64_t start_ticks;    /* of /proc/PID/stat */
	char boot_id[40];        /* of /proc/sys/kernel/random/boot_id, padded with zeros */
};

#define HCC_REQUEST_CONNECTIONS 1u /* the requester can take TCP connections */
#define HCC_REQUEST_CLOSE 2u       /* connections that cannot be taken are given up, not refused */
#define HCC_REQUEST_LISTENING 8u   /* sockets that listen are kept, with who waits in their queues */
#define HCC_REQUEST_FLEETING 4u    /* the snapshot need not outlive the machine: no fsync */

/* As long as the request stands beside it, a snapshot is not the process: that waits, and goes on unless it
 * gets the verdict "commit". Then it removes the request, and ends; so that at no moment both, or
 * neither, are there. When its requester goes away it removes the snapshot, and goes on.
 *
 * One line on the status FIFO, of at most HCC_STATUS_BYTES with its newline:
 *   written threads=N frames=N pages_bytes=N file_bytes=N wait_ns=N capture_ns=N write_ns=N sync_ns=N
 *   thread thread=N pc=HEX call=N TEXT   before it, of each thread, when there are several: where it is held,
 *                              FUNCTION (FILE:LINE), and the neutral number + 1 of the system call that
 *                              it waits in; or its pc, and why it is not held
 *   decline thread=N pc=HEX TEXT   not at this point, because of this thread; ask again
 *   refuse TEXT                never, as long as TEXT is true
 * One byte on the verdict FIFO: */
#define HCC_STATUS_BYTES 512
#define HCC_VERDICT_COMMIT 'c' /* end */
#define HCC_VERDICT_CONTINUE 'g' /* go on, and leave the snapshot */
#define HCC_VERDICT_AGAIN 'a'    /* go on without the snapshot; it will be asked for again */

/* ---- The gate -----------------------------------------------------------------------------------
 * A process that is restored by a move waits at a gate when its frames stand. The gate is a socket of
 * type SOCK_SEQPACKET, whose number is that of the snapshot plus 2; without it there is no gate. The
 * process sends one message: HCC_GATE_READY, or what is wrong, and then it ends. It takes orders, each
 * a struct hcc_gate_order, and answers each with an int32_t, 0 or -errno. After HCC_GATE_GO it goes on;
 * when the other side is gone before that, it ends. */
#define HCC_GATE_READY "ready"

enum hcc_gate_what {
	HCC_GATE_LOCK = 1, /* lock a range of a file, as fcntl does */
	HCC_GATE_GO = 2,   /* go on; when path is not empty, by removing the snapshot: from that on the
	                    * process is what it was, and without that it ends */
};

struct hcc_gate_order {
	uint32_t what;         /* enum hcc_gate_what */
	uint32_t fd;           /* HCC_GATE_LOCK, with all up to path */
	uint32_t is_write;
	uint32_t reserved;
	uint64_t start, bytes; /* as in struct hcc_state_lock */
	char path[4096];       /* HCC_GATE_GO: absolute */
};

enum hcc_snapshot_section_kind {
	HCC_SECTION_PROCESS = 0,     /* one struct hcc_snap_process */
	HCC_SECTION_STRINGS = 1,     /* NUL-terminated; offset 0 is the empty string */
	HCC_SECTION_THREADS = 2,     /* struct hcc_snap_thread; the main thread's is the first */
	HCC_SECTION_FRAMES = 3,      /* struct hcc_snap_frame, of all threads */
	HCC_SECTION_REGIONS = 4,     /* struct hcc_snap_region, by start_va */
	HCC_SECTION_RUNS = 5,        /* struct hcc_snap_run, by va */
	HCC_SECTION_PAGES = 6,       /* bytes */
	HCC_SECTION_DESCRIPTORS = 7, /* struct hcc_snap_descriptor, by number */
	HCC_SECTION_STATES = 8,      /* struct hcc_snap_state and what it is of, by descriptor */
	HCC_SECTION_CONNECTIONS = 9, /* the same, of TCP connections; last in the file: hcc-migrate
	                              * writes it, when the process has written the others */
	HCC_N_SECTIONS = 10,
};

struct hcc_snap_section {
	uint64_t off;
	uint64_t bytes;
	uint64_t checksum; /* hcc_hash() */
};

struct hcc_snap_header {
	char magic[8];
	uint32_t version;
	uint32_t source_isa; /* enum hcc_isa_id */
	uint8_t build_id[HCC_BUILD_ID_BYTES];
	uint64_t file_bytes;
	uint64_t realtime_ns;   /* when the process was stopped */
	uint64_t wait_ns;       /* from the signal to the migration point */
	uint64_t capture_ns;    /* frames and descriptors */
	uint64_t write_ns;      /* memory */
	struct hcc_snap_section sections[HCC_N_SECTIONS];
	uint64_t checksum;      /* hcc_hash() of all before it */
};

/* The arena begins at a page between the first two and ends at the third. */
#define HCC_ARENA_LOWEST_VA (1ull << 36)
#define HCC_ARENA_HIGHEST_VA (1ull << 37)
#define HCC_ARENA_END_VA (1ull << 38)

/* With its NUL; what the kernel takes. */
#define HCC_SNAPSHOT_STRING_BYTES 4096u

struct hcc_snap_process {
	uint64_t pid;
	uint64_t shared_data_start_va, shared_data_end_va;
	uint64_t arena_start_va, arena_end_va;
	uint64_t monotonic_ns; /* as the program saw it: with its offset */
	uint64_t pending_signals; /* for no thread in particular */
	int64_t timers[3][4];  /* ITIMER_*: interval s, us; value s, us */
	uint32_t umask;
	uint32_t exe_off;      /* into the strings */
	uint32_t cwd_off;
	uint32_t reserved;
};

/* More would take a restore long to check against each other. */
#define HCC_SNAPSHOT_THREADS_MAX 65536u

struct hcc_snap_thread {
	uint64_t tid;           /* by which the program knows it */
	uint64_t portable_sp_va;
	uint64_t thread_pointer;
	uint64_t frames_off, frames_bytes; /* within the frames section, outermost first */
	uint64_t n_frames;
	uint64_t is_at_call;    /* 1: it makes this system call when its frames stand; 0: it goes on */
	int64_t call;           /* neutral number */
	int64_t args[6];
	uint64_t cancel_va;     /* neutral int that cancels the call; 0: nothing does */
	uint64_t has_left;      /* 1: of its relative timeout, this is left */
	int64_t left_sec, left_nsec;
	uint64_t signal_mask;
	uint64_t pending_signals; /* for this thread */
	char name[16];            /* as ps shows it, with its NUL */
};

/* Followed by n_values slots of 16 bytes. */
struct hcc_snap_frame {
	uint32_t site_idx; /* program-wide */
	uint32_t n_values;
	uint64_t reserved;
};

#define HCC_PROT_READ 1u
#define HCC_PROT_WRITE 2u
#define HCC_PROT_EXEC 4u

#define HCC_REGION_SHARED 1u /* anonymous memory that children will share */

struct hcc_snap_region {
	uint64_t start_va, end_va; /* inside the arena */
	uint32_t prot;             /* HCC_PROT_* */
	uint32_t flags;            /* HCC_REGION_* */
};

/* Bytes of a region or of the shared data; what no run covers is zero. */
struct hcc_snap_run {
	uint64_t va;
	uint64_t bytes;
	uint64_t pages_off; /* within the pages section */
};

/* What a descriptor refers to, and what its copy_of is. What is not said by the descriptor itself is
 * in its states. */
enum hcc_descriptor_kind {
	HCC_DESCRIPTOR_INHERITED = 0, /* the restored process gets its caller's: copy_of */
	HCC_DESCRIPTOR_FILE = 1,      /* regular file or directory: opened again */
	HCC_DESCRIPTOR_DEVICE = 2,    /* character device without state: opened again */
	HCC_DESCRIPTOR_COPY = 3,      /* shares its open file description with copy_of, a lower one */
	/* copy_of: the lowest descriptor of the same file or pipe, which has its contents */
	HCC_DESCRIPTOR_DELETED = 4,   /* regular file without a name */
	HCC_DESCRIPTOR_MEMFD = 5,
	HCC_DESCRIPTOR_PIPE = 6,
	HCC_DESCRIPTOR_FIFO = 7,
	/* copy_of: itself */
	HCC_DESCRIPTOR_EVENTFD = 8,
	HCC_DESCRIPTOR_TIMERFD = 9,
	HCC_DESCRIPTOR_EPOLL = 10,
	HCC_DESCRIPTOR_SIGNALFD = 11,
	HCC_DESCRIPTOR_INOTIFY = 12,
	/* copy_of: the other end of a pair, or itself */
	HCC_DESCRIPTOR_SOCKET = 13,
	HCC_DESCRIPTOR_QUEUE = 14,    /* POSIX message queue: opened again by its name; copy_of 0 */
	HCC_N_DESCRIPTOR_KINDS = 15,
};

/* What F_GETFL can say of a file: access, O_APPEND, O_NONBLOCK, O_DSYNC, O_SYNC, O_ASYNC, O_DIRECT,
 * O_LARGEFILE, O_DIRECTORY, O_NOFOLLOW, O_NOATIME, O_PATH. Nothing that creates or cuts a file. */
#define HCC_SNAPSHOT_OPEN_FLAGS 015776003u

#define HCC_SNAPSHOT_FD_MAX 0x3fffffffu

struct hcc_snap_descriptor {
	uint32_t fd;
	uint32_t kind;
	uint32_t open_flags;  /* asm-generic O_* values, HCC_SNAPSHOT_OPEN_FLAGS at most */
	uint32_t close_on_exec; /* 0 or 1 */
	uint32_t copy_of;     /* see enum hcc_descriptor_kind; else 0 */
	uint32_t path_off;    /* _FILE, _DEVICE, _FIFO, _QUEUE: a path; _DELETED, _MEMFD: a name; else 0 */
	uint64_t offset;
	uint64_t dev, ino;
};

/* ---- States of open file descriptions ---------------------------------------------------------
 * Each is a struct hcc_snap_state and the structure of its kind, padded with zeros to 8. Those of
 * one descriptor stand together, in the order in which they are to be made again. */
enum hcc_state_kind {
	HCC_STATE_BYTES = 0,    /* struct hcc_state_bytes, then bytes */
	HCC_STATE_FILE = 1,
	HCC_STATE_LOCK = 2,
	HCC_STATE_PIPE = 3,
	HCC_STATE_EVENTFD = 4,
	HCC_STATE_TIMERFD = 5,
	HCC_STATE_WATCH = 6,
	HCC_STATE_SIGNALFD = 7,
	HCC_STATE_INOTIFY = 8,
	HCC_STATE_SOCKET = 9,
	HCC_STATE_ADDRESS = 10, /* struct hcc_state_address, then a struct sockaddr */
	HCC_STATE_OPTION = 11,  /* struct hcc_state_option, then its value */
	HCC_STATE_TCP = 12,
	HCC_STATE_OWNER = 13,
	HCC_N_STATE_KINDS = 14,
};

struct hcc_snap_state {
	uint32_t fd;    /* that is no copy */
	uint32_t kind;
	uint64_t bytes; /* of what follows, without padding */
};

struct hcc_state_bytes {
	uint64_t off;   /* in a file; what no state covers is zero. Of a TCP connection: enum
	                 * hcc_tcp_queue. Else 0: one read's or message's */
};

struct hcc_state_file {
	uint64_t bytes;
	uint32_t mode;  /* permissions */
	uint32_t seals; /* F_SEAL_*, of a memfd */
};

enum hcc_lock_kind { HCC_LOCK_FLOCK = 0, HCC_LOCK_POSIX = 1, HCC_LOCK_OFD = 2 };

struct hcc_state_lock {
	uint64_t start, bytes; /* bytes 0: to the end, wherever it is; both 0 for flock */
	uint32_t kind;
	uint32_t is_write;
};

struct hcc_state_pipe {
	uint64_t cap_bytes;
	uint32_t is_packets;
	uint32_t mode;
};

struct hcc_state_eventfd {
	uint64_t count;
	uint32_t is_semaphore;
	uint32_t reserved;
};

struct hcc_state_timerfd {
	uint64_t left_ns; /* until it expires, when the process was stopped; 0: it is not armed */
	uint64_t interval_ns;
	uint64_t n_expired; /* and not read */
	uint32_t clock;
	uint32_t flags;   /* TFD_TIMER_* of its setting */
};

/* Of an epoll's interest list. */
struct hcc_state_watch {
	uint64_t data;
	uint32_t fd;
	uint32_t events;
};

struct hcc_state_signalfd {
	uint64_t mask; /* bit of signal n: n - 1 */
};

struct hcc_state_inotify {
	uint32_t watch;
	uint32_t mask;
	uint32_t path_off;
	uint32_t reserved;
};

enum hcc_socket_flags {
	HCC_SOCKET_LISTENS = 1, HCC_SOCKET_CONNECTED = 2, HCC_SOCKET_PAIR = 4,
	HCC_SOCKET_NO_READ = 8,  /* as by shutdown */
	HCC_SOCKET_RESET = 16,   /* a TCP connection that has been given up */
	HCC_SOCKET_ENDED = 32,   /* a TCP connection that is over: what is left to read, then its end */
};

struct hcc_state_socket {
	uint32_t family, type, protocol; /* AF_*, SOCK_* without flags, IPPROTO_* */
	uint32_t flags;                  /* HCC_SOCKET_* */
	uint32_t backlog;                /* of listen */
	uint32_t mode;                   /* of a Unix socket's file */
};

struct hcc_state_address {
	uint32_t is_peer;
	uint32_t reserved;
};

/* Numbers as in asm-generic. */
struct hcc_state_option {
	uint32_t level, name;
};

enum hcc_tcp_flags {
	HCC_TCP_SACK = 1, HCC_TCP_SCALE = 2, HCC_TCP_TIMESTAMPS = 4,
	HCC_TCP_NO_READ = 8,     /* as by shutdown; not because the peer has closed its half */
	HCC_TCP_FIN_UNSENT = 16, /* the end of this half waits behind HCC_TCP_UNSENT */
};
/* What of a connection has a snapshot: the numbers are the kernel's (net/tcp_states.h). */
enum hcc_tcp_state {
	HCC_TCP_ESTABLISHED = 1, HCC_TCP_SYN_SENT = 2, HCC_TCP_FIN_WAIT1 = 4, HCC_TCP_FIN_WAIT2 = 5,
	HCC_TCP_CLOSE_WAIT = 8, HCC_TCP_LAST_ACK = 9, HCC_TCP_CLOSING = 11,
};
enum hcc_tcp_queue { HCC_TCP_RECEIVED = 0, HCC_TCP_SENT = 1, HCC_TCP_UNSENT = 2 };

/* A connection, as TCP_REPAIR gives and takes it, with the address of its peer (HCC_STATE_ADDRESS). Of one
 * that is being made only send_seq, which is that of its SYN, and the buffers. */
struct hcc_state_tcp {
	uint32_t flags;
	uint32_t receive_seq, send_seq; /* of what comes next, behind both queues; or of the end that has come */
	uint32_t mss_bytes;
	uint32_t send_scale, receive_scale;
	uint32_t timestamp;
	uint32_t window[5]; /* struct tcp_repair_window */
	uint32_t send_buffer_bytes, receive_buffer_bytes, buffer_locks;
	uint32_t state; /* HCC_TCP_* */
};

/* The process gets a signal when something can be done with the descriptor. */
struct hcc_state_owner {
	uint32_t signal;   /* as F_SETSIG has it; 0: SIGIO */
	uint32_t is_async; /* O_ASYNC is set */
};

/* What is wrong with a snapshot. */
struct hcc_snap_fault {
	const char *what;  /* "the file is truncated", ... ; static */
	const char *where; /* section name, or "header" */
	uint64_t got, expected;
	int has_numbers;   /* 0 none; 1 decimal; 2 hexadecimal */
};

/* ---- hash.c --------------------------------------------------------------------------------- */
/* Checksums. Data is cut into chunks, each of which has a sum; the sum of all is that of the sums. */
#define HCC_HASH_CHUNK_BYTES (1u << 20)

struct hcc_hash_chunk {
	uint64_t lanes[4];
	uint64_t n_bytes;
	unsigned char held[64];
};

struct hcc_hash {
	struct hcc_hash_chunk chunk, all;
};

/* The whole, in pieces of any size. */
void hcc_hash_start(struct hcc_hash *h);
void hcc_hash_add(struct hcc_hash *h, const void *data, size_t bytes);
uint64_t hcc_hash_end(struct hcc_hash *h);
uint64_t hcc_hash(const void *data, size_t bytes);

/* One chunk, in pieces; and the whole, of the sums of its chunks in order. */
void hcc_hash_chunk_start(struct hcc_hash_chunk *h);
void hcc_hash_chunk_add(struct hcc_hash_chunk *h, const void *data, size_t bytes);
uint64_t hcc_hash_chunk_end(struct hcc_hash_chunk *h);
uint64_t hcc_hash_of_chunks(const uint64_t *sums, size_t n);

/* Whether all bytes are 0. */
int hcc_is_zero(const void *data, size_t bytes);

/* ---- snapshot.c ----------------------------------------------------------------------------- */

extern const char *const hcc_section_names[HCC_N_SECTIONS];

/* Check all of a snapshot that does not need the program's table: header, bounds, checksums, order
 * and sizes of what the sections hold, so that a reader may follow every offset in it.
 *   file     the mapped file, 8-aligned
 *   returns  0; -1 and *fault says why
 * Async-signal-safe; allocates nothing. */
int hcc_snapshot_check(const void *file, uint64_t file_bytes, struct hcc_snap_fault *fault);
/* The same but for the checksum of the pages, which is to be checked as they are read. */
int hcc_snapshot_check_but_pages(const void *file, uint64_t file_bytes, struct hcc_snap_fault *fault);

/* Hold a checked snapshot against the table of the executable that it is to be restored by: the same
 * build, the same memory, each frame one that the executable can rebuild, in a state that the frame
 * can be in.
 *   meta     the table; it is trusted as the executable itself is
 *   returns  0; -1 and *fault says why
 * Async-signal-safe; allocates nothing. */
int hcc_snapshot_match(const void *file, const struct hcc_meta_header *meta,
	struct hcc_snap_fault *fault);

/* Bits of a value of this type (enum hcc_value_type); 0 for a type that does not exist. */
unsigned hcc_value_bits(unsigned type);

/* Whether there is such a string, and it is a path as the kernel gives it: absolute, without parts
 * that are empty, `.` or `..`. */
int hcc_snapshot_is_path(const void *file, uint32_t off);
/* The descriptor of that number among the first n, which are in order; NULL when there is none. */
const struct hcc_snap_descriptor *hcc_find_descriptor(const struct hcc_snap_descriptor *d,
	uint64_t n, uint32_t fd);

/* ---- states.c ------------------------------------------------------------------------------- */
extern const char *const hcc_descriptor_kind_names[HCC_N_DESCRIPTOR_KINDS];

/* Parts of hcc_snapshot_check(): all states; what a descriptor of a kind that has some refers to. */
int hcc_states_check(const void *file, struct hcc_snap_fault *fault);
int hcc_states_is_descriptor(const void *file, const struct hcc_snap_descriptor *d);

/* The first state of a descriptor in a section of states, and the one after; NULL at the end of the
 * descriptor's. Only after hcc_snapshot_check().
 *   from  NULL, or a state of a lower descriptor: to look from there on */
const struct hcc_snap_state *hcc_state_first(const void *file, int section, uint32_t fd,
	const struct hcc_snap_state *from);
const struct hcc_snap_state *hcc_state_next(const void *file, const struct hcc_snap_state *state);
/* The first state of a kind, from this one on. */
const struct hcc_snap_state *hcc_state_find(const void *file, const struct hcc_snap_state *state,
	uint32_t kind);

/* The section's first byte; only after hcc_snapshot_check(). */
static inline const void *hcc_snapshot_section(const void *file, int kind)
{
	const struct hcc_snap_header *h = file;

	return (const char *)file + h->sections[kind].off;
}

#endif
