/* Validation of snapshots. No system calls, no libc: compiled into the runtime and
 * into hcc-migrate alike. Says what is wrong, never prints. */
#include "snapshot.h"

_Static_assert(sizeof(struct hcc_snap_section) == 24, "part of the format");
_Static_assert(sizeof(struct hcc_snap_header) == 320, "part of the format");
_Static_assert(sizeof(struct hcc_snap_process) == 168, "part of the format");
_Static_assert(sizeof(struct hcc_snap_thread) == 176, "part of the format");
_Static_assert(sizeof(struct hcc_snap_frame) == 16, "part of the format");
_Static_assert(sizeof(struct hcc_snap_region) == 24, "part of the format");
_Static_assert(sizeof(struct hcc_snap_run) == 24, "part of the format");
_Static_assert(sizeof(struct hcc_snap_descriptor) == 48, "part of the format");

const char *const hcc_section_names[HCC_N_SECTIONS] = {
	[HCC_SECTION_PROCESS] = "process",
	[HCC_SECTION_STRINGS] = "strings",
	[HCC_SECTION_THREADS] = "threads",
	[HCC_SECTION_FRAMES] = "frames",
	[HCC_SECTION_REGIONS] = "regions",
	[HCC_SECTION_RUNS] = "runs",
	[HCC_SECTION_PAGES] = "pages",
	[HCC_SECTION_DESCRIPTORS] = "descriptors",
	[HCC_SECTION_STATES] = "states",
	[HCC_SECTION_CONNECTIONS] = "connections",
};

static uint64_t load64(const unsigned char *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, 8);
	return v;
}

static int fault(struct hcc_snap_fault *f, const char *where, const char *what)
{
	f->where = where;
	f->what = what;
	f->has_numbers = 0;
	return -1;
}

static int fault_numbers(struct hcc_snap_fault *f, const char *where, const char *what,
	uint64_t got, uint64_t expected, int has_numbers)
{
	f->where = where;
	f->what = what;
	f->got = got;
	f->expected = expected;
	f->has_numbers = has_numbers;
	return -1;
}

static int check_header(const struct hcc_snap_header *h, uint64_t file_bytes,
	struct hcc_snap_fault *f)
{
	uint64_t sum;

	if (file_bytes < sizeof *h)
		return fault_numbers(f, "header", "the file is truncated: its size in bytes",
			file_bytes, sizeof *h, 1);
	if (load64((const void *)h->magic) != load64((const void *)HCC_SNAPSHOT_MAGIC))
		return fault(f, "header", "not a snapshot of a process");
	if (h->version != HCC_SNAPSHOT_VERSION)
		return fault_numbers(f, "header", "version", h->version, HCC_SNAPSHOT_VERSION, 1);
	sum = hcc_hash(h, offsetof(struct hcc_snap_header, checksum));
	if (sum != h->checksum)
		return fault_numbers(f, "header", "checksum", sum, h->checksum, 2);
	if (file_bytes != h->file_bytes)
		return fault_numbers(f, "file", file_bytes < h->file_bytes
			? "the file is truncated: its size in bytes" : "size in bytes",
			file_bytes, h->file_bytes, 1);
	return 0;
}

/* What lies between sections has no checksum: it is alignment, and zero. */
static int check_padding(const void *file, uint64_t from_off, struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	uint64_t to_off = h->file_bytes;

	for (int i = 0; i < HCC_N_SECTIONS; i++)
		if (h->sections[i].off >= from_off && h->sections[i].off < to_off)
			to_off = h->sections[i].off;
	if (to_off - from_off >= HCC_SNAPSHOT_ALIGN_BYTES)
		return fault_numbers(f, "file", "bytes between sections", to_off - from_off,
			HCC_SNAPSHOT_ALIGN_BYTES - 1, 1);
	for (; from_off < to_off; from_off++)
		if (((const char *)file)[from_off])
			return fault(f, "file", "padding is not zero");
	return 0;
}

