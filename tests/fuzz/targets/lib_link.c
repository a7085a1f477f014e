#include "lib_link.h"

void link_options(struct options *options)
{
	*options = (struct options){.output = "app", .entry = "_start", .n_isas = 2};
	options->isas[0] = hcc_isa_by_name("x86_64", 6);
	options->isas[1] = hcc_isa_by_name("aarch64", 7);
}
