#ifndef HCC_FUZZ_LINK_H
#define HCC_FUZZ_LINK_H

#include "linker-scripts/options.h"

/* Options of a link for both ISAs, x86_64 first; no inputs. */
void link_options(struct options *options);

#endif
