/* @file: words of files among the arguments. */
#include "response.h"

#include "diag.h"
#include "file.h"

#include <stdlib.h>
#include <string.h>

/* Take one word off text, as GNU's libiberty does: blanks separate, quotes and backslashes quote.
 * Returns where the next may begin, or NULL at the end. */
static const char *take_word(const char *text, char *word)
{
	char quote = 0;

	while (*text && strchr(" \t\n\r\f\v", *text))
		text++;
	if (!*text)
		return NULL;
	for (; *text && (quote || !strchr(" \t\n\r\f\v", *text)); text++) {
		if (*text == '\\' && text[1])
			*word++ = *++text;
		else if (quote && *text == quote)
			quote = 0;
		else if (!quote && (*text == '\'' || *text == '"'))
			quote = *text;
		else
			*word++ = *text;
	}
	*word = 0;
	return text;
}

/* Files that name each other several times could make a list without end. */
enum { MOST_DEPTH = 20, MOST_RESPONSE_FILES = 2000 };

static int add_arg(struct words *args, const char *arg, int depth, unsigned *n_files)
{
	const char *next;
	size_t n_bytes;
	void *bytes;
	char *text, *word;
	int status = 0;

	if (*arg != '@' || file_read(arg + 1, &bytes, &n_bytes)) {
		words_add(args, arg);
		return 0;
	}
	if (depth == MOST_DEPTH || ++*n_files > MOST_RESPONSE_FILES) {
		diag_error(depth == MOST_DEPTH ? "%s: response files are nested too deep"
			: "%s: too many response files", arg);
		free(bytes);
		return 2;
	}
	text = text_format("%.*s", (int)n_bytes, (char *)bytes);
	word = text_copy(text);
	for (next = text; !status && (next = take_word(next, word));)
		status = add_arg(args, word, depth + 1, n_files);
	free(word);
	free(text);
	free(bytes);
	return status;
}

int response_add(struct words *args, const char *arg, unsigned *n_files)
{
	return add_arg(args, arg, 0, n_files);
}
