/* What the files of capture and restore share. Native code: it runs on the native stack, makes no
 * use of libc, and leaves neutral memory alone but where it says so. */
#ifndef HCC_MIGRATE_H
#define HCC_MIGRATE_H

#include "hcc_table.h"
#include "process.h"
#include "regs.h"
#include "snapshot.h"
#include "sys.h"

extern const char __hcc_meta_start[], __hcc_meta_end[];
extern _Thread_local void *__hcc_psp __attribute__((tls_model("local-exec")));

/* Short text without stdio: text.c. */
struct hcc_text {
	char *at, *end; /* room for the NUL is kept */
};

/* ---- polls.c -------------------------------------------------------------------------------- */
/* Make every poll lead to __hcc_poll, or none. Async-signal-safe; other threads may run. Where nothing
 * lets a process change its text, polls stay as they are, and only system calls are points. */
void hcc_polls_set(int jumps);
/* Whether code in resume clones may run, so that its polls count; set before polls are, or once they are by
 * hcc_polls_add_clones(). */
extern int32_t hcc_polls_in_clones;
void hcc_polls_add_clones(void);

/* ---- poll.c --------------------------------------------------------------------------------- */
extern uint64_t hcc_asked; /* the request that no point has taken yet, or 0 */

/* Install the handler of requests. */
void hcc_request_init(void);
/* Answer a request, at a poll or before a system call (point, else NULL). The registers are those of
 * the neutral caller. */
void hcc_poll_at(const struct hcc_regs *regs, const struct hcc_point *point);
/* At a poll: called by __hcc_poll. */
void hcc_poll_slow(const struct hcc_regs *regs);

/* ---- unwind.c ------------------------------------------------------------------------------- */
/* One frame of the native stack, seen from its call site. */
struct hcc_cursor {
	uint64_t pc;                        /* return address: the site */
	uint64_t regs[HCC_N_DWARF_REGS];    /* by DWARF number; valid: callee-saved, sp; at a poll what it preserves */
	int has_record;                     /* of the site: */
	struct hcc_meta_return ret;
	struct hcc_meta_site site;
};

static inline const struct hcc_meta_header *hcc_meta(void)
{
	return (const struct hcc_meta_header *)__hcc_meta_start;
}

static inline const void *hcc_meta_at(uint64_t off)
{
	return __hcc_meta_start + off;
}

/* A site of the program's. Returns 0; -1 when the table is damaged. */
int hcc_find_site(uint32_t site_idx, struct hcc_meta_site *site);

void hcc_cursor_start(struct hcc_cursor *c, const struct hcc_regs *regs);
/* Go to the caller's frame. Returns 0; -1 when the record makes no sense. Needs c->has_record. */
int hcc_cursor_step(struct hcc_cursor *c);
/* The registers as hcc_cursor_start() takes them. */
void hcc_cursor_regs(const struct hcc_cursor *c, struct hcc_regs *regs);
/* Whether this is the return address under which no frame of the program lies. */
int hcc_cursor_at_end(const struct hcc_cursor *c);
/* Read all values of the frame into n_values slots of two words each. Returns 0, or -1 when a
 * value is an address of the native stack or its record makes no sense. */
int hcc_cursor_values(const struct hcc_cursor *c, uint64_t (*slots)[2]);
/* The same for the first n values. */
int hcc_cursor_first_values(const struct hcc_cursor *c, uint64_t (*slots)[2], uint32_t n);

/* ---- capture.c ------------------------------------------------------------------------------ */
/* Why a process is not captured: at this point (decline), as it is (refuse), or by an error. */
struct hcc_refusal {
	enum { HCC_DECLINE, HCC_REFUSE, HCC_FAIL } verdict;
	uint64_t pc;   /* HCC_DECLINE: where, or 0 */
	int32_t thread; /* HCC_DECLINE: the kernel's number of the thread, or 0 */
	int error;     /* HCC_FAIL: errno */
	char text[HCC_STATUS_BYTES - 64];
};

/* Fill in; returns -1. The text is a, b and c joined. */
int hcc_refuse(struct hcc_refusal *why, const char *a, const char *b, const char *c);
int hcc_decline(struct hcc_refusal *why, uint64_t pc, const char *text);
int hcc_fail(struct hcc_refusal *why, long error, const char *what);

