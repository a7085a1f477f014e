/* The checks. Each adds findings to a report and changes nothing else. */
#ifndef HCC_VERIFY_VERIFY_H
#define HCC_VERIFY_VERIFY_H

#include "code.h"
#include "image.h"
#include "report.h"

/* Whether unwinding is right: at each return address of the table, where the CFA, the return address
 * and the callee-saved registers are by the instructions, by .eh_frame and by the table; and whether
 * the function gives back its caller's registers and stack where it returns.
 *   unwinder  of the image; used by one thread */
struct unwinder;
struct unwinder *unwind_new(const struct image *image);
void unwind_free(struct unwinder *unwinder);
void verify_unwind(struct report *report, struct unwinder *unwinder, const struct code *code);

#endif
