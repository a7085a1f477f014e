/* Lists of strings, and strings made by a format. Running out of memory is a bug (aborts): a driver
 * that cannot hold its own command line has nothing better to do. */
#ifndef HCC_WORDS_H
#define HCC_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* word[0..n_words) belong to the list; word[n_words] is NULL, so that it serves as an argv. All
 * zeros is an empty list, but for that NULL: words_argv() always has one. */
struct words {
	char **word;
	size_t n_words;
	size_t capacity;
};

void words_add(struct words *words, const char *word);
void words_addf(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
void words_add_all(struct words *words, const struct words *more);
char *const *words_argv(struct words *words);
void words_free(struct words *words);

/* Caller frees; never NULL. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_copy(const char *text);

/* The n-th element of an array that grows: realloc to hold n + 1, zeroed beyond the old end. */
void *array_grow(void *array, size_t *capacity, size_t n, size_t element_bytes);

/* What follows prefix in text, or NULL when text does not start with it. */
const char *text_after(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

#endif
