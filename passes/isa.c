/* The table of ISAs. */
#include "isa.h"

#include <stddef.h>
#include <string.h>

static const struct hcc_isa isas[] = {
	{ "x86_64", "x86_64-unknown-linux-musl", "x86-64", "" },
	{ "aarch64", "aarch64-unknown-linux-musl", "generic", "+neon,-outline-atomics" },
};

const struct hcc_isa *hcc_isa_find(const char *name)
{
	for (size_t i = 0; i < sizeof isas / sizeof *isas; i++)
		if (!strcmp(isas[i].name, name))
			return &isas[i];
	return NULL;
}
