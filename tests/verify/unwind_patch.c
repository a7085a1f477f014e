/* Damages one thing in an executable, and says what hcc-verify has to find. The function has a
 * single record and saves two registers or more; for damage to code it holds 12 nops before the
 * call.
 *   unwind_patch EXECUTABLE FUNCTION WHAT   prints the findings about FUNCTION, as hcc-verify words
 *                                           them but for the source line
 * Reads the file on its own. */
#include <elf.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib_meta.h"

enum { N_NOPS = 12, MAX_SAVED = 24 };

static const char *path, *name;
static uint8_t *file;
static const Elf64_Shdr *sections;
static uint64_t function_va, function_bytes, return_va, nops_va, ret_va;
static uint8_t *unwind;         /* the record's unwind program */
static uint8_t *locations;      /* its values */
static unsigned n_values;
static struct hcc_meta_return *record;
static struct hcc_meta_header *meta; /* unpacked; the above are in it */
static int is_x86;

/* The unwind program, and where its numbers are. */
static uint64_t cfa_register, cfa_off, n_saved;
static int64_t return_off, saved_off[MAX_SAVED];
static unsigned saved[MAX_SAVED];
static uint8_t *cfa_off_at, *return_off_at, *saved_at[MAX_SAVED], *saved_off_at[MAX_SAVED];

static _Noreturn void stop(const char *why)
{
	printf("unwind_patch: %s\n", why);
	exit(1);
}

static const char *register_name(unsigned reg)
{
	static const char *const x86[] = { "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
		"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15" };
	static char text[2][8];
	static int which;

	if (is_x86)
		return reg < 16 ? x86[reg] : "?";
	which = !which;
	snprintf(text[which], sizeof text[which], reg == 31 ? "sp" : "x%u", reg);
	return text[which];
}

static uint64_t uleb(uint8_t **p)
{
	uint64_t value = 0;
	unsigned shift = 0;

	do
		value |= (uint64_t)(**p & 127) << shift, shift += 7;
	while (*(*p)++ & 128);
	return value;
}

static int64_t sleb(uint8_t **p)
{
	uint8_t *start = *p;
	uint64_t value = uleb(p);
	unsigned bits = (unsigned)(*p - start) * 7;

	if (bits < 64 && value >> (bits - 1) & 1)
		value |= ~(uint64_t)0 << bits;
	return (int64_t)value;
}

/* A number of one byte becomes another. */
static void put_byte(uint8_t *at, int64_t value, int is_signed)
{
	if (*at & 128 || (is_signed ? value < -64 || value > 63 : value < 0 || value > 127))
		stop("a number does not fit");
	*at = (uint8_t)(value & 127);
}

/* ---- the file -------------------------------------------------------------------------------- */

static void open_file(void)
{
	const Elf64_Ehdr *header;
	struct stat status;
	int fd = open(path, O_RDWR);

	if (fd < 0 || fstat(fd, &status))
		stop(path);
	file = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (file == MAP_FAILED)
		stop(path);
	header = (const void *)file;
	is_x86 = header->e_machine == EM_X86_64;
	sections = (const void *)(file + header->e_shoff);
}

static const Elf64_Shdr *section(const char *wanted)
{
	const Elf64_Ehdr *header = (const void *)file;

	for (unsigned i = 0; i < header->e_shnum; i++)
		if (!strcmp((char *)file + sections[header->e_shstrndx].sh_offset +
			    sections[i].sh_name, wanted))
			return &sections[i];
	stop(wanted);
}

static uint8_t *bytes_at(uint64_t va)
{
	const Elf64_Ehdr *header = (const void *)file;

	for (unsigned i = 0; i < header->e_shnum; i++)
		if (sections[i].sh_flags & SHF_ALLOC && sections[i].sh_type != SHT_NOBITS &&
		    va - sections[i].sh_addr < sections[i].sh_size)
			return file + sections[i].sh_offset + (va - sections[i].sh_addr);
	stop("an address is not in the file");
}