static int check_sections(const void *file, int skip, struct hcc_snap_fault *f)
{
	static const uint32_t unit_bytes[HCC_N_SECTIONS] = {
		[HCC_SECTION_PROCESS] = sizeof(struct hcc_snap_process),
		[HCC_SECTION_STRINGS] = 1,
		[HCC_SECTION_THREADS] = sizeof(struct hcc_snap_thread),
		[HCC_SECTION_FRAMES] = 16,
		[HCC_SECTION_REGIONS] = sizeof(struct hcc_snap_region),
		[HCC_SECTION_RUNS] = sizeof(struct hcc_snap_run),
		[HCC_SECTION_PAGES] = 1,
		[HCC_SECTION_DESCRIPTORS] = sizeof(struct hcc_snap_descriptor),
		[HCC_SECTION_STATES] = 8,
		[HCC_SECTION_CONNECTIONS] = 8,
	};
	const struct hcc_snap_header *h = file;

	for (int i = 0; i < HCC_N_SECTIONS; i++) {
		const struct hcc_snap_section *s = &h->sections[i];
		uint64_t sum;

		if (s->off % HCC_SNAPSHOT_ALIGN_BYTES || s->off < sizeof *h
				|| s->off > h->file_bytes || s->bytes > h->file_bytes - s->off
				|| s->bytes % unit_bytes[i])
			return fault(f, hcc_section_names[i], "offset or length out of range");
		sum = i == skip ? s->checksum : hcc_hash((const char *)file + s->off, s->bytes);
		if (sum != s->checksum)
			return fault_numbers(f, hcc_section_names[i], "checksum", sum, s->checksum,
				2);
		if (check_padding(file, s->off + s->bytes, f))
			return -1;
	}
	if (check_padding(file, sizeof *h, f))
		return -1;
	if (h->sections[HCC_SECTION_PROCESS].bytes != sizeof(struct hcc_snap_process))
		return fault(f, "process", "offset or length out of range");
	return 0;
}

static int check_strings(const void *file, struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	const char *strings = hcc_snapshot_section(file, HCC_SECTION_STRINGS);
	uint64_t bytes = h->sections[HCC_SECTION_STRINGS].bytes, start = 0;

	if (!bytes || strings[bytes - 1])
		return fault(f, "strings", "last string has no end");
	for (uint64_t i = 0; i < bytes; i++) {
		if (strings[i])
			continue;
		if (i - start >= HCC_SNAPSHOT_STRING_BYTES)
			return fault_numbers(f, "strings", "length of a string", i - start,
				HCC_SNAPSHOT_STRING_BYTES - 1, 1);
		start = i + 1;
	}
	return 0;
}

/* Whether there is such a string, and it is a path as the kernel gives it: absolute, without parts
 * that are empty, `.` or `..`. */
int hcc_snapshot_is_path(const void *file, uint32_t off)
{
	const struct hcc_snap_header *h = file;
	const char *s = (const char *)hcc_snapshot_section(file, HCC_SECTION_STRINGS) + off;

	if (off >= h->sections[HCC_SECTION_STRINGS].bytes || *s != '/')
		return 0;
	if (!s[1])
		return 1;
	while (*s) {
		const char *part = ++s;

		while (*s && *s != '/')
			s++;
		if (s == part || (*part == '.' && (s == part + 1
				|| (s == part + 2 && part[1] == '.'))))
			return 0;
	}
	return 1;
}

static int check_process(const void *file, struct hcc_snap_fault *f)
{
	const uint64_t never_pending = 1ull << (9 - 1) | 1ull << (19 - 1); /* SIGKILL, SIGSTOP */
	const struct hcc_snap_process *p = hcc_snapshot_section(file, HCC_SECTION_PROCESS);

	if (!hcc_snapshot_is_path(file, p->exe_off))
		return fault(f, "process", "path of the executable is not one");
	if (!hcc_snapshot_is_path(file, p->cwd_off))
		return fault(f, "process", "path of the working directory is not one");
	if (p->shared_data_start_va > p->shared_data_end_va
			|| p->shared_data_end_va > HCC_ARENA_LOWEST_VA)
		return fault(f, "process", "shared data out of range");
	if (p->arena_start_va < HCC_ARENA_LOWEST_VA || p->arena_start_va >= HCC_ARENA_HIGHEST_VA
			|| p->arena_start_va % HCC_SNAPSHOT_ALIGN_BYTES)
		return fault(f, "process", "arena out of range");
	if (p->arena_end_va != HCC_ARENA_END_VA)
		return fault_numbers(f, "process", "end of the arena", p->arena_end_va,
			HCC_ARENA_END_VA, 2);
	if (p->umask > 0777 || p->pending_signals & never_pending || p->reserved)
		return fault(f, "process", "attribute out of range");
	return 0;
}

