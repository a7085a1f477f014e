/* Damages an executable of hcc in one place, for the tests of hcc-verify.
 *   patch FILE drop FUNCTION SITE K              remove the K-th record of a site; 0: original
 *   patch FILE site FUNCTION SITE K OTHER        the K-th record says it is of site OTHER
 *   patch FILE move FUNCTION SITE K BYTES        its return address + BYTES
 *   patch FILE register FUNCTION SITE K VALUE R  a value of the K-th record is in register R
 *   patch FILE swap FUNCTION SITE K              its first two values change places
 *   patch FILE type FUNCTION SITE VALUE TYPE     type byte of a value
 *   patch FILE flags FUNCTION SITE FLAGS         flags of a site
 *   patch FILE resume FUNCTION OTHER             FUNCTION's clone is OTHER's
 *   patch FILE symbol NAME BYTES                 the symbol's address + BYTES
 *   patch FILE word NAME OFF SYMBOL BYTES        8 bytes at NAME + OFF become SYMBOL + BYTES
 *   patch FILE poll NAME K SITE COLD             the K-th poll of a function: its site + SITE, the place
 *                                                that it leads to + COLD
 *   patch FILE bytes NAME OFF HEX...             bytes at NAME + OFF */
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib_meta.h"

static char *base;
static void *table;
static struct hcc_meta_header *meta; /* unpacked */
static struct hcc_meta_function *functions;
static struct hcc_meta_site *sites;
static struct hcc_meta_return *returns;
static char **args;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "patch: %s\n", what);
	exit(1);
}

static const char *word(void)
{
	if (!*args)
		die("argument expected");
	return *args++;
}

static long number(void)
{
	return strtol(word(), NULL, 0);
}

static Elf64_Shdr *sections(void)
{
	return (Elf64_Shdr *)(base + ((Elf64_Ehdr *)base)->e_shoff);
}

static unsigned n_sections(void)
{
	return ((Elf64_Ehdr *)base)->e_shnum;
}

static void open_file(const char *path)
{
	int fd = open(path, O_RDWR);
	const char *names;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		die("cannot open the file");
	base = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		die("cannot map the file");
	names = base + sections()[((Elf64_Ehdr *)base)->e_shstrndx].sh_offset;
	for (unsigned i = 0; i < n_sections(); i++)
		if (!strcmp(names + sections()[i].sh_name, HCC_META_SECTION))
			table = base + sections()[i].sh_offset;
	if (!table)
		die("no table");
	meta = meta_open(table);
	functions = (void *)((char *)meta + meta->functions_off);
	sites = (void *)((char *)meta + meta->sites_off);
	returns = (void *)((char *)meta + meta->returns_off);
}

static Elf64_Sym *symbol(const char *name)
{
	for (unsigned i = 0; i < n_sections(); i++) {
		const Elf64_Shdr *s = &sections()[i];
		Elf64_Sym *symbols = (void *)(base + s->sh_offset);

		if (s->sh_type != SHT_SYMTAB)
			continue;
		for (size_t k = 0; k < s->sh_size / sizeof *symbols; k++)
			if (!strcmp(base + sections()[s->sh_link].sh_offset + symbols[k].st_name,
				    name))
				return &symbols[k];
	}
	die("no such symbol");
}

/* Where an address is in the file. */
static char *place(uint64_t va)
{
	for (unsigned i = 0; i < n_sections(); i++) {
		const Elf64_Shdr *s = &sections()[i];

		if (s->sh_flags & SHF_ALLOC && s->sh_type != SHT_NOBITS &&
		    va - s->sh_addr < s->sh_size)
			return base + s->sh_offset + (va - s->sh_addr);
	}
	die("no such address");
}

static struct hcc_meta_function *function(const char *name)
{
	const char *strings = (char *)meta + meta->strings_off;

	for (uint32_t i = 0; i < meta->n_functions; i++)
		if (!strcmp(strings + functions[i].name_off, name))
			return &functions[i];
	die("no such function");
}

static uint32_t site_idx(void)
{
	struct hcc_meta_function *f = function(word());

	return f->first_site + (uint32_t)number();
}

static struct hcc_meta_return *record(void)
{
	uint32_t idx = site_idx();
	long k = number();

	for (uint32_t i = 0; i < meta->n_returns; i++)
		if (returns[i].site_idx == idx && !k--)
			return &returns[i];
	die("no such record");
}

