/* Process entry: what has to exist before neutral code can run (arena, portable stack of the main
 * thread, its TLS block), and the choice between starting main and resuming a snapshot. The
 * kernel's argument block is copied into the arena, so that the program sees no private address. */
#include "hcc_format.h"
#include "process.h"

#define STACK_DEFAULT_BYTES (8ULL << 20)
#define STACK_LEAST_BYTES (256ULL << 10)
#define STACK_MOST_BYTES (1ULL << 30)
#define GUARD_BYTES 65536ULL

enum {
	AT_NULL = 0, AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_ENTRY = 9, AT_PLATFORM = 15,
	AT_HWCAP = 16, AT_SECURE = 23, AT_BASE_PLATFORM = 24, AT_RANDOM = 25, AT_HWCAP2 = 26,
	AT_EXECFN = 31, AT_SYSINFO = 32, AT_SYSINFO_EHDR = 33, AT_MINSIGSTKSZ = 51,
	PT_TLS = 7, RLIMIT_STACK = 3,
};

struct program_header {
	uint32_t p_type, p_flags;
	uint64_t p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align;
};

/* The block that the kernel leaves on the stack: psABI, process initialization. */
struct arguments {
	uint64_t argc;
	char **argv, **envp;
	uint64_t *auxv;  /* pairs of type and value, the last of type AT_NULL */
};

extern const struct hcc_meta_header __hcc_meta_start __attribute__((weak));

/* Offset 0 of the TLS segment (the linker script places this section first). */
__attribute__((section(".tdata.hcc.__hcc_tls_anchor"), aligned(HCC_TLS_ALIGN_BYTES)))
_Thread_local char __hcc_tls_anchor[HCC_TLS_ALIGN_BYTES] = { 0 };

struct hcc_tls_layout hcc_tls_layout;

uint64_t *hcc_start(uint64_t *kernel_block);

static _Noreturn void fail(const char *message)
{
	size_t bytes = 0;

	while (message[bytes] != 0)
		bytes++;
	sys_write(2, message, bytes);
	sys_exit_group(127);
}

static uint64_t string_bytes(const char *s)
{
	uint64_t bytes = 1;

	while (*s++ != 0)
		bytes++;
	return bytes;
}

static void copy_bytes(void *to, const void *from, uint64_t bytes)
{
	char *t = to;
	const char *f = from;

	while (bytes-- > 0)
		*t++ = *f++;
}

static void read_arguments(struct arguments *out, uint64_t *block)
{
	char **p;

	out->argc = block[0];
	out->argv = (char **)(block + 1);
	out->envp = out->argv + out->argc + 1;
	for (p = out->envp; *p != NULL; p++)
		;
	out->auxv = (uint64_t *)(p + 1);
}

static uint64_t aux_value(const uint64_t *auxv, uint64_t type)
{
	for (; auxv[0] != AT_NULL; auxv += 2)
		if (auxv[0] == type)
			return auxv[1];
	return 0;
}

/* HCC_RESTORE=<descriptor>: returns it, or -1. */
static int restore_fd(char **envp)
{
	static const char name[] = "HCC_RESTORE=";

	for (; *envp != NULL; envp++) {
		const char *s = *envp;
		size_t i = 0;
		int fd = 0;

		while (name[i] != 0 && s[i] == name[i])
			i++;
		if (name[i] != 0 || s[i] == 0)
			continue;
		for (s += i; *s >= '0' && *s <= '9' && fd < 100000000; s++)
			fd = fd * 10 + (*s - '0');
		return *s == 0 ? fd : -1;
	}
	return -1;
}

int hcc_tls_layout_read(void)
{
	const struct hcc_meta_header *meta = &__hcc_meta_start;

	if (meta == NULL)
		return -1;
	hcc_tls_layout.image_va = meta->tls_image_va;
	hcc_tls_layout.image_bytes = meta->tls_image_bytes;
	hcc_tls_layout.bytes = meta->tls_bytes;
	return 0;
}

