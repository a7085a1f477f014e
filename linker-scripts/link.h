/* One link for all ISAs, from options to finished executables. */
#ifndef HCC_LD_LINK_H
#define HCC_LD_LINK_H

#include "options.h"

/* Returns 0; -1 after a message, then no output has been written. */
int link_program(const struct options *options);

#endif
