/* The runtime's own restore, from the snapshot's descriptor to the moment when the first frame is
 * entered. Its kernel is here: it holds every mapping, protection, write and opened file against what
 * a restore may do, and ends the run where the process would end. Memory of the arena is only noted;
 * shared data and everything private is real.
 * Seed 0 is right.
 * runs: 6000 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib_fuzz.h"
#include "lib_program.h"
/* Included, as its private data, which an image has once, must be new in each run. */
#include "runtime/restore.c"
#include "runtime/revive.c"

#define FD 900
#define DEVICES 10000000 /* descriptors from here on */
#define MOST_REGIONS 4096
#define MOST_THREADS 64
#define MOST_PIECES 64

/* Of the runtime, as far as a restore reaches it. */
struct hcc_switches hcc_switches;
_Thread_local void *__hcc_psp __attribute__((tls_model("local-exec")));
_Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

static struct {
	const uint8_t *data;
	size_t bytes;
	jmp_buf end;
	int status;
	bool is_checked; /* something has been mapped, so all checks must have been made */
	struct { uint64_t start_va, end_va; int prot; } regions[MOST_REGIONS];
	size_t n_regions;
	int next_fd;
	struct { uint64_t va, bytes, off; } placed[MOST_PIECES];
	int n_placed;
	/* Of each thread, what is there and what lies in its memory. */
	struct hcc_record records[MOST_THREADS];
	struct hcc_thread states[MOST_THREADS];
	void *psps[MOST_THREADS];
	uint32_t n_records;
} k;

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	return program_snapshot(n, out);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return program_mutate(data, bytes, most_bytes, seed);
}

/* ---- The kernel ------------------------------------------------------------------------------- */

static int region_prot(uint64_t va, uint64_t bytes)
{
	for (size_t i = 0; i < k.n_regions; i++)
		if (va >= k.regions[i].start_va && va <= k.regions[i].end_va
				&& bytes <= k.regions[i].end_va - va)
			return k.regions[i].prot;
	return -1;
}

static bool is_shared(uint64_t va, uint64_t bytes)
{
	const struct hcc_meta_header *m = &program.header;

	return va >= m->shared_data_start_va && va <= m->shared_data_end_va
		&& bytes <= m->shared_data_end_va - va;
}

static long map(uint64_t va, uint64_t bytes, int prot, int flags, int fd)
{
	void *copy;

	fuzz_check(!(prot & SYS_PROT_WRITE && prot & SYS_PROT_EXEC), "mapped writable and executable");
	if (flags & SYS_MAP_FIXED) {
		fuzz_check(k.is_checked && is_shared(va, bytes) && fd < 0, "mapped over what is there, at 0x%lx",
			va);
		memset((void *)va, 0, bytes);
		return (long)va;
	}
	if (fd >= 0) {
		fuzz_check(fd == FD && !va && bytes == k.bytes, "mapped descriptor %d", fd);
		copy = fuzz_alloc(1, bytes);
		memcpy(copy, k.data, bytes);
		return (long)copy;
	}
	if (!va) {
		fuzz_check(bytes <= FUZZ_MEMORY_BASE + 16 * k.bytes, "mapped %lu bytes", bytes);
		return (long)fuzz_alloc(1, bytes);
	}
	k.is_checked = true;
	fuzz_check(va >= 1ull << 36 && bytes && bytes <= (1ull << 38) - va, "mapped 0x%lx", va);
	for (size_t i = 0; i < k.n_regions; i++)
		fuzz_check(va >= k.regions[i].end_va || va + bytes <= k.regions[i].start_va,
			"mapped 0x%lx twice", va);
	if (k.n_regions == MOST_REGIONS)
		return -SYS_ENOMEM;
	k.regions[k.n_regions].start_va = va;
	k.regions[k.n_regions].end_va = va + bytes;
	k.regions[k.n_regions++].prot = prot;
	return (long)va;
}

static long protect(uint64_t va, uint64_t bytes, int prot)
{
	fuzz_check(!(prot & SYS_PROT_WRITE && prot & SYS_PROT_EXEC), "writable and executable");
	for (size_t i = 0; i < k.n_regions; i++)
		if (k.regions[i].start_va == va && k.regions[i].end_va == va + bytes) {
			k.regions[i].prot = prot;
			return 0;
		}
	fuzz_failed("protection", "of 0x%lx, which is no region", va);
}

static long read_at(int fd, uint64_t va, uint64_t bytes, uint64_t off)
{
	fuzz_check(fd == FD && off <= k.bytes && bytes <= k.bytes - off, "read at %lu", off);
	if (is_shared(va, bytes))
		memcpy((void *)va, k.data + off, bytes);
	else
		fuzz_check(region_prot(va, bytes) == (SYS_PROT_READ | SYS_PROT_WRITE),
			"written to 0x%lx, %lu bytes", va, bytes);
	return (long)bytes;
}