/* The table says the same, but is not in memory before a move; a page of it would be several. */
static void find_tls(const uint64_t *auxv)
{
	const char *p = (const char *)aux_value(auxv, AT_PHDR);
	uint64_t n = aux_value(auxv, AT_PHNUM);

	for (; n > 0; n--, p += aux_value(auxv, AT_PHENT)) {
		const struct program_header *ph = (const void *)p;

		if (ph->p_type == PT_TLS) {
			hcc_tls_layout.image_va = ph->p_vaddr;
			hcc_tls_layout.image_bytes = ph->p_filesz;
			hcc_tls_layout.bytes = ph->p_memsz;
			return;
		}
	}
	hcc_tls_layout_read();
}

/* Vectors with strings: bytes that they take, the closing NULL included. */
static uint64_t vector_bytes(char **vector)
{
	uint64_t bytes = sizeof(char *);

	for (; *vector != NULL; vector++)
		bytes += sizeof(char *) + string_bytes(*vector);
	return bytes;
}

static char **copy_vector(char **to, char **from, char **strings)
{
	for (; *from != NULL; from++) {
		uint64_t bytes = string_bytes(*from);

		copy_bytes(*strings, *from, bytes);
		*to++ = *strings;
		*strings += bytes;
	}
	*to++ = NULL;
	return to;
}

/* What of the auxiliary vector says something about this machine or about private memory is left
 * out: the program would keep it after a move. */
static int aux_is_private(uint64_t type)
{
	switch (type) {
	case AT_ENTRY:
	case AT_PLATFORM:
	case AT_HWCAP:
	case AT_BASE_PLATFORM:
	case AT_HWCAP2:
	case AT_SYSINFO:
	case AT_SYSINFO_EHDR:
	case AT_MINSIGSTKSZ:
		return 1;
	}
	return type >= 34 && type <= 50;  /* cache geometry and vector lengths of several ISAs */
}

static void copy_auxv(uint64_t *to, const uint64_t *from, char *strings)
{
	for (; from[0] != AT_NULL; from += 2) {
		uint64_t bytes = 0;

		if (aux_is_private(from[0]))
			continue;
		to[0] = from[0];
		to[1] = from[1];
		if (from[0] == AT_RANDOM)
			bytes = 16;
		else if (from[0] == AT_EXECFN)
			bytes = string_bytes((const char *)from[1]);
		if (bytes != 0) {
			copy_bytes(strings, (const void *)from[1], bytes);
			to[1] = (uint64_t)strings;
			strings += bytes;
		}
		to += 2;
	}
	to[0] = AT_NULL;
	to[1] = 0;
}

static uint64_t arguments_bytes(const struct arguments *in)
{
	const char *execfn = (const char *)aux_value(in->auxv, AT_EXECFN);
	const uint64_t *aux = in->auxv;
	uint64_t bytes = sizeof(uint64_t) + vector_bytes(in->argv) + vector_bytes(in->envp);

	while (aux[0] != AT_NULL)
		aux += 2;
	bytes += (uint64_t)((const char *)(aux + 2) - (const char *)in->auxv);
	bytes += 16 + (execfn != NULL ? string_bytes(execfn) : 0);
	return HCC_ALIGN_UP(bytes, 64);
}

/* Copy the argument block to the top of the portable stack; returns its new place. */
static uint64_t *copy_arguments(const struct arguments *in, uint64_t stack_end_va, uint64_t bytes)
{
	uint64_t *block = (uint64_t *)(stack_end_va - bytes);
	const uint64_t *aux = in->auxv;
	char **to = (char **)(block + 1);
	char **p;
	char *strings;
	uint64_t words = 1 + in->argc + 1;

	for (p = in->envp; *p != NULL; p++)
		words++;
	words++;
	for (; aux[0] != AT_NULL; aux += 2)
		words += 2;
	words += 2;
	strings = (char *)(block + words);
	block[0] = in->argc;
	__hcc_process.arguments_va = (uint64_t)strings;
	to = copy_vector(to, in->argv, &strings);
	__hcc_process.environment_va = (uint64_t)strings;
	to = copy_vector(to, in->envp, &strings);
	__hcc_process.environment_end_va = (uint64_t)strings;
	copy_auxv((uint64_t *)to, in->auxv, strings);
	return block;
}

