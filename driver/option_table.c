/* Which option of options.def an argument is. */
#include "option_table.h"

#include "config.h"
#include "words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct option table[] = {
#define OPTION(name, form, action, value) {name, form, ACTION_##action, value},
#include "options.def"
#undef OPTION
};

static bool fits(const struct option *option, const char *arg)
{
	const char *rest = text_after(arg, option->name);

	if (!rest)
		return false;
	switch (option->form) {
	case EXACT:
	case SEPARATE:
		return !*rest;
	case JOINED:
		return *rest;
	case EITHER:
		return true;
	}
	return false;
}

const struct option *option_find(const char *arg)
{
	const struct option *best = NULL;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (fits(&table[i], arg) && (!best || strlen(table[i].name) > strlen(best->name)))
			best = &table[i];
	/* gcc's long queries may have two dashes. */
	if (!best && (text_after(arg, "--print-") || text_after(arg, "--dump")))
		return option_find(arg + 1);
	return best;
}
