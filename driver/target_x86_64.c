/* x86_64: System V ABI, AMD64 supplement. */
#include "target.h"

#include <elf.h>

const struct hcc_isa hcc_isa_x86_64 = {
	.name = "x86_64",
	.id = HCC_ISA_X86_64,
	.elf_machine = EM_X86_64,
	.triple = "x86_64-linux-musl",
};
