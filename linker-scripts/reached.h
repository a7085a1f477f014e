/* Which functions code leads to from where a program starts. */
#ifndef HCC_LD_REACHED_H
#define HCC_LD_REACHED_H

#include "resolve.h"

/* The names of the CLASS_TEXT sections that are reached, on any ISA, by what relocations of code refer to: from
 * the entry, constructors, destructors, and code that is not in such a section, but for the runtime's that only
 * moves run. What nothing leads to but tables of pointers (commands, methods) is not among them, unless it is
 * small. It is a guess of what runs, good for choosing places and nothing else. Names are borrowed from the
 * resolution.
 *   returns  0, *sections to be freed; -1 after a message */
int find_reached(struct strmap *sections, const struct resolution *resolution,
		 const struct options *options);

#endif
