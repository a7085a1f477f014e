#include "lib_objects.h"

#include <elf.h>
#include <string.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "runtime/hcc_format.h"

/* Where hcc-ld places the functions, g being of a group; what is not there is taken for replaced. */
#define G_VA 0x1060000u
#define F_VA 0x1060020u
#define CLONES_VA 0x1080000u

/* Two functions: f with sites 0 and 1, g with one; each of them has a clone. */
static const struct {
	struct {
		struct hcc_sites_function head;
		struct hcc_sites_site site0;
		uint8_t types0[4];
		struct hcc_sites_site site1;
		uint8_t types1[4];
		char strings[16];
	} f;
	struct {
		struct hcc_sites_function head;
		struct hcc_sites_site site;
		char strings[16];
	} g;
} sites = {
	{
		{sizeof sites.f, F_VA, CLONES_VA, 1, 2, 0, 64},
		{7, 2, 0}, {32, HCC_VALUE_PTR},
		{9, 4, HCC_SITE_POLL}, {1, HCC_VALUE_F64, HCC_VALUE_I128, 7},
		"f\0dir/f.c",
	},
	{{sizeof sites.g, G_VA, CLONES_VA + 64, 2, 1, 0, 48}, {0, 0, HCC_SITE_POLL}, "g\0"},
};

_Static_assert(offsetof(__typeof__(sites), f.strings) == 64, "sites");

struct location {
	uint8_t type, reserved0;
	uint16_t bytes, dwarf_register, reserved1;
	int32_t offset;
};

struct record {
	uint64_t id;
	uint32_t instruction_off;
	uint16_t reserved, n_locations;
};

#define CONSTANT(n) {4, 0, 8, 0, 0, n}

static const struct {
	uint8_t version, reserved0;
	uint16_t reserved1;
	uint32_t n_functions, n_constants, n_records;
	uint64_t functions[2][3];
	uint64_t constants[1];
	struct record record0;
	struct location locations0[5];
	uint8_t tail0[12];
	struct record record1;
	struct location locations1[7];
	uint8_t tail1[12];
	struct record record2;
	struct location locations2[3];
	uint8_t tail2[12];
} __attribute__((packed)) map = {
	3, 0, 0, 2, 1, 3,
	{{F_VA, 24, 2}, {G_VA, 8, 1}},
	{0x123456789abc},
	{0x100000000, 8, 0, 5},
	{CONSTANT(0), CONSTANT(0), CONSTANT(2), {1, 0, 4, 3, 0, 0}, {3, 0, 8, 7, 0, 16}},
	{0},
	{0x100000001, 24, 0, 7},
	{CONSTANT(0), CONSTANT(0), CONSTANT(4), CONSTANT(1), {5, 0, 8, 0, 0, 0}, {3, 0, 16, 6, 0, -32},
		{2, 0, 8, 7, 0, 8}},
	{0},
	{0x200000000, 16, 0, 3},
	{CONSTANT(0), CONSTANT(0), CONSTANT(0)},
	{0},
};

size_t objects_eh_frame(uint8_t *out, uint16_t machine, uint32_t va, uint32_t other_va)
{
	const uint8_t sp = machine == EM_X86_64 ? 7 : 31, ra = machine == EM_X86_64 ? 16 : 30;
	const uint8_t saved = machine == EM_X86_64 ? 3 : 19, first = machine == EM_X86_64 ? 8 : 16;
	const uint8_t cie[] = {
		20, 0, 0, 0, 0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78, ra, 1, 0x03,
		0x0c, sp, first, (uint8_t)(0x80 | ra), 1, 0, 0,
	};
	size_t at = sizeof cie;

	memcpy(out, cie, at);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t head[4] = {20, (uint32_t)at + 4, i ? other_va : va, 32};
		const uint8_t rules[] = {0, 0x41, 0x0e, (uint8_t)(first + 8), (uint8_t)(0x80 | saved), 2,
			0, 0};

		memcpy(out + at, head, sizeof head);
		memcpy(out + at + sizeof head, rules, sizeof rules);
		at += sizeof head + sizeof rules;
	}
	memset(out + at, 0, 4);
	return at + 4;
}

