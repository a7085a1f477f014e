/* Inputs: fat objects and archives of them, and the plain archives of compiler-rt. */
#ifndef HCC_LD_OBJECT_H
#define HCC_LD_OBJECT_H

#include <elf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa.h"
#include "options.h"

enum section_class {
	CLASS_NONE, /* not allocated: lld's business */
	/* The ISA's own. */
	CLASS_PRIVATE_RODATA, CLASS_PRIVATE_TEXT, CLASS_PRIVATE_DATA, CLASS_PRIVATE_BSS,
	CLASS_MOVES,
	/* The same, behind all that is shared: what only moves and debuggers read. */
	CLASS_RESUME, CLASS_RESUME_RODATA, CLASS_POLLS, CLASS_EH_FRAME,
	CLASS_SITES, CLASS_STACKMAP, /* read by the table builder, absent at the end */
	/* Shared: one name, one section. */
	CLASS_TEXT,
	CLASS_PACKED_TEXT, /* of these, what need not be at one address: only layout.h knows it */
	CLASS_RODATA, CLASS_TDATA, CLASS_TBSS, CLASS_DATA, CLASS_BSS,
	CLASS_USER_FUNCTION, /* X.hcc.<tu>.<symbol>: a function of the user's section X */
	/* Shared: the objects' sections of one name make one output section. */
	CLASS_PREINIT_ARRAY, CLASS_INIT_ARRAY, CLASS_FINI_ARRAY,
	CLASS_USER_TEXT, CLASS_USER_RODATA, CLASS_USER_DATA, CLASS_USER_BSS,
	N_CLASSES,
};

static inline bool class_is_shared(enum section_class class)
{
	return class >= CLASS_TEXT;
}

static inline bool class_is_text(enum section_class class)
{
	return class == CLASS_TEXT || class == CLASS_PACKED_TEXT || class == CLASS_USER_FUNCTION || class == CLASS_USER_TEXT;
}

/* Several sections of one name are joined. */
static inline bool class_is_joined(enum section_class class)
{
	return class >= CLASS_PREINIT_ARRAY;
}

struct input_section {
	const char *name;
	uint64_t bytes, align_bytes, flags;
	uint32_t type;
	enum section_class class;
};

/* One ELF relocatable of one ISA. */
struct piece {
	Elf *elf;
	const char *image; /* the file's bytes; borrowed from the input */
	size_t bytes;
	const Elf64_Sym *symbols; /* n_symbols; NULL when there are none */
	size_t n_symbols, strings_idx; /* section with the symbols' names */
	struct input_section *sections; /* n_sections, by ELF index; when the object is taken */
	size_t n_sections;
	char *member; /* name of the extracted copy */
	char *names; /* of the sections, where they are not as in the image (unique.h); or NULL */
	uint64_t names_off, names_bytes; /* their place in the image */
	struct piece *next; /* of the same ISA: there are several after ld -r */
};

/* The relocations of one section of a piece. */
struct relocations {
	Elf_Scn *scn; /* of their own; NULL before the first */
	const struct input_section *section; /* that they change */
	const uint8_t *contents; /* of that; NULL: it has none */
	const Elf64_Rela *relas;
	size_t n;
};

struct object {
	char *name; /* as messages have it: libc.a(printf.o) */
	struct piece *pieces[HCC_MAX_ISAS]; /* by index into options.isas[] */
	bool taken;
	bool builtin; /* compiler-rt's: of one ISA, private */
	uint32_t *defined[HCC_MAX_ISAS]; /* numbers of defined global symbols */
	size_t n_defined[HCC_MAX_ISAS];
};

struct archive {
	const char *name;
	struct object **members;
	size_t n_members, capacity;
};

/* Open a file: exactly one of *object and *archive is set.
 *   builtin_isa  index of the ISA whose plain objects the file holds, or -1: fat objects
 *   returns      0; -1 after a message */
int input_open(const struct options *options, const char *path, int builtin_isa,
	       struct object **object, struct archive **archive);

/* Name of a symbol of the piece. */
const char *piece_symbol_name(const struct piece *piece, const Elf64_Sym *symbol);

/* Read the section headers and classify them, when the object is taken.
 * Returns 0; -1 after a message. */
int object_read_sections(struct object *object, size_t n_isas);

/* Step to the next section of the piece with relocations. Symbol numbers in them can be out of range.
 * Returns 1; 0 when there is none; -1 after a message. */
int object_next_relocations(const struct object *object, const struct piece *piece,
			    struct relocations *relocations);

#endif
