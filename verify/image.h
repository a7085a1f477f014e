/* One executable that hcc has linked: sections, symbols, functions and the table of call sites. */
#ifndef HCC_VERIFY_IMAGE_H
#define HCC_VERIFY_IMAGE_H

#include <elf.h>
#include <elfutils/libdw.h>
#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hcc_format.h"
#include "isa.h"

enum region {
	REGION_PRIVATE, /* code and data that only this ISA has */
	REGION_SHARED,  /* one address on every ISA */
	REGION_PACKED,  /* functions in common, with an address for each ISA that no data has */
	REGION_RESUME,  /* the clones */
};

struct section {
	const char *name;
	const unsigned char *data; /* NULL: no bytes in the file (.bss) */
	uint64_t va, bytes, align_bytes;
	uint64_t flags;            /* SHF_* */
	uint32_t type;             /* SHT_* */
	enum region region;
};

struct symbol {
	const char *name;
	const char *file;          /* source of a local symbol, "" where unknown */
	uint64_t va, bytes;
	uint8_t type, binding;     /* STT_*, STB_* */
	uint16_t section_idx;      /* ELF's */
};

/* Code that is entered by calls. Functions do not overlap; of several names one stays. */
struct function {
	const char *name;
	const char *file;                     /* source of a local function, "" where unknown */
	uint64_t va, bytes;
	enum region region;
	bool is_resume;                       /* a clone: then meta is the original's */
	const struct hcc_meta_function *meta; /* NULL: it has no call sites */
	bool declines;                        /* the table says that it is kept out of migration */
	uint32_t number;                      /* index in image->functions */
};

/* A poll that the runtime can make a jump. */
struct poll {
	uint64_t va, cold_va;
};

struct image {
	const char *path;              /* as messages call it; borrowed */
	const struct isa *isa;
	int fd, symbols_fd;
	Elf *elf, *symbols_elf;
	uint64_t entry_va;
	struct section *sections;      /* allocated ones, by address */
	size_t n_sections;
	unsigned char *clones;         /* that were compressed; or NULL */
	struct symbol *symbols;        /* the defined ones, in the file's order */
	size_t n_symbols;
	struct function *functions;    /* by address */
	size_t n_functions, functions_capacity;
	uint64_t *references;          /* private addresses that code refers to, sorted */
	size_t n_references, references_capacity;
	struct poll *polls;            /* by address */
	size_t n_polls;
	char **names;                  /* made for functions without one */
	size_t n_names, names_capacity;
	Dwarf *dwarf;                  /* debug information, opened for the first finding */
	bool has_dwarf;                /* not looked for, or there is some */
	/* The table, checked and unpacked. */
	const struct hcc_meta_header *meta;
	const struct hcc_meta_function *meta_functions;
	const struct hcc_meta_site *meta_sites;
	const struct hcc_meta_return *meta_returns;
};

/* Open an executable.
 *   name     what messages call it
 *   symbols  an executable of the same code whose symbols count, or NULL: its own
 *   problem  out: what is wrong, to be freed by the caller
 *   returns  0, or -1; call image_close in any case */
int image_open(struct image *image, const char *path, const char *name, const char *symbols,
	       char **problem);
void image_close(struct image *image);

/* The function that an address lies in; NULL: none. */
const struct function *image_function(const struct image *image, uint64_t va);

/* The section that an address lies in; NULL: none. */
const struct section *image_section(const struct image *image, uint64_t va);

/* The bytes at an address, n_bytes of them in one section; NULL: not in the file. */
const void *image_bytes(const struct image *image, uint64_t va, uint64_t n_bytes);

/* Whether code of the ISA refers to a private address (found for ISAs whose jump tables have no
 * other end). */
bool image_is_referred(const struct image *image, uint64_t va);

/* The poll whose instruction is at an address; NULL: none. */
const struct poll *image_poll(const struct image *image, uint64_t va);

/* The record at a return address; NULL: none. */
const struct hcc_meta_return *image_return(const struct image *image, uint64_t return_va);

const struct hcc_meta_site *image_site(const struct image *image,
				       const struct hcc_meta_return *ret);
const struct hcc_meta_function *image_site_function(const struct image *image,
						    const struct hcc_meta_return *ret);
/* The number of a record's site within its function, as clones know it. */
uint32_t image_site_number(const struct image *image, const struct hcc_meta_return *ret);
const uint8_t *image_types(const struct image *image, const struct hcc_meta_site *site);
const char *image_string(const struct image *image, uint32_t off);

/* A location of a record. */
struct location {
	enum hcc_location_kind kind;
	unsigned reg;
	int64_t value;
};

/* Read the next location or unwind program's number from the pools. *at is an offset into the
 * pool, and goes on. Returns 0; -1: it does not fit in the pool or is of no kind. */
int image_location(const struct image *image, uint64_t *at, struct location *out);

/* The unwind program of a record. */
struct unwind {
	unsigned cfa_register;
	uint64_t cfa_off;
	int64_t return_off;    /* of the return address from the CFA */
	unsigned n_saved;
	struct { unsigned reg; int64_t off; } saved[32];
};
int image_unwind(const struct image *image, const struct hcc_meta_return *ret, struct unwind *out);

/* Bits of a value of enum hcc_value_type; 0: there is no such type. */
unsigned value_bits(unsigned type);

/* The source line of a call, or of where it returns, by the table; else by debug information; 0:
 * unknown. */
uint32_t image_line(const struct image *image, uint64_t va, const char **file);

#endif
