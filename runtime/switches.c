/* Switches of the environment, by which a program moves without being asked to. For tests: a move at
 * every point, where an error would be found, and of single frames, where it would be named.
 *
 *   HCC_MOVE_EVERY=N[:L]  at every N-th poll, up to poll L, the process moves to itself, in place
 *                         (move.c)
 *   HCC_MOVE_AT=N[:K]     it moves once, at poll N; with K only the innermost K frames are rebuilt, on
 *                         top of the native frames of the others
 *   HCC_SCORCH=1          with these: what must not matter any more is garbage, and the rebuilt frames
 *                         are captured again and must be the same (so they are after a restore)
 *   HCC_SNAPSHOT_AT=N     at poll N the process writes its snapshot into HCC_SNAPSHOT_DIR (made when
 *                         it is not there) and ends by SIGKILL, as when hcc-migrate had asked
 *   HCC_MOVE_STATS=FILE   lines are added to it:
 *        moved poll=N frames=N FUNCTION (FILE:LINE), call site N     by HCC_MOVE_AT; of the outermost
 *        snapshot poll=N frames=N                                    by HCC_SNAPSHOT_AT
 *        declined poll=N REASON                                      by one of these two
 *        end polls=N moves=N frames=N declined=N [REASON]            when the process exits
 *
 * A system call at which a thread can be captured (point.h) is a poll, too. Polls are counted from 1, of
 * all threads together (not exactly, when there are several), from the start or restore of the process,
 * so that a snapshot goes on with a count of its own. They come in the same order on every ISA. Of
 * several threads the one at the poll moves. Where that is not possible, in a signal handler, it
 * declines, silently, and goes on. The child of a fork counts anew and takes no snapshot.
 *
 * The first two are for programs that are linked with -fno-hcc-compress, so that they have their clones.
 * They are read when the process starts or is restored. Without them nothing is different: no poll
 * comes here. They are ignored in a process with other rights than its caller (AT_SECURE). An empty
 * value is none; one that makes no sense ends the process with one line and exit status 2. */
#include "gather.h"

HCC_KEPT struct hcc_switches hcc_switches;

/* So many polls return at once (poll.S); `skipped` is what it was set to. Kept low, because a request is
 * not seen in the meantime. */
#define MOST_SKIPPED 1000
HCC_KEPT int64_t hcc_poll_skip;
static HCC_KEPT int64_t skipped;
static HCC_KEPT int32_t is_counting;

/* Figures of this process; a vfork child, which shares them, has another number. */
static HCC_KEPT struct {
	uint64_t polls, moves, frames, declined;
	long pid;
	char reason[128]; /* of the last decline */
} figures;

/* ---- Reading -------------------------------------------------------------------------------- */

static _Noreturn void stop_line(const char *const *words)
{
	char line[512];
	struct hcc_text t;

	hcc_text_start(&t, line, sizeof line - 1);
	hcc_text_add(&t, "hcc: error: ");
	for (; *words; words++)
		hcc_text_add(&t, *words);
	hcc_text_add(&t, "\n");
	sys_write(2, line, hcc_string_bytes(line));
	sys_exit_group(2);
}

static _Noreturn void stop(const char *name, const char *value, const char *what)
{
	stop_line((const char *const[]){name, ": '", value, "' is not ", what, NULL});
}

/* Value of NAME in NAME=value, or NULL. */
static const char *value_of(const char *entry, const char *name)
{
	while (*name && *entry == *name) {
		entry++;
		name++;
	}
	return *name || *entry != '=' || !entry[1] ? NULL : entry + 1;
}

/* A number from 1 on; *s is left behind it. 0 when there is none. */
static uint64_t take_number(const char **s)
{
	uint64_t v = 0;

	for (; **s >= '0' && **s <= '9'; ++*s) {
		if (v > 100000000000000000u)
			return 0;
		v = v * 10 + (uint64_t)(**s - '0');
	}
	return v;
}

static uint64_t read_number(const char *name, const char *value)
{
	const char *s = value;
	uint64_t v = take_number(&s);

	if (!v || *s)
		stop(name, value, "the number of a poll");
	return v;
}

/* A[:B] */
static void read_pair(const char *name, const char *value, const char *what, uint64_t *a, uint64_t *b)
{
	const char *s = value;

	*a = take_number(&s);
	*b = ~(uint64_t)0;
	if (*a && *s == ':') {
		s++;
		*b = take_number(&s);
	}
	if (!*a || !*b || *s)
		stop(name, value, what);
}