static int check_thread(const void *file, const struct hcc_snap_thread *t, struct hcc_snap_fault *f)
{
	const uint64_t never_pending = 1ull << (9 - 1) | 1ull << (19 - 1);
	const struct hcc_snap_header *h = file;
	const char *frames = hcc_snapshot_section(file, HCC_SECTION_FRAMES);
	uint64_t all = h->sections[HCC_SECTION_FRAMES].bytes, off = t->frames_off, end;

	if (off % 16 || off > all || t->frames_bytes > all - off || !t->n_frames)
		return fault(f, "threads", "frames out of range");
	if (t->is_at_call > 1 || t->has_left > t->is_at_call || t->left_sec < 0
			|| (uint64_t)t->left_nsec >= 1000000000
			|| (!t->is_at_call && (t->call || t->cancel_va)))
		return fault(f, "threads", "system call out of range");
	if (!t->tid || t->tid > 0x3fffffff || t->pending_signals & never_pending
			|| t->name[sizeof t->name - 1])
		return fault(f, "threads", "attribute out of range");
	end = off + t->frames_bytes;
	for (uint64_t i = 0; i < t->n_frames; i++) {
		const struct hcc_snap_frame *frame = (const void *)(frames + off);

		if (end - off < sizeof *frame
				|| (end - off - sizeof *frame) / 16 < frame->n_values
				|| frame->reserved)
			return fault(f, "frames", "frame out of range");
		off += sizeof *frame + 16 * (uint64_t)frame->n_values;
	}
	return off == end ? 0 : fault(f, "frames", "bytes after the last frame");
}

/* Each has its frames for itself, one after the other. */
static int check_threads(const void *file, struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_thread *t = hcc_snapshot_section(file, HCC_SECTION_THREADS);
	uint64_t n = h->sections[HCC_SECTION_THREADS].bytes / sizeof *t, used_bytes = 0;

	if (!n)
		return fault(f, "threads", "there is none");
	if (n > HCC_SNAPSHOT_THREADS_MAX)
		return fault_numbers(f, "threads", "number of threads", n,
			HCC_SNAPSHOT_THREADS_MAX, 1);
	for (uint64_t i = 0; i < n; i++) {
		if (check_thread(file, &t[i], f))
			return -1;
		if (t[i].frames_off < used_bytes)
			return fault(f, "threads", "two threads have the same frames");
		used_bytes = t[i].frames_off + t[i].frames_bytes;
		for (uint64_t k = 0; k < i; k++)
			if (t[k].tid == t[i].tid)
				return fault(f, "threads", "two threads have the same number");
	}
	return 0;
}

static int check_regions(const void *file, struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_process *process = hcc_snapshot_section(file, HCC_SECTION_PROCESS);
	const struct hcc_snap_region *r = hcc_snapshot_section(file, HCC_SECTION_REGIONS);
	uint64_t n = h->sections[HCC_SECTION_REGIONS].bytes / sizeof *r;
	uint64_t last = process->arena_start_va;

	for (; n--; r++) {
		if (r->start_va < last || r->start_va >= r->end_va
				|| r->end_va > process->arena_end_va
				|| r->start_va % HCC_SNAPSHOT_ALIGN_BYTES
				|| r->end_va % HCC_SNAPSHOT_ALIGN_BYTES
				|| r->prot & ~(HCC_PROT_READ | HCC_PROT_WRITE | HCC_PROT_EXEC)
				|| r->flags & ~HCC_REGION_SHARED)
			return fault(f, "regions", "region out of range");
		if (r->prot & HCC_PROT_WRITE && r->prot & HCC_PROT_EXEC)
			return fault(f, "regions", "region is writable and executable");
		last = r->end_va;
	}
	return 0;
}

