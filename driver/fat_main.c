/* hcc-fat x86_64:a.o aarch64:b.o -o c.o: join native objects into a fat one, for code that is
 * compiled for each ISA by itself (the runtime). The host's object goes outermost. */
#include "config.h"
#include "diag.h"
#include "fat.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

static int usage(void)
{
	diag_error("usage: hcc-fat ISA:OBJECT... -o OUTPUT");
	return 2;
}

static int add_part(struct fat_part *parts, size_t *n_parts, char *arg)
{
	char *colon = strchr(arg, ':');
	const struct hcc_isa *isa = colon ? hcc_isa_find(arg, (size_t)(colon - arg)) : NULL;

	if (!isa) {
		diag_error("%s: expected ISA:OBJECT with an ISA of " HCC_DEFAULT_TARGETS, arg);
		return 2;
	}
	for (size_t i = 0; i < *n_parts; i++) {
		if (parts[i].isa == isa) {
			diag_error("%s: a second object for %s", arg, isa->name);
			return 2;
		}
	}
	parts[*n_parts] = (struct fat_part){isa, colon + 1};
	if (!strcmp(isa->name, HCC_HOST_ISA)) {
		struct fat_part host = parts[*n_parts];

		memmove(parts + 1, parts, *n_parts * sizeof *parts);
		parts[0] = host;
	}
	++*n_parts;
	return 0;
}

int main(int argc, char **argv)
{
	struct fat_part parts[HCC_MAX_ISAS];
	size_t n_parts = 0;
	const char *output = NULL;

	diag_program = "hcc-fat";
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-o")) {
			if (++i == argc || output)
				return usage();
			output = argv[i];
		} else if (add_part(parts, &n_parts, argv[i])) {
			return 2;
		}
	}
	if (!n_parts || !output)
		return usage();
	return fat_join(parts, n_parts, output) ? 1 : 0;
}
