/* Writing a snapshot: what of the process is not frames (memory, descriptors, attributes), and the
 * file itself. All that can refuse comes before the first byte is written; the file gets its name
 * when it is whole. Changes nothing of the process but, for a moment, the protection of memory that
 * cannot be read. */
#include "gather.h"
#include "attributes.h"

#define PAGE_BYTES 4096u
#define TEMPORARY_FILE HCC_SNAPSHOT_FILE ".new"

struct file {
	int fd;
	uint64_t off;
};

static uint64_t align_up(uint64_t v, uint64_t unit)
{
	return (v + unit - 1) & ~(unit - 1);
}

/* ---- Attributes ----------------------------------------------------------------------------- */

static uint32_t add_string(struct hcc_capture *c, const char *s)
{
	uint32_t off = (uint32_t)c->strings.bytes;

	return hcc_buffer_add(&c->strings, s, hcc_string_bytes(s) + 1) ? off : 0;
}

static int collect_paths(struct hcc_capture *c, struct hcc_refusal *why)
{
	char path[4096];
	long n;

	add_string(c, "");
	/* qemu looks the name that it was given up anew, which fails in another folder; then
	 * collect_regions() finds the path. */
	n = hcc_sys(SYS_readlinkat, SYS_AT_FDCWD, "/proc/self/exe", path, sizeof path - 1);
	if (n > 0) {
		path[n] = 0;
		c->process.exe_off = add_string(c, path);
	}
	n = hcc_sys(SYS_getcwd, path, sizeof path);
	if (n < 0)
		return hcc_fail(why, n, "cannot read its working directory");
	if (path[0] != '/')
		return hcc_refuse(why, "its working directory has no path: ", path, "");
	c->process.cwd_off = add_string(c, path);
	return c->process.cwd_off ? 0 : hcc_fail(why, -SYS_ENOMEM, "no memory for its paths");
}

static int collect_process(struct hcc_capture *c, struct hcc_refusal *why)
{
	const struct hcc_meta_header *m = hcc_meta();
	struct hcc_snap_process *p = &c->process;

	if (hcc_has_children())
		return hcc_decline_children(why);
	if (hcc_attributes_save(why) || hcc_memory_save(why) || collect_paths(c, why))
		return -1;
	p->pid = (uint64_t)hcc_sys(SYS_getpid);
	p->shared_data_start_va = m->shared_data_start_va;
	p->shared_data_end_va = m->shared_data_end_va;
	p->arena_start_va = __hcc_process.arena_start_va;
	p->arena_end_va = __hcc_process.arena_end_va;
	p->monotonic_ns = c->start_ns + (uint64_t)__hcc_process.monotonic_offset_ns;
	__hcc_process.boottime_ns = hcc_now_ns(SYS_CLOCK_BOOTTIME)
		+ (uint64_t)__hcc_process.boottime_offset_ns;
	__hcc_process.raw_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC_RAW)
		+ (uint64_t)__hcc_process.raw_offset_ns;
	p->umask = (uint32_t)hcc_sys(SYS_umask, 077);
	hcc_sys(SYS_umask, p->umask);
	for (int i = 0; i < 3; i++)
		hcc_sys(SYS_getitimer, i, p->timers[i]);
	hcc_timers_save();
	hcc_signal_save();
	return 0;
}

/* ---- Regions -------------------------------------------------------------------------------- */

static int read_all(const char *path, struct hcc_buffer *out)
{
	long fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_CLOEXEC, 0), n;

	if (fd < 0)
		return (int)fd;
	do {
		n = hcc_buffer_room(out, 32768);
		if (!n)
			n = sys_read((int)fd, out->base + out->bytes,
				out->cap_bytes - out->bytes - 1);
		if (n > 0)
			out->bytes += (uint64_t)n;
	} while (n > 0);
	sys_close((int)fd);
	if (!n)
		out->base[out->bytes] = 0;
	return (int)n;
}