/* Private memory that grows; frames fill theirs from the end to the start. */
struct hcc_buffer {
	char *base;
	uint64_t cap_bytes;
	uint64_t bytes;
};

/* Make room for so many bytes more. Returns 0 or -errno. */
int hcc_buffer_room(struct hcc_buffer *b, uint64_t more_bytes);
/* Add bytes at the end; returns where they are, or NULL when there is no memory. */
void *hcc_buffer_add(struct hcc_buffer *b, const void *data, uint64_t bytes);
void hcc_buffer_free(struct hcc_buffer *b);

struct hcc_frames {
	struct hcc_buffer buffer; /* in use: the last buffer.bytes */
	uint64_t n_frames;
	struct hcc_regs caller;   /* the state right after the outermost frame's call */
};

#define HCC_ALL_FRAMES (~(uint64_t)0)

/* The frames of the thread whose registers these are, as struct hcc_snap_frame, outermost first:
 * all, or the innermost `most`. What *out had is overwritten.
 * Returns 0; -1 and *why. The caller frees the buffer in both cases. */
int hcc_capture_frames(const struct hcc_regs *regs, uint64_t most, struct hcc_frames *out,
	struct hcc_refusal *why);

static inline const struct hcc_snap_frame *hcc_frames_first(const struct hcc_frames *f)
{
	return (const void *)(f->buffer.base + f->buffer.cap_bytes - f->buffer.bytes);
}

static inline const struct hcc_snap_frame *hcc_frame_after(const struct hcc_snap_frame *f)
{
	return (const void *)((const char *)(f + 1) + 16 * (uint64_t)f->n_values);
}

/* ---- rebuild.c ------------------------------------------------------------------------------ */
/* The frames as resume functions read them, closed by one whose resume function is `done`: called
 * by the innermost frame in place of the call at which it was captured. What *to had is overwritten.
 * Returns 0; -ENOMEM; -EINVAL when a frame's function has no resume function. */
int hcc_rebuild_prepare(struct hcc_buffer *to, const struct hcc_snap_frame *frames,
	uint64_t n_frames, void (*done)(struct hcc_frame *));

/* Bytes of a native stack on which the frames of the thread with this thread pointer can be rebuilt,
 * however many. */
uint64_t hcc_rebuild_stack_bytes(uint64_t block_va);

/* Once the frames stand: capture them again, and compare. Returns 0; -1 and in *t which is wrong.
 *   regs   state right after the innermost frame's call
 *   again  where they are captured to; kept by the caller */
int hcc_rebuild_check(const struct hcc_regs *regs, const struct hcc_snap_frame *want,
	uint64_t n_frames, struct hcc_frames *again, struct hcc_text *t);

/* enter.S: begin to rebuild, with garbage in every register but the argument and those that say
 * where a stack is: on a new stack, or on what `caller` has left when it had just made the call that
 * made the first frame. */
_Noreturn void hcc_enter(struct hcc_frame *frame, uint64_t stack_end_va);
_Noreturn void hcc_reenter(const struct hcc_regs *caller, struct hcc_frame *frame);
/* enter.S: calls hcc_jump_result (jump.c), as a resume function. */
void hcc_give_result(void);
int hcc_jump_result(struct hcc_frame *frame);
/* enter.S: call a function on another stack for good; it gets the stack pointer that is left. */
_Noreturn void hcc_on_stack(void *arg, void (*function)(void *arg, uint64_t old_sp_va),
	uint64_t stack_end_va);

/* ---- switches.c, move.c ------------------------------------------------------------------------ */
/* What the environment asks for (see switches.c); all zero without. */
struct hcc_switches {
	int32_t is_on;           /* every poll has to be counted */
	int32_t is_scorched;
	uint64_t move_every, move_last, move_at, move_frames, snapshot_at;
	const char *snapshot_dir;
	const char *stats_file;
};

extern struct hcc_switches hcc_switches;

/* Count a poll of the thread with these registers, and do what the switches want at it. */
void hcc_switches_poll(const struct hcc_regs *regs, const struct hcc_point *point);

/* Move the calling thread to where it is, in place: all its frames, or the innermost `most`.
 *   returns  only when the thread cannot be moved here: -1 and *why */
int hcc_move(const struct hcc_regs *regs, const struct hcc_point *point, uint64_t most,
	struct hcc_refusal *why);
