/* Requests for a snapshot: the signal that brings one, and what a thread does about it at its next
 * poll. hcc-migrate's side of the protocol is migrate/take.c; snapshot.h has its names.
 *
 * A request never ends or changes the program but by the verdict "commit". A requester that went
 * away, or whose directory is not what it should be, is ignored. */
#include "attributes.h"
#include "gather.h"


HCC_KEPT uint64_t hcc_asked;         /* requester's PID << 32 | its descriptor of the directory */
static HCC_KEPT uint64_t request_ns;

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

_Static_assert(HCC_MIGRATE_SIGNAL == HCC_SIGNAL_MIGRATE, "one signal, two headers");

/* The thread that gets a request may be the one that cannot answer it: all are interrupted, and the first
 * at a point answers. */
static void handle(int signal, struct sys_siginfo *info, void *context)
{
	if (info->si_code != SYS_SI_QUEUE) {
		if (hcc_signal_wanted(signal))
			hcc_signal_entry(signal, info, context);
		return;
	}
	__hcc_thread.n_requests++;
	if (hcc_is_filtered())
		return;
	if (hcc_is_kick(info)) {
		__atomic_store_n(&hcc_record_self()->is_kicked, 0, __ATOMIC_SEQ_CST);
		if (!hcc_asked && !hcc_gather_is_on())
			return;
	} else {
		request_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
		__atomic_store_n(&hcc_asked, (uint64_t)(uint32_t)info->si_pid << 32
			| (uint32_t)info->si_value, __ATOMIC_SEQ_CST);
		hcc_kick_others();
	}
	hcc_record_self()->found_pc = hcc_signal_pc(context);
	__hcc_thread.is_asked = 1;
	hcc_polls_set(1);
	hcc_point_interrupt(context);
}

void hcc_request_init(void)
{
	hcc_signal_install_native(HCC_MIGRATE_SIGNAL, handle,
		SYS_SA_SIGINFO | SYS_SA_ONSTACK, ~(uint64_t)0);
	sys_mmap(HCC_READY_VA, HCC_READY_BYTES, SYS_PROT_NONE, SYS_MAP_PRIVATE
		| SYS_MAP_ANONYMOUS | SYS_MAP_NORESERVE | SYS_MAP_FIXED_NOREPLACE, -1, 0);
}

void hcc_migrate_init(void)
{
	hcc_request_init();
	hcc_descriptors_note();
}

#include "apart.h"

enum { DIR, STATUS, VERDICT, N_FDS };
/* What else an answer opens at a time, and an emulator for it. */
#define SPARE_FDS 5

static int open_directory(uint64_t asked)
{
	char path[64];
	struct hcc_text t;
	struct sys_stat st;
	long fd;

	hcc_text_start(&t, path, sizeof path);
	hcc_text_add(&t, "/proc/");
	hcc_text_decimal(&t, asked >> 32);
	hcc_text_add(&t, "/fd/");
	hcc_text_decimal(&t, (uint32_t)asked);
	fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_DIRECTORY | SYS_O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (sys_fstat((int)fd, &st) || st.st_uid != (uint32_t)hcc_sys(SYS_geteuid)
			|| st.st_mode & 077) {
		sys_close((int)fd);
		return -1;
	}
	return (int)fd;
}

/* Open a file of the request's directory; -1 when there is none of that type. Never waits. */
static int open_in(int dir_fd, const char *name, int flags, uint32_t type)
{
	long fd = sys_openat(dir_fd, name, flags | SYS_O_NOFOLLOW | SYS_O_NONBLOCK | SYS_O_CLOEXEC,
		0);
	struct sys_stat st;

	if (fd < 0)
		return -1;
	if (!sys_fstat((int)fd, &st) && (st.st_mode & SYS_S_IFMT) == type)
		return (int)fd;
	sys_close((int)fd);
	return -1;
}

/* Whether the directory holds a request for this process. */
static int read_request(int dir_fd)
{
	struct hcc_request r = {0};
	long fd = open_in(dir_fd, HCC_REQUEST_FILE, SYS_O_RDONLY, SYS_S_IFREG);
	long n;

	if (fd < 0)
		return 0;
	n = sys_read((int)fd, &r, sizeof r);
	sys_close((int)fd);
	hcc_request_flags = r.flags;
	return n == sizeof r && r.target_pid == (uint32_t)hcc_sys(SYS_getpid)
		&& *(const uint64_t *)r.magic == *(const uint64_t *)HCC_REQUEST_MAGIC;
}

