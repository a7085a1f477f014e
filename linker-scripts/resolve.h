/* Which objects are linked: the ones named, and the archive members that these need. */
#ifndef HCC_LD_RESOLVE_H
#define HCC_LD_RESOLVE_H

#include "object.h"
#include "options.h"
#include "strmap.h"

struct symbol_state {
	uint8_t defined, needed; /* bit i: on isas[i]; needed: by a strong reference */
};

struct resolution {
	struct object **objects; /* in link order; builtins' members last */
	size_t n_objects, capacity;
	struct strmap names;
	struct symbol_state *symbols; /* by number in names */
	size_t symbols_capacity;
	struct string_list files; /* what was opened, as it was named */
};

/* Open all inputs and choose, left to right as ld does; a member is taken for all ISAs when any
 * ISA needs it. Members of the builtins archives come at the end, each for its ISA alone; what
 * they need is looked for in the last group again.
 *   returns  0; -1 after a message */
int resolve_inputs(struct resolution *resolution, const struct options *options);

#endif
