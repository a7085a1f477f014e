#include "lib_program.h"

#include <string.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_objects.h"
#include "runtime/hcc_process.h"

#define DATA_VA (PROGRAM_STATE_VA - 0x100)
#define DATA_BYTES 0x400u
#define ARENA_VA (HCC_ARENA_LOWEST_VA + 0x123000u)

/* Lines further than the site before. */
#define SITE(lines, flags) (2 * (lines) << HCC_PACKED_LINE_SHIFT | (flags))

const uint32_t program_n_values[PROGRAM_SITES] = {2, 3, 3, 0};

const struct program program = {
	.header = {
		.magic = HCC_META_MAGIC, .version = HCC_META_VERSION, .isa = HCC_ISA_X86_64,
		.build_id = "0123456789abcde", .bytes = sizeof program,
		.shared_data_start_va = DATA_VA, .shared_data_end_va = DATA_VA + DATA_BYTES,
		.tls_image_va = DATA_VA, .tls_image_bytes = 64, .tls_bytes = 128, .tls_align_bytes = 64,
		.n_functions = 3, .functions_off = offsetof(struct program, functions),
		.n_sites = PROGRAM_SITES, .sites_off = offsetof(struct program, site_blocks),
		.n_returns = 3, .returns_off = offsetof(struct program, blocks),
		.n_places = 2, .places_off = offsetof(struct program, places),
		.packed_off = offsetof(struct program, packed), .packed_bytes = 40,
		.unwind_off = offsetof(struct program, unwind), .unwind_bytes = 8,
		.locations_off = offsetof(struct program, locations), .locations_bytes = 8,
		.types_off = offsetof(struct program, types), .types_bytes = 8,
		.strings_off = offsetof(struct program, strings), .strings_bytes = 40,
	},
	.functions = {
		{0x1010000, 0x1100000, 0, 0, 1, 19},
		{0x1010040, 0x1100040, 1, HCC_FUNCTION_SETJMP, 7, 24},
		{0x1010080, 0, 3, 0, 12, 0},
	},
	.blocks = {{0x1010010, 16}},
	.places = {{8, 7, HCC_LOCATION_MEMORY}, {0, 3, HCC_LOCATION_REGISTER}},
	.packed = {
		SITE(10, 0), 0, SITE(10, 0), 3, SITE(1, HCC_SITE_POLL), 3, SITE(9, HCC_SITE_POLL), 7,
		[16] = 0, 2, 1, HCC_META_PLACES + HCC_LOCATION_MEMORY, 7, 8,
		[22] = 0x40, 2 << HCC_PACKED_SITE_SHIFT | HCC_PACKED_POOLED, 0,
		[25] = 0x10, 2 << HCC_PACKED_SITE_SHIFT | HCC_PACKED_POOLED, 0,
	},
	.unwind = {7, 16, 0x78, 1, 3, 0x70},
	.locations = {0, HCC_META_PLACES + HCC_LOCATION_CONSTANT, 5,
		HCC_META_PLACES + HCC_LOCATION_REGISTER, 6},
	.types = {2, 32, HCC_VALUE_PTR, 3, HCC_VALUE_PTR, 1, HCC_VALUE_I128, 0},
	.strings = "\0outer\0main\0leaf()\0a.c\0b.c",
};