static long read_vector(int fd, const struct sys_iovec *iov, int n, uint64_t off)
{
	long bytes = 0;

	k.n_placed = n;
	for (int i = 0; i < n; i++) {
		k.placed[i].va = (uint64_t)iov[i].base;
		k.placed[i].bytes = iov[i].bytes;
		k.placed[i].off = off + (uint64_t)bytes;
		bytes += read_at(fd, (uint64_t)iov[i].base, iov[i].bytes, off + (uint64_t)bytes);
	}
	return bytes;
}

const void *fuzz_placed(const void *va, uint64_t bytes)
{
	for (int i = 0; i < k.n_placed; i++)
		if (k.placed[i].va == (uint64_t)va && bytes == k.placed[i].bytes)
			return k.data + k.placed[i].off;
	fuzz_failed("memory", "at %p is looked at", va);
}

static void check_path(const char *path)
{
	fuzz_check(k.is_checked && *path == '/' && !strstr(path, "/../") && strlen(path) < 4096,
		"path %s", path);
}

static long open_path(const char *path, int flags)
{
	check_path(path);
	fuzz_check(!(flags & (SYS_O_CREAT | SYS_O_TRUNC | SYS_O_EXCL | 020000000)), "flags 0%o", flags);
	fuzz_check(flags & SYS_O_PATH || flags & SYS_O_NOCTTY, "opened as its terminal");
	return k.next_fd++ + (strncmp(path, "/dev/", 5) ? 0 : DEVICES);
}

static long describe(int fd, struct sys_stat *st)
{
	*st = (struct sys_stat){.st_mode = (fd < DEVICES ? SYS_S_IFREG : SYS_S_IFCHR) | 0600,
		.st_size = fd == FD ? (int64_t)k.bytes : 1, .st_rdev = 1 << 8 | 3};
	return 0;
}

long fuzz_kernel(long n, long a, long b, long c, long d, long e, long f)
{
	(void)f;
	switch (n) {
	case SYS_mmap:
		return map((uint64_t)a, (uint64_t)b, (int)c, (int)d, (int)e);
	case SYS_munmap:
		fuzz_check(a < 1l << 36 || a >= 1l << 38, "unmapped 0x%lx", a);
		fuzz_free((void *)a);
		return 0;
	case SYS_mprotect:
		return protect((uint64_t)a, (uint64_t)b, (int)c);
	case SYS_preadv:
		return read_vector((int)a, (const struct sys_iovec *)b, (int)c, (uint64_t)d);
	case SYS_madvise:
		fuzz_check(region_prot((uint64_t)a, (uint64_t)b) >= 0 || is_shared((uint64_t)a & ~4095ul, 0),
			"advice for 0x%lx", a);
		return 0;
	case SYS_write:
		fuzz_check(a == 2, "written to descriptor %ld", a);
		fwrite((void *)b, 1, (size_t)c, stderr);
		return c;
	case SYS_exit_group:
		fuzz_check(a == 1, "exit status %ld", a);
		k.status = 1;
		longjmp(k.end, 1);
	case SYS_openat:
		return open_path((const char *)b, (int)c);
	case SYS_chdir:
		check_path((const char *)a);
		return 0;
	case SYS_dup3:
		fuzz_check(k.is_checked && b >= 0 && b < FD, "descriptor %ld made", b);
		return b;
	case SYS_fstat:
		return describe((int)a, (struct sys_stat *)b);
	case SYS_signalfd4:
		fuzz_check(k.is_checked && a >= 0 && a < FD, "mask of descriptor %ld", a);
		return a;
	case SYS_getcwd:
		memcpy((void *)a, "/tmp", 5);
		return 5;
	case SYS_fcntl:
		return a > FD ? -SYS_EBADF : 0;
	case SYS_umask:
		fuzz_check(!(a & ~0777), "umask 0%lo", a);
		return 0;
	case SYS_lseek:
		fuzz_check(b >= 0, "offset %ld", b);
		return b;
	case SYS_readlinkat:
		memcpy((void *)c, "/snapshot", 9);
		return 9;
	case SYS_clock_gettime:
		*(struct sys_timespec *)b = (struct sys_timespec){1 + a, 0};
		return 0;
	case SYS_geteuid:
	case SYS_close:
	case SYS_rt_sigprocmask:
	case SYS_prctl:
		return 0;
	}
	return -SYS_ENOSYS;
}

/* ---- The rest of the runtime ------------------------------------------------------------------ */

static void check_block(uint64_t block_va)
{
	fuzz_check(region_prot(block_va - 1024, 1024 + program.header.tls_bytes + 64) >= 0
		&& !(block_va % 64), "thread pointer 0x%lx", block_va);
}

void hcc_set_thread_pointer(uint64_t block_va)
{
	check_block(block_va);
}

static size_t thread_at(uint64_t block_va)
{
	uint64_t n;
	const struct hcc_snap_thread *t = threads(k.data, &n);
	size_t i = 0;

	check_block(block_va);
	while (i < n && t[i].thread_pointer != block_va)
		i++;
	fuzz_check(i < n, "no thread has 0x%lx", block_va);
	if (i >= MOST_THREADS)
		hcc_restore_stop("no memory for a thread");
	k.states[i].number = (uint32_t)t[i].tid;
	k.psps[i] = (void *)t[i].portable_sp_va;
	return i;
}