static uint64_t stack_bytes(uint64_t arguments)
{
	uint64_t limit[2];
	uint64_t bytes = STACK_DEFAULT_BYTES;

	if (hcc_sys(SYS_prlimit64, 0, RLIMIT_STACK, NULL, limit) == 0 &&
	    limit[0] <= STACK_MOST_BYTES)
		bytes = limit[0];
	if (bytes < STACK_LEAST_BYTES)
		bytes = STACK_LEAST_BYTES;
	return HCC_ALIGN_UP(bytes + arguments, GUARD_BYTES);
}

static uint64_t *make_main_stack(const struct arguments *in)
{
	uint64_t taken = arguments_bytes(in);
	uint64_t bytes = stack_bytes(taken);
	long va = hcc_arena_mmap(0, GUARD_BYTES + bytes, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS | SYS_MAP_NORESERVE, -1, 0);

	if (hcc_sys_failed(va) ||
	    hcc_sys(SYS_mprotect, va, GUARD_BYTES, SYS_PROT_NONE) != 0)
		fail("hcc: error: no memory for the stack\n");
	__hcc_process.main_stack_start_va = (uint64_t)va + GUARD_BYTES;
	__hcc_process.main_stack_end_va = __hcc_process.main_stack_start_va + bytes;
	return copy_arguments(in, __hcc_process.main_stack_end_va, taken);
}

static uint64_t make_main_thread(void)
{
	uint64_t bytes = HCC_THREAD_BELOW_BYTES +
		HCC_ALIGN_UP(hcc_tls_layout.bytes, HCC_TLS_ALIGN_BYTES) + HCC_THREAD_TAIL_BYTES;
	long va = hcc_arena_mmap(0, bytes, SYS_PROT_READ | SYS_PROT_WRITE,
		SYS_MAP_PRIVATE | SYS_MAP_ANONYMOUS, -1, 0);
	uint64_t block_va = (uint64_t)va + HCC_THREAD_BELOW_BYTES;

	if (hcc_sys_failed(va))
		fail("hcc: error: no memory for thread-locals\n");
	copy_bytes((void *)block_va, (const void *)hcc_tls_layout.image_va,
		hcc_tls_layout.image_bytes);
	return block_va;
}

/* Called by _start with the kernel's argument block; returns the program's own. */
uint64_t *hcc_start(uint64_t *kernel_block)
{
	struct arguments in;
	uint64_t *block;
	int fd = -1;

	read_arguments(&in, kernel_block);
	hcc_title_init(kernel_block);
	find_tls(in.auxv);
	hcc_vdso_init(aux_value(in.auxv, AT_SYSINFO_EHDR));
	if (aux_value(in.auxv, AT_SECURE) == 0) {
		fd = restore_fd(in.envp);
		hcc_switches_read(in.envp, fd >= 0);
	}
	if (fd >= 0)
		hcc_restore(fd);
	hcc_arena_init();
	block = make_main_stack(&in);
	__hcc_process.main_thread_pointer = make_main_thread();
	__hcc_process.tls_image_va = hcc_tls_layout.image_va;
	__hcc_process.tls_image_bytes = hcc_tls_layout.image_bytes;
	__hcc_process.tls_bytes = hcc_tls_layout.bytes;
	hcc_set_thread_pointer(__hcc_process.main_thread_pointer);
	hcc_thread_start();
	__hcc_psp = block;
	hcc_title_show();
	/* A program with other rights than its caller's takes no requests. */
	if (aux_value(in.auxv, AT_SECURE) == 0)
		hcc_migrate_init();
	return block;
}
