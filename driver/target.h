/* What the driver has to know of an ISA: data only. */
#ifndef HCC_TARGET_H
#define HCC_TARGET_H

#include "runtime/hcc_format.h"

#include <stddef.h>
#include <stdint.h>

struct hcc_isa {
	const char *name;     /* as musl spells it */
	enum hcc_isa_id id;
	uint16_t elf_machine; /* EM_* */
	const char *triple;   /* for those who ask */
};

extern const struct hcc_isa hcc_isa_x86_64;
extern const struct hcc_isa hcc_isa_aarch64;

enum { HCC_MAX_ISAS = 8 };

/* The ISAs to compile for; isa[0] is the outermost of a fat object and the one of plain names: the
 * host's, when it is among them. */
struct targets {
	const struct hcc_isa *isa[HCC_MAX_ISAS];
	size_t n_isas;
};

/* NULL when no ISA has that name; name_bytes of it are looked at. */
const struct hcc_isa *hcc_isa_find(const char *name, size_t name_bytes);

/* Read "isa,isa"; origin says in messages where it came from. Returns 0, or 2 when it has said
 * what is wrong: an unknown ISA, one twice, none. */
int targets_parse(struct targets *targets, const char *list, const char *origin);

/* "x86_64,aarch64"; caller frees. */
char *targets_text(const struct targets *targets);

#endif