size_t program_executable(uint8_t *out, uint16_t machine)
{
	static const char names[] = "\0__hcc_shared_start\0__hcc_shared_end\0main\0datum\0local\0outer";
	const Elf64_Sym symbols[PROGRAM_SYMBOLS + 1] = {
		{0},
		{1, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), 0, 2, 0x1010000, 0},
		{20, ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE), 0, 3, DATA_VA + DATA_BYTES, 0},
		{37, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 2, 0x1010040, 0x40},
		{42, ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 3, DATA_VA, 8},
		{48, ELF64_ST_INFO(STB_LOCAL, STT_TLS), 0, 4, 0, 8},
		{54, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 2, 0x1010000, 0x20},
	};
	/* push %rbx, nops, call main, pop %rbx, ret */
	static const uint8_t outer[] = {0x53, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
		0xe8, 0x30, 0, 0, 0, 0x5b, 0xc3};
	struct program table = program;
	const struct hcc_fat_header record = {HCC_FAT_MAGIC, 40};
	uint8_t carried[sizeof record + 40] = {0}, zeros[192] = {0}, text[192] = {0}, eh_frame[128];
	size_t eh_bytes = objects_eh_frame(eh_frame, machine, 0x1010000, 0x1010040);
	const struct elf_section sections[] = {
		{HCC_META_SECTION, SHT_PROGBITS, SHF_ALLOC, 0x1200000, &table, sizeof table, 0, 0, 8, 0},
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0x1010000, text, 192, 0, 0, 16, 0},
		{".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, DATA_VA, zeros, 16, 0, 0, 16, 0},
		{".tbss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS, DATA_VA, NULL, 128, 0, 0, 64, 0},
		{".eh_frame", SHT_PROGBITS, SHF_ALLOC, 0x1020000, eh_frame, eh_bytes, 0, 0, 8, 0},
		{".strtab", SHT_STRTAB, 0, 0, names, sizeof names, 0, 0, 1, 0},
		{HCC_EXE_SECTION_PREFIX "aarch64", SHT_PROGBITS, 0, 0, carried, sizeof carried, 0, 0, 8, 0},
		{".symtab", SHT_SYMTAB, 0, 0, symbols, sizeof symbols, 6, 1, 8, sizeof *symbols},
	};

	memcpy(carried, &record, sizeof record);
	memcpy(text, outer, sizeof outer);
	memset(text + 64, 0xc3, 16);
	if (machine == EM_AARCH64) {
		table.header.isa = HCC_ISA_AARCH64;
		table.packed[22] /= 4;
		table.packed[25] /= 4;
	}
	return elf_make(out, ET_EXEC, machine, sections, sizeof sections / sizeof *sections);
}

/* ---- Snapshots -------------------------------------------------------------------------------- */

void program_sum(uint8_t *data, size_t bytes)
{
	struct hcc_snap_header h;

	if (bytes < sizeof h)
		return;
	memcpy(&h, data, sizeof h);
	h.file_bytes = bytes;
	for (int i = 0; i < HCC_N_SECTIONS; i++) {
		struct hcc_snap_section *s = &h.sections[i];

		if (s->off <= bytes && s->bytes <= bytes - s->off)
			s->checksum = hcc_hash(data + s->off, s->bytes);
	}
	h.checksum = hcc_hash(&h, offsetof(struct hcc_snap_header, checksum));
	memcpy(data, &h, sizeof h);
}

struct frame {
	struct hcc_snap_frame head;
	uint64_t values[3][2];
};

static void add_section(uint8_t *out, size_t *at, int kind, const void *data, size_t bytes)
{
	struct hcc_snap_header *h = (void *)out;

	*at = (*at + HCC_SNAPSHOT_ALIGN_BYTES - 1) & ~(size_t)(HCC_SNAPSHOT_ALIGN_BYTES - 1);
	h->sections[kind] = (struct hcc_snap_section){*at, bytes, 0};
	if (bytes)
		memcpy(out + *at, data, bytes);
	*at += bytes;
}

