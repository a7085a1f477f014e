/* The ISAs that hcc-verify can read. */
#include "isa.h"

#include "isa_private.h"

const struct isa *const isas[] = { &isa_x86_64, &isa_aarch64 };
const unsigned n_isas = sizeof isas / sizeof *isas;

const struct isa *isa_by_machine(uint16_t elf_machine)
{
	for (unsigned i = 0; i < n_isas; i++)
		if (isas[i]->elf_machine == elf_machine)
			return isas[i];
	return NULL;
}
