/* What hcc-ld says, and memory that cannot fail. Only diag.c prints messages. */
#ifndef HCC_LD_DIAG_H
#define HCC_LD_DIAG_H

#include <stddef.h>
#include <stdint.h>

/* The user's input is wrong: one line on stderr, whatever names it has. Returns -1, to be
 * handed on. */
int hcc_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An invariant of our own does not hold: says so and aborts. */
#define hcc_bug(...) hcc_bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void hcc_bug_at(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Never NULL: out of memory ends the program. hcc_grow keeps *capacity >= n (in elements). */
void *hcc_alloc(size_t bytes); /* zeroed */
void *hcc_grow(void *array, size_t *capacity, size_t n, size_t element_bytes);
char *hcc_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
