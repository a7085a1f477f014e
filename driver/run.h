/* Carry out a plan, or show it. */
#ifndef HCC_RUN_H
#define HCC_RUN_H

#include "plan.h"

#include <stdbool.h>

/* A new folder for temporary files, under TMPDIR or /tmp; caller frees the name. NULL when the
 * message has been printed. run_clean removes it; so does a signal that ends us in run_plan. */
char *run_make_scratch(void);

/* The name that stands for it in a plan that is only shown; caller frees. */
char *run_scratch_template(void);
void run_clean(const char *scratch);

/* Print the commands on stderr. */
void run_show(struct plan *plan);

/* Run the steps in order. When one fails, what is left of its unit is passed over, and so is what
 * needs all units. Returns 0 or the exit status of the first that failed. */
int run_plan(struct plan *plan, bool verbose, const char *scratch);

#endif
