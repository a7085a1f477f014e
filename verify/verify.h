/* The checks. Each adds findings to a report and changes nothing else. */
#ifndef HCC_VERIFY_VERIFY_H
#define HCC_VERIFY_VERIFY_H

#include "code.h"
#include "image.h"
#include "report.h"

/* The unwind facts of a function's return addresses follow from its code, and .eh_frame and the table
 * say the same. Called once for each decoded function. */
void verify_unwind(struct report *report, const struct image *image, const struct code *code);

#endif