/* The bytes of a location; past its end. */
static uint8_t *skip_location(uint8_t *at)
{
	unsigned n = *at == HCC_LOCATION_REGISTER || *at == HCC_LOCATION_CONSTANT ? 1 : 2;

	for (at++; n; n--)
		while (*at++ & 0x80)
			;
	return at;
}

/* Lists are shared: the swapped one is looked for in the pool, and made in place only if it is not
 * there. */
static void swap(struct hcc_meta_return *r)
{
	uint8_t *pool = (uint8_t *)meta + meta->locations_off, *a = pool + r->locations_off;
	uint8_t *b = skip_location(a), *end = skip_location(b), bytes[64], *found;
	size_t n = (size_t)(b - a), m = (size_t)(end - b);

	memcpy(bytes, b, m);
	memcpy(bytes + m, a, n);
	found = memmem(pool, meta->locations_bytes, bytes, n + m);
	if (found)
		r->locations_off = (uint32_t)(found - pool);
	else
		memcpy(a, bytes, n + m);
}

static void set_register(struct hcc_meta_return *r)
{
	uint8_t *at = (uint8_t *)meta + meta->locations_off + r->locations_off;

	for (long value = number(); value; value--)
		at = skip_location(at);
	at[1] = (uint8_t)number();
}

static void drop(struct hcc_meta_return *r)
{
	meta->n_returns--;
	memmove(r, r + 1, (size_t)((char *)(returns + meta->n_returns) - (char *)r));
}

static void patch_table(const char *what)
{
	struct hcc_meta_function *f;
	struct hcc_meta_return *r;
	struct hcc_meta_site *s;
	long value;

	if (!strcmp(what, "drop")) {
		drop(record());
	} else if (!strcmp(what, "site")) {
		r = record();
		r->site_idx = functions[hcc_meta_function_of(meta, r->site_idx)].first_site +
			      (uint32_t)number();
	} else if (!strcmp(what, "move")) {
		r = record();
		r->return_va += (uint32_t)number();
	} else if (!strcmp(what, "register")) {
		set_register(record());
	} else if (!strcmp(what, "swap")) {
		swap(record());
	} else if (!strcmp(what, "type")) {
		s = &sites[site_idx()];
		value = number();
		((uint8_t *)meta + meta->types_off + s->types_off)[value] = (uint8_t)number();
	} else if (!strcmp(what, "flags")) {
		s = &sites[site_idx()];
		s->flags = (unsigned long)number() & 15;
	} else if (!strcmp(what, "resume")) {
		f = function(word());
		f->resume_va = function(word())->resume_va;
	} else {
		die("unknown command");
	}
}

/* The number-th poll of a function. */
static void patch_poll(void)
{
	const Elf64_Sym *owner = symbol(word());
	const char *names = base + sections()[((Elf64_Ehdr *)base)->e_shstrndx].sh_offset;
	long k = number();

	for (unsigned i = 0; i < n_sections(); i++) {
		const Elf64_Shdr *s = &sections()[i];
		struct hcc_poll *poll = (void *)(base + s->sh_offset);

		if (strcmp(names + s->sh_name, HCC_POLLS_SECTION))
			continue;
		for (uint64_t va = s->sh_addr; va < s->sh_addr + s->sh_size; va += 8, poll++)
			if (va + (uint64_t)(int64_t)poll->site_off - owner->st_value <
				    owner->st_size && !k--) {
				poll->site_off += (int32_t)number();
				poll->cold_off += (int32_t)number();
				return;
			}
	}
	die("no such poll");
}

int main(int argc, char **argv)
{
	const char *what, *name;
	uint64_t va;

	if (argc < 4)
		die("usage");
	open_file(argv[1]);
	what = argv[2];
	args = argv + 3;
	if (!strcmp(what, "symbol")) {
		name = word();
		symbol(name)->st_value += (uint64_t)number();
	} else if (!strcmp(what, "word")) {
		va = symbol(word())->st_value;
		va += (uint64_t)number();
		name = word();
		uint64_t value = symbol(name)->st_value + (uint64_t)number();

		memcpy(place(va), &value, sizeof value);
	} else if (!strcmp(what, "poll")) {
		patch_poll();
	} else if (!strcmp(what, "bytes")) {
		va = symbol(word())->st_value;
		va += (uint64_t)number();
		while (*args)
			*place(va++) = (char)strtol(word(), NULL, 16);
	} else {
		patch_table(what);
		meta_close(meta, table);
	}
	return 0;
}
