/* Restoring a snapshot into this process image, which start-up has just entered: on the kernel's
 * stack, without thread pointer and before any neutral code. All checks come first; then memory,
 * descriptors, attributes; then the frames are rebuilt by entering the outermost one's resume
 * function on a new native stack. An error before that is one line on stderr and exit status 1:
 * the program has not begun to run here.
 *
 * hcc-migrate passes the snapshot as a descriptor above all that the process will have. The next
 * higher descriptor, when it is open, gets one line with the times; the one after that is the gate,
 * and the next one has the clones, where the executable has them compressed. */
#include "pages.h"
#include "revive.h"
#include "attributes.h"

#define CLEAR_BY_MAPPING_BYTES (64u << 10)

/* The function that start-up calls: the outermost frame of every program. */
extern const char __libc_start_main[];
/* Their place, by the linker. */
extern const char __hcc_resume_start[];

/* What is left to do once the frames are there; private data, one restore per process image. */
static struct restore {
	const void *file;
	uint64_t file_bytes;
	int fd;
	int stats_fd;
	char path[512];
	uint64_t start_ns, checked_ns, mapped_ns, rebuilt_ns;
	uint64_t pages_bytes, n_threads, n_frames, stopped_ns;
	uint64_t pending_signals;
	int64_t timers[3][4];
} restore;

/* ---- Errors --------------------------------------------------------------------------------- */