static const Elf64_Sym *find_symbol(const char *wanted)
{
	const Elf64_Shdr *table = section(".symtab");
	const Elf64_Sym *symbols = (const void *)(file + table->sh_offset);
	const char *names = (const char *)file + sections[table->sh_link].sh_offset;

	for (size_t i = 0; i < table->sh_size / sizeof *symbols; i++)
		if (!strcmp(names + symbols[i].st_name, wanted) &&
		    ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC)
			return &symbols[i];
	stop("there is no such function");
}

static void find_function(void)
{
	function_va = find_symbol(name)->st_value;
	function_bytes = find_symbol(name)->st_size;
}

static void find_record(void)
{
	uint8_t *p, *table = (void *)(meta = meta_open(file + section(HCC_META_SECTION)->sh_offset));
	const struct hcc_meta_header *header = meta;
	struct hcc_meta_return *returns = (void *)(table + header->returns_off);

	for (uint32_t i = 0; i < header->n_returns; i++) {
		if (returns[i].return_va - function_va > function_bytes)
			continue;
		if (record)
			stop("the function has two records");
		record = &returns[i];
	}
	if (!record)
		stop("the function has no record");
	return_va = record->return_va;
	locations = table + header->locations_off + record->locations_off;
	n_values = ((const struct hcc_meta_site *)(table + header->sites_off))[record->site_idx]
		.n_values;
	p = unwind = table + header->unwind_off + record->unwind_off;
	cfa_register = uleb(&p);
	cfa_off_at = p;
	cfa_off = uleb(&p);
	return_off_at = p;
	return_off = sleb(&p);
	n_saved = uleb(&p);
	if (n_saved > MAX_SAVED || n_saved < 2)
		stop("the function does not save two registers");
	for (uint64_t i = 0; i < n_saved; i++) {
		saved_at[i] = p;
		saved[i] = (unsigned)uleb(&p);
		saved_off_at[i] = p;
		saved_off[i] = sleb(&p);
	}
	if (cfa_register != (is_x86 ? 7 : 31))
		stop("the CFA is not by the stack pointer");
}

static void find_code(void)
{
	static const uint8_t nop[] = { 0x1f, 0x20, 0x03, 0xd5 }, ret[] = { 0xc0, 0x03, 0x5f, 0xd6 };
	unsigned unit = is_x86 ? 1 : 4, run = 0;

	for (uint64_t va = function_va; va < function_va + function_bytes; va += unit) {
		const uint8_t *at = bytes_at(va);

		run = (is_x86 ? *at == 0x90 : !memcmp(at, nop, 4)) ? run + 1 : 0;
		if (run == N_NOPS)
			nops_va = va - (N_NOPS - 1) * unit;
		if (is_x86 ? *at == 0xc3 : !memcmp(at, ret, 4))
			ret_va = va;
	}
	if (!nops_va || ret_va != function_va + function_bytes - unit)
		stop("the function is not as expected");
}

/* ---- .eh_frame ------------------------------------------------------------------------------- */

enum { CFA_OFFSET = 0x80, CFA_DEF_CFA_OFFSET = 0x0e };

/* The function's FDE: 4-byte relative pointers, no augmentation, as LLVM writes it. */
static uint8_t *find_fde(void)
{
	const Elf64_Shdr *frames = section(".eh_frame");
	uint64_t at = 0;

	while (at + 16 < frames->sh_size) {
		uint8_t *fde = file + frames->sh_offset + at;
		uint32_t bytes, cie;
		int32_t start;

		memcpy(&bytes, fde, 4);
		memcpy(&cie, fde + 4, 4);
		memcpy(&start, fde + 8, 4);
		if (!bytes)
			break;
		if (cie && frames->sh_addr + at + 8 + (uint64_t)(int64_t)start == function_va)
			return fde;
		at += 4 + (uint64_t)bytes;
	}
	stop("the function has no FDE");
}

