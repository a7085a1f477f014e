/* Findings, one line each, and counts for the summary. One report belongs to one thread. */
#ifndef HCC_VERIFY_REPORT_H
#define HCC_VERIFY_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "image.h"

/* COUNT(name, text): what the summary says is there. */
#define VERIFY_COUNTS(COUNT) \
	COUNT(functions, "functions") \
	COUNT(recorded, "functions with records") \
	COUNT(instructions, "instructions") \
	COUNT(calls, "calls") \
	COUNT(sites, "call sites") \
	COUNT(records, "records") \
	COUNT(polls, "patched polls") \
	COUNT(locations, "locations") \
	COUNT(cases, "cases of clones") \
	COUNT(unwinds, "return addresses unwound") \
	COUNT(declining, "functions that decline")

enum report_count {
#define COUNT(name, text) COUNT_##name,
	VERIFY_COUNTS(COUNT)
#undef COUNT
	N_COUNTS
};

struct finding {
	uint64_t va;       /* to sort by */
	char *text;
};

struct report {
	struct finding *findings;
	size_t n_findings, capacity;
	uint64_t counts[N_COUNTS];
	char **declining; /* "f: calls 'g' -> ..." */
	size_t n_declining, declining_capacity;
};

/* Add a finding about the code or data at an address:
 *
 *     app.aarch64: function 'f' at 0x10c0130 (f.c:12): <text>
 *
 * function may be NULL, va 0; the line is that of va, where known. */
void report_finding(struct report *report, const struct image *image,
		    const struct function *function, uint64_t va, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

void report_count(struct report *report, enum report_count what, uint64_t n);

/* A function whose frames decline migration, and why: the call that can reach a migration point. */
void report_declining(struct report *report, const char *name, const char *why);

/* Print findings in order of address, each once, a hundred at most; returns how many there are. */
size_t report_print(struct report *report);

/* Print the counts, and who declines. */
void report_summary(const struct report *report, const struct image *image);

void report_free(struct report *report);

#endif