static void read_entry(const char *entry)
{
	struct hcc_switches *w = &hcc_switches;
	const char *value;

	if ((value = value_of(entry, "HCC_MOVE_EVERY")))
		read_pair("HCC_MOVE_EVERY", value,
			"a number of polls, or that and the number of the last one",
			&w->move_every, &w->move_last);
	else if ((value = value_of(entry, "HCC_MOVE_AT")))
		read_pair("HCC_MOVE_AT", value,
			"the number of a poll, or that and a number of frames",
			&w->move_at, &w->move_frames);
	else if ((value = value_of(entry, "HCC_SNAPSHOT_AT")))
		w->snapshot_at = read_number("HCC_SNAPSHOT_AT", value);
	else if ((value = value_of(entry, "HCC_SNAPSHOT_DIR")))
		w->snapshot_dir = value;
	else if ((value = value_of(entry, "HCC_MOVE_STATS")))
		w->stats_file = value;
	else if ((value = value_of(entry, "HCC_SCORCH"))) {
		if ((*value != '0' && *value != '1') || value[1])
			stop("HCC_SCORCH", value, "0 or 1");
		w->is_scorched = *value == '1';
	}
}

/* In the executable as they are; else only a process that is restored has them. */
static int has_clones(void)
{
	return !(hcc_meta()->flags & HCC_META_COMPRESSED);
}

void hcc_switches_read(char **envp, int is_restored)
{
	struct hcc_switches *w = &hcc_switches;

	for (; *envp; envp++)
		if ((*envp)[0] == 'H' && (*envp)[1] == 'C' && (*envp)[2] == 'C')
			read_entry(*envp);
	if (w->snapshot_at && !w->snapshot_dir)
		stop("HCC_SNAPSHOT_DIR", "", "a folder, which HCC_SNAPSHOT_AT needs");
	if (!is_restored && (w->move_every || w->move_at) && !has_clones())
		stop_line((const char *const[]){w->move_every ? "HCC_MOVE_EVERY" : "HCC_MOVE_AT",
			": the clones of this program are compressed; link it with -fno-hcc-compress", NULL});
	w->is_on = w->move_every || w->move_at || w->snapshot_at || w->stats_file;
	if (w->is_on)
		figures.pid = hcc_sys(SYS_getpid);
	hcc_polls_in_clones = w->is_on && has_clones();
	hcc_polls_set(w->is_on);
}

/* ---- Figures -------------------------------------------------------------------------------- */

