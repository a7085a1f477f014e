/* The ISAs by name and number. */
#include "migrate.h"

#include <elf.h>
#include <string.h>

static const struct isa isas[] = {
	{"x86_64", HCC_ISA_X86_64, EM_X86_64},
	{"aarch64", HCC_ISA_AARCH64, EM_AARCH64},
};

#define N_ISAS (sizeof isas / sizeof *isas)

const struct isa *isa_by_name(const char *name)
{
	for (size_t i = 0; i < N_ISAS; i++)
		if (!strcmp(isas[i].name, name))
			return &isas[i];
	return NULL;
}

const struct isa *isa_by_id(uint32_t id)
{
	for (size_t i = 0; i < N_ISAS; i++)
		if (isas[i].id == id)
			return &isas[i];
	return NULL;
}

const char *isa_names(void)
{
	static char names[64];

	names[0] = 0;
	for (size_t i = 0; i < N_ISAS; i++) {
		if (i)
			strcat(names, i + 1 == N_ISAS ? " or " : ", ");
		strcat(names, isas[i].name);
	}
	return names;
}
