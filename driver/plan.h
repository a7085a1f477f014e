/* What will be done, as a list of steps, before any of it is. */
#ifndef HCC_PLAN_H
#define HCC_PLAN_H

#include "fat.h"
#include "options.h"
#include "words.h"

enum step_kind {
	STEP_SPAWN, /* run argv */
	STEP_JOIN,  /* join parts into output; argv is the hcc-fat that would */
	STEP_COPY,  /* copy parts[0] to output; argv is the cp that would */
};

enum { STEP_FINAL = -1 };

struct step {
	enum step_kind kind;
	struct words argv;
	const char *argv0;      /* when not argv[0]: in whose name the program speaks */
	char *input;            /* file for its standard input, or NULL: ours */
	char *failure;          /* what is said last when it fails, or NULL */
	struct fat_part parts[HCC_MAX_ISAS];
	size_t n_parts;
	char *output;
	int unit;               /* which input it is of; STEP_FINAL: of all, when all went well */
};

struct plan {
	struct step *steps;
	size_t n_steps;
	size_t capacity;
};

/* Make the plan for what options ask.
 *   root     where bin/, libexec/ and lib/ of this hcc are
 *   scratch  folder for temporary files; for -### it need not be there
 * Reads the sources, for the object's name of them (--tu-id). Standard input that is to be compiled
 * is kept in scratch. Returns 0, or 1 when the message has been printed; plan_free in any case. */
int plan_make(struct plan *plan, const struct options *options, const char *root,
	const char *scratch);
void plan_free(struct plan *plan);

#endif