static uint64_t parse_hex(const char **s)
{
	uint64_t v = 0;

	for (;; ++*s) {
		char c = **s;

		if (c >= '0' && c <= '9')
			v = v * 16 + (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (uint64_t)(c - 'a' + 10);
		else
			return v;
	}
}

/* One line of /proc/PID/maps: start-end perms offset device inode path. Ends it with a NUL. */
struct map {
	uint64_t start_va, end_va, file_off;
	uint32_t prot;
	int is_shared;
	const char *path; /* "" for anonymous memory */
};

static char *parse_map(char *line, struct map *out)
{
	const char *s = line;
	char *end;

	out->start_va = parse_hex(&s);
	s++;
	out->end_va = parse_hex(&s);
	s++;
	out->prot = (s[0] == 'r' ? HCC_PROT_READ : 0) | (s[1] == 'w' ? HCC_PROT_WRITE : 0)
		| (s[2] == 'x' ? HCC_PROT_EXEC : 0);
	out->is_shared = s[3] == 's';
	s += 5;
	out->file_off = parse_hex(&s);
	for (int fields = 0; fields < 2; fields++) {
		while (*s == ' ')
			s++;
		while (*s && *s != ' ' && *s != '\n')
			s++;
	}
	while (*s == ' ')
		s++;
	out->path = s;
	end = (char *)s;
	while (*end && *end != '\n')
		end++;
	if (*end)
		*end++ = 0;
	return end;
}

/* Reading past a file's end would be a SIGBUS, so a mapping must lie within its file. */
static int check_file_map(const struct map *m, struct hcc_refusal *why)
{
	struct sys_stat st;
	long fd;

	if (m->path[0] != '/')
		return 0;
	if (m->is_shared) /* memory.c */
		return 0;
	fd = sys_openat(SYS_AT_FDCWD, m->path, SYS_O_PATH | SYS_O_CLOEXEC, 0);
	if (fd < 0 || sys_fstat((int)fd, &st))
		st.st_size = 0;
	if (fd >= 0)
		sys_close((int)fd);
	if (m->file_off + (m->end_va - m->start_va) > align_up((uint64_t)st.st_size, PAGE_BYTES))
		return hcc_refuse(why, "it maps a file past its end: ", m->path, "");
	return 0;
}

static int add_region(struct hcc_capture *c, const struct map *m)
{
	struct hcc_snap_region r = {m->start_va, m->end_va, m->prot,
		m->is_shared && hcc_is_shared_memory(m->path) ? HCC_REGION_SHARED : 0};
	struct hcc_snap_region *last;

	if (c->regions.bytes) {
		last = (void *)(c->regions.base + c->regions.bytes - sizeof r);
		if (last->end_va == r.start_va && last->prot == r.prot
				&& last->flags == r.flags) {
			last->end_va = r.end_va;
			return 0;
		}
	}
	return hcc_buffer_add(&c->regions, &r, sizeof r) ? 0 : -SYS_ENOMEM;
}

static int collect_regions(struct hcc_capture *c, struct hcc_refusal *why)
{
	struct hcc_buffer maps = {0};
	int result = read_all("/proc/self/maps", &maps);
	uint64_t own_va = (uint64_t)hcc_meta();
	char *line = maps.base;

	if (result)
		result = hcc_fail(why, result, "cannot read its memory map");
	while (!result && *line) {
		struct map m;

		line = parse_map(line, &m);
		if (!c->process.exe_off && m.path[0] == '/' && m.start_va <= own_va
				&& own_va < m.end_va)
			c->process.exe_off = add_string(c, m.path);
		if (m.start_va < c->process.arena_start_va || m.end_va > c->process.arena_end_va)
			continue;
		result = check_file_map(&m, why);
		if (!result && m.prot & HCC_PROT_WRITE && m.prot & HCC_PROT_EXEC)
			result = hcc_refuse(why, "it has memory that is writable and executable",
				"", "");
		if (!result && add_region(c, &m))
			result = hcc_fail(why, -SYS_ENOMEM, "no memory for its memory map");
	}
	if (!result && !c->process.exe_off)
		result = hcc_refuse(why, "its executable has no path", "", "");
	hcc_buffer_free(&maps);
	return result;
}

/* ---- The file ------------------------------------------------------------------------------- */

static int write_at(struct file *f, const void *data, uint64_t bytes)
{
	const char *p = data;

	while (bytes) {
		long n = hcc_sys(SYS_pwrite64, f->fd, p, bytes, f->off);

		if (n == -SYS_EINTR)
			continue;
		if (n == -SYS_EFBIG)
			sys_drop_signal(SYS_SIGXFSZ); /* of this write, not of the program's */
		if (n <= 0)
			return n ? (int)n : -5; /* EIO */
		p += n;
		f->off += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
	return 0;
}

static void section_start(struct hcc_capture *c, struct file *f, int kind)
{
	f->off = align_up(f->off, HCC_SNAPSHOT_ALIGN_BYTES);
	c->header.sections[kind].off = f->off;
}

static int write_section(struct hcc_capture *c, struct file *f, int kind, const void *data,
	uint64_t bytes)
{
	section_start(c, f, kind);
	c->header.sections[kind].bytes = bytes;
	c->header.sections[kind].checksum = hcc_hash(data, bytes);
	return write_at(f, data, bytes);
}

static int is_zero(const char *page, uint64_t bytes)
{
	const uint64_t *p = (const uint64_t *)page;
	uint64_t any = 0;

	for (; bytes >= 64 && !any; bytes -= 64, p += 8)
		any = p[0] | p[1] | p[2] | p[3] | p[4] | p[5] | p[6] | p[7];
	for (page = (const char *)p; bytes && !any; bytes--)
		any = (unsigned char)*page++;
	return !any;
}

/* Pages of the section so far. */
struct pages {
	struct hcc_capture *c;
	struct file *file;
	struct hcc_hash hash;
};

static int write_run(struct pages *p, uint64_t va, uint64_t end_va)
{
	struct hcc_snap_section *s = &p->c->header.sections[HCC_SECTION_PAGES];
	struct hcc_snap_run run = {va, end_va - va, s->bytes};

	if (!run.bytes)
		return 0;
	if (!hcc_buffer_add(&p->c->runs, &run, sizeof run))
		return -SYS_ENOMEM;
	s->bytes += run.bytes;
	hcc_hash_add(&p->hash, (const void *)va, run.bytes);
	return write_at(p->file, (const void *)va, run.bytes);
}

/* Write what is not zero of [va, end_va), in runs of whole pages (but at both ends). */
static int write_range(struct pages *p, uint64_t va, uint64_t end_va)
{
	uint64_t run_va = va;

	while (va < end_va) {
		uint64_t next_va = (va | (PAGE_BYTES - 1)) + 1;
		int result;

		if (next_va > end_va)
			next_va = end_va;
		if (is_zero((const char *)va, next_va - va)) {
			result = write_run(p, run_va, va);
			if (result)
				return result;
			run_va = next_va;
		}
		va = next_va;
	}
	return write_run(p, run_va, end_va);
}

/* The first portable stack in [va, end_va): below its pointer nothing is alive. */
static const struct hcc_record *first_stack(uint64_t va, uint64_t end_va)
{
	const struct hcc_record *r = NULL, *found = NULL;
	uint64_t found_va = end_va;

	while ((r = hcc_record_next(r)) != NULL) {
		uint64_t start_va = hcc_gather_has(r) ? hcc_thread_of(r->block_va)->stack_start_va : 0;

		if (start_va >= va && start_va < found_va && r->psp_va > start_va
				&& r->psp_va <= end_va) {
			found = r;
			found_va = start_va;
		}
	}
	return found;
}

static int write_region(struct pages *p, const struct hcc_snap_region *r)
{
	const struct hcc_record *thread;
	uint64_t start = r->start_va;
	int result = 0, is_hidden = !(r->prot & HCC_PROT_READ);

	if (is_hidden)
		hcc_sys(SYS_mprotect, r->start_va, r->end_va - r->start_va,
			r->prot | SYS_PROT_READ);
	while (!result && (thread = first_stack(start, r->end_va)) != NULL) {
		result = write_range(p, start, hcc_thread_of(thread->block_va)->stack_start_va);
		start = thread->psp_va;
	}
	if (!result)
		result = write_range(p, start, r->end_va);
	if (is_hidden)
		hcc_sys(SYS_mprotect, r->start_va, r->end_va - r->start_va, r->prot);
	return result;
}

static int write_pages(struct hcc_capture *c, struct file *f)
{
	const struct hcc_snap_region *r = (const void *)c->regions.base;
	uint64_t n = c->regions.bytes / sizeof *r;
	struct pages p = {.c = c, .file = f};
	int result;

	hcc_hash_start(&p.hash);
	section_start(c, f, HCC_SECTION_PAGES);
	result = write_range(&p, c->process.shared_data_start_va, c->process.shared_data_end_va);
	for (; !result && n--; r++)
		result = write_region(&p, r);
	c->header.sections[HCC_SECTION_PAGES].checksum = hcc_hash_end(&p.hash);
	return result;
}

static void fill_header(struct hcc_capture *c, uint64_t file_bytes)
{
	const struct hcc_meta_header *m = hcc_meta();
	struct hcc_snap_header *h = &c->header;

	hcc_copy(h->magic, HCC_SNAPSHOT_MAGIC, sizeof h->magic);
	h->version = HCC_SNAPSHOT_VERSION;
	h->source_isa = m->isa;
	hcc_copy(h->build_id, m->build_id, sizeof h->build_id);
	h->file_bytes = file_bytes;
	h->wait_ns = c->wait_ns;
	h->checksum = hcc_hash(h, offsetof(struct hcc_snap_header, checksum));
}

static int write_frames(struct hcc_capture *c, struct file *f)
{
	struct hcc_snap_section *s = &c->header.sections[HCC_SECTION_FRAMES];
	const struct hcc_record *r = NULL;
	struct hcc_hash hash;
	int result = 0;

	hcc_hash_start(&hash);
	section_start(c, f, HCC_SECTION_FRAMES);
	while (!result && (r = hcc_record_next(r)) != NULL) {
		uint64_t bytes = r->frames.buffer.bytes;

		if (!hcc_gather_has(r))
			continue;
		s->bytes += bytes;
		hcc_hash_add(&hash, hcc_frames_first(&r->frames), bytes);
		result = write_at(f, hcc_frames_first(&r->frames), bytes);
	}
	s->checksum = hcc_hash_end(&hash);
	return result;
}

static int write_sections(struct hcc_capture *c, struct file *f)
{
	const struct {
		int kind;
		const void *data;
		uint64_t bytes;
	} parts[] = {
		{HCC_SECTION_PROCESS, &c->process, sizeof c->process},
		{HCC_SECTION_STRINGS, c->strings.base, c->strings.bytes},
		{HCC_SECTION_THREADS, c->threads.base, c->threads.bytes},
		{HCC_SECTION_REGIONS, c->regions.base, c->regions.bytes},
		{HCC_SECTION_DESCRIPTORS, c->descriptors.base, c->descriptors.bytes},
		{HCC_SECTION_STATES, c->states.base, c->states.bytes},
	};
	int result = 0;

	f->off = sizeof c->header;
	for (unsigned i = 0; !result && i < sizeof parts / sizeof *parts; i++)
		result = write_section(c, f, parts[i].kind, parts[i].data, parts[i].bytes);
	if (!result)
		result = write_frames(c, f);
	if (!result)
		result = write_pages(c, f);
	if (!result)
		result = write_section(c, f, HCC_SECTION_RUNS, c->runs.base, c->runs.bytes);
	if (!result)
		result = write_section(c, f, HCC_SECTION_CONNECTIONS, NULL, 0);
	return result;
}

/* The header comes last: it has the times, and a file without it is none. */
static int write_file(struct hcc_capture *c, int fd)
{
	struct file f = {fd, 0};
	uint64_t mark_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC), file_bytes;
	int result = write_sections(c, &f);

	if (result)
		return result;
	file_bytes = f.off;
	/* The last section may be empty. */
	result = (int)hcc_sys(SYS_ftruncate, fd, file_bytes);
	if (result)
		return result;
	c->header.capture_ns = mark_ns - c->start_ns;
	c->header.write_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC) - mark_ns;
	fill_header(c, file_bytes);
	f.off = 0;
	result = write_at(&f, &c->header, sizeof c->header);
	mark_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC);
	if (!result && !c->is_fleeting)
		result = (int)hcc_sys(SYS_fsync, fd);
	c->sync_ns = hcc_now_ns(SYS_CLOCK_MONOTONIC) - mark_ns;
	return result;
}

