/* Questions to a compiler. */
#ifndef HCC_ANSWERS_H
#define HCC_ANSWERS_H

#include "config.h"
#include "option_table.h"
#include "target.h"

/* What build systems look for: nginx and Meson take a compiler for clang by these words, and then
 * give it clang's options; its number is that of the front end. */
#define VERSION_LINE "clang version " HCC_CLANG_VERSION " (hcc " HCC_VERSION ")"

/* Print the answer to a question.
 *   value    what follows the option's name, or ""
 *   root     where our tree is */
void answer(const struct option *option, const char *value, const char *root,
	const struct targets *targets);

#endif