size_t program_snapshot(unsigned n, uint8_t *out)
{
	static const char strings[] = "\0/tmp/app\0/tmp\0/tmp/a file\0/dev/null";
	const struct hcc_snap_process process = {
		.pid = 4711, .shared_data_start_va = DATA_VA, .shared_data_end_va = DATA_VA + DATA_BYTES,
		.arena_start_va = ARENA_VA, .arena_end_va = HCC_ARENA_END_VA, .monotonic_ns = 123456789,
		.umask = 022, .exe_off = 1, .cwd_off = 10,
	};
	const struct hcc_snap_region regions[] = {
		{ARENA_VA, ARENA_VA + 0x10000, 0, 0},
		{ARENA_VA + 0x10000, ARENA_VA + 0x20000, HCC_PROT_READ | HCC_PROT_WRITE, 0},
		{ARENA_VA + 0x30000, ARENA_VA + 0x31000, HCC_PROT_READ, 0},
	};
	const struct hcc_process state = {
		.arena_start_va = ARENA_VA, .arena_end_va = HCC_ARENA_END_VA,
		.arena_next_va = ARENA_VA + 0x31000, .main_stack_start_va = ARENA_VA + 0x10000,
		.main_stack_end_va = ARENA_VA + 0x20000, .main_thread_pointer = ARENA_VA + 0x1f800,
		.tls_image_va = DATA_VA, .tls_image_bytes = 64, .tls_bytes = 128,
		.arguments_va = ARENA_VA + 0x1fe00, .environment_va = ARENA_VA + 0x1fe10,
		.environment_end_va = ARENA_VA + 0x1fe20,
	};
	const struct hcc_snap_run runs[] = {
		{DATA_VA, 64, 0}, {PROGRAM_STATE_VA, sizeof state, 64},
		{ARENA_VA + 0x1f000, 256, 64 + sizeof state},
		{ARENA_VA + 0x30000, 16, 320 + sizeof state},
	};
	const struct hcc_snap_descriptor descriptors[] = {
		{0, HCC_DESCRIPTOR_INHERITED, 0100000, 0, 0, 0, 0, 1, 2},
		{1, HCC_DESCRIPTOR_INHERITED, 0100001, 0, 1, 0, 0, 1, 3},
		{3, HCC_DESCRIPTOR_FILE, 0102002, 1, 0, 15, 17, 1, 4},
		{4, HCC_DESCRIPTOR_DEVICE, 0100002, 0, 0, 27, 0, 1, 5},
		{7, HCC_DESCRIPTOR_COPY, 0102002, 0, 3, 0, 17, 1, 4},
		{8, HCC_DESCRIPTOR_PIPE, 0, 0, 8, 0, 0, 9, 6},
		{9, HCC_DESCRIPTOR_PIPE, 1, 0, 8, 0, 0, 9, 6},
		{10, HCC_DESCRIPTOR_SIGNALFD, 2, 1, 10, 0, 0, 9, 7},
		{11, HCC_DESCRIPTOR_INOTIFY, 0, 1, 11, 0, 0, 9, 7},
		{12, HCC_DESCRIPTOR_SOCKET, 2, 1, 13, 0, 0, 9, 8},
		{13, HCC_DESCRIPTOR_SOCKET, 2, 1, 12, 0, 0, 9, 9},
		{14, HCC_DESCRIPTOR_EPOLL, 2, 0, 14, 0, 0, 9, 7},
		{15, HCC_DESCRIPTOR_DELETED, 2, 0, 15, 15, 0, 9, 10},
	};
	const struct {
		struct hcc_snap_state pipe_head;
		struct hcc_state_pipe pipe;
		struct hcc_snap_state bytes_head;
		struct hcc_state_bytes bytes;
		uint64_t in_pipe;
		struct hcc_snap_state writer_head;
		struct hcc_state_pipe writer;
		struct hcc_snap_state signals_head;
		struct hcc_state_signalfd signals;
		struct hcc_snap_state watched_head;
		struct hcc_state_inotify watched;
		struct { struct hcc_snap_state head; struct hcc_state_socket socket; } sockets[2];
		struct hcc_snap_state watch_head;
		struct hcc_state_watch watch;
		struct hcc_snap_state file_head;
		struct hcc_state_file file;
	} states = {
		{8, HCC_STATE_PIPE, sizeof states.pipe}, {65536, 0, 0600},
		{8, HCC_STATE_BYTES, sizeof states.bytes + 5}, {0}, 0x6f6c6c6568,
		{9, HCC_STATE_PIPE, sizeof states.pipe}, {65536, 0, 0600},
		{10, HCC_STATE_SIGNALFD, sizeof states.signals}, {0x200},
		{11, HCC_STATE_INOTIFY, sizeof states.watched}, {1, 0x100, 10, 0},
		{{{12, HCC_STATE_SOCKET, sizeof states.sockets[0].socket}, {1, 1, 0, 6, 0, 0}},
			{{13, HCC_STATE_SOCKET, sizeof states.sockets[0].socket}, {1, 1, 0, 6, 0, 0}}},
		{14, HCC_STATE_WATCH, sizeof states.watch}, {77, 8, 1},
		{15, HCC_STATE_FILE, sizeof states.file}, {100, 0600, 0},
	};
	const struct {
		struct hcc_snap_frame outer;
		uint64_t outer_values[2][2];
		struct frame inner[2];
		struct frame other[1];
	} frames = {
		{0, 2, 0}, {{7, 0}, {DATA_VA, 0}},
		{{{1, 3, 0}, {{DATA_VA, 0}, {1, 0}, {~0ull, ~0ull}}},
			{{2, 3, 0}, {{ARENA_VA, 0}, {0, 0}, {5, 6}}}},
		{{{2, 3, 0}, {{ARENA_VA, 0}, {1, 0}, {7, 8}}}},
	};
	const struct hcc_snap_thread threads[] = {
		{.tid = 4711, .portable_sp_va = ARENA_VA + 0x1f000,
			.thread_pointer = ARENA_VA + 0x1f800,
			.frames_bytes = sizeof frames - sizeof frames.other, .n_frames = 3},
		{.tid = 4712, .portable_sp_va = ARENA_VA + 0x15000,
			.thread_pointer = ARENA_VA + 0x15800,
			.frames_off = sizeof frames - sizeof frames.other,
			.frames_bytes = sizeof frames.other, .n_frames = 1, .name = "other"},
	};
	struct hcc_snap_header *h = (void *)out;
	uint8_t pages[336 + sizeof state];
	size_t at = sizeof *h;

	if (n >= 2)
		return 0;
	for (size_t i = 0; i < sizeof pages; i++)
		pages[i] = (uint8_t)i;
	memcpy(pages + 64, &state, sizeof state);
	memset(out, 0, 16 * HCC_SNAPSHOT_ALIGN_BYTES);
	*h = (struct hcc_snap_header){.magic = HCC_SNAPSHOT_MAGIC, .version = HCC_SNAPSHOT_VERSION,
		.source_isa = HCC_ISA_X86_64, .wait_ns = n};
	memcpy(h->build_id, program.header.build_id, sizeof h->build_id);
	add_section(out, &at, HCC_SECTION_PROCESS, &process, sizeof process);
	add_section(out, &at, HCC_SECTION_STRINGS, strings, sizeof strings);
	add_section(out, &at, HCC_SECTION_THREADS, threads, sizeof threads);
	add_section(out, &at, HCC_SECTION_FRAMES, &frames, sizeof frames);
	add_section(out, &at, HCC_SECTION_REGIONS, regions, sizeof regions);
	add_section(out, &at, HCC_SECTION_DESCRIPTORS, descriptors, n ? 0 : sizeof descriptors);
	add_section(out, &at, HCC_SECTION_PAGES, pages, sizeof pages);
	add_section(out, &at, HCC_SECTION_RUNS, runs, sizeof runs);
	add_section(out, &at, HCC_SECTION_STATES, &states, n ? 0 : sizeof states);
	add_section(out, &at, HCC_SECTION_CONNECTIONS, NULL, 0);
	program_sum(out, at);
	return at;
}

