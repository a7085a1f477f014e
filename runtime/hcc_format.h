/* The formats that the passes, the linker, the runtime and hcc-migrate share.
 *
 * All integers are little-endian and naturally aligned. Nothing here depends on the ISA unless it
 * says so. Nothing but this header crosses folders, and what reads its table: hcc_table.h and,
 * for tools, hcc_unpack.h. It includes nothing but <stdint.h>.
 */
#ifndef HCC_FORMAT_H
#define HCC_FORMAT_H

#include <stdint.h>

/* ---- ISAs ------------------------------------------------------------------------------------
 * The numbers are part of the formats: never reuse one. */
enum hcc_isa_id {
	HCC_ISA_NONE = 0,
	HCC_ISA_X86_64 = 1,
	HCC_ISA_AARCH64 = 2,
	HCC_ISA_RISCV64 = 3,
};

/* ---- Fat objects ------------------------------------------------------------------------------
 * A fat object is the host ISA's ELF relocatable with one section ".hcc.obj.<isa>" for each other
 * ISA: SHT_PROGBITS, SHF_EXCLUDE, alignment 8. The section is a sequence of records (ld -r joins
 * sections end to end), each this header followed by an ELF relocatable, padded with zeros to 8. */
#define HCC_FAT_SECTION_PREFIX ".hcc.obj."
#define HCC_FAT_MAGIC "hccfat1"

/* What hcc links carries the executables of the other ISAs in the same way, so that it is whole when
 * only the one file is copied: sections ".hcc.exe.<isa>", not loaded, of one record each. */
#define HCC_EXE_SECTION_PREFIX ".hcc.exe."

struct hcc_fat_header {
	char magic[8];       /* HCC_FAT_MAGIC with its NUL */
	uint64_t elf_bytes;  /* of the ELF file that follows, without padding */
};

/* ---- Sections of an object ---------------------------------------------------------------------
 * Shared sections have one address on every ISA, and a name unique in the program:
 *   {.text,.rodata,.data,.bss,.tdata,.tbss}.hcc.<tu>.<symbol>    <tu>: 16 hex digits, one per object
 *   {.text,...}.hcc.<symbol>                                     hand-written per-ISA code
 *   a section named by the user (section attribute), .init_array*, .fini_array*, .preinit_array
 * Everything else that is allocated (.text, .rodata*, .eh_frame, .data, .bss, ...) is private to the
 * ISA; HCC_RESUME_SECTION holds the resume clones, and HCC_RESUME_RODATA_SECTION (in objects: with a dot and
 * the clone's name behind it) their jump tables. The two below are input of the table builder and
 * do not reach the finished executable.
 * Functions whose address is never taken (taken.h) need none in common: in an executable they are in
 * HCC_PACKED_SECTION, in one order on all ISAs, at addresses of their own. */
#define HCC_PACKED_SECTION ".text.hcc_packed"
#define HCC_RESUME_SECTION ".text.hcc_resume"
#define HCC_RESUME_PREFIX "hcc_resume"
#define HCC_RESUME_RODATA_SECTION ".rodata." HCC_RESUME_PREFIX
#define HCC_SITES_SECTION ".hcc.sites"
#define HCC_STACKMAP_SECTION ".llvm_stackmaps"
#define HCC_META_SECTION ".hcc.meta"
#define HCC_POLLS_SECTION ".hcc.polls"
#define HCC_MOVES_SECTION ".text.hcc-moves"  /* of the runtime: what only moves run */

/* In an executable the clones may be compressed, with all else that is in their segment: then the segment is
 * none (PT_NULL), its sections have no bytes in the file (SHT_NOBITS), and HCC_CLONES_SECTION, not loaded, is this
 * header followed by one frame of zstd. hcc-migrate gives a process that it restores the plain bytes. */
#define HCC_CLONES_SECTION ".hcc.resume"
#define HCC_CLONES_MAGIC "hccclon1"

struct hcc_clones_header {
	char magic[8];
	uint64_t va;     /* of the segment, to be mapped for reading and execution */
	uint64_t bytes;  /* of it, when plain */
};

/* .hcc.sites: for each function with call sites one record, 8-aligned, identical on every ISA but
 * for the relocated addresses. Followed by n_sites site records, each followed by its n_values type
 * bytes padded with zeros to 4; the whole padded to 8. The name strings are NUL-terminated and
 * follow the last site: function name, then source file ("" where unknown). */
struct hcc_sites_function {
	uint64_t record_bytes;  /* of this record with all that follows */
	uint64_t entry_va;      /* relocated: the function */
	uint64_t resume_va;     /* relocated: its resume clone */
	uint32_t function_id;   /* stack map ID of site s is (uint64_t)function_id << 32 | s; per object */
	uint32_t n_sites;
	uint32_t flags;         /* HCC_FUNCTION_* */
	uint32_t strings_off;   /* bytes from the start of this record */
};
#define HCC_FUNCTION_SETJMP 1u  /* value 0 of every site is the base of its portable frame */
#define HCC_FUNCTION_DECLINES 2u /* kept out of migration: no sites, resume_va is 0 */

