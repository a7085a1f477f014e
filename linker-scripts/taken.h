/* Which functions have to be at one address on all ISAs: those whose address the program can hold. */
#ifndef HCC_LD_TAKEN_H
#define HCC_LD_TAKEN_H

#include "resolve.h"

/* The names of the CLASS_TEXT sections in which something's address is taken, on any ISA: by a relocation
 * that is not of a call or jump. What describes code (tables of polls, sites, stack maps, unwinding;
 * jump tables, which lead into the middle of it) does not count, nor do clones, which take what their
 * functions take, and the callees of their calls, which never leave a register for memory of the program. Names are borrowed from the resolution.
 *   returns  0, *sections to be freed; -1 after a message */
int find_taken(struct strmap *sections, const struct resolution *resolution,
	       const struct options *options);

#endif
