/* Response files. */
#ifndef HCC_RESPONSE_H
#define HCC_RESPONSE_H

#include "words.h"

/* Add an argument to args, or, for @file, the words in that file, as gcc does: one that cannot be
 * read is an argument like others. Returns 0; 2 after a message.
 *   n_files  in and out: how many files have been read for this command line */
int response_add(struct words *args, const char *arg, unsigned *n_files);

#endif
