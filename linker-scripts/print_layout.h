/* hcc-ld --print-layout. */
#ifndef HCC_LD_PRINT_LAYOUT_H
#define HCC_LD_PRINT_LAYOUT_H

#include "options.h"

/* Show the shared symbols of a program's executables side by side on stdout.
 * Returns 0; -1 after a message. */
int print_layout(const struct options *options);

#endif