/* Where the last CFA offset, or the place of a register (its opcode), is given before the call. */
static uint8_t *find_rule(unsigned reg, int is_cfa)
{
	uint8_t *fde = find_fde(), *found = NULL, *p = fde + 17;
	uint64_t va = function_va;
	uint32_t bytes;

	memcpy(&bytes, fde, 4);
	while (p < fde + 4 + bytes && va < return_va) {
		uint8_t *at = p, op = *p++;

		switch (op >> 6) {
		case 1:
			va += (uint64_t)(op & 63) * (is_x86 ? 1 : 4);
			continue;
		case 2:
			if (!is_cfa && (op & 63u) == reg)
				found = at;
			uleb(&p);
			continue;
		case 3:
			continue;
		}
		switch (op) {
		case 0x00: case 0x0a: case 0x0b: /* nop, remember, restore */
			break;
		case 0x02: /* advance_loc1 */
			va += (uint64_t)*p++ * (is_x86 ? 1 : 4);
			break;
		case CFA_DEF_CFA_OFFSET:
			if (is_cfa)
				found = p;
			uleb(&p);
			break;
		case 0x0d: /* def_cfa_register */
			uleb(&p);
			break;
		case 0x0c: /* def_cfa */
			uleb(&p);
			uleb(&p);
			break;
		default:
			stop("an unwind instruction is not known");
		}
	}
	if (!found)
		stop("the FDE does not say that");
	return found;
}

/* ---- code ------------------------------------------------------------------------------------ */

static void put_x86(const char *code, size_t bytes)
{
	memcpy(bytes_at(nops_va), code, bytes);
}

static void put_aarch64(uint32_t code)
{
	memcpy(bytes_at(nops_va), &code, 4);
}

/* ---- what is found --------------------------------------------------------------------------- */