struct hcc_sites_site {
	uint32_t line;      /* source line, 0 where unknown */
	uint16_t n_values;
	uint16_t flags;     /* HCC_SITE_* */
};
#define HCC_SITE_POLL 1u
#define HCC_SITE_SETJMP 2u

/* ---- Polls ---------------------------------------------------------------------------------------
 * HCC_POLLS_SECTION, private to the ISA, says where code has a poll that does nothing until the
 * runtime makes it a jump: an entry for each, in the order of their addresses within an object.
 * Offsets are bytes from the field itself. */
struct hcc_poll {
	int32_t site_off;  /* the instruction */
	int32_t cold_off;  /* where the jump goes: to a block that has the recorded call of __hcc_poll */
};
/* x86-64: `test $imm32, %eax` (a9) <-> `jmp rel32` (e9), whose operand is always that of the jump:
 * one byte changes, whatever the alignment. aarch64: `nop` <-> `b label`. */

/* Type byte of a value: what a 16-byte slot of a neutral frame holds. Integers of 1 to 64 bits are
 * zero-extended to 8 bytes; bytes of the slot past the type's size are zero. */
enum hcc_value_type {
	/* 1..64: an integer of that many bits */
	HCC_VALUE_I128 = 128,
	HCC_VALUE_PTR = 129,
	HCC_VALUE_F32 = 130,
	HCC_VALUE_F64 = 131,
	HCC_VALUE_F128 = 132,
	HCC_VALUE_V128 = 133,
};

/* ---- Neutral frames in memory -------------------------------------------------------------------
 * What a resume clone is given, in r10 on x86_64 and x18 on aarch64 (which is where LLVM passes a nest
 * parameter). The frames of a thread lie end to end, outermost first, so that the
 * next inner frame is at (char *)frame + frame->bytes; 16-aligned. */
struct hcc_frame {
	uint64_t site;    /* number of the call site within its function */
	uint64_t resume;  /* native address of the function that rebuilds this frame */
	uint64_t bytes;   /* of this frame with its values; a multiple of 16 */
	uint64_t reserved;
	/* n_values 16-byte slots follow */
};

/* A resume function reads that many slots before it looks at the site: after the last frame there is as
 * much memory that can be read. */
#define HCC_FRAME_SHARED 6u

/* ---- The table of an executable -------------------------------------------------------------------
 * One read-only blob in HCC_META_SECTION, between __hcc_meta_start and __hcc_meta_end. Offsets are
 * bytes from its start. Sites are numbered program-wide: the sites of function i are
 * functions[i].first_site and following, in order. The functions and the sites are the same on every
 * ISA but for resume_va.
 *
 * Sites and return addresses are packed: HCC_META_BLOCK of them make a block, which is read from its
 * start (hcc_table.h). Tools unpack a table (hcc_meta_unpack): sites_off, returns_off and locations_off
 * are then those of arrays of struct hcc_meta_site and struct hcc_meta_return and of lists of
 * locations; all else is as it was. */
#define HCC_META_MAGIC "hccmeta1"
#define HCC_META_VERSION 4u
#define HCC_META_UNPACKED 0x10004u  /* the version of one in a tool's memory */
#define HCC_META_BLOCK 32u
#define HCC_BUILD_ID_BYTES 16

struct hcc_meta_header {
	char magic[8];
	uint32_t version;
	uint32_t isa;                          /* enum hcc_isa_id */
	uint8_t build_id[HCC_BUILD_ID_BYTES];  /* the same on every ISA's executable of one link */
	uint64_t bytes;                        /* of the whole blob */
	uint64_t shared_data_start_va;         /* writable image that travels: [start, end) */
	uint64_t shared_data_end_va;
	uint64_t tls_image_va;                 /* PT_TLS: address, file bytes, memory bytes, alignment */
	uint64_t tls_image_bytes;
	uint64_t tls_bytes;
	uint64_t tls_align_bytes;
	uint32_t n_functions, functions_off;   /* struct hcc_meta_function, by entry_va */
	uint32_t n_sites, sites_off;           /* for each block an uint32_t: where in the packed bytes */
	uint32_t n_returns, returns_off;       /* struct hcc_meta_block, by return_va */
	uint32_t unwind_off, unwind_bytes;     /* pool of unwind programs */
	uint32_t locations_off, locations_bytes; /* pool of packed location lists */
	uint32_t types_off, types_bytes;       /* pool of lists: uleb128 n, n type bytes */
	uint32_t strings_off, strings_bytes;   /* pool of NUL-terminated strings */
	uint32_t places_off, n_places;         /* struct hcc_meta_place: the most frequent locations */
	uint32_t packed_off, packed_bytes;     /* sites and returns, block by block */
	uint32_t flags;                        /* HCC_META_* */
	uint32_t reserved;
};