static _Noreturn void stop(const char *a, const char *b, const char *c)
{
	static const char head[] = "hcc-migrate: error: ";
	char line[1024];
	struct hcc_text t;

	hcc_text_start(&t, line, sizeof line);
	hcc_text_add(&t, head);
	hcc_text_add(&t, restore.path);
	hcc_text_add(&t, ": ");
	hcc_text_add(&t, a);
	hcc_text_add(&t, b);
	hcc_text_add(&t, c);
	/* Names come from the snapshot: the message stays one line. */
	for (char *at = line; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			*at = '?';
	if (hcc_gate_fail(line + sizeof head - 1))
		sys_exit_group(1);
	hcc_text_add(&t, "\n");
	sys_write(2, line, hcc_string_bytes(line));
	sys_exit_group(1);
}

static _Noreturn void stop_errno(const char *a, const char *b, long error)
{
	static const struct {
		long error;
		const char *text;
	} known[] = {
		{-SYS_EPERM, "Operation not permitted"},
		{-SYS_ENOENT, "No such file or directory"},
		{-SYS_ENOMEM, "Cannot allocate memory"},
		{-SYS_EACCES, "Permission denied"},
		{-SYS_EEXIST, "File exists"},
		{-20, "Not a directory"},
		{-21, "Is a directory"},
		{-24, "Too many open files"},
		{-30, "Read-only file system"},
	};
	char text[64];
	struct hcc_text t;
	size_t i = 0;

	hcc_text_start(&t, text, sizeof text);
	while (i < sizeof known / sizeof *known && known[i].error != error)
		i++;
	if (i < sizeof known / sizeof *known) {
		hcc_text_add(&t, ": ");
		hcc_text_add(&t, known[i].text);
	} else {
		hcc_text_add(&t, ": errno ");
		hcc_text_decimal(&t, (uint64_t)-error);
	}
	stop(a, b, text);
}

static _Noreturn void stop_fault(const struct hcc_snap_fault *f)
{
	char text[128];
	struct hcc_text t;
	void (*number)(struct hcc_text *, uint64_t) = f->has_numbers == 2 ? hcc_text_hex
		: hcc_text_decimal;

	hcc_text_start(&t, text, sizeof text);
	hcc_text_add(&t, ": ");
	hcc_text_add(&t, f->what);
	if (f->has_numbers) {
		hcc_text_add(&t, " is ");
		number(&t, f->got);
		hcc_text_add(&t, ", expected ");
		number(&t, f->expected);
	}
	stop(f->where, text, "");
}

/* ---- Checks --------------------------------------------------------------------------------- */

static void find_path(int fd)
{
	char link[48];
	struct hcc_text t;
	long n;

	hcc_text_start(&t, link, sizeof link);
	hcc_text_add(&t, "/proc/self/fd/");
	hcc_text_decimal(&t, (uint64_t)fd);
	n = hcc_sys(SYS_readlinkat, SYS_AT_FDCWD, link, restore.path, sizeof restore.path - 1);
	restore.path[n < 0 ? 0 : n] = 0;
}

/* What others can change is not theirs to change between the checks and their use. */
static void check_owner(const struct sys_stat *st)
{
	uint32_t self = (uint32_t)hcc_sys(SYS_geteuid);

	if ((st->st_mode & SYS_S_IFMT) != SYS_S_IFREG)
		stop("not a regular file", "", "");
	if (st->st_uid != self && st->st_uid)
		stop("the file is owned by another user", "", "");
	if (st->st_mode & 022)
		stop("the file can be written by others than its owner", "", "");
}

/* Where the file's program headers leave room for them. */
static void map_clones(int fd)
{
	struct sys_stat st = {0};
	uint64_t va = (uint64_t)__hcc_resume_start;
	long result;

	if (!(hcc_meta()->flags & HCC_META_COMPRESSED))
		return;
	result = sys_fstat(fd, &st);
	if (!result)
		result = sys_mmap(va, (uint64_t)st.st_size, SYS_PROT_READ | SYS_PROT_EXEC,
			SYS_MAP_PRIVATE | SYS_MAP_FIXED, fd, 0);
	if ((uint64_t)result != va)
		stop_errno("cannot map the clones of the program", "", result);
	sys_close(fd);
}

static void open_file(int fd)
{
	struct sys_stat st = {0};
	long va;

	find_path(fd);
	restore.fd = fd;
	restore.stats_fd = hcc_sys(SYS_fcntl, fd + 1, SYS_F_GETFD) < 0 ? -1 : fd + 1;
	hcc_gate_open(fd + 2);
	map_clones(fd + 3);
	if (sys_fstat(fd, &st))
		stop("not an open file", "", "");
	check_owner(&st);
	if (st.st_size <= 0)
		stop("the file is empty", "", "");
	restore.file_bytes = (uint64_t)st.st_size;
	va = sys_mmap(0, restore.file_bytes, SYS_PROT_READ, SYS_MAP_PRIVATE, fd, 0);
	if (hcc_sys_failed(va))
		stop_errno("cannot map the file", "", va);
	restore.file = (const void *)va;
}

/* Every program begins alike. */
static int begins_in_start(const struct hcc_snap_thread *t)
{
	const struct hcc_meta_header *m = hcc_meta();
	const struct hcc_snap_frame *f = (const void *)((const char *)hcc_snapshot_section(
		restore.file, HCC_SECTION_FRAMES) + t->frames_off);
	const struct hcc_meta_function *function = (const struct hcc_meta_function *)hcc_meta_at(
		m->functions_off) + hcc_meta_function_of(m, f->site_idx);

	return function->entry_va == (uint64_t)__libc_start_main;
}

/* The snapshot's own descriptor, and that of the times, are above all that the process has. */
static void check_descriptors(void)
{
	const struct hcc_snap_header *h = restore.file;
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(restore.file,
		HCC_SECTION_DESCRIPTORS);
	uint64_t n = h->sections[HCC_SECTION_DESCRIPTORS].bytes / sizeof *d;

	if (n && d[n - 1].fd >= (uint32_t)restore.fd)
		stop("descriptors: a descriptor has the number of the snapshot's own", "", "");
}

static void check_all(void)
{
	struct hcc_snap_fault fault;

	if (hcc_snapshot_check_but_pages(restore.file, restore.file_bytes, &fault)
			|| hcc_snapshot_match(restore.file, hcc_meta(), &fault))
		stop_fault(&fault);
	check_descriptors();
}

/* What the runtime itself keeps in the memory of the process must be what was checked. */
static void check_state(void)
{
	const struct hcc_meta_header *m = hcc_meta();
	const struct hcc_process *state = &__hcc_process;
	const struct hcc_snap_process *p = hcc_snapshot_section(restore.file, HCC_SECTION_PROCESS);
	const struct hcc_snap_thread *t = hcc_snapshot_section(restore.file, HCC_SECTION_THREADS);

	if (state->arena_start_va != p->arena_start_va || state->arena_end_va != p->arena_end_va
			|| state->arena_next_va < p->arena_start_va
			|| state->arena_next_va > p->arena_end_va
			|| state->main_stack_start_va < p->arena_start_va
			|| state->main_stack_end_va > p->arena_end_va
			|| state->arguments_va < state->main_stack_start_va
			|| state->environment_va < state->arguments_va
			|| state->environment_end_va < state->environment_va
			|| state->environment_end_va > state->main_stack_end_va
			|| (state->main_thread_pointer
				&& state->main_thread_pointer != t->thread_pointer)
			|| (state->next_thread_number
				&& (state->next_thread_number < HCC_THREAD_NUMBER_FIRST
					|| state->next_thread_number >> 62))
			|| state->tls_image_va != m->tls_image_va
			|| state->tls_image_bytes != m->tls_image_bytes
			|| state->tls_bytes != m->tls_bytes)
		stop("pages: the state of the process is not what the snapshot says", "", "");
	if (!state->main_thread_pointer || state->is_forked_thread)
		return;
	if (!begins_in_start(t))
		stop("frames: the outermost frame is not where programs begin", "", "");
	if (t->portable_sp_va < state->main_stack_start_va
			|| t->portable_sp_va > state->main_stack_end_va)
		stop("pages: the state of the process is not what the snapshot says", "", "");
}

/* ---- Memory --------------------------------------------------------------------------------- */

static void map_regions(void)
{
	const struct hcc_snap_header *h = restore.file;
	const struct hcc_snap_region *r = hcc_snapshot_section(restore.file, HCC_SECTION_REGIONS);
	uint64_t n = h->sections[HCC_SECTION_REGIONS].bytes / sizeof *r;

	for (; n--; r++) {
		long va = sys_mmap(r->start_va, r->end_va - r->start_va,
			SYS_PROT_READ | SYS_PROT_WRITE, (r->flags & HCC_REGION_SHARED
				? SYS_MAP_SHARED : SYS_MAP_PRIVATE) | SYS_MAP_ANONYMOUS
			| SYS_MAP_NORESERVE | SYS_MAP_FIXED_NOREPLACE, -1, 0);

		if (hcc_sys_failed(va))
			stop_errno("cannot map the memory of the process", "", va);
		if ((uint64_t)va != r->start_va)
			stop("the addresses of the process are in use here", "", "");
	}
}

static void protect_regions(void)
{
	const struct hcc_snap_header *h = restore.file;
	const struct hcc_snap_region *r = hcc_snapshot_section(restore.file, HCC_SECTION_REGIONS);
	uint64_t n = h->sections[HCC_SECTION_REGIONS].bytes / sizeof *r;

	for (; n--; r++) {
		long result = r->prot == (HCC_PROT_READ | HCC_PROT_WRITE) ? 0
			: hcc_sys(SYS_mprotect, r->start_va, r->end_va - r->start_va, r->prot);

		if (result)
			stop_errno("cannot protect the memory of the process", "", result);
	}
}

/* The executable's own initial data, where the process had zeros. Much at once is not looked at: what the
 * program has never touched is not to be touched here. */
static void clear(uint64_t va, uint64_t end_va)
{
	uint64_t whole_va = HCC_ALIGN_UP(va, SYS_PAGE_BYTES);
	uint64_t whole_bytes = (end_va - whole_va) & ~(uint64_t)(SYS_PAGE_BYTES - 1);

	if (whole_va < end_va && whole_bytes >= CLEAR_BY_MAPPING_BYTES
			&& sys_mmap(whole_va, whole_bytes, SYS_PROT_READ | SYS_PROT_WRITE,
				SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_FIXED, -1, 0)
			== (long)whole_va) {
		clear(va, whole_va);
		va = whole_va + whole_bytes;
	}
	for (; va < end_va && va % 8; va++)
		*(volatile char *)va = 0;
	for (; va + 8 <= end_va; va += 8)
		if (*(volatile uint64_t *)va)
			*(volatile uint64_t *)va = 0;
	for (; va < end_va; va++)
		*(volatile char *)va = 0;
}

/* The last of the checks: the pages are held against their checksum as they are read. */
static void fill_memory(void)
{
	const struct hcc_snap_header *h = restore.file;
	const struct hcc_snap_process *p = hcc_snapshot_section(restore.file, HCC_SECTION_PROCESS);
	const struct hcc_snap_run *run = hcc_snapshot_section(restore.file, HCC_SECTION_RUNS);
	uint64_t n = h->sections[HCC_SECTION_RUNS].bytes / sizeof *run;
	uint64_t clear_va = p->shared_data_start_va;
	struct hcc_snap_fault fault;
	int result;

	for (; n--; run++) {
		if (run->va >= clear_va && run->va < p->shared_data_end_va) {
			clear(clear_va, run->va);
			clear_va = run->va + run->bytes;
		} else {
			break;
		}
	}
	clear(clear_va, p->shared_data_end_va);
	result = hcc_fill_memory(restore.file, restore.fd, &fault);
	if (result > 0)
		stop_fault(&fault);
	if (result)
		stop_errno("cannot read the memory of the process", "", result);
}

/* ---- Attributes ----------------------------------------------------------------------------- */

static void adopt_descriptors(void)
{
	const char *strings = hcc_snapshot_section(restore.file, HCC_SECTION_STRINGS);
	const struct hcc_snap_descriptor *failed = NULL;
	char number[32];
	struct hcc_text t;
	int result;

	sys_close(restore.fd);
	result = hcc_descriptors_adopt(restore.file, &failed);
	if (!result)
		return;
	hcc_text_start(&t, number, sizeof number);
	hcc_text_add(&t, "descriptor ");
	hcc_text_decimal(&t, failed->fd);
	hcc_text_add(&t, " ");
	stop_errno(number, strings + failed->path_off, result);
}

static int64_t offset_of(uint64_t seen_ns, uint64_t passed_ns, int clock)
{
	return (int64_t)(seen_ns + passed_ns - hcc_now_ns(clock));
}

/* The program's clocks of boot go on from where they were, by the time that has passed since. */
static void continue_clock(const struct hcc_snap_process *p)
{
	uint64_t now_ns = hcc_now_ns(SYS_CLOCK_REALTIME);
	uint64_t passed_ns = now_ns > restore.stopped_ns ? now_ns - restore.stopped_ns : 0;

	__hcc_process.monotonic_offset_ns = offset_of(p->monotonic_ns, passed_ns, SYS_CLOCK_MONOTONIC);
	__hcc_process.boottime_offset_ns = offset_of(__hcc_process.boottime_ns, passed_ns,
		SYS_CLOCK_BOOTTIME);
	__hcc_process.raw_offset_ns = offset_of(__hcc_process.raw_ns, passed_ns,
		SYS_CLOCK_MONOTONIC_RAW);
}

static void restore_attributes(void)
{
	const struct hcc_snap_process *p = hcc_snapshot_section(restore.file, HCC_SECTION_PROCESS);
	const char *strings = hcc_snapshot_section(restore.file, HCC_SECTION_STRINGS);
	long result = hcc_sys(SYS_chdir, strings + p->cwd_off);

	if (result)
		stop_errno("cannot enter ", strings + p->cwd_off, result);
	adopt_descriptors();
	hcc_sys(SYS_umask, p->umask);
	hcc_memory_restore();
	hcc_attributes_restore();
	continue_clock(p);
	hcc_title_show();
	hcc_signal_restore();
	hcc_request_init();
	restore.pending_signals = p->pending_signals;
	hcc_copy(restore.timers, p->timers, sizeof p->timers);
}

/* ---- Frames --------------------------------------------------------------------------------- */

static void write_stats(void)
{
	const struct { const char *name; uint64_t v; } items[] = {
		{"restored threads=", restore.n_threads},
		{" frames=", restore.n_frames},
		{" pages_bytes=", restore.pages_bytes},
		{" check_ns=", restore.checked_ns - restore.start_ns},
		{" map_ns=", restore.mapped_ns - restore.checked_ns},
		{" rebuild_ns=", restore.rebuilt_ns - restore.mapped_ns},
		{" pause_ns=", hcc_now_ns(SYS_CLOCK_REALTIME) - restore.stopped_ns},
	};
	char line[512];
	struct hcc_text t;

	hcc_text_start(&t, line, sizeof line);
	for (unsigned i = 0; i < sizeof items / sizeof *items; i++) {
		hcc_text_add(&t, items[i].name);
		hcc_text_decimal(&t, items[i].v);
	}
	hcc_text_add(&t, "\n");
	sys_write(restore.stats_fd, line, hcc_string_bytes(line));
	sys_close(restore.stats_fd);
}

/* All threads stand, with all signals blocked; called by the first of them. */
void hcc_restore_done(void)
{
	/* Nothing that comes after the gate can fail. */
	if (hcc_timers_restore())
		stop("cannot make its timers", "", "");
	hcc_limits_restore();
	restore.rebuilt_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
	hcc_gate_wait();
	if (restore.stats_fd >= 0)
		write_stats();
	for (int i = 0; i < 3; i++)
		if (restore.timers[i][2] || restore.timers[i][3])
			hcc_sys(SYS_setitimer, i, restore.timers[i], NULL);
	hcc_pending_restore(restore.pending_signals);
}

void hcc_restore_stop(const char *what)
{
	stop(what, "", "");
}

void hcc_restore_stop_errno(const char *what, const char *name, long error)
{
	stop_errno(what, name, error);
}

void hcc_restore(int fd)
{
	const uint64_t all = ~(uint64_t)0;
	const struct hcc_snap_header *h;

	sys_sigprocmask(SYS_SIG_SETMASK, &all, NULL);
	restore.start_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
	open_file(fd);
	hcc_polls_add_clones();
	check_all();
	h = restore.file;
	restore.stopped_ns = h->realtime_ns;
	restore.pages_bytes = h->sections[HCC_SECTION_PAGES].bytes;
	restore.checked_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
	map_regions();
	fill_memory();
	check_state();
	hcc_revive_check(restore.file);
	protect_regions();
	restore_attributes();
	hcc_revive_prepare(restore.file, &restore.n_threads, &restore.n_frames);
	sys_munmap((uint64_t)restore.file, restore.file_bytes);
	restore.mapped_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
	hcc_revive();
}
