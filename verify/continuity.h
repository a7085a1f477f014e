/* Values between calls: from one recorded call to the next, the values that nothing has changed. */
#ifndef HCC_VERIFY_CONTINUITY_H
#define HCC_VERIFY_CONTINUITY_H

#include "calls.h"
#include "code.h"
#include "report.h"

/* What was found on the ways from one site to the next ones, first in the original. */
struct passage;

struct passages {
	const struct image *image;
	struct passage **from;   /* by site_idx: a list */
	struct passage *scratch; /* of the call in hand */
};

void passages_init(struct passages *passages, const struct image *image);
void passages_free(struct passages *passages);

/* Follow the function's code from each recorded call to the next ones, and compare with what was
 * found at other calls of the same site: the original, its clone, the resumed call. A record that
 * names two values in each other's place is found by that, if the next record does not do so
 * alike. */
void verify_continuity(struct report *report, struct passages *passages, const struct code *code);

/* The same between ISAs. */
void verify_passages_agree(struct report *report, const struct passages *first,
			   const struct passages *other);

#endif
