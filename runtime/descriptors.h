/* What the files of descriptors share: descriptors.c lists them and knows the kinds; files.c,
 * pipes.c, events.c and sockets.c write down the state of what they refer to. What they write down,
 * hcc-migrate makes again before the new process begins (migrate/descriptors.c); what belongs to the
 * process itself, hcc_descriptors_adopt() does.
 *
 * Nothing here changes what a descriptor refers to, so that a capture can be given up at any point. */
#ifndef HCC_DESCRIPTORS_H
#define HCC_DESCRIPTORS_H

#include "migrate.h"

struct hcc_listing {
	const int *skip;
	int n_skip;
	struct hcc_buffer *list, *strings, *states;
	struct hcc_refusal *why;
	struct hcc_buffer info;  /* fdinfo of the descriptor at hand; NUL-terminated */
	char link[4096];         /* what /proc/self/fd says of it */
};

static inline struct hcc_snap_descriptor *hcc_listed(const struct hcc_listing *l)
{
	return (void *)l->list->base;
}

static inline uint64_t hcc_n_listed(const struct hcc_listing *l)
{
	return l->list->bytes / sizeof(struct hcc_snap_descriptor);
}

static inline int hcc_same_file(const struct hcc_snap_descriptor *a,
	const struct hcc_snap_descriptor *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

/* Each returns -1, with l->why filled in. */
int hcc_refuse_descriptor(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const char *a, const char *b);
int hcc_decline_descriptor(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const char *text);
int hcc_fail_descriptor(struct hcc_listing *l, const struct hcc_snap_descriptor *d, long error,
	const char *text);

/* Add a string, or a state and what more there is of it. Returns 0; -1 with l->why filled in. */
int hcc_add_string(struct hcc_listing *l, const char *s, uint32_t *off);
int hcc_add_state(struct hcc_listing *l, const struct hcc_snap_descriptor *d, uint32_t kind,
	const void *state, uint64_t bytes, const void *more, uint64_t more_bytes);

/* Open what a descriptor refers to once more, with other flags. Returns it or -errno. */
long hcc_open_again(const struct hcc_snap_descriptor *d, int flags);

/* Read the descriptor's fdinfo into l->info. Returns 0; -1 with l->why filled in. */
int hcc_read_info(struct hcc_listing *l, const struct hcc_snap_descriptor *d);
/* Where the value begins after the next `key` in s; NULL when there is none. */
const char *hcc_info_after(const char *s, const char *key);
/* A number, with blanks before it; *s goes to what follows. */
uint64_t hcc_info_number(const char **s, unsigned base);

/* Whether a descriptor is ready for any of these events (POLLIN 1, POLLOUT 4); also POLLERR 8 and
 * POLLHUP 16. Returns them. */
int hcc_poll_now(int fd, int events);

/* ---- The kinds: write down the state of d, and set its kind. Return 0; -1 with l->why filled in. */
typedef int hcc_save(struct hcc_listing *l, struct hcc_snap_descriptor *d,
	const struct sys_stat *st);

hcc_save hcc_save_regular, hcc_save_directory, hcc_save_path, hcc_save_memfd; /* files.c */
hcc_save hcc_save_pipe, hcc_save_fifo;                                        /* pipes.c */
hcc_save hcc_save_eventfd, hcc_save_timerfd, hcc_save_epoll, hcc_save_signalfd,
	hcc_save_inotify;                                                     /* events.c */
hcc_save hcc_save_socket;                                                     /* sockets.c */

/* How much higher real-time signals are where the kernel shows them. Not 0: this is qemu-user, and /proc
 * shows the host's state. */
int hcc_signal_shift(void);

/* After a restore: what the restored process must do itself. Returns 0 or -errno. */
int hcc_adopt_signalfd(const struct hcc_snap_descriptor *d, uint64_t mask);

/* ---- notes.c: what the kernel does not tell -------------------------------------------------- */
/* The two ends of a socketpair, by inode. */
void hcc_note_pair(uint64_t ino, uint64_t peer_ino);
uint64_t hcc_noted_peer(uint64_t ino); /* 0: unknown */
/* The backlog of a listening socket. */
void hcc_note_backlog(uint64_t ino, uint64_t backlog);
int hcc_noted_backlog(uint64_t ino, uint32_t *backlog); /* 0: unknown */
/* A path that is watched. NULL: no more; start with at = 0. */
void hcc_note_watch(const char *path);
const char *hcc_next_watch(uint32_t *at);

/* ---- options.c: of sockets -------------------------------------------------------------------- */
/* An option, of at most so many bytes. Returns its bytes; -errno. */
int hcc_option(uint32_t fd, int level, int name, void *value, uint32_t bytes);
/* Write down all that a new socket may not have. Returns 0; -1 with l->why filled in. */
int hcc_save_options(struct hcc_listing *l, const struct hcc_snap_descriptor *d,
	const struct hcc_state_socket *s);

/* ---- memberships.c: multicast ---------------------------------------------------------------- */
/* setsockopt has succeeded with this. */
void hcc_note_membership(int fd, int level, int name, const void *value, uint32_t bytes);
/* As options of the socket. Returns 0; -1 with l->why filled in. */
int hcc_save_memberships(struct hcc_listing *l, const struct hcc_snap_descriptor *d);


#endif