struct hcc_thread *hcc_thread_of(uint64_t block_va)
{
	return &k.states[thread_at(block_va)];
}

void **hcc_psp_of(uint64_t block_va)
{
	return &k.psps[thread_at(block_va)];
}

struct hcc_record *hcc_record_take(uint64_t stack_bytes)
{
	fuzz_check(stack_bytes <= 4ull << 38, "stack of %lu bytes", stack_bytes);
	if (k.n_records == MOST_THREADS)
		return NULL;
	k.records[k.n_records].slot = k.n_records;
	return &k.records[k.n_records++];
}

struct hcc_record *hcc_record_first(void)
{
	fuzz_check(!k.n_records, "a second first thread");
	return hcc_record_take(0);
}

struct hcc_record *hcc_record_self(void)
{
	return k.records;
}

struct hcc_record *hcc_record_next(const struct hcc_record *r)
{
	uint32_t next = r ? r->slot + 1 : 0;

	return next < k.n_records ? &k.records[next] : NULL;
}

void hcc_record_begin(struct hcc_record *r)
{
	(void)r;
}

long hcc_thread_revive(struct hcc_record *r)
{
	check_block(r->block_va);
	return 0;
}

uint64_t hcc_portable_stack_bytes(uint64_t block_va)
{
	check_block(block_va);
	return 65536;
}

uint64_t hcc_native_stack_new(uint64_t bytes)
{
	fuzz_check(bytes <= 4ull << 38, "stack of %lu bytes", bytes);
	return 1ull << 46;
}

void hcc_signal_restore_thread(void)
{
}

void hcc_signal_restore(void)
{
}

/* Their lists lie in the arena, which is not there: tests/runtime/hostile.sh. */
void hcc_memory_restore(void)
{
}

void hcc_attributes_restore(void)
{
}

void hcc_limits_restore(void)
{
}

void hcc_scheduling_restore(void)
{
}

void hcc_polls_add_clones(void)
{
}

void hcc_request_init(void)
{
}

void hcc_resume_done(struct hcc_frame *frame)
{
	(void)frame;
}

void hcc_point_load(struct hcc_point *point, const struct hcc_snap_thread *t)
{
	(void)point;
	fuzz_check(!t->is_at_call || (t->call != 221 && t->call > 0 && t->call < 300), "call %ld",
		t->call);
}

static void check_frames(const struct hcc_record *r)
{
	const struct hcc_frame *frame = (const void *)r->native.base;

	for (uint64_t i = 0; i < r->n_frames; i++) {
		bool found = false;

		for (size_t m = 0; m < 3; m++)
			found |= program.functions[m].resume_va && frame->site
				< hcc_meta_n_sites(&program.header, &program.functions[m])
				&& frame->resume == program.functions[m].resume_va;
		fuzz_check(found, "frame %lu is of nothing", i);
		frame = (const struct hcc_frame *)((const char *)frame + frame->bytes);
	}
	fuzz_check(frame->resume == (uint64_t)hcc_resume_done, "frames have no end");
}

/* The process would go on: every frame must be one that the program has. */
_Noreturn void hcc_enter(struct hcc_frame *frame, uint64_t stack_end_va)
{
	fuzz_check(stack_end_va == 1ull << 46, "stack 0x%lx", stack_end_va);
	fuzz_check((char *)frame == k.records[0].native.base, "frames of another thread");
	for (uint32_t i = 0; i < k.n_records; i++)
		check_frames(&k.records[i]);
	longjmp(k.end, 1);
}

/* ---- The target ------------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static uint8_t *copy;
	const struct hcc_meta_header *m = &program.header;

	if (!copy) {
		uint64_t start = m->shared_data_start_va & ~4095ull;

		copy = aligned_alloc(4096, FUZZ_MOST_BYTES);
		fuzz_check(copy && mmap((void *)start, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE
			| MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == (void *)start, "no shared data");
	}
	if (bytes > FUZZ_MOST_BYTES)
		return -1;
	memcpy(copy, data, bytes);
	k.data = copy;
	k.bytes = bytes;
	k.n_regions = 0;
	k.status = 0;
	k.is_checked = false;
	k.next_fd = 1000;
	k.n_placed = 0;
	k.n_records = 0;
	memset(k.records, 0, sizeof k.records);
	memset(k.states, 0, sizeof k.states);
	memset(&restore, 0, sizeof restore);
	memset(&revival, 0, sizeof revival);
	memset((void *)m->shared_data_start_va, 0xa5,
		m->shared_data_end_va - m->shared_data_start_va);
	fuzz_begin(2 * bytes + 65536);
	if (!setjmp(k.end))
		hcc_restore(FD);
	fuzz_end(k.status, "/snapshot: ");
	return 0;
}
