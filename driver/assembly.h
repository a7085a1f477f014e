/* Assembly: app.S, or any one of its parts, stands for app.x86_64.S, app.aarch64.S ...; without parts it is
 * assembled for each ISA, with the macros that ISA's compilers define. */
#ifndef HCC_ASSEMBLY_H
#define HCC_ASSEMBLY_H

#include "options.h"

/* Why other assembly is not taken. */
extern const char assembly_refusal[];

/* Whether it is one file for all ISAs: it is preprocessed, and has no parts. */
bool assembly_is_common(const char *source);

/* The file that holds an ISA's part of a source; caller frees. */
char *assembly_part(const char *source, const struct hcc_isa *isa);

/* Whether all ISAs of options have their part, and an object is wanted: 0, or 1 when the message has
 * been printed. */
int assembly_check(const struct options *options, const char *source);

#endif
