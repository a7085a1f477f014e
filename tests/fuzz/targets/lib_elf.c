#include "lib_elf.h"

#include <string.h>

#include "lib_fuzz.h"
#include "runtime/hcc_format.h"

static void align_8(uint8_t *out, size_t *at)
{
	for (; *at % 8; ++*at)
		out[*at] = 0;
}

size_t elf_make(uint8_t *out, uint16_t type, uint16_t machine, const struct elf_section *sections,
	unsigned n_sections)
{
	Elf64_Ehdr header = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			EV_CURRENT},
		.e_type = type,
		.e_machine = machine,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof header,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = (uint16_t)(n_sections + 2),
		.e_shstrndx = (uint16_t)(n_sections + 1),
	};
	Elf64_Shdr headers[32] = {{0}};
	size_t at = sizeof header, names_off, name_off = 1;

	fuzz_check(n_sections + 2 <= 32, "%u sections", n_sections);
	for (unsigned i = 0; i < n_sections; i++) {
		const struct elf_section *s = &sections[i];

		align_8(out, &at);
		headers[i + 1] = (Elf64_Shdr){0, s->type, s->flags, s->va, at, s->bytes, s->link,
			s->info, s->align_bytes ? s->align_bytes : 1, s->entry_bytes};
		if (s->type == SHT_NOBITS)
			continue;
		if (s->bytes)
			memcpy(out + at, s->data, s->bytes);
		at += s->bytes;
	}
	names_off = at;
	out[at++] = 0;
	for (unsigned i = 0; i <= n_sections; i++) {
		const char *name = i < n_sections ? sections[i].name : ".shstrtab";
		size_t bytes = strlen(name) + 1;

		headers[i + 1].sh_name = (uint32_t)name_off;
		memcpy(out + at, name, bytes);
		at += bytes;
		name_off += bytes;
	}
	headers[n_sections + 1].sh_type = SHT_STRTAB;
	headers[n_sections + 1].sh_offset = names_off;
	headers[n_sections + 1].sh_size = at - names_off;
	headers[n_sections + 1].sh_addralign = 1;
	align_8(out, &at);
	header.e_shoff = at;
	memcpy(out, &header, sizeof header);
	memcpy(out + at, headers, (n_sections + 2) * sizeof *headers);
	return at + (n_sections + 2) * sizeof *headers;
}

/* ---- Mutation --------------------------------------------------------------------------------- */

struct elf {
	uint8_t *data;
	size_t bytes;
	Elf64_Ehdr header;
	unsigned n_sections;
};

static int read_elf(struct elf *elf, uint8_t *data, size_t bytes)
{
	elf->data = data;
	elf->bytes = bytes;
	if (bytes < sizeof elf->header || memcmp(data, ELFMAG, SELFMAG))
		return -1;
	memcpy(&elf->header, data, sizeof elf->header);
	if (elf->header.e_shoff > bytes)
		return -1;
	elf->n_sections = (unsigned)((bytes - elf->header.e_shoff) / sizeof(Elf64_Shdr));
	if (elf->header.e_shnum && elf->n_sections > elf->header.e_shnum)
		elf->n_sections = elf->header.e_shnum;
	return elf->n_sections ? 0 : -1;
}

static uint8_t *section_at(const struct elf *elf, unsigned idx, Elf64_Shdr *out)
{
	uint8_t *at = elf->data + elf->header.e_shoff + idx * sizeof *out;

	memcpy(out, at, sizeof *out);
	return at;
}

/* The contents of a section, as far as they are in the file. */
static uint8_t *contents(const struct elf *elf, const Elf64_Shdr *section, size_t *bytes)
{
	if (section->sh_type == SHT_NOBITS || section->sh_offset >= elf->bytes)
		return NULL;
	*bytes = elf->bytes - section->sh_offset;
	if (*bytes > section->sh_size)
		*bytes = section->sh_size;
	return *bytes ? elf->data + section->sh_offset : NULL;
}

static void change_header(struct elf *elf, unsigned *seed)
{
	static const struct {
		uint8_t off, width;
	} fields[] = {
		{offsetof(Elf64_Ehdr, e_ident) + EI_CLASS, 1},
		{offsetof(Elf64_Ehdr, e_ident) + EI_DATA, 1},
		{offsetof(Elf64_Ehdr, e_type), 2},
		{offsetof(Elf64_Ehdr, e_machine), 2},
		{offsetof(Elf64_Ehdr, e_shoff), 8},
		{offsetof(Elf64_Ehdr, e_shentsize), 2},
		{offsetof(Elf64_Ehdr, e_shnum), 2},
		{offsetof(Elf64_Ehdr, e_shstrndx), 2},
	};
	unsigned i = fuzz_random(seed, sizeof fields / sizeof *fields);

	fuzz_change_integer(
		seed, elf->data + fields[i].off, fields[i].width, elf->data, elf->bytes);
}