static int write_snapshot(struct hcc_capture *c, struct hcc_refusal *why)
{
	long fd, result;

	c->header.realtime_ns = hcc_now_ns(SYS_CLOCK_REALTIME);
	if (collect_process(c, why) || hcc_threads_list(c, why) || collect_regions(c, why)
			|| hcc_descriptors_list(c->own_fds, c->n_own_fds, &c->descriptors,
				&c->strings, &c->states, why))
		return -1;
	fd = sys_openat(c->dir_fd, TEMPORARY_FILE, SYS_O_WRONLY | SYS_O_CREAT | SYS_O_EXCL
		| SYS_O_CLOEXEC, 0600);
	if (fd < 0)
		return hcc_fail(why, fd, "cannot create the snapshot");
	result = write_file(c, (int)fd);
	sys_close((int)fd);
	if (!result)
		result = hcc_sys(SYS_renameat2, c->dir_fd, TEMPORARY_FILE, c->dir_fd,
			HCC_SNAPSHOT_FILE, 0);
	if (!result)
		return 0;
	hcc_sys(SYS_unlinkat, c->dir_fd, TEMPORARY_FILE, 0);
	return hcc_fail(why, result, "cannot write the snapshot");
}

int hcc_write_snapshot(struct hcc_capture *c, struct hcc_refusal *why)
{
	uint64_t size_limit[2];
	int result;

	hcc_size_limit_lift(size_limit);
	result = write_snapshot(c, why);
	hcc_size_limit_back(size_limit);
	hcc_buffer_free(&c->states);
	hcc_request_flags = 0;
	return result;
}
