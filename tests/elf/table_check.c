/* Reads the tables of executables of one link and checks what hcc_format.h promises of them.
 *   table_check [-p] FILE...   silent when all is well; -p prints functions, sites and values */
#include <elf.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hcc_unpack.h"

struct file {
	uint64_t packed_va, packed_end_va;
	const char *name;
	const struct hcc_meta_header *header;
	const struct hcc_meta_function *functions;
	const struct hcc_meta_site *sites;
	const struct hcc_meta_return *returns;
	const uint8_t *types, *unwind, *locations;
	const char *strings;
	uint64_t file_bytes;
	const char *base;
};

static int failed;

#define CHECK(file, condition, ...) \
	do { \
		if (!(condition)) { \
			printf("%s: ", (file)->name); \
			printf(__VA_ARGS__); \
			putchar('\n'); \
			failed = 1; \
		} \
	} while (0)

static uint64_t uleb128(const uint8_t **p)
{
	uint64_t value = 0;
	unsigned shift = 0;

	do
		value |= (uint64_t)(**p & 0x7f) << shift, shift += 7;
	while (*(*p)++ & 0x80);
	return value;
}

static int64_t sleb128(const uint8_t **p)
{
	int64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		byte = *(*p)++;
		value |= (int64_t)((uint64_t)(byte & 0x7f) << shift);
		shift += 7;
	} while (byte & 0x80);
	if (shift < 64 && byte & 0x40)
		value |= (int64_t)(~(uint64_t)0 << shift);
	return value;
}

/* Each record is found by its return address, and no other address is one. */
static void check_finding(const struct file *file)
{
	struct hcc_meta_walk walk = { 0 };
	uint32_t last_va = 0;

	while (hcc_meta_next(file->header, &walk) > 0) {
		struct hcc_meta_return ret;

		CHECK(file, !hcc_meta_find_return(file->header, walk.ret.return_va, &ret) &&
		      !memcmp(&ret, &walk.ret, sizeof ret), "record %u is not found", walk.i - 1);
		CHECK(file, walk.ret.return_va - 1 == last_va ||
		      hcc_meta_find_return(file->header, walk.ret.return_va - 1, &ret),
		      "a record is found before record %u", walk.i - 1);
		last_va = walk.ret.return_va;
	}
	CHECK(file, walk.i == file->header->n_returns, "%u records", walk.i);
}

static void open_file(struct file *file, const char *name)
{
	const Elf64_Ehdr *elf;
	const Elf64_Shdr *sections, *meta = NULL;
	struct stat status;
	int fd = open(name, O_RDONLY);

	if (fd < 0 || fstat(fd, &status)) {
		perror(name);
		exit(1);
	}
	file->name = name;
	file->base = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	elf = (const void *)file->base;
	sections = (const void *)(file->base + elf->e_shoff);
	for (unsigned i = 0; i < elf->e_shnum; i++) {
		const char *section = file->base + sections[elf->e_shstrndx].sh_offset +
			sections[i].sh_name;

		if (!strcmp(section, HCC_META_SECTION))
			meta = &sections[i];
		if (!strcmp(section, HCC_PACKED_SECTION)) {
			file->packed_va = sections[i].sh_addr;
			file->packed_end_va = sections[i].sh_addr + sections[i].sh_size;
		}
	}
	if (!meta) {
		printf("%s: has no table\n", name);
		exit(1);
	}
	file->base += meta->sh_offset;
	file->header = (const void *)file->base;
	CHECK(file, file->header->bytes == meta->sh_size, "size");
	CHECK(file, !memcmp(file->header->magic, HCC_META_MAGIC, 8) &&
	      file->header->version == HCC_META_VERSION, "magic");
	CHECK(file, !hcc_meta_check(file->header), "%s", hcc_meta_check(file->header));
	if (failed)
		exit(1);
	check_finding(file);
	file->header = hcc_meta_unpack(file->header);
	file->base = (const void *)file->header;
	file->functions = (const void *)(file->base + file->header->functions_off);
	file->sites = (const void *)(file->base + file->header->sites_off);
	file->returns = (const void *)(file->base + file->header->returns_off);
	file->types = (const void *)(file->base + file->header->types_off);
	file->unwind = (const void *)(file->base + file->header->unwind_off);
	file->locations = (const void *)(file->base + file->header->locations_off);
	file->strings = file->base + file->header->strings_off;
}

static void check_function(const struct file *file, uint32_t i)
{
	const struct hcc_meta_function *f = &file->functions[i];
	uint32_t n_sites = hcc_meta_n_sites(file->header, f);

	CHECK(file, !i || f[-1].entry_va < f->entry_va, "function %u is not in order", i);
	CHECK(file, i || !f->first_site, "function %u begins with site %u", i, f->first_site);
	if (f->flags & HCC_FUNCTION_DECLINES)
		CHECK(file, !n_sites && !f->resume_va, "function %u declines with %u sites", i,
		      n_sites);
	else
		CHECK(file, f->resume_va != f->entry_va &&
		      f->resume_va >= file->header->shared_data_end_va,
		      "function %u resumes at 0x%llx", i, (unsigned long long)f->resume_va);
	CHECK(file, f->name_off < file->header->strings_bytes &&
	      f->file_off < file->header->strings_bytes, "strings of function %u", i);
	for (uint32_t s = f->first_site; s < f->first_site + n_sites; s++) {
		CHECK(file, hcc_meta_function_of(file->header, s) == i, "site %u is of function %u",
		      s, hcc_meta_function_of(file->header, s));
		CHECK(file, file->sites[s].types_off + file->sites[s].n_values <=
		      file->header->types_bytes, "types of site %u", s);
	}
}