static void change_section(struct elf *elf, unsigned *seed)
{
	static const struct {
		uint8_t off, width;
	} fields[] = {
		{offsetof(Elf64_Shdr, sh_name), 4},
		{offsetof(Elf64_Shdr, sh_type), 4},
		{offsetof(Elf64_Shdr, sh_flags), 8},
		{offsetof(Elf64_Shdr, sh_offset), 8},
		{offsetof(Elf64_Shdr, sh_size), 8},
		{offsetof(Elf64_Shdr, sh_link), 4},
		{offsetof(Elf64_Shdr, sh_info), 4},
		{offsetof(Elf64_Shdr, sh_addralign), 8},
		{offsetof(Elf64_Shdr, sh_entsize), 8},
	};
	unsigned i = fuzz_random(seed, sizeof fields / sizeof *fields);
	Elf64_Shdr section;
	uint8_t *at = section_at(elf, fuzz_random(seed, elf->n_sections), &section);

	if (fields[i].off == offsetof(Elf64_Shdr, sh_type))
		at[fields[i].off] = (uint8_t)fuzz_random(seed, 20);
	else
		fuzz_change_integer(
			seed, at + fields[i].off, fields[i].width, elf->data, elf->bytes);
}

static void mutate_fat(uint8_t *data, size_t bytes, unsigned seed)
{
	struct hcc_fat_header record;

	if (bytes < sizeof record)
		return;
	memcpy(&record, data, sizeof record);
	if (fuzz_random(&seed, 6) && record.elf_bytes <= bytes - sizeof record)
		elf_mutate(data + sizeof record, record.elf_bytes, record.elf_bytes, seed);
	else
		fuzz_change_integer(&seed, data + 8, 8, data, bytes);
}

/* An integer of the contents, or all of them, in place. */
static void change_contents(struct elf *elf, unsigned *seed)
{
	static uint8_t copy[FUZZ_MOST_BYTES];
	Elf64_Shdr section;
	size_t bytes, n;
	uint8_t *at;

	section_at(elf, fuzz_random(seed, elf->n_sections), &section);
	at = contents(elf, &section, &bytes);
	if (!at)
		return;
	if (bytes >= sizeof(struct hcc_fat_header) && !memcmp(at, HCC_FAT_MAGIC, 8)) {
		mutate_fat(at, bytes, *seed);
	} else if (bytes >= 8 && fuzz_random(seed, 3)) {
		unsigned width = 1u << fuzz_random(seed, 4);
		size_t off = fuzz_random(seed, (uint32_t)(bytes / width)) * (size_t)width;

		fuzz_change_integer(seed, at + off, width, elf->data, elf->bytes);
	} else if (bytes <= sizeof copy) {
		memcpy(copy, at, bytes);
		n = LLVMFuzzerMutate(copy, bytes, bytes);
		memcpy(at, copy, n);
	}
}

/* Members begin after 8 bytes; each has a header of 60, then its contents, at even addresses. */
static void mutate_archive(uint8_t *data, size_t bytes, unsigned seed)
{
	size_t at = 8, member_at = 0, member_bytes = 0;
	unsigned n = 0;

	while (bytes - at >= 60) {
		char text[11] = "";
		size_t size = 0;

		memcpy(text, data + at + 48, 10);
		for (const char *c = text; *c >= '0' && *c <= '9'; c++)
			size = size * 10 + (size_t)(*c - '0');
		if (size > bytes - at - 60)
			size = bytes - at - 60;
		if (!fuzz_random(&seed, ++n)) {
			member_at = at;
			member_bytes = size;
		}
		at += 60 + size + (size & 1);
		if (at > bytes)
			break;
	}
	if (!member_at)
		return;
	if (fuzz_random(&seed, 4))
		elf_mutate(data + member_at + 60, member_bytes, member_bytes, seed);
	else if (fuzz_random(&seed, 2))
		data[member_at + fuzz_random(&seed, 60)] =
			"/0123456789 \n`-#"[fuzz_random(&seed, 16)];
	else
		fuzz_change_integer(
			&seed, data + member_at + fuzz_random(&seed, 52), 8, data, bytes);
}

size_t elf_mutate(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	unsigned times = 1 + fuzz_random(&seed, 3);
	struct elf elf;

	if (bytes >= 8 && data[0] == '!' && data[7] == '\n' && fuzz_random(&seed, 8)) {
		mutate_archive(data, bytes, seed);
		return bytes;
	}
	if (read_elf(&elf, data, bytes) || !fuzz_random(&seed, 16))
		return LLVMFuzzerMutate(data, bytes, most_bytes);
	while (times-- && !read_elf(&elf, data, bytes))
		switch (fuzz_random(&seed, 8)) {
		case 0:
			change_header(&elf, &seed);
			break;
		case 1:
		case 2:
			change_section(&elf, &seed);
			break;
		default:
			change_contents(&elf, &seed);
		}
	return bytes;
}
