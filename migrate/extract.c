/* hcc-migrate extract: the executable of one ISA, out of one that carries it. */
#include "migrate.h"

#include <string.h>

int extract_command(const struct options *o, struct error *e)
{
	const struct isa *isa = isa_by_name(o->isa);
	struct image image;
	int result;

	if (!isa)
		return fail(e, "%s: unknown ISA, expected %s", o->isa, isa_names());
	if (image_open(&image, o->exe, e) <= 0)
		return -1;
	result = image_extract(&image, isa, o->dir, e);
	image_close(&image);
	return result > 0 ? 0 : -1;
}
