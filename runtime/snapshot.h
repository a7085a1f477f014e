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
#define HCC_SNAPSHOT_VERSION 2u
#define HCC_SNAPSHOT_ALIGN_BYTES 4096u
#define HCC_SNAPSHOT_FILE "snapshot"

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
	uint32_t reserved;
};

/* One line on the status FIFO, of at most HCC_STATUS_BYTES with its newline:
 *   written frames=N pages_bytes=N file_bytes=N wait_ns=N capture_ns=N write_ns=N sync_ns=N
 *   decline pc=HEX TEXT        not at this point; ask again
 *   refuse TEXT                never, as long as TEXT is true
 * One byte on the verdict FIFO: */
#define HCC_STATUS_BYTES 512
#define HCC_VERDICT_COMMIT 'c' /* end */
#define HCC_VERDICT_CONTINUE 'g' /* go on */

enum hcc_snapshot_section_kind {
	HCC_SECTION_PROCESS = 0,     /* one struct hcc_snap_process */
	HCC_SECTION_STRINGS = 1,     /* NUL-terminated; offset 0 is the empty string */
	HCC_SECTION_THREADS = 2,     /* struct hcc_snap_thread */
	HCC_SECTION_FRAMES = 3,      /* struct hcc_snap_frame, of all threads */
	HCC_SECTION_REGIONS = 4,     /* struct hcc_snap_region, by start_va */
	HCC_SECTION_RUNS = 5,        /* struct hcc_snap_run, by va */
	HCC_SECTION_PAGES = 6,       /* bytes */
	HCC_SECTION_DESCRIPTORS = 7, /* struct hcc_snap_descriptor, by number */
	HCC_N_SECTIONS = 8,
};

struct hcc_snap_section {
	uint64_t off;
	uint64_t bytes;
	uint64_t checksum; /* XXH64, seed 0 */
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
	uint64_t checksum;      /* XXH64 of all before it */
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
	uint64_t signal_mask;
	uint64_t pending_signals;
	int64_t timers[3][4];  /* ITIMER_*: interval s, us; value s, us */
	uint32_t umask;
	uint32_t exe_off;      /* into the strings */
	uint32_t cwd_off;
	uint32_t reserved;
};

struct hcc_snap_thread {
	uint64_t tid;
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

struct hcc_snap_region {
	uint64_t start_va, end_va; /* inside the arena */
	uint32_t prot;             /* HCC_PROT_* */
	uint32_t reserved;
};

/* Bytes of a region or of the shared data; what no run covers is zero. */
struct hcc_snap_run {
	uint64_t va;
	uint64_t bytes;
	uint64_t pages_off; /* within the pages section */
};

enum hcc_descriptor_kind {
	HCC_DESCRIPTOR_INHERITED = 0, /* the restored process gets its caller's */
	HCC_DESCRIPTOR_FILE = 1,      /* regular file or directory: opened again */
	HCC_DESCRIPTOR_DEVICE = 2,    /* character device without state: opened again */
	HCC_DESCRIPTOR_COPY = 3,      /* shares its open file description with copy_of */
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
	uint32_t copy_of;     /* _COPY: a lower descriptor, itself none; _INHERITED: the caller's */
	uint32_t path_off;    /* _FILE, _DEVICE; else 0 */
	uint64_t offset;
	uint64_t dev, ino;
};

/* What is wrong with a snapshot. */
struct hcc_snap_fault {
	const char *what;  /* "the file is truncated", ... ; static */
	const char *where; /* section name, or "header" */
	uint64_t got, expected;
	int has_numbers;   /* 0 none; 1 decimal; 2 hexadecimal */
};

/* XXH64 in pieces, as its specification gives it (Collet, xxhash doc/xxhash_spec.md 0.1.1). */
struct hcc_hash {
	uint64_t lanes[4];
	uint64_t n_bytes;
	uint32_t held_bytes;
	unsigned char held[32];
};

void hcc_hash_start(struct hcc_hash *h);
void hcc_hash_add(struct hcc_hash *h, const void *data, size_t bytes);
uint64_t hcc_hash_end(const struct hcc_hash *h);
uint64_t hcc_hash(const void *data, size_t bytes);

extern const char *const hcc_section_names[HCC_N_SECTIONS];

/* Check all of a snapshot that does not need the program's table: header, bounds, checksums, order
 * and sizes of what the sections hold, so that a reader may follow every offset in it.
 *   file     the mapped file, 8-aligned
 *   returns  0; -1 and *fault says why
 * Async-signal-safe; allocates nothing. */
int hcc_snapshot_check(const void *file, uint64_t file_bytes, struct hcc_snap_fault *fault);

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

/* The section's first byte; only after hcc_snapshot_check(). */
static inline const void *hcc_snapshot_section(const void *file, int kind)
{
	const struct hcc_snap_header *h = file;

	return (const char *)file + h->sections[kind].off;
}

#endif
