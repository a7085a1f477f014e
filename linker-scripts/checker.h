#ifndef HCC_LD_CHECKER_H
#define HCC_LD_CHECKER_H

#include "options.h"
#include "temps.h"

/* Have options->verify (hcc-verify) read the pending outputs; it says on stderr what it finds.
 *   symbols  executables of the same code with symbols, for outputs that are stripped; or NULL
 *   returns  0; -1 when there are findings, or it cannot be run */
int check_outputs(const struct temps *temps, const struct options *options, char *const *symbols);

#endif
