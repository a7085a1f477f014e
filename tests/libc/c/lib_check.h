/* Tests check themselves: a failed CHECK prints its line; main returns check_failures(). */
#ifndef LIB_CHECK_H
#define LIB_CHECK_H

#include <stdio.h>
#include <string.h>

static int n_failures;

#define CHECK(condition) \
	((condition) ? (void)0 : \
		(void)(n_failures++, printf("%s:%d: %s\n", __FILE__, __LINE__, #condition)))

#define CHECK_STRING(got, expected) check_string(__FILE__, __LINE__, (got), (expected))
#define CHECK_LONG(got, expected) check_long(__FILE__, __LINE__, (long)(got), (long)(expected))

static inline void check_string(const char *file, int line, const char *got, const char *expected)
{
	if (strcmp(got, expected) == 0)
		return;
	n_failures++;
	printf("%s:%d: got '%s', expected '%s'\n", file, line, got, expected);
}

static inline void check_long(const char *file, int line, long got, long expected)
{
	if (got == expected)
		return;
	n_failures++;
	printf("%s:%d: got %ld, expected %ld\n", file, line, got, expected);
}

static inline int check_failures(void)
{
	return n_failures != 0;
}

#endif
