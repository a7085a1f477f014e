/* Polls that cost next to nothing while nobody asks: the runtime makes all of them jumps when a
 * migration is asked for, and takes that back at the first one (struct hcc_poll of hcc_format.h).
 * What was compiled with -fhcc-polls=flag tests __hcc_poll_flag instead.
 *
 * No memory is ever writable and executable at once, and no thread needs to stop: a patched copy of the
 * text takes the text's place in one mremap, and so does the file's text again. qemu-user, which
 * translates code ahead, notices. Where the kernel or a filter does not let a process have executable
 * memory that is no file's (PR_SET_MDWE, SELinux, MemoryDenyWriteExecute of systemd), the bytes are
 * written through /proc/self/mem, which leaves the text's protection as it is. */
#include "migrate.h"
#include "patch_arch.h"

HCC_KEPT int32_t __hcc_poll_flag;
HCC_KEPT int32_t hcc_polls_in_clones;

extern const struct hcc_poll __hcc_polls_start[], __hcc_polls_end[];
extern char __hcc_text_start[], __hcc_text_end[], __hcc_resume_start[], __hcc_resume_end[];
extern const char __ehdr_start[];

/* A handler of requests may come at any instruction of this file, on this thread or another: it says
 * what it wants and leaves it to the one who is at work. */
static HCC_KEPT struct {
	int32_t wanted; /* whether polls are to be jumps */
	int32_t busy;
} state;

struct range {
	char *start;
	uint64_t bytes;
};

static uint64_t site_va(const struct hcc_poll *p)
{
	return (uint64_t)&p->site_off + (uint64_t)(int64_t)p->site_off;
}

static uint64_t cold_va(const struct hcc_poll *p)
{
	return (uint64_t)&p->cold_off + (uint64_t)(int64_t)p->cold_off;
}

static int is_in(const struct hcc_poll *p, const struct range *r)
{
	return site_va(p) - (uint64_t)r->start < r->bytes;
}

static int has_polls(const struct range *r)
{
	for (const struct hcc_poll *p = __hcc_polls_start; p < __hcc_polls_end; p++)
		if (is_in(p, r))
			return 1;
	return 0;
}

/* Make every poll of the range a jump or not, in what is `copy` of it. */
static void patch(char *copy, const struct range *r, int jumps)
{
	for (const struct hcc_poll *p = __hcc_polls_start; p < __hcc_polls_end; p++)
		if (is_in(p, r))
			arch_patch(copy + (site_va(p) - (uint64_t)r->start), site_va(p),
				cold_va(p), jumps);
}

/* Put a patched copy of the text in its place. Returns 0 or -errno. */
static int replace(const struct range *r, int jumps)
{
	long copy = sys_mmap(0, r->bytes, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0), result;

	if (hcc_sys_failed(copy))
		return (int)copy;
	hcc_copy((char *)copy, r->start, r->bytes);
	patch((char *)copy, r, jumps);
	result = hcc_sys(SYS_mprotect, copy, r->bytes, SYS_PROT_READ | SYS_PROT_EXEC);
	if (!result) {
		arch_sync_code((char *)copy, r->bytes);
		result = hcc_sys(SYS_mremap, copy, r->bytes, r->bytes,
			SYS_MREMAP_MAYMOVE | SYS_MREMAP_FIXED, r->start);
	}
	if (hcc_sys_failed(result)) {
		sys_munmap((uint64_t)copy, r->bytes);
		return (int)result;
	}
	arch_sync_code(r->start, r->bytes);
	return 0;
}

/* The kernel writes to text that this process cannot write to. Returns 0 or -errno. */
static int write_sites(const struct range *r, int jumps)
{
	long fd = sys_openat(SYS_AT_FDCWD, "/proc/self/mem", SYS_O_RDWR | SYS_O_CLOEXEC, 0);
	int result = 0;

	if (fd < 0)
		return (int)fd;
	for (const struct hcc_poll *p = __hcc_polls_start; p < __hcc_polls_end && !result; p++) {
		uint64_t va = site_va(p);
		uint32_t word;
		long n;

		if (!is_in(p, r))
			continue;
		hcc_copy(&word, (const char *)va, ARCH_PATCH_BYTES);
		arch_patch((char *)&word, va, cold_va(p), jumps);
		n = hcc_sys(SYS_pwrite64, fd, &word, ARCH_PATCH_BYTES, va);
		if (n != ARCH_PATCH_BYTES)
			result = n < 0 ? (int)n : -SYS_EFAULT;
	}
	sys_close((int)fd);
	arch_sync_code(r->start, r->bytes);
	return result;
}

/* The text as the file has it. Returns 0 or -errno. */
static int map_file(const struct range *r)
{
	const struct sys_elf_header *e = (const void *)__ehdr_start;
	const struct sys_program_header *p = (const void *)(__ehdr_start + e->phoff);
	uint64_t va = (uint64_t)r->start;
	long fd, result;

	for (unsigned i = 0; i < e->phnum; i++, p++) {
		if (p->type != SYS_PT_LOAD || va - p->vaddr >= p->filesz)
			continue;
		fd = sys_openat(SYS_AT_FDCWD, "/proc/self/exe", SYS_O_RDONLY | SYS_O_CLOEXEC, 0);
		if (fd < 0)
			return (int)fd;
		result = sys_mmap(va, r->bytes, SYS_PROT_READ | SYS_PROT_EXEC,
			SYS_MAP_PRIVATE | SYS_MAP_FIXED, (int)fd,
			(int64_t)(p->offset + (va - p->vaddr)));
		sys_close((int)fd);
		return hcc_sys_failed(result) ? (int)result : 0;
	}
	return -SYS_EINVAL;
}

static void set_range(char *start, const char *end, int jumps)
{
	struct range r = {start, (uint64_t)(end - start)};

	if (!has_polls(&r) || (!jumps && !map_file(&r)))
		return;
	if (replace(&r, jumps))
		write_sites(&r, jumps);
}

/* The clones are there now, and will be run. */
void hcc_polls_add_clones(void)
{
	if (!hcc_polls_in_clones && __hcc_poll_flag)
		set_range(__hcc_resume_start, __hcc_resume_end, 1);
	hcc_polls_in_clones = 1;
}

/* Whether text has been changed is in the flag: nobody but this function writes it. */
static void apply(int jumps)
{
	if (__atomic_exchange_n(&__hcc_poll_flag, jumps, __ATOMIC_ACQ_REL) == jumps)
		return;
	set_range(__hcc_text_start, __hcc_text_end, jumps);
	if (hcc_polls_in_clones)
		set_range(__hcc_resume_start, __hcc_resume_end, jumps);
}

void hcc_polls_set(int jumps)
{
	__atomic_store_n(&state.wanted, jumps, __ATOMIC_SEQ_CST);
	while (!__atomic_exchange_n(&state.busy, 1, __ATOMIC_SEQ_CST)) {
		jumps = __atomic_load_n(&state.wanted, __ATOMIC_SEQ_CST);
		apply(jumps);
		__atomic_store_n(&state.busy, 0, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&state.wanted, __ATOMIC_SEQ_CST) == jumps)
			return;
	}
}

void hcc_polls_forked(void)
{
	state.busy = 0;
	hcc_polls_set(hcc_switches.is_on);
}