/* The pages of the runs lie one after the other, so that a run costs its bytes in the file. */
static int check_runs(const void *file, struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_process *process = hcc_snapshot_section(file, HCC_SECTION_PROCESS);
	const struct hcc_snap_region *r = hcc_snapshot_section(file, HCC_SECTION_REGIONS);
	const struct hcc_snap_region *r_end = r
		+ h->sections[HCC_SECTION_REGIONS].bytes / sizeof *r;
	const struct hcc_snap_run *run = hcc_snapshot_section(file, HCC_SECTION_RUNS);
	uint64_t n = h->sections[HCC_SECTION_RUNS].bytes / sizeof *run;
	uint64_t pages_bytes = h->sections[HCC_SECTION_PAGES].bytes, last = 0, used_bytes = 0;

	for (; n--; run++) {
		uint64_t start = run->va, end = run->va + run->bytes;

		if (end <= start || start < last || run->pages_off != used_bytes
				|| run->bytes > pages_bytes - used_bytes)
			return fault(f, "runs", "run out of range");
		last = end;
		used_bytes += run->bytes;
		if (start >= process->shared_data_start_va && end <= process->shared_data_end_va)
			continue;
		while (r < r_end && r->end_va <= start)
			r++;
		if (r == r_end || start < r->start_va || end > r->end_va)
			return fault(f, "runs", "run outside every region");
	}
	if (used_bytes != pages_bytes)
		return fault_numbers(f, "pages", "size of all runs", used_bytes, pages_bytes, 1);
	return 0;
}

const struct hcc_snap_descriptor *hcc_find_descriptor(const struct hcc_snap_descriptor *d,
	uint64_t n, uint32_t fd)
{
	while (n) {
		const struct hcc_snap_descriptor *middle = d + n / 2;

		if (middle->fd == fd)
			return middle;
		if (middle->fd < fd) {
			d = middle + 1;
			n -= n / 2 + 1;
		} else {
			n /= 2;
		}
	}
	return NULL;
}

static int is_descriptor(const void *file, const struct hcc_snap_descriptor *first,
	const struct hcc_snap_descriptor *d)
{
	const struct hcc_snap_descriptor *original;

	if (d->open_flags & ~HCC_SNAPSHOT_OPEN_FLAGS || d->close_on_exec > 1
			|| d->offset > INT64_MAX || d->copy_of > HCC_SNAPSHOT_FD_MAX)
		return 0;
	switch (d->kind) {
	case HCC_DESCRIPTOR_INHERITED:
		return !d->path_off;
	case HCC_DESCRIPTOR_FILE:
	case HCC_DESCRIPTOR_DEVICE:
	case HCC_DESCRIPTOR_QUEUE:
		return !d->copy_of && hcc_snapshot_is_path(file, d->path_off);
	case HCC_DESCRIPTOR_COPY:
		original = hcc_find_descriptor(first, (uint64_t)(d - first), d->copy_of);
		return !d->path_off && original && original->kind != HCC_DESCRIPTOR_COPY;
	default:
		return hcc_states_is_descriptor(file, d);
	}
}

static int check_descriptors(const void *file, struct hcc_snap_fault *f)
{
	const struct hcc_snap_header *h = file;
	const struct hcc_snap_descriptor *d = hcc_snapshot_section(file, HCC_SECTION_DESCRIPTORS);
	uint64_t n = h->sections[HCC_SECTION_DESCRIPTORS].bytes / sizeof *d;
	uint64_t next_fd = 0;

	for (uint64_t i = 0; i < n; i++) {
		if (d[i].fd < next_fd || d[i].fd > HCC_SNAPSHOT_FD_MAX
				|| !is_descriptor(file, d, &d[i]))
			return fault(f, "descriptors", "descriptor out of range");
		next_fd = (uint64_t)d[i].fd + 1;
	}
	return 0;
}

static int check(const void *file, uint64_t file_bytes, int skip, struct hcc_snap_fault *f)
{
	if (check_header(file, file_bytes, f) || check_sections(file, skip, f)
			|| check_strings(file, f)
			|| check_process(file, f) || check_threads(file, f) || check_regions(file, f)
			|| check_runs(file, f) || check_descriptors(file, f)
			|| hcc_states_check(file, f))
		return -1;
	return 0;
}

int hcc_snapshot_check(const void *file, uint64_t file_bytes, struct hcc_snap_fault *f)
{
	return check(file, file_bytes, HCC_N_SECTIONS, f);
}

int hcc_snapshot_check_but_pages(const void *file, uint64_t file_bytes, struct hcc_snap_fault *f)
{
	return check(file, file_bytes, HCC_SECTION_PAGES, f);
}
