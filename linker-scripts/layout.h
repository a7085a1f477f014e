/* The addresses of everything that the ISAs share. */
#ifndef HCC_LD_LAYOUT_H
#define HCC_LD_LAYOUT_H

#include "object.h"
#include "resolve.h"
#include "strmap.h"

#define IMAGE_BASE_VA 0x1000000u
#define SEGMENT_ALIGN_BYTES 0x10000u
#define IMAGE_LIMIT_VA 0x80000000u /* non-PIC code reaches 2 GiB */
#define TLS_ALIGN_BYTES 64u
#define TLS_ANCHOR_SECTION ".tdata.hcc.__hcc_tls_anchor"

/* What image.ld calls sections of text that have another place than their name says: extract.c leaves out the
 * first letters of it. */
#define PACKED_PREFIX "text.hcc."
#define PACKED_APART_PREFIX "ext.hcc."
#define APART_PREFIX "xt.hcc."

/* A section of the shared image: one input section, or, of a joined class, all of one name. */
struct shared_section {
	const char *name;
	size_t output_bytes; /* length of the part of the name that the output section has */
	enum section_class class;
	uint64_t va;                     /* packed: for isas[0] */
	uint64_t bytes, align_bytes;     /* the largest over the ISAs */
	uint64_t asked_bytes;            /* the alignment without that which an ISA gives to all code */
	uint64_t isa_bytes[HCC_MAX_ISAS];
	uint64_t packed_va[HCC_MAX_ISAS];
	uint8_t present; /* bit i: exists on isas[i] */
	bool grouped; /* in a COMDAT group: lld keeps one */
	bool ordered; /* alike on all ISAs: one wildcard places all such sections */
	bool apart;   /* text that hardly runs (reached.h): first of CLASS_TEXT, last of the packed */
	const struct object *object; /* the first that has it */
};

struct extent {
	uint64_t va, bytes;
	size_t n_sections;
};

struct layout {
	struct shared_section *sections; /* by address */
	size_t n_sections, capacity;
	struct strmap names; /* of sections, in the order in which they were met */
	struct strmap private_names[N_CLASSES]; /* names of private input sections */
	struct extent classes[N_CLASSES]; /* of classes that make one output section */
	struct extent common; /* SHN_COMMON symbols */
	uint64_t text_va, text_end_va, rodata_va, rodata_end_va; /* segments; all segment-aligned */
	uint64_t data_va, data_end_va, bss_va, end_va;           /* at their beginning */
	uint64_t tls_va, tls_image_bytes, tls_bytes;
	uint64_t private_end_va, resume_va;
};

/* Check that the ISAs have the same shared sections, and give each its address.
 *   returns  0; -1 after a message */
int layout_make(struct layout *layout, const struct resolution *resolution,
		const struct options *options);

/* The shared section of a name, or NULL. */
const struct shared_section *layout_find(const struct layout *layout, const char *name);

/* The address of a section on an ISA. */
static inline uint64_t section_va(const struct shared_section *section, size_t isa_idx)
{
	return section->class == CLASS_PACKED_TEXT ? section->packed_va[isa_idx] : section->va;
}

/* The largest alignment among the sections of a class; at least 1. */
uint64_t layout_class_align(const struct layout *layout, enum section_class class);

static inline uint64_t align_up(uint64_t value, uint64_t align_bytes)
{
	return (value + align_bytes - 1) & ~(align_bytes - 1);
}

#endif