static void check_return(const struct file *file, uint32_t i, int print)
{
	const struct hcc_meta_return *r = &file->returns[i];
	const struct hcc_meta_site *site = &file->sites[r->site_idx];
	const struct hcc_meta_function *function =
		&file->functions[hcc_meta_function_of(file->header, r->site_idx)];
	const uint8_t *p = file->unwind + r->unwind_off;
	uint64_t cfa_register = uleb128(&p), cfa_offset = uleb128(&p), n;
	int64_t return_offset = sleb128(&p);

	CHECK(file, !i || r[-1].return_va < r->return_va, "return %u is not in order", i);
	CHECK(file, r->site_idx < file->header->n_sites, "return %u has site %u", i, r->site_idx);
	CHECK(file, cfa_offset < 1 << 24 && cfa_register < 32 && return_offset < 0 &&
	      (uint64_t)-return_offset <= cfa_offset, "unwind program of return %u", i);
	if (print)
		printf("%llx %s/%u cfa=r%llu+%llu ra=cfa%lld", (unsigned long long)r->return_va,
		       file->strings + function->name_off,
		       r->site_idx - function->first_site,
		       (unsigned long long)cfa_register, (unsigned long long)cfa_offset,
		       (long long)return_offset);
	for (n = uleb128(&p); n; n--) {
		uint64_t reg = uleb128(&p);
		int64_t offset = sleb128(&p);

		CHECK(file, reg < 96 && offset < 0, "unwind program of return %u", i);
		if (print)
			printf(" r%llu=cfa%lld", (unsigned long long)reg, (long long)offset);
	}
	CHECK(file, p <= file->unwind + file->header->unwind_bytes, "unwind pool");
	p = file->locations + r->locations_off;
	for (unsigned v = 0; v < site->n_values; v++) {
		unsigned kind = *p++;
		uint64_t reg = kind == HCC_LOCATION_CONSTANT ? 0 : uleb128(&p);
		int64_t offset = kind == HCC_LOCATION_REGISTER ? 0 : sleb128(&p);

		CHECK(file, kind <= HCC_LOCATION_ADDRESS && reg < 96, "location %u of return %u", v,
			i);
		if (print)
			printf(" t%u:%c%llu%+lld", file->types[site->types_off + v],
				"rmca"[kind & 3], (unsigned long long)reg, (long long)offset);
	}
	CHECK(file, p <= file->locations + file->header->locations_bytes, "location pool");
	if (print)
		putchar('\n');
}

static void compare(const struct file *a, const struct file *b)
{
	const struct hcc_meta_header *x = a->header, *y = b->header;

	CHECK(b, !memcmp(x->build_id, y->build_id, sizeof x->build_id), "build ID");
	CHECK(b, x->isa != y->isa, "ISA");
	CHECK(b, !memcmp(&x->shared_data_start_va, &y->shared_data_start_va,
			 offsetof(struct hcc_meta_header, n_functions) -
			 offsetof(struct hcc_meta_header, shared_data_start_va)), "memory");
	CHECK(b, x->n_functions == y->n_functions && x->n_sites == y->n_sites,
		"functions and sites");
	if (failed)
		return;
	for (uint32_t i = 0; i < x->n_functions; i++) {
		struct hcc_meta_function f = a->functions[i];

		f.resume_va = b->functions[i].resume_va;
		if (f.entry_va >= a->packed_va && f.entry_va < a->packed_end_va)
			f.entry_va = b->functions[i].entry_va;
		CHECK(b, !memcmp(&f, &b->functions[i], sizeof f), "function %u", i);
	}
	CHECK(b, !memcmp(a->sites, b->sites, x->n_sites * sizeof *a->sites), "sites");
	CHECK(b, x->types_bytes == y->types_bytes && !memcmp(a->types, b->types, x->types_bytes),
		"types");
	CHECK(b, x->strings_bytes == y->strings_bytes &&
	      !memcmp(a->strings, b->strings, x->strings_bytes), "strings");
}

int main(int argc, char **argv)
{
	int print = argc > 1 && !strcmp(argv[1], "-p"), n = 0;
	struct file files[8];

	for (int i = 1 + print; i < argc && n < 8; i++, n++) {
		open_file(&files[n], argv[i]);
		for (uint32_t f = 0; f < files[n].header->n_functions; f++)
			check_function(&files[n], f);
		for (uint32_t r = 0; r < files[n].header->n_returns && !failed; r++)
			check_return(&files[n], r, print);
		if (n)
			compare(&files[0], &files[n]);
	}
	return failed || n == 0;
}
