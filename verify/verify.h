/* The checks. Each adds findings to a report and changes nothing else. */
#ifndef HCC_VERIFY_VERIFY_H
#define HCC_VERIFY_VERIFY_H

#include "calls.h"
#include "code.h"
#include "image.h"
#include "report.h"

/* ---- one decoded function -------------------------------------------------------------------- */

/* The records at the function's calls: of its own sites, and their locations of what a callee
 * leaves as it is. */
void verify_records(struct report *report, const struct image *image, const struct code *code);

/* A clone's entry: each site's number leads to a call with that site's record, and each value of
 * the record is what was loaded from the value's slot. Nothing for other functions. */
void verify_resume(struct report *report, const struct image *image, const struct code *code);

/* What the runtime will make jumps are polls, and lead to recorded calls of __hcc_poll. */
void verify_polls(struct report *report, const struct image *image, const struct code *code);

/* No address of the native frame gets into memory or is passed to another function. (To return one
 * is undefined in C, and which functions return anything the code does not say.) */
void verify_native_frame(struct report *report, const struct image *image, const struct code *code);

/* Whether unwinding is right: at each return address of the table, where the CFA, the return address
 * and the callee-saved registers are by the instructions, by .eh_frame and by the table; and whether
 * the function gives back its caller's registers and stack where it returns.
 *   unwinder  of the image; used by one thread */
struct unwinder;
struct unwinder *unwind_new(const struct image *image);
void unwind_free(struct unwinder *unwinder);
void verify_unwind(struct report *report, struct unwinder *unwinder, const struct code *code);

/* ---- an executable, its calls known ---------------------------------------------------------- */

/* Every poll is of a function. */
void verify_stray_polls(struct report *report, const struct image *image);

/* Every site has a record, every record a call before it. */
void verify_sites(struct report *report, const struct calls *calls);

/* Every call of a movable function that can reach a migration point has a record. Counts the functions
 * that decline: those without records that can be on the stack at a migration point.
 *   no_reach  names of libc's functions that are declared not to reach one, sorted; n of them */
void verify_reach(struct report *report, const struct calls *calls, char *const *no_reach,
		  size_t n_no_reach);

/* ---- two executables of one program ---------------------------------------------------------- */

/* The tables say the same of functions and sites, and sites are calls of the same function. */
void verify_tables_agree(struct report *report, const struct calls *first,
			 const struct calls *other);

/* Shared symbols and sections have one address; shared data has the same bytes. */
void verify_symbols_agree(struct report *report, const struct image *first,
			  const struct image *other);
void verify_data_agree(struct report *report, const struct image *first,
		       const struct image *other);

#endif