/* The status FIFO is opened for both directions: writing to it never raises SIGPIPE. */
static int open_request(uint64_t asked, int fds[N_FDS])
{
	fds[STATUS] = fds[VERDICT] = -1;
	fds[DIR] = open_directory(asked);
	if (fds[DIR] < 0 || !read_request(fds[DIR]))
		return -1;
	fds[VERDICT] = open_in(fds[DIR], HCC_VERDICT_FIFO, SYS_O_RDONLY, SYS_S_IFIFO);
	fds[STATUS] = open_in(fds[DIR], HCC_STATUS_FIFO, SYS_O_RDWR, SYS_S_IFIFO);
	return fds[VERDICT] < 0 || fds[STATUS] < 0 ? -1 : 0;
}

static void report(int status_fd, const char *line)
{
	sys_write(status_fd, line, hcc_string_bytes(line));
}

static void report_refusal(int status_fd, const struct hcc_refusal *why)
{
	char line[HCC_STATUS_BYTES];
	struct hcc_text t;

	hcc_text_start(&t, line, sizeof line);
	if (why->verdict == HCC_DECLINE) {
		hcc_text_add(&t, "decline thread=");
		hcc_text_decimal(&t, (uint64_t)why->thread);
		hcc_text_add(&t, " pc=");
		hcc_text_hex(&t, why->pc);
	} else if (why->verdict == HCC_FAIL) {
		hcc_text_add(&t, "fail errno=");
		hcc_text_decimal(&t, (uint64_t)why->error);
	} else {
		hcc_text_add(&t, "refuse");
	}
	hcc_text_add(&t, " ");
	hcc_text_add(&t, why->text);
	hcc_text_add(&t, "\n");
	report(status_fd, line);
}

static void report_written(int status_fd, const struct hcc_capture *c)
{
	const struct hcc_snap_header *h = &c->header;
	const struct { const char *name; uint64_t v; } items[] = {
		{"written threads=", c->threads.bytes / sizeof(struct hcc_snap_thread)},
		{" frames=", c->n_frames},
		{" pages_bytes=", h->sections[HCC_SECTION_PAGES].bytes},
		{" file_bytes=", h->file_bytes},
		{" wait_ns=", h->wait_ns},
		{" capture_ns=", h->capture_ns},
		{" write_ns=", h->write_ns},
		{" sync_ns=", c->sync_ns},
	};
	char line[HCC_STATUS_BYTES];
	struct hcc_text t;

	hcc_text_start(&t, line, sizeof line);
	for (unsigned i = 0; i < sizeof items / sizeof *items; i++) {
		hcc_text_add(&t, items[i].name);
		hcc_text_decimal(&t, items[i].v);
	}
	hcc_text_add(&t, "\n");
	report(status_fd, line);
}

/* Wait for the verdict; a requester that is gone means: go on. Either this process goes on or the
 * snapshot does, and it is decided by one change of the directory. */
static void obey_verdict(const int fds[N_FDS])
{
	struct { int fd; short events, revents; } poll = {fds[VERDICT], 1, 0};
	struct sys_timespec patience;
	char verdict = 0;
	long n;

	while ((n = sys_read(fds[VERDICT], &verdict, 1)) == -SYS_EAGAIN || n == -SYS_EINTR) {
		patience = (struct sys_timespec){0, 100000000};
		hcc_sys(SYS_ppoll, &poll, 1, &patience, NULL, 0);
	}
	if (n == 1 && verdict == HCC_VERDICT_COMMIT
			&& !hcc_sys(SYS_unlinkat, fds[DIR], HCC_REQUEST_FILE, 0))
		for (;;)
			hcc_sys(SYS_kill, hcc_sys(SYS_getpid), SYS_SIGKILL);
	if (n != 1 || verdict != HCC_VERDICT_CONTINUE)
		hcc_sys(SYS_unlinkat, fds[DIR], HCC_SNAPSHOT_FILE, 0);
}

int hcc_capture(struct hcc_capture *c, const struct hcc_regs *regs, struct hcc_refusal *why)
{
	struct hcc_record *self = hcc_record_self();

	if (hcc_thread_is_child())
		return hcc_decline(why, regs->pc, "it shares the memory of another process");
	/* Before anybody is held for nothing. */
	if (hcc_has_children())
		return hcc_decline_children(why);
	if (hcc_hold(self, regs, c->point, c->signal_mask, why))
		hcc_gather_in_vain(why);
	else if (!hcc_gather(why) && !hcc_write_snapshot(c, why))
		return 0;
	if (why->verdict == HCC_DECLINE && !why->thread)
		why->thread = self->kernel;
	return -1;
}

void hcc_capture_free(struct hcc_capture *c)
{
	hcc_gather_release();
	hcc_let_go(hcc_record_self());
	hcc_buffer_free(&c->threads);
	hcc_buffer_free(&c->strings);
	hcc_buffer_free(&c->regions);
	hcc_buffer_free(&c->areas);
	hcc_buffer_free(&c->runs);
	hcc_buffer_free(&c->descriptors);
}