static __attribute__((format(printf, 2, 3))) void expect(uint64_t va, const char *format, ...)
{
	va_list args;

	printf("hcc: error: %s: function '%s' at 0x%llx: ", path, name, (unsigned long long)va);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void expect_place(unsigned reg, int64_t claimed, const char *source, int64_t real)
{
	expect(return_va, "%s is at CFA%+lld by %s, but at CFA%+lld by the code",
		register_name(reg), (long long)claimed, source, (long long)real);
}

static void expect_cfa(int64_t claimed, const char *source, int64_t real)
{
	const char *sp = is_x86 ? "rsp" : "sp";

	expect(return_va, "the CFA is %s%+lld by %s, but %s%+lld by the code", sp,
		(long long)claimed, source, sp, (long long)real);
}

static const char *const sources[] = { ".hcc.meta", ".eh_frame" };

/* The stack pointer's place where the function ends. */
static const char *end_place(void)
{
	return is_x86 ? "CFA-8" : "CFA";
}

static unsigned not_saved(void)
{
	unsigned candidate = is_x86 ? 15 : 28;

	for (uint64_t i = 0; i < n_saved; i++)
		if (saved[i] == candidate)
			stop("all registers are saved");
	return candidate;
}

static void table_cfa(void)
{
	put_byte(cfa_off_at, (int64_t)cfa_off + 16, 0);
	expect_cfa((int64_t)cfa_off + 16, sources[0], (int64_t)cfa_off);
}

static void table_return(void)
{
	put_byte(return_off_at, return_off - 8, 1);
	expect(return_va, "the return address is at CFA%+lld by .hcc.meta, but at CFA%+lld by the "
		"code", (long long)return_off - 8, (long long)return_off);
}

static void table_saved(void)
{
	put_byte(saved_off_at[1], saved_off[1] + 8, 1);
	expect_place(saved[1], saved_off[1] + 8, sources[0], saved_off[1]);
}

/* The place of one register is given as another's. */
static void table_register(void)
{
	unsigned other = not_saved();

	put_byte(saved_at[0], other, 0);
	expect(return_va, "%s is unchanged by .hcc.meta, but at CFA%+lld by the code",
		register_name(saved[0]), (long long)saved_off[0]);
	expect(return_va, "%s is at CFA%+lld by .hcc.meta, but unchanged by the code",
		register_name(other), (long long)saved_off[0]);
}

static void table_scratch(void)
{
	put_byte(saved_at[0], 1, 0);
	expect(return_va, ".hcc.meta saves a register that is not callee-saved");
}

static void frame_cfa(void)
{
	put_byte(find_rule(0, 1), (int64_t)cfa_off + 8, 0);
	expect_cfa((int64_t)cfa_off + 8, sources[1], (int64_t)cfa_off);
}

static void frame_saved(void)
{
	int unit = is_x86 ? 8 : 4; /* the CIE's factor */

	put_byte(find_rule(saved[0], 0) + 1, (8 - saved_off[0]) / unit, 0);
	expect_place(saved[0], saved_off[0] - 8, sources[1], saved_off[0]);
}

static void frame_dropped(void)
{
	memset(find_rule(saved[0], 0), 0, 2);
	expect(return_va, "%s is unchanged by .eh_frame, but at CFA%+lld by the code",
		register_name(saved[0]), (long long)saved_off[0]);
}

static void frame_missing(void)
{
	memset(find_fde() + 12, 0, 4);
	expect(return_va, ".eh_frame has nothing");
}

/* A register that the function does not save is changed. */
static void code_clobber(void)
{
	unsigned reg = not_saved();

	if (is_x86)
		put_x86("\x49\xc7\xc7\0\0\0\0", 7); /* mov $0, %r15 */
	else
		put_aarch64(0xd2800000 | reg);      /* mov xN, #0 */
	for (int i = 0; i < 2; i++)
		expect(return_va, "%s is unchanged by %s, but lost by the code",
			register_name(reg), sources[i]);
	expect(ret_va, "it returns without its caller's %s", register_name(reg));
}

/* The place where a register is saved is written to. */
static void code_overwrite(void)
{
	int64_t at = (int64_t)cfa_off + saved_off[0];

	if (is_x86) {
		put_x86("\x48\xc7\x44\x24\0\0\0\0\0", 9); /* movq $0, at(%rsp) */
		bytes_at(nops_va)[4] = (uint8_t)at;
	} else {
		put_aarch64(0xf90003ff | (uint32_t)at / 8 << 10); /* str xzr, [sp, #at] */
	}
	for (int i = 0; i < 2; i++)
		expect(return_va, "%s is at CFA%+lld by %s, but lost by the code",
			register_name(saved[0]), (long long)saved_off[0], sources[i]);
	expect(ret_va, "it returns without its caller's %s", register_name(saved[0]));
}

static void expect_lost(uint64_t va, const char *how)
{
	for (uint64_t i = 0; i < n_saved; i++)
		expect(va, "it %s without its caller's %s", how, register_name(saved[i]));
}

/* Its end restores what is elsewhere. */
static void expect_end(void)
{
	expect_lost(ret_va, "returns");
	if (!is_x86)
		expect(ret_va, "it returns without its return address");
}

/* The stack pointer is moved and not moved back. */
static void code_stack(void)
{
	if (is_x86)
		put_x86("\x48\x83\xec\x10", 4); /* sub $16, %rsp */
	else
		put_aarch64(0xd10043ff);        /* sub sp, sp, #16 */
	for (int i = 0; i < 2; i++)
		expect_cfa((int64_t)cfa_off, sources[i], (int64_t)cfa_off + 16);
	expect(ret_va, "it returns with %s at CFA-%d, expected %s", is_x86 ? "rsp" : "sp",
		is_x86 ? 24 : 16, end_place());
	expect_end();
}

static void code_unknown(void)
{
	const char *sp = is_x86 ? "rsp" : "sp";

	if (is_x86)
		put_x86("\x48\x29\xc4", 3); /* sub %rax, %rsp */
	else
		put_aarch64(0xcb2863ff);    /* sub sp, sp, x8 */
	expect(return_va, "%s is at an unknown place at a call", sp);
	for (int i = 0; i < 2; i++)
		expect(return_va, "the CFA is %s+%llu by %s, but unknown by the code", sp,
			(unsigned long long)cfa_off, sources[i]);
	expect(ret_va, "it returns with %s at an unknown place, expected %s", sp, end_place());
	expect_end();
}

static void leave(const char *how)
{
	expect(nops_va, "it %s with %s at CFA-%llu, expected %s", how, is_x86 ? "rsp" : "sp",
		(unsigned long long)cfa_off, end_place());
	expect_lost(nops_va, how);
	expect(return_va, ".hcc.meta has a record, but the code does not lead here");
}

static void code_return(void)
{
	if (is_x86)
		put_x86("\xc3", 1);
	else
		put_aarch64(0xd65f03c0);
	leave("returns");
}

/* To the app's function that reaches no migration point. */
static void code_jump(void)
{
	int64_t far = (int64_t)(find_symbol("leaf")->st_value - nops_va);
	int32_t distance = (int32_t)far - 5;

	if (is_x86) {
		put_x86("\xe9", 1);
		memcpy(bytes_at(nops_va) + 1, &distance, 4);
	} else {
		put_aarch64(0x14000000 | (0x3ffffff & (uint32_t)(far / 4)));
	}
	leave("jumps to another function");
}

/* ---- values ---------------------------------------------------------------------------------- */

/* The next value of a kind, from *at on: where its register is. */
static uint8_t *find_value(uint8_t **at, unsigned *value, unsigned kind)
{
	for (; *value < n_values; ++*value) {
		unsigned found = *(*at)++;
		uint8_t *reg = *at;

		if (found != HCC_LOCATION_CONSTANT)
			uleb(at);
		if (found != HCC_LOCATION_REGISTER)
			sleb(at);
		if (found == kind)
			return reg;
	}
	stop("there is no such value");
}

/* A value is looked for in a register that the function does not touch. */
static void value_register(void)
{
	uint8_t *at = locations;
	unsigned value = 0, other = not_saved();

	put_byte(find_value(&at, &value, HCC_LOCATION_REGISTER), other, 0);
	expect(return_va, "value %u is in %s, which holds a value of the caller's", value,
		register_name(other));
}

/* By a register that holds something else. */
static void value_base(void)
{
	uint8_t *at = locations, *reg;
	unsigned value = 0, other = is_x86 ? 6 : 29;
	int64_t off;

	reg = find_value(&at, &value, HCC_LOCATION_MEMORY);
	put_byte(reg, other, 0);
	reg++;
	off = sleb(&reg);
	expect(return_va, "value %u is in memory at %s%+lld, which is no place of the frame", value,
		register_name(other), (long long)off);
}

/* Where a register is saved. */
static void value_place(void)
{
	uint8_t *at = locations;
	unsigned value = 0;

	for (;; value++) {
		uint8_t *off_at = find_value(&at, &value, HCC_LOCATION_MEMORY) + 1;

		for (uint64_t i = 0; i < n_saved; i++) {
			int64_t off = (int64_t)cfa_off + saved_off[i];

			if (off_at[0] & 128 || off > 63)
				continue;
			put_byte(off_at, off, 1);
			expect(return_va, "value %u is in memory at %s%+lld, where the code keeps "
				"the caller's %s", value, is_x86 ? "rsp" : "sp", (long long)off,
				register_name(saved[i]));
			return;
		}
	}
}

static const struct {
	const char *name;
	void (*patch)(void);
} kinds[] = {
	{ "table_cfa", table_cfa },           { "table_return", table_return },
	{ "table_saved", table_saved },       { "table_register", table_register },
	{ "table_scratch", table_scratch },   { "frame_cfa", frame_cfa },
	{ "frame_saved", frame_saved },       { "frame_dropped", frame_dropped },
	{ "frame_missing", frame_missing },   { "code_clobber", code_clobber },
	{ "code_overwrite", code_overwrite }, { "code_stack", code_stack },
	{ "code_unknown", code_unknown },     { "code_return", code_return },
	{ "code_jump", code_jump },           { "value_register", value_register },
	{ "value_base", value_base },         { "value_place", value_place },
};

int main(int argc, char **argv)
{
	if (argc != 4)
		stop("usage: unwind_patch EXECUTABLE FUNCTION WHAT");
	path = argv[1];
	name = argv[2];
	open_file();
	find_function();
	find_record();
	if (!strncmp(argv[3], "code_", 5))
		find_code();
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].name, argv[3])) {
			kinds[i].patch();
			meta_close(meta, file + section(HCC_META_SECTION)->sh_offset);
			return 0;
		}
	stop("there is no such damage");
}