/* A new thread has the record of one that has ended. */
struct hcc_move;
void hcc_move_begin(struct hcc_move *m);
/* These frames are about to be moved. Called by move.c. */
void hcc_switches_moving(const struct hcc_frames *frames);
/* An invariant of a move does not hold: say so and abort. */
_Noreturn void hcc_move_bug(const char *text);

/* ---- descriptors.c -------------------------------------------------------------------------- */
/* Remember which descriptors the process was started with. */
void hcc_descriptors_note(void);
/* HCC_REQUEST_* of the request that is being answered. */
extern uint32_t hcc_request_flags;
/* List the open descriptors but those in skip[]; strings go to *strings, the states of what they
 * refer to (snapshot.h) to *states. Returns 0; -1 and *why. */
int hcc_descriptors_list(const int *skip, int n_skip, struct hcc_buffer *list,
	struct hcc_buffer *strings, struct hcc_buffer *states, struct hcc_refusal *why);
/* Take over what hcc-migrate has opened for the process of a checked snapshot. Returns 0; on error
 * -errno, and *failed is the one. */
int hcc_descriptors_adopt(const void *file, const struct hcc_snap_descriptor **failed);

/* ---- write.c -------------------------------------------------------------------------------- */
struct hcc_capture {
	const struct hcc_point *point; /* the system call before which the thread stands, or NULL */
	int dir_fd;
	const int *own_fds; /* that are open for the request only */
	int n_own_fds;
	uint64_t start_ns;  /* when the process was stopped: monotonic, of the kernel; and */
	uint64_t realtime_ns;
	uint64_t wait_ns;
	uint64_t sync_ns;   /* what fsync took */
	int is_fleeting;    /* nobody relies on it: no fsync */
	uint64_t signal_mask;
	uint64_t n_frames; /* of all threads */
	struct hcc_buffer threads, strings, regions, areas, runs, descriptors, states;
	struct hcc_snap_header header;
	struct hcc_snap_process process;
};

/* Capture the calling thread, whose registers these are, hold and capture all others, and write the
 * snapshot. Only one that has claimed to hold the others (gather.h) may call this. Then let them go, and free what was
 * taken. Returns 0; -1 and *why. */
int hcc_capture(struct hcc_capture *c, const struct hcc_regs *regs, struct hcc_refusal *why);
void hcc_capture_free(struct hcc_capture *c);

/* ---- children.c ---------------------------------------------------------------------------- */
/* Whether it has child processes, ended ones included; decline by naming them. */
int hcc_has_children(void);
int hcc_decline_children(struct hcc_refusal *why);


/* List the threads that are held, the main thread first, and the signals that wait for any of them.
 * Returns 0; -1 and *why. (threads.c) */
int hcc_threads_list(struct hcc_capture *c, struct hcc_refusal *why);

/* Write the file `snapshot` in dir_fd. Returns 0; -1 and *why, and no such file is left. */
int hcc_write_snapshot(struct hcc_capture *c, struct hcc_refusal *why);

/* ---- text.c: short text without stdio ------------------------------------------------------- */

void hcc_text_start(struct hcc_text *t, char *buffer, size_t bytes);
void hcc_text_add(struct hcc_text *t, const char *s);
void hcc_text_decimal(struct hcc_text *t, uint64_t v);
void hcc_text_hex(struct hcc_text *t, uint64_t v);
/* `FUNCTION (FILE:LINE), call site N`, by the table's number of the site. */
void hcc_text_frame(struct hcc_text *t, uint32_t site_idx);
size_t hcc_string_bytes(const char *s);
void hcc_copy(void *to, const void *from, size_t bytes);

uint64_t hcc_now_ns(int clock);

/* ---- gate.c (snapshot.h says what the gate is) ------------------------------------------------ */
/* There is one, if fd is a socket. */
void hcc_gate_open(int fd);
/* Say over the gate what is wrong. Returns 1; 0 when there is no gate, or nobody at it. */
int hcc_gate_fail(const char *text);
/* All threads stand: wait until the process may go on. Without a gate it may. */
void hcc_gate_wait(void);

/* ---- jump.c ----------------------------------------------------------------------------------- */

/* Once all frames stand: note those that a longjmp can go back to.
 *   regs     state right after the innermost frame's call
 *   returns  0 or -errno */
int hcc_jump_remember(const struct hcc_regs *regs);

#endif