/* What has had other rights than now, or keeps secrets, is not for whoever runs as the same user; the kernel
 * draws the same line for ptrace. */
static int is_secret(struct hcc_refusal *why)
{
	enum { PR_GET_DUMPABLE = 3 };
	long dumpable = hcc_sys(SYS_prctl, PR_GET_DUMPABLE);

	if (dumpable != 0 && dumpable != 2)
		return 0;
	hcc_refuse(why, "it keeps its memory from others (it is not dumpable: prctl(2))", "", "");
	return 1;
}

/* By calls only that an answer makes anyhow: the program may be punished for others (seccomp). */
static int has_room(int n)
{
	long fds[N_FDS + SPARE_FDS];
	int i = 0, result;

	while (i < n && (fds[i] = sys_openat(SYS_AT_FDCWD, "/", SYS_O_PATH | SYS_O_CLOEXEC, 0)) >= 0)
		i++;
	result = i == n || fds[i] != -SYS_EMFILE;
	while (i)
		sys_close((int)fds[--i]);
	return result;
}

/* Nothing may be taken for what is not there because it could not be opened. */
static int lacks_room(struct hcc_refusal *why)
{
	if (has_room(SPARE_FDS))
		return 0;
	hcc_refuse(why, "it has nearly as many descriptors as it may have (RLIMIT_NOFILE)", "", "");
	return 1;
}

static void serve(const struct hcc_regs *regs, struct hcc_capture *c, const int fds[N_FDS])
{
	struct hcc_refusal why = {.verdict = HCC_DECLINE};
	int result;

	c->dir_fd = fds[DIR];
	c->is_fleeting = (hcc_request_flags & HCC_REQUEST_FLEETING) != 0;
	c->own_fds = fds;
	c->n_own_fds = N_FDS;
	result = is_secret(&why) || lacks_room(&why) ? -1 : hcc_capture(c, regs, &why);
	if (result) {
		hcc_gather_report(fds[STATUS]);
		report_refusal(fds[STATUS], &why);
	} else {
		report_written(fds[STATUS], c);
		obey_verdict(fds);
	}
	hcc_capture_free(c);
}

static __attribute__((noinline)) void answer(uint64_t asked, const struct hcc_regs *regs,
	const struct hcc_point *point, uint64_t mask)
{
	struct hcc_capture c = {.point = point, .signal_mask = mask};
	uint64_t limit[2] = {0, 0};
	int fds[N_FDS];

	c.start_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
	c.realtime_ns = hcc_now_ns(SYS_CLOCK_REALTIME);
	c.wait_ns = c.start_ns - request_ns;
	if (!has_room(N_FDS + SPARE_FDS))
		hcc_limit_lift(HCC_LIMIT_DESCRIPTORS, limit);
	if (!open_request(asked, fds))
		serve(regs, &c, fds);
	for (int i = 0; i < N_FDS; i++)
		if (fds[i] >= 0)
			sys_close(fds[i]);
	hcc_limit_back(HCC_LIMIT_DESCRIPTORS, limit);
}

/* With all signals blocked: no handler may end the thread, or jump away, while others wait for it. */
static void answer_request(const struct hcc_regs *regs, const struct hcc_point *point)
{
	const uint64_t all = ~(uint64_t)0;
	uint64_t asked, mask;

	sys_sigprocmask(SYS_SIG_SETMASK, &all, &mask);
	if (hcc_gather_claim()) {
		asked = __atomic_exchange_n(&hcc_asked, 0, __ATOMIC_SEQ_CST);
		if (asked)
			answer(asked, regs, point, mask);
		hcc_gather_unclaim();
	}
	sys_sigprocmask(SYS_SIG_SETMASK, &mask, NULL);
}

/* No poll need come here any more; unless it is asked again just now. */
static void clear_flag(void)
{
	hcc_polls_set(0);
	if (__atomic_load_n(&hcc_asked, __ATOMIC_SEQ_CST) || hcc_gather_is_on())
		hcc_polls_set(1);
}

void hcc_poll_at(const struct hcc_regs *regs, const struct hcc_point *point)
{
	__hcc_thread.is_asked = 0;
	hcc_gather_wait(regs, point);
	if (__atomic_load_n(&hcc_asked, __ATOMIC_SEQ_CST))
		answer_request(regs, point);
	if (hcc_switches.is_on)
		hcc_switches_poll(regs, point);
	else if (!hcc_gather_is_on())
		clear_flag();
}

void hcc_poll_slow(const struct hcc_regs *regs)
{
	hcc_poll_at(regs, NULL);
}