/* Count the polls until now. */
static uint64_t count(void)
{
	int64_t left = __atomic_exchange_n(&hcc_poll_skip, 0, __ATOMIC_RELAXED);

	figures.polls += (uint64_t)(skipped - left);
	skipped = 0;
	return figures.polls;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Let polls return at once until the next one at which there is something to do. */
static void skip(void)
{
	const struct hcc_switches *w = &hcc_switches;
	uint64_t n = figures.polls, next = n + 1 + MOST_SKIPPED;

	if (w->move_every && n < w->move_last)
		next = least(next, n - n % w->move_every + w->move_every);
	if (w->move_at > n)
		next = least(next, w->move_at);
	if (w->snapshot_at > n)
		next = least(next, w->snapshot_at);
	skipped = (int64_t)(next - n - 1);
	__atomic_store_n(&hcc_poll_skip, skipped, __ATOMIC_RELAXED);
}

struct line {
	struct hcc_text t;
	char text[1024];
};

static void line_start(struct line *l, const char *what)
{
	hcc_text_start(&l->t, l->text, sizeof l->text - 1);
	hcc_text_add(&l->t, what);
}

static void line_number(struct line *l, const char *name, uint64_t v)
{
	hcc_text_add(&l->t, name);
	hcc_text_decimal(&l->t, v);
}

static void line_write(struct line *l)
{
	const uint64_t all = ~(uint64_t)0;
	uint64_t mask;
	long fd;

	hcc_text_add(&l->t, "\n");
	fd = sys_openat(SYS_AT_FDCWD, hcc_switches.stats_file,
		SYS_O_WRONLY | SYS_O_CREAT | SYS_O_APPEND | SYS_O_CLOEXEC, 0666);
	if (fd < 0)
		return;
	sys_sigprocmask(SYS_SIG_SETMASK, &all, &mask);
	if (sys_write((int)fd, l->text, hcc_string_bytes(l->text)) == -SYS_EFBIG)
		sys_drop_signal(SYS_SIGXFSZ);
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
	sys_close((int)fd);
}

void hcc_switches_exit(void)
{
	struct line l;

	if (!hcc_switches.stats_file || figures.pid != hcc_sys(SYS_getpid))
		return;
	count();
	line_start(&l, "end");
	line_number(&l, " polls=", figures.polls);
	line_number(&l, " moves=", figures.moves);
	line_number(&l, " frames=", figures.frames);
	line_number(&l, " declined=", figures.declined);
	if (figures.declined) {
		hcc_text_add(&l.t, " ");
		hcc_text_add(&l.t, figures.reason);
	}
	line_write(&l);
}

void hcc_switches_forked(void)
{
	if (!hcc_switches.is_on)
		return;
	is_counting = 0;
	figures.polls = figures.moves = figures.frames = figures.declined = 0;
	hcc_poll_skip = skipped = 0;
	figures.pid = hcc_sys(SYS_getpid);
	hcc_switches.snapshot_at = 0;
}

#include "apart.h"

void hcc_switches_moving(const struct hcc_frames *frames)
{
	struct line l;

	__atomic_add_fetch(&figures.moves, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&figures.frames, frames->n_frames, __ATOMIC_RELAXED);
	if (figures.polls != hcc_switches.move_at || !hcc_switches.stats_file)
		return;
	line_start(&l, "moved");
	line_number(&l, " poll=", figures.polls);
	line_number(&l, " frames=", frames->n_frames);
	hcc_text_add(&l.t, " ");
	hcc_text_frame(&l.t, hcc_frames_first(frames)->site_idx);
	line_write(&l);
}

static void decline(const struct hcc_refusal *why, int is_single)
{
	struct hcc_text t;
	struct line l;

	__atomic_add_fetch(&figures.declined, 1, __ATOMIC_RELAXED);
	hcc_text_start(&t, figures.reason, sizeof figures.reason);
	hcc_text_add(&t, why->text);
	if (!is_single || !hcc_switches.stats_file)
		return;
	line_start(&l, "declined");
	line_number(&l, " poll=", figures.polls);
	hcc_text_add(&l.t, " ");
	hcc_text_add(&l.t, why->text);
	line_write(&l);
}

/* ---- At a poll ------------------------------------------------------------------------------ */

static int open_directory(void)
{
	const char *path = hcc_switches.snapshot_dir;

	hcc_sys(SYS_mkdirat, SYS_AT_FDCWD, path, 0700);
	return (int)sys_openat(SYS_AT_FDCWD, path, SYS_O_DIRECTORY | SYS_O_CLOEXEC, 0);
}

static void take_snapshot(const struct hcc_regs *regs, const struct hcc_point *point)
{
	const uint64_t all = ~(uint64_t)0;
	struct hcc_capture c = {
		.start_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC),
		.realtime_ns = hcc_now_ns(SYS_CLOCK_REALTIME), .point = point, .is_fleeting = 1,
	};
	struct hcc_refusal why;
	struct line l;
	int result;

	for (;;) {
		sys_sigprocmask(SYS_SIG_SETMASK, &all, &c.signal_mask);
		if (hcc_gather_claim())
			break;
		sys_sigprocmask(SYS_SIG_SETMASK, &c.signal_mask, NULL);
		hcc_sys(SYS_sched_yield);
		hcc_gather_wait(regs, point);
	}
	c.dir_fd = open_directory();
	c.own_fds = &c.dir_fd;
	c.n_own_fds = 1;
	result = c.dir_fd < 0 ? hcc_fail(&why, c.dir_fd, "cannot open HCC_SNAPSHOT_DIR")
		: hcc_capture(&c, regs, &why);
	if (result)
		decline(&why, 1);
	else {
		if (hcc_switches.stats_file) {
			line_start(&l, "snapshot");
			line_number(&l, " poll=", figures.polls);
			line_number(&l, " frames=", c.n_frames);
			line_write(&l);
		}
		for (;;)
			hcc_sys(SYS_kill, hcc_sys(SYS_getpid), SYS_SIGKILL);
	}
	hcc_capture_free(&c);
	hcc_gather_unclaim();
	if (c.dir_fd >= 0)
		sys_close(c.dir_fd);
	sys_sigprocmask(SYS_SIG_SETMASK, &c.signal_mask, NULL);
}

void hcc_switches_poll(const struct hcc_regs *regs, const struct hcc_point *point)
{
	const struct hcc_switches *w = &hcc_switches;
	struct hcc_refusal why;
	uint64_t n;

	/* Another thread is counting, or what this signal's handler has interrupted: not exact then. */
	if (__atomic_exchange_n(&is_counting, 1, __ATOMIC_ACQUIRE))
		return;
	figures.polls = n = count() + 1;
	skip();
	__atomic_store_n(&is_counting, 0, __ATOMIC_RELEASE);
	if (n == w->snapshot_at)
		take_snapshot(regs, point);
	if (n == w->move_at) {
		hcc_move(regs, point, w->move_frames, &why);
		decline(&why, 1);
	} else if (w->move_every && n <= w->move_last && n % w->move_every == 0) {
		hcc_move(regs, point, HCC_ALL_FRAMES, &why);
		decline(&why, 0);
	}
}