size_t objects_native(uint8_t *out, uint16_t machine)
{
	enum { TEXT_F = 1, TEXT_G, DATA, BSS, TDATA, RESUME, SITES, MAP, EH_FRAME, RELA_SITES, RELA_DATA,
		INIT, USER, PRIVATE, GROUP, STRINGS, SYMBOLS, N };
	static const char names[] = "\0f\0g\0_start\0datum\0common\0outside\0f.resume";
	const Elf64_Sym symbols[] = {
		{0},
		{0, ELF64_ST_INFO(STB_LOCAL, STT_SECTION), 0, RESUME, 0, 0},
		{37, ELF64_ST_INFO(STB_LOCAL, STT_FUNC), 0, RESUME, 0, 16},
		{1, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, TEXT_F, 0, 32},
		{3, ELF64_ST_INFO(STB_WEAK, STT_FUNC), 0, TEXT_G, 0, 32},
		{5, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, TEXT_F, 8, 0},
		{12, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, DATA, 0, 16},
		{18, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, SHN_COMMON, 8, 24},
		{25, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), 0, SHN_UNDEF, 0, 0},
	};
	const uint32_t absolute = machine == EM_X86_64 ? R_X86_64_64 : R_AARCH64_ABS64;
	const Elf64_Rela rela_sites[] = {
		{offsetof(__typeof__(sites), f.head.entry_va), ELF64_R_INFO(3, absolute), 0},
		{offsetof(__typeof__(sites), f.head.resume_va), ELF64_R_INFO(2, absolute), 0},
		{offsetof(__typeof__(sites), g.head.entry_va), ELF64_R_INFO(4, absolute), 0},
	};
	const Elf64_Rela rela_data[] = {{8, ELF64_R_INFO(3, absolute), 4}};
	const uint32_t group[] = {GRP_COMDAT, TEXT_G};
	uint8_t code[64], data[16] = {1, 2, 3}, eh_frame[128];
	size_t eh_bytes = objects_eh_frame(eh_frame, machine, F_VA, G_VA);
	uint64_t text_bytes = machine == EM_X86_64 ? 32 : 48;
	const struct elf_section sections[] = {
		{".text.hcc.0123456789abcdef.f", SHT_PROGBITS, 6, 0, code, text_bytes, 0, 0, 16, 0},
		{".text.hcc.0123456789abcdef.g", SHT_PROGBITS, 6 | SHF_GROUP, 0, code, 32, 0, 0, 16, 0},
		{".data.hcc.datum", SHT_PROGBITS, 3, 0, data, 16, 0, 0, 8, 0},
		{".bss.hcc.zeros", SHT_NOBITS, 3, 0, NULL, 4096, 0, 0, 32, 0},
		{".tdata.hcc.local", SHT_PROGBITS, 3 | SHF_TLS, 0, data, 8, 0, 0, 8, 0},
		{HCC_RESUME_SECTION, SHT_PROGBITS, 6, 0, code, 64, 0, 0, 16, 0},
		{HCC_SITES_SECTION, SHT_PROGBITS, 2, 0, &sites, sizeof sites, 0, 0, 8, 0},
		{HCC_STACKMAP_SECTION, SHT_PROGBITS, 2, 0, &map, sizeof map, 0, 0, 8, 0},
		{".eh_frame", SHT_PROGBITS, 2, 0x1020000, eh_frame, eh_bytes, 0, 0, 8, 0},
		{".rela.hcc.sites", SHT_RELA, SHF_INFO_LINK, 0, rela_sites, sizeof rela_sites, SYMBOLS,
			SITES, 8, sizeof *rela_sites},
		{".rela.data.hcc.datum", SHT_RELA, SHF_INFO_LINK, 0, rela_data, sizeof rela_data, SYMBOLS,
			DATA, 8, sizeof *rela_data},
		{".init_array.5", SHT_INIT_ARRAY, 3, 0, data, 8, 0, 0, 8, 0},
		{"user", SHT_PROGBITS, 2, 0, data, 12, 0, 0, 4, 0},
		{".rodata.str1.1", SHT_PROGBITS, 2 | SHF_MERGE | SHF_STRINGS, 0, data, 4, 0, 0, 1, 1},
		{".group", SHT_GROUP, 0, 0, group, sizeof group, SYMBOLS, 4, 4, 4},
		{".strtab", SHT_STRTAB, 0, 0, names, sizeof names, 0, 0, 1, 0},
		{".symtab", SHT_SYMTAB, 0, 0, symbols, sizeof symbols, STRINGS, 3, 8, sizeof *symbols},
	};

	_Static_assert(sizeof sections / sizeof *sections == N - 1, "numbers of sections");
	memset(code, 0x90, sizeof code);
	return elf_make(out, ET_REL, machine, sections, N - 1);
}

/* As hcc-fat does it, but without its code: the host's object with one section more, which is
 * simplest done by appending a header table with room for it. */
size_t objects_fat(uint8_t *out)
{
	static uint8_t other[65536], host[65536];
	struct hcc_fat_header record = {HCC_FAT_MAGIC, objects_native(other, EM_AARCH64)};
	size_t host_bytes = objects_native(host, EM_X86_64), at, names_off, n;
	static const char name[] = HCC_FAT_SECTION_PREFIX "aarch64";
	Elf64_Shdr headers[32], *names;
	Elf64_Ehdr header;

	memcpy(&header, host, sizeof header);
	n = header.e_shnum;
	memcpy(headers, host + header.e_shoff, n * sizeof *headers);
	at = (host_bytes + 7) & ~(size_t)7;
	memcpy(out, host, host_bytes);
	headers[n] = (Elf64_Shdr){.sh_type = SHT_PROGBITS, .sh_flags = SHF_EXCLUDE, .sh_offset = at,
		.sh_addralign = 8};
	memcpy(out + at, &record, sizeof record);
	memcpy(out + at + sizeof record, other, record.elf_bytes);
	at += (sizeof record + record.elf_bytes + 7) & ~(size_t)7;
	headers[n].sh_size = at - headers[n].sh_offset;
	names = &headers[header.e_shstrndx];
	names_off = at;
	memcpy(out + at, out + names->sh_offset, names->sh_size);
	headers[n].sh_name = (uint32_t)names->sh_size;
	memcpy(out + at + names->sh_size, name, sizeof name);
	names->sh_offset = names_off;
	names->sh_size += sizeof name;
	at = (at + names->sh_size + 7) & ~(size_t)7;
	header.e_shoff = at;
	header.e_shnum = (uint16_t)(n + 1);
	memcpy(out, &header, sizeof header);
	memcpy(out + at, headers, (n + 1) * sizeof *headers);
	return at + (n + 1) * sizeof *headers;
}
