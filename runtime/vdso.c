/* The kernel's clock_gettime in user space: found at start in the vDSO of the running machine, by
 * name in its dynamic symbol table. Private: looked up again after a move. */
#include "process.h"
#include "vdso_arch.h"

enum {
	PT_LOAD = 1, PT_DYNAMIC = 2,
	DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6, DT_GNU_HASH = 0x6ffffef5,
};

struct elf_header {
	unsigned char ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum;
};

struct program_header {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

struct symbol {
	uint32_t name;
	uint8_t info, other;
	uint16_t section;
	uint64_t value, size;
};

int (*hcc_vdso_clock_gettime)(long clock, struct sys_timespec *out);
static HCC_KEPT uint64_t known_image_va; /* where this kernel has put it */

static int same_string(const char *a, const char *b)
{
	while (*a != 0 && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* DT_GNU_HASH does not say how many symbols there are: the last chain ends with the last one. */
static uint32_t n_gnu_symbols(const uint32_t *table)
{
	uint32_t n_buckets = table[0], first = table[1], bloom_words = table[2], last = 0, i;
	const uint32_t *buckets = table + 4 + 2 * bloom_words;
	const uint32_t *chains = buckets + n_buckets;

	for (i = 0; i < n_buckets; i++)
		if (buckets[i] > last)
			last = buckets[i];
	if (last < first)
		return first;
	while (!(chains[last - first] & 1))
		last++;
	return last + 1;
}

void hcc_vdso_init(uint64_t image_va)
{
	const struct elf_header *header = (const void *)image_va;
	const struct program_header *ph;
	const struct symbol *symbols = NULL;
	const char *strings = NULL;
	const int64_t *dynamic = NULL;
	uint64_t base = image_va;
	uint32_t n = 0, i;

	known_image_va = image_va;
	if (image_va == 0)
		return;
	ph = (const void *)(image_va + header->phoff);
	for (i = 0; i < header->phnum; i++) {
		if (ph[i].type == PT_LOAD)
			base = image_va + ph[i].offset - ph[i].vaddr;
		else if (ph[i].type == PT_DYNAMIC)
			dynamic = (const void *)(image_va + ph[i].offset);
	}
	for (; dynamic != NULL && dynamic[0] != 0; dynamic += 2) {
		const void *p = (const void *)(base + (uint64_t)dynamic[1]);

		if (dynamic[0] == DT_STRTAB)
			strings = p;
		else if (dynamic[0] == DT_SYMTAB)
			symbols = p;
		else if (dynamic[0] == DT_HASH)
			n = ((const uint32_t *)p)[1];
		else if (dynamic[0] == DT_GNU_HASH && n == 0)
			n = n_gnu_symbols(p);
	}
	if (strings == NULL || symbols == NULL)
		return;
	for (i = 0; i < n; i++)
		if (symbols[i].section != 0 &&
		    same_string(strings + symbols[i].name, ARCH_VDSO_CLOCK_GETTIME))
			hcc_vdso_clock_gettime = (int (*)(long, struct sys_timespec *))
				(base + symbols[i].value);
}

void hcc_vdso_renew(void)
{
	hcc_vdso_init(known_image_va);
}
