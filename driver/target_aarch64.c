/* aarch64: ELF for the Arm 64-bit Architecture, little-endian only. */
#include "target.h"

#include <elf.h>

const struct hcc_isa hcc_isa_aarch64 = {
	.name = "aarch64",
	.id = HCC_ISA_AARCH64,
	.elf_machine = EM_AARCH64,
	.triple = "aarch64-linux-musl",
};
