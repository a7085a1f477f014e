/* The memory of a process in its snapshot: which regions there are, and what of them is written. Of
 * anonymous memory only pages that the process has touched are looked at, so that what it has reserved
 * costs nothing; and only what is not zero is written. Data goes from memory to the file once, some hundred
 * kilobytes at a time, which are still in the cache when the kernel copies what has just been summed up.
 * Changes nothing of the process but, for a moment, the protection of memory that cannot be read. */
#include "attributes.h"
#include "gather.h"
#include "pages.h"

#define PAGE_BYTES 4096u
#define UNIT_BYTES (256u << 10)
#define N_PIECES 128
#define MFD_CLOEXEC 1

static uint64_t page_start(uint64_t va)
{
	return va & ~(uint64_t)(PAGE_BYTES - 1);
}

static uint64_t page_end(uint64_t va)
{
	return page_start(va + PAGE_BYTES - 1);
}

/* ---- Regions -------------------------------------------------------------------------------- */

/* A mapping, as it is in /proc/self/maps. Regions of the snapshot are joined of several. */
struct area {
	uint64_t start_va, end_va;
	uint32_t prot;
	uint32_t is_file; /* a page that has not been touched is not zero but the file's */
};

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

static uint64_t parse_number(const char **s, unsigned base)
{
	uint64_t v = 0;

	for (;; ++*s) {
		char c = **s;

		if (c >= '0' && c <= '9')
			v = v * base + (uint64_t)(c - '0');
		else if (base == 16 && c >= 'a' && c <= 'f')
			v = v * 16 + (uint64_t)(c - 'a' + 10);
		else
			return v;
	}
}

/* One line of /proc/PID/maps: start-end perms offset device inode path. Ends it with a NUL. */
struct map {
	uint64_t start_va, end_va, file_off, ino;
	uint32_t prot;
	int is_shared;
	const char *path; /* "" for anonymous memory */
};

static char *parse_map(char *line, struct map *out)
{
	const char *s = line;
	char *end;

	out->start_va = parse_number(&s, 16);
	s++;
	out->end_va = parse_number(&s, 16);
	s++;
	out->prot = (s[0] == 'r' ? HCC_PROT_READ : 0) | (s[1] == 'w' ? HCC_PROT_WRITE : 0)
		| (s[2] == 'x' ? HCC_PROT_EXEC : 0);
	out->is_shared = s[3] == 's';
	s += 5;
	out->file_off = parse_number(&s, 16);
	while (*s == ' ')
		s++;
	while (*s && *s != ' ' && *s != '\n')
		s++;
	while (*s == ' ')
		s++;
	out->ino = parse_number(&s, 10);
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

/* Whether the kernel can read a byte there: this one would get a SIGBUS. */
static int is_readable(uint64_t va)
{
	long fd = hcc_sys(SYS_memfd_create, "", MFD_CLOEXEC);
	long result = fd < 0 ? -1 : hcc_sys(SYS_pwrite64, fd, va, 1, 0);

	if (fd >= 0)
		sys_close((int)fd);
	return result == 1;
}

static uint64_t size_of(const char *path)
{
	struct sys_stat st;
	long fd = sys_openat(SYS_AT_FDCWD, path, SYS_O_PATH | SYS_O_CLOEXEC, 0);
	long result = fd < 0 ? -1 : sys_fstat((int)fd, &st);

	if (fd >= 0)
		sys_close((int)fd);
	return result ? 0 : (uint64_t)st.st_size;
}

/* Reading past a file's end would be a SIGBUS, so a mapping must lie within its file. That may have another
 * path by now, or none; its path tells its size only where its last page cannot be read for another reason. */
static int check_file_map(const struct map *m, struct hcc_refusal *why)
{
	if (m->path[0] != '/' || hcc_is_huge_memory(m->path))
		return 0;
	if (m->is_shared) /* memory.c */
		return 0;
	if (m->prot & HCC_PROT_READ ? is_readable(m->end_va - 1)
			: m->file_off + (m->end_va - m->start_va) <= page_end(size_of(m->path)))
		return 0;
	return hcc_refuse(why, "it maps a file past its end: ", m->path, "");
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
	return hcc_buffer_add(&c->regions, &r, sizeof r) ? 0 : -1;
}

/* What lies in [start_va, end_va) of a mapping is to be written. */
static int add_area(struct hcc_capture *c, const struct map *m, uint64_t start_va, uint64_t end_va)
{
	struct area a = {m->start_va, m->end_va, m->prot, m->ino != 0 || m->is_shared};

	if (a.start_va < start_va)
		a.start_va = start_va;
	if (a.end_va > end_va)
		a.end_va = end_va;
	return a.start_va >= a.end_va || hcc_buffer_add(&c->areas, &a, sizeof a) ? 0 : -1;
}

static int add_map(struct hcc_capture *c, const struct map *m, struct hcc_refusal *why)
{
	const struct hcc_snap_process *p = &c->process;
	int result = 0;

	if (m->start_va < p->arena_start_va || m->end_va > p->arena_end_va)
		return !add_area(c, m, p->shared_data_start_va, p->shared_data_end_va) ? 0
			: hcc_fail(why, -SYS_ENOMEM, "no memory for its memory map");
	result = check_file_map(m, why);
	if (!result && m->prot & HCC_PROT_WRITE && m->prot & HCC_PROT_EXEC)
		result = hcc_refuse(why, "it has memory that is writable and executable", "", "");
	if (!result && (add_region(c, m) || add_area(c, m, 0, ~(uint64_t)0)))
		result = hcc_fail(why, -SYS_ENOMEM, "no memory for its memory map");
	return result;
}

int hcc_pages_list(struct hcc_capture *c, struct hcc_refusal *why)
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
			c->process.exe_off = hcc_capture_string(c, m.path);
		result = add_map(c, &m, why);
	}
	if (!result && !c->process.exe_off)
		result = hcc_refuse(why, "its executable has no path", "", "");
	hcc_buffer_free(&maps);
	return result;
}

