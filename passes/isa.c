/* The table of ISAs. */
#include "isa.h"

#include "../runtime/hcc_format.h"

#include <stddef.h>
#include <string.h>

/* Code generation may copy it, so its labels are local ones. Of struct hcc_poll (hcc_format.h). */
#define POLL_ENTRY \
	"\n\t.pushsection " HCC_POLLS_SECTION ",\"a\",@progbits\n\t.long 77b - ., ${0:l} - .\n\t.popsection"

static const struct hcc_isa isas[] = {
	/* test $imm32, %eax, which is a jmp with the first byte changed: the only such pair of 5 bytes
	 * that leaves all but the flags alone. */
	{ "x86_64", "x86_64-unknown-linux-musl", "x86-64", "",
		"77:\t.byte 0xa9\n\t.long ${0:l} - . - 4" POLL_ENTRY,
		"!i,~{dirflag},~{fpsr},~{flags}", NULL },
	/* Where a block with the saving of registers is copied, what .eh_frame says behind the second is wrong
	 * (CFIFixup, LLVM 19). */
	{ "aarch64", "aarch64-unknown-linux-musl", "generic", "+neon,-outline-atomics",
		"77:\tnop" POLL_ENTRY, "!i",
		"-tail-dup-placement=0" },
};

const struct hcc_isa *hcc_isa_find(const char *name)
{
	for (size_t i = 0; i < sizeof isas / sizeof *isas; i++)
		if (!strcmp(isas[i].name, name))
			return &isas[i];
	return NULL;
}
