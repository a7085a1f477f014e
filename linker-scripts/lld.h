/* Running ld.lld, once per ISA, at the same time. */
#ifndef HCC_LD_LLD_H
#define HCC_LD_LLD_H

#include "layout.h"
#include "resolve.h"
#include "temps.h"

struct lld_run {
	const char *script;                  /* path of the linker script */
	const char *outputs[HCC_MAX_ISAS];   /* by index into options.isas[] */
	const char *meta[HCC_MAX_ISAS];      /* objects with the tables, or NULL: the first link */
	const char *build_id;                /* hexadecimal */
};

/* Link all ISAs. lld's messages go to stderr, with the names of inputs as the user knows them:
 * those of the first ISA that fails, or of the first target when all is well.
 *   returns  0; -1 after a message */
int lld_link(const struct lld_run *run, const struct resolution *resolution,
	     const struct options *options, const struct temps *temps);

#endif