/* ---- Mutation --------------------------------------------------------------------------------- */

size_t program_mutate(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	struct hcc_snap_header h;
	unsigned times = 1 + fuzz_random(&seed, 4);

	if (bytes < sizeof h)
		return LLVMFuzzerMutate(data, bytes, most_bytes);
	while (times--) {
		unsigned kind = fuzz_random(&seed, HCC_N_SECTIONS);
		const struct hcc_snap_section *s = &h.sections[kind];
		unsigned width = 4u << fuzz_random(&seed, 2);

		memcpy(&h, data, sizeof h);
		switch (fuzz_random(&seed, 12)) {
		case 0:
			bytes = LLVMFuzzerMutate(data, bytes, most_bytes);
			break;
		case 1:
			fuzz_change_integer(&seed, data + fuzz_random(&seed, sizeof h / 4) * 4,
				width, data, bytes);
			break;
		case 2:
			fuzz_change_integer(&seed,
				data + offsetof(struct hcc_snap_header, sections) +
					kind * sizeof *s + fuzz_random(&seed, 2) * 8,
				8, data, bytes);
			break;
		default:
			if (s->off > bytes || s->bytes > bytes - s->off || s->bytes < width)
				break;
			fuzz_change_integer(&seed,
				data + s->off +
					fuzz_random(&seed, (uint32_t)(s->bytes / width)) * width,
				width, data, bytes);
		}
		if (bytes < sizeof h)
			return bytes;
	}
	if (fuzz_random(&seed, 16))
		program_sum(data, bytes);
	return bytes;
}
