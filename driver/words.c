/* Lists of strings. */
#include "words.h"

#include "diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *array_grow(void *array, size_t *capacity, size_t n, size_t element_bytes)
{
	size_t grown = *capacity;

	while (grown <= n)
		grown = grown ? grown * 2 : 8;
	if (grown == *capacity)
		return array;
	array = reallocarray(array, grown, element_bytes);
	if (!array)
		diag_bug("out of memory");
	memset((char *)array + *capacity * element_bytes, 0, (grown - *capacity) * element_bytes);
	*capacity = grown;
	return array;
}

static void add_owned(struct words *words, char *word)
{
	words->word = array_grow(words->word, &words->capacity, words->n_words + 1, sizeof(char *));
	words->word[words->n_words++] = word;
	words->word[words->n_words] = NULL;
}

void words_add(struct words *words, const char *word)
{
	add_owned(words, text_copy(word));
}

static char *format_text(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		diag_bug("out of memory");
	return text;
}

void words_addf(struct words *words, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_owned(words, format_text(format, args));
	va_end(args);
}

void words_add_all(struct words *words, const struct words *more)
{
	for (size_t i = 0; i < more->n_words; i++)
		words_add(words, more->word[i]);
}

char *const *words_argv(struct words *words)
{
	words->word = array_grow(words->word, &words->capacity, words->n_words, sizeof(char *));
	words->word[words->n_words] = NULL;
	return words->word;
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->n_words; i++)
		free(words->word[i]);
	free(words->word);
	*words = (struct words){0};
}

char *text_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = format_text(format, args);
	va_end(args);
	return text;
}

char *text_copy(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		diag_bug("out of memory");
	return copy;
}

const char *text_after(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) ? NULL : text + n;
}

bool text_ends(const char *text, const char *suffix)
{
	size_t n = strlen(text), m = strlen(suffix);

	return n >= m && !strcmp(text + n - m, suffix);
}
