/* State of the process that travels with it. One object, __hcc_process, defined in libc's own
 * (neutral, shared) data, so that it lies at one address on every ISA; written by the runtime. */
#ifndef HCC_PROCESS_H
#define HCC_PROCESS_H

#include <stdint.h>

struct hcc_process {
	uint64_t arena_start_va, arena_end_va;  /* all mappings made for the application lie inside */
	uint64_t arena_next_va;                 /* where the next mapping is tried first */
	uint64_t main_stack_start_va;           /* portable stack of the main thread, without guard */
	uint64_t main_stack_end_va;             /* argc, argv, envp, auxv copies lie at its top */
	uint64_t main_thread_pointer;           /* neutral thread pointer: start of its TLS block; 0:
	                                         * it has ended */
	int64_t monotonic_offset_ns;            /* added to CLOCK_MONOTONIC */
	uint64_t tls_image_va;                  /* PT_TLS of the executable, for libc: address, */
	uint64_t tls_image_bytes, tls_bytes;    /* bytes in the file and in memory */
	uint64_t arguments_va;                  /* strings of argv, then those of the environment, as */
	uint64_t environment_va, environment_end_va; /* they were copied, end to end */
	uint64_t timers_va;                     /* list of POSIX timers (timers.c), or 0 */
	uint64_t pending_va, pending_bytes;     /* pending signals while it is moved (pending.c), or 0 */
	uint64_t next_thread_number;            /* of a thread that is made; 0: the kernel's */
	uint64_t is_forked_thread;              /* 1: the main thread began as another's copy */
	int64_t boottime_offset_ns, raw_offset_ns; /* the same of CLOCK_BOOTTIME, CLOCK_MONOTONIC_RAW */
	uint64_t boottime_ns, raw_ns;           /* what the program saw of them when it was captured */
};

extern struct hcc_process __hcc_process;

/* What the program itself has asked of the kernel about the process, and a new process does not have.
 * It is noted as the system calls are made (attributes.c), and asked for again after a move; what it was
 * started with is not noted, and is its restore's. */
#define HCC_LIMITS 16
#define HCC_OPTIONS 16
#define HCC_GROUPS_MOST 64

struct hcc_attributes {
	uint32_t refused;        /* HCC_REFUSED_*: what cannot be carried */
	uint32_t noted;          /* HCC_NOTED_* */
	uint32_t options_set;    /* bit i: options[i] */
	uint32_t limits_set;     /* bit i: limits[i] */
	uint64_t options[HCC_OPTIONS][2]; /* arguments of prctl, in the order of its table */
	uint64_t limits[HCC_LIMITS][2];   /* soft, hard */
	uint64_t personality;
	uint64_t barriers;       /* commands of membarrier(2) that register */
	uint64_t dropped;        /* bounding set: bits of capabilities */
	uint64_t ambient;
	uint32_t capabilities[2][3]; /* struct __user_cap_data_struct: effective, permitted, inheritable */
	uint32_t users[3], user_groups[3]; /* real, effective, saved */
	uint32_t n_groups;       /* more than HCC_GROUPS_MOST: they are not here */
	uint32_t groups[HCC_GROUPS_MOST];
	uint32_t lock_all;       /* flags of mlockall(2), or 0 */
	uint64_t memory_va, memory_bytes; /* states of memory (memory.c), or 0 */
};

extern struct hcc_attributes __hcc_attributes;

/* How the kernel schedules a thread, as far as the program itself has said so. */
struct hcc_scheduling {
	uint32_t owned;          /* HCC_OWNED_*: of these it has */
	uint32_t io_priority;
	uint64_t timer_slack_ns;
	uint64_t attributes[7];  /* struct sched_attr */
	uint64_t affinity[16];   /* a bit for each processor */
};

/* What the runtime knows of a thread that travels with it. A thread keeps the number it began with,
 * because locks hold it; the kernel's changes with a move. */
struct hcc_thread {
	uint64_t generation;     /* counts its moves: which native stack a jmp_buf is about */
	uint32_t is_asked;       /* to be held at a point: no call begins that waits */
	uint32_t number;         /* by which the program knows it */
	uint64_t clear_va;       /* set_tid_address: an int, 0 and woken when the thread ends; or 0 */
	uint64_t robust_va;      /* set_robust_list: address and size, or 0 */
	uint64_t robust_bytes;
	uint64_t stack_start_va; /* of a portable stack that libc made: nothing lives between it and
	                          * the stack's pointer; 0: that is not known */
	uint32_t slot;           /* in the runtime's table of threads */
	uint32_t n_handled;      /* of the program's handlers, and */
	uint32_t n_requests;     /* of the runtime's own signals, that have run on it */
	uint32_t reserved;
	struct hcc_scheduling scheduling;
};

extern _Thread_local struct hcc_thread __hcc_thread;

/* The first number of threads that are made after a move. No kernel gives one above (PID_MAX_LIMIT),
 * and a futex word has room for no larger one than the last (FUTEX_TID_MASK). */
#define HCC_THREAD_NUMBER_FIRST 0x400001u
#define HCC_THREAD_NUMBER_LAST 0x3ffffffeu

/* What the program asked of sigaction, by signal number. The kernel has the runtime's own handler;
 * an entry counts only while it does. hcc_signal_save() makes all entries true before a move. */
#define HCC_SIGNALS 65

struct hcc_sigaction {
	uint64_t handler;  /* neutral address, or 0 default, 1 ignore */
	uint64_t flags;    /* SA_*, as the program gave them */
	uint64_t mask;
};

extern struct hcc_sigaction __hcc_sigactions[HCC_SIGNALS];

/* What the thread asked of sigaltstack: its memory is the portable stack of handlers. */
struct hcc_altstack {
	uint64_t start_va;
	uint64_t bytes;    /* 0: none */
};

extern _Thread_local struct hcc_altstack __hcc_altstack;

/* The thread's floating-point environment while it is not running: exceptions in bits 0 to 4,
 * rounding mode in bits 5 to 7, in the neutral ABI's constants. */
extern _Thread_local uint32_t __hcc_fenv;

/* Lowest byte in use of the thread's portable stack; always 16-aligned. */
extern _Thread_local void *__hcc_psp;

#endif
