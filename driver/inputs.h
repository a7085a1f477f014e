/* Files and words of the link, on the command line. */
#ifndef HCC_INPUTS_H
#define HCC_INPUTS_H

#include "options.h"

/* Add to the inputs; the text is made of a format with one %s. */
void input_add(struct options *options, enum kind kind, const char *format, const char *text);

/* Add a file, by the language of -x (NULL: by its suffix). Returns 0; 1 after a message. */
int input_add_file(struct options *options, const char *path, const char *language);

/* What -x says: *language is to be handed to input_add_file, NULL after "none". Returns 0; 2 after
 * a message. */
int input_language(const char *name, const char **language);

/* Whether the inputs are there and go with the rest. Returns 0; 1 or 2 after a message. */
int inputs_check(const struct options *options);

#endif
