/* The formats that the passes, the linker, the runtime and hcc-migrate share.
 *
 * All integers are little-endian and naturally aligned. Nothing here depends on the ISA unless it
 * says so. This is the only header that crosses folders; it includes nothing but <stdint.h>.
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
 * ISA; HCC_RESUME_SECTION holds the resume clones. The two below are input of the table builder and
 * do not reach the finished executable. */
#define HCC_RESUME_SECTION ".text.hcc_resume"
#define HCC_SITES_SECTION ".hcc.sites"
#define HCC_STACKMAP_SECTION ".llvm_stackmaps"
#define HCC_META_SECTION ".hcc.meta"
#define HCC_POLLS_SECTION ".hcc.polls"

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

/* ---- The table of an executable -------------------------------------------------------------------
 * One read-only blob in HCC_META_SECTION, between __hcc_meta_start and __hcc_meta_end. Offsets are
 * bytes from its start. Sites are numbered program-wide: the sites of function i are
 * functions[i].first_site and following, in order. functions[] and sites[] have the same order and
 * content on every ISA but for resume_va. */
#define HCC_META_MAGIC "hccmeta1"
#define HCC_META_VERSION 2u
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
	uint32_t n_sites, sites_off;           /* struct hcc_meta_site */
	uint32_t n_returns, returns_off;       /* struct hcc_meta_return, by return_va */
	uint32_t unwind_off, unwind_bytes;     /* pool of unwind programs */
	uint32_t locations_off, locations_bytes; /* pool of location lists */
	uint32_t types_off, types_bytes;       /* pool of type bytes */
	uint32_t strings_off, strings_bytes;   /* pool of NUL-terminated strings */
};

struct hcc_meta_function {
	uint32_t entry_va;
	uint32_t resume_va;   /* private to the ISA */
	uint32_t first_site, n_sites;
	uint32_t name_off;    /* into the string pool */
	uint32_t file_off;
	uint32_t flags;       /* HCC_FUNCTION_* */
};

struct hcc_meta_site {
	uint64_t types_off : 26;  /* into the type pool: n_values bytes */
	uint64_t n_values : 14;
	uint64_t line : 20;       /* 0 where unknown */
	uint64_t flags : 4;       /* HCC_SITE_* */
};

/* Several return addresses have one site: the original, its clone, the resumed call. */
struct __attribute__((packed, aligned(4))) hcc_meta_return {
	uint32_t return_va;
	uint64_t site_idx : 24;
	uint64_t unwind_off : 16;     /* into the unwind pool */
	uint64_t locations_off : 24;  /* into the location pool: one location per value of the site */
};

_Static_assert(sizeof(struct hcc_meta_site) == 8 && sizeof(struct hcc_meta_return) == 12,
	"layout of files");

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
 * Location: one byte kind, then as below. Registers are DWARF numbers, at the return address, once
 * this frame's callee-saved registers have been recovered from the inner frames. */
enum hcc_location_kind {
	HCC_LOCATION_REGISTER = 0,  /* uleb128 register */
	HCC_LOCATION_MEMORY = 1,    /* uleb128 register, sleb128 offset: the value is stored there */
	HCC_LOCATION_CONSTANT = 2,  /* sleb128 value, sign-extended to 16 bytes, cut to the type */
	HCC_LOCATION_ADDRESS = 3,   /* uleb128 register, sleb128 offset: the value is the address */
};

#endif