#define HCC_META_COMPRESSED 1u  /* the clones are in HCC_CLONES_SECTION */

struct hcc_meta_function {
	uint32_t entry_va;
	uint32_t resume_va;   /* private to the ISA */
	uint32_t first_site : 24;
	uint32_t flags : 8;   /* HCC_FUNCTION_* */
	uint32_t name_off;    /* into the string pool */
	uint32_t file_off;
};

/* The first return address of a block, and where in the packed bytes the block is. */
struct hcc_meta_block {
	uint32_t return_va;
	uint32_t off;
};

/* A location in the packed lists: a byte below HCC_META_PLACES is the number of one of these;
 * HCC_META_PLACES + kind comes before one that is written out. */
struct hcc_meta_place {
	int32_t value;        /* offset or constant */
	uint16_t reg;
	uint16_t kind;        /* enum hcc_location_kind */
};
#define HCC_META_PLACES 252u

/* Packed, a site is a byte: bit 0 HCC_SITE_POLL, bit 1 HCC_SITE_SETJMP, the rest the line's distance from
 * that of the site before it in the block (from 0 for the first), zigzag; HCC_PACKED_FAR: an uleb128 line
 * follows. Then an uleb128: where in the type pool its list is. */
#define HCC_PACKED_LINE_SHIFT 2
#define HCC_PACKED_LINE_FAR 63u

/* Packed, a return address is an uleb128: its distance from the one before (that of the block from itself
 * for the first), in units of instructions (HCC_META_UNIT). Then a byte: bits 0-1 the number of locations
 * that follow, HCC_PACKED_POOLED for a list in the pool; bit 2: the offset of another unwind program than
 * that of the one before follows (0 for the first); the rest is the distance of the site's number from
 * that of the one before (from 0 for the first), zigzag, HCC_PACKED_SITE_FAR: an uleb128 number follows. In
 * this order: number, unwind program, locations or the uleb128 offset of their list in the pool. */
#define HCC_PACKED_POOLED 3u
#define HCC_PACKED_UNWIND 4u
#define HCC_PACKED_SITE_SHIFT 3
#define HCC_PACKED_SITE_FAR 31u

/* Bytes that all instructions' addresses are a multiple of. */
#define HCC_META_UNIT(isa) ((isa) == HCC_ISA_X86_64 ? 1u : (isa) == HCC_ISA_RISCV64 ? 2u : 4u)

/* Unpacked. */
struct hcc_meta_site {
	uint32_t types_off;      /* into the type pool: n_values bytes */
	uint32_t n_values;
	uint32_t line;           /* 0 where unknown */
	uint32_t flags;          /* HCC_SITE_* */
};

/* Several return addresses have one site: the original's and its clone's. */
struct hcc_meta_return {
	uint32_t return_va;
	uint32_t site_idx;
	uint32_t unwind_off;     /* into the unwind pool */
	uint32_t locations_off;  /* one location per value of the site: from the start of the location
	                          * pool; packed, from that of the table */
};

_Static_assert(sizeof(struct hcc_meta_function) == 20 && sizeof(struct hcc_meta_place) == 8,
	"layout of files");

static inline uint32_t hcc_meta_n_sites(const struct hcc_meta_header *meta,
	const struct hcc_meta_function *f)
{
	const struct hcc_meta_function *end =
		(const struct hcc_meta_function *)((const char *)meta + meta->functions_off)
		+ meta->n_functions;

	return (f + 1 < end ? f[1].first_site : meta->n_sites) - f->first_site;
}

/* The index of the function that has a site: the last whose first site is not beyond it. */
static inline uint32_t hcc_meta_function_of(const struct hcc_meta_header *meta, uint32_t site_idx)
{
	const struct hcc_meta_function *functions =
		(const void *)((const char *)meta + meta->functions_off);
	uint32_t low = 0, high = meta->n_functions;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (functions[middle].first_site <= site_idx)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Unwind program: uleb128 CFA register (DWARF number), uleb128 CFA offset, sleb128 offset of the
 * return address from the CFA, uleb128 n, then n times: uleb128 register, sleb128 offset from the
 * CFA at which the caller's value is saved. The caller's stack pointer is the CFA; registers not
 * named have the caller's value still.
 *
 * Location, in an unpacked list and after HCC_META_PLACES + kind: one byte kind, then as below. Registers are DWARF numbers, at the return address, once
 * this frame's callee-saved registers have been recovered from the inner frames. */
enum hcc_location_kind {
	HCC_LOCATION_REGISTER = 0,  /* uleb128 register */
	HCC_LOCATION_MEMORY = 1,    /* uleb128 register, sleb128 offset: the value is stored there */
	HCC_LOCATION_CONSTANT = 2,  /* sleb128 value, sign-extended to 16 bytes, cut to the type */
	HCC_LOCATION_ADDRESS = 3,   /* uleb128 register, sleb128 offset: the value is the address */
};

#endif