/* ---- Pages ---------------------------------------------------------------------------------- */

/* Pages of the section so far, and what is about to be written. */
struct pages {
	struct hcc_capture *c;
	int fd;
	uint64_t *off;
	struct hcc_hash hash;
	struct hcc_snap_run run;
	struct hcc_pagemap map;
	int has_map;
	struct sys_iovec pieces[N_PIECES];
	int n_pieces;
	uint64_t held_bytes;
};

static int flush(struct pages *p)
{
	int n = p->n_pieces;

	for (int i = 0; i < n; i++)
		hcc_hash_add(&p->hash, p->pieces[i].base, p->pieces[i].bytes);
	p->n_pieces = 0;
	p->held_bytes = 0;
	return n ? hcc_file_write(p->fd, p->off, p->pieces, n) : 0;
}

static int end_run(struct pages *p)
{
	struct hcc_snap_run run = p->run;

	p->run = (struct hcc_snap_run){.pages_off = run.pages_off + run.bytes};
	return !run.bytes || hcc_buffer_add(&p->c->runs, &run, sizeof run) ? 0 : -SYS_ENOMEM;
}

/* Write these bytes, which lie in one page. */
static int add(struct pages *p, uint64_t va, uint64_t bytes)
{
	struct sys_iovec *last = p->n_pieces ? &p->pieces[p->n_pieces - 1] : NULL;
	int result = 0;

	if (p->run.bytes && p->run.va + p->run.bytes != va)
		result = end_run(p);
	if (!p->run.bytes)
		p->run.va = va;
	p->run.bytes += bytes;
	if (last && (uint64_t)last->base + last->bytes == va)
		last->bytes += bytes;
	else
		p->pieces[p->n_pieces++] = (struct sys_iovec){(void *)va, bytes};
	p->held_bytes += bytes;
	if (!result && (p->held_bytes >= UNIT_BYTES || p->n_pieces == N_PIECES))
		result = flush(p);
	return result;
}

/* Write what is not zero of [va, end_va), in runs of whole pages (but at both ends). */
static int write_range(struct pages *p, uint64_t va, uint64_t end_va)
{
	int result = 0;

	while (!result && va < end_va) {
		uint64_t next_va = page_start(va) + PAGE_BYTES;

		if (next_va > end_va)
			next_va = end_va;
		if (!hcc_is_zero((const void *)va, next_va - va))
			result = add(p, va, next_va - va);
		va = next_va;
	}
	return result;
}

/* Memory that may be hidden from the process itself. */
static int write_hidden(struct pages *p, const struct area *a, uint64_t va, uint64_t end_va)
{
	int result;

	if (a->prot & HCC_PROT_READ)
		return write_range(p, va, end_va);
	hcc_sys(SYS_mprotect, page_start(va), page_end(end_va) - page_start(va),
		a->prot | SYS_PROT_READ);
	result = write_range(p, va, end_va);
	if (!result)
		result = flush(p);
	hcc_sys(SYS_mprotect, page_start(va), page_end(end_va) - page_start(va), a->prot);
	return result;
}

static int write_part(struct pages *p, const struct area *a, uint64_t va, uint64_t end_va)
{
	struct hcc_pagemap_range range;
	int n = 1, result = 0;

	while (!result && va < end_va && p->has_map && !a->is_file) {
		n = hcc_pagemap_next(&p->map, page_start(va), page_end(end_va), &range);
		if (n < 0)
			p->has_map = 0;
		if (n <= 0)
			break;
		if (range.start_va > va)
			va = range.start_va;
		if (range.end_va > end_va)
			range.end_va = end_va;
		result = write_hidden(p, a, va, range.end_va);
		va = range.end_va;
	}
	/* Nobody tells: all of it. */
	return result || !n || va >= end_va ? result : write_hidden(p, a, va, end_va);
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

static int write_area(struct pages *p, const struct area *a)
{
	const struct hcc_record *thread;
	uint64_t start_va = a->start_va;
	int result = 0;

	while (!result && (thread = first_stack(start_va, a->end_va)) != NULL) {
		result = write_part(p, a, start_va, hcc_thread_of(thread->block_va)->stack_start_va);
		start_va = thread->psp_va;
	}
	if (!result)
		result = write_part(p, a, start_va, a->end_va);
	/* A run lies in one region. */
	return result ? result : end_run(p);
}

int hcc_pages_write(struct hcc_capture *c, int fd, uint64_t *off)
{
	struct hcc_snap_section *s = &c->header.sections[HCC_SECTION_PAGES];
	const struct area *a = (const void *)c->areas.base;
	uint64_t n = c->areas.bytes / sizeof *a;
	struct pages p;
	int result = 0;

	p.c = c;
	p.fd = fd;
	p.off = off;
	p.run = (struct hcc_snap_run){0};
	p.n_pieces = 0;
	p.held_bytes = 0;
	hcc_hash_start(&p.hash);
	p.has_map = !hcc_pagemap_open(&p.map);
	for (; !result && n--; a++)
		result = write_area(&p, a);
	if (!result)
		result = flush(&p);
	hcc_pagemap_close(&p.map);
	s->bytes = p.run.pages_off;
	s->checksum = hcc_hash_end(&p.hash);
	return result;
}
