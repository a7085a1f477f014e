/* Writing a snapshot: what of the process is not frames (memory, descriptors, attributes), and the
 * file itself. All that can refuse comes before the first byte is written; the file gets its name
 * when it is whole. Changes nothing of the process but, for a moment, the protection of memory that
 * cannot be read. */
#include "gather.h"
#include "attributes.h"
#include "pages.h"

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

uint32_t hcc_capture_string(struct hcc_capture *c, const char *s)
{
	uint32_t off = (uint32_t)c->strings.bytes;

	return hcc_buffer_add(&c->strings, s, hcc_string_bytes(s) + 1) ? off : 0;
}

static int collect_paths(struct hcc_capture *c, struct hcc_refusal *why)
{
	char path[4096];
	long n;

	hcc_capture_string(c, "");
	/* qemu looks the name that it was given up anew, which fails in another folder; then
	 * hcc_pages_list() finds the path. */
	n = hcc_sys(SYS_readlinkat, SYS_AT_FDCWD, "/proc/self/exe", path, sizeof path - 1);
	if (n > 0) {
		path[n] = 0;
		c->process.exe_off = hcc_capture_string(c, path);
	}
	n = hcc_sys(SYS_getcwd, path, sizeof path);
	if (n < 0)
		return hcc_fail(why, n, "cannot read its working directory");
	if (path[0] != '/')
		return hcc_refuse(why, "its working directory has no path: ", path, "");
	c->process.cwd_off = hcc_capture_string(c, path);
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

/* ---- The file ------------------------------------------------------------------------------- */

int hcc_file_write(int fd, uint64_t *off, struct sys_iovec *iov, int n)
{
	while (n) {
		long bytes = hcc_sys(SYS_pwritev, fd, iov, n, *off, 0);

		if (bytes == -SYS_EINTR)
			continue;
		if (bytes == -SYS_EFBIG)
			sys_drop_signal(SYS_SIGXFSZ); /* of this write, not of the program's */
		if (bytes <= 0)
			return bytes ? (int)bytes : -SYS_EIO;
		*off += (uint64_t)bytes;
		iov = sys_iov_advance(iov, &n, (uint64_t)bytes);
	}
	return 0;
}

static int write_at(struct file *f, const void *data, uint64_t bytes)
{
	struct sys_iovec all = {(void *)(uintptr_t)data, bytes};

	return bytes ? hcc_file_write(f->fd, &f->off, &all, 1) : 0;
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

static int write_pages(struct hcc_capture *c, struct file *f)
{
	section_start(c, f, HCC_SECTION_PAGES);
	return hcc_pages_write(c, f->fd, &f->off);
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

/* Whoever asks may have made room beforehand (HCC_ROOM_FILE): a file of its own, and empty. */
static long take_room(int dir_fd)
{
	struct sys_stat st;
	long fd;

	if (hcc_sys(SYS_renameat, dir_fd, HCC_ROOM_FILE, dir_fd, TEMPORARY_FILE))
		return -1;
	fd = sys_openat(dir_fd, TEMPORARY_FILE, SYS_O_WRONLY | SYS_O_NOFOLLOW | SYS_O_NONBLOCK
		| SYS_O_CLOEXEC, 0);
	if (fd >= 0 && !sys_fstat((int)fd, &st) && (st.st_mode & SYS_S_IFMT) == SYS_S_IFREG
			&& st.st_uid == (uint32_t)hcc_sys(SYS_geteuid) && !(st.st_mode & 077)
			&& st.st_nlink == 1 && !st.st_size)
		return fd;
	if (fd >= 0)
		sys_close((int)fd);
	hcc_sys(SYS_unlinkat, dir_fd, TEMPORARY_FILE, 0);
	return -1;
}

static long create_file(int dir_fd)
{
	long fd = take_room(dir_fd);

	return fd >= 0 ? fd : sys_openat(dir_fd, TEMPORARY_FILE, SYS_O_WRONLY | SYS_O_CREAT
		| SYS_O_EXCL | SYS_O_CLOEXEC, 0600);
}

static int write_snapshot(struct hcc_capture *c, struct hcc_refusal *why)
{
	long fd, result;

	c->header.realtime_ns = c->realtime_ns;
	if (collect_process(c, why) || hcc_threads_list(c, why) || hcc_pages_list(c, why)
			|| hcc_descriptors_list(c->own_fds, c->n_own_fds, &c->descriptors,
				&c->strings, &c->states, why))
		return -1;
	fd = create_file(c->dir_fd);
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

	hcc_limit_lift(HCC_LIMIT_FILE_BYTES, size_limit);
	result = write_snapshot(c, why);
	hcc_limit_back(HCC_LIMIT_FILE_BYTES, size_limit);
	hcc_buffer_free(&c->states);
	hcc_request_flags = 0;
	return result;
}
