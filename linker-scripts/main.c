/* hcc-ld: links one program for all ISAs, so that what they share has one address. */
#include <libelf.h>

#include "diag.h"
#include "link.h"
#include "options.h"
#include "print_layout.h"

int main(int argc, char **argv)
{
	struct options options;

	if (elf_version(EV_CURRENT) == EV_NONE)
		hcc_bug("libelf is older than its header");
	if (options_parse(&options, argc, argv) < 0)
		return 2;
	return (options.print_layout ? print_layout(&options) : link_program(&options)) < 0;
}
