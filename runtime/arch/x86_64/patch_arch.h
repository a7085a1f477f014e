/* A poll: `test $imm32, %eax`, whose operand is that of the jmp which it becomes. One byte changes, so
 * a thread that runs there meets the one or the other; a thread that has seen the pages change has been
 * interrupted, which serialises it. */
#ifndef HCC_PATCH_ARCH_H
#define HCC_PATCH_ARCH_H

#include <stdint.h>

#define ARCH_PATCH_BYTES 1 /* at most 4 */

enum { ARCH_TEST_EAX = 0xa9, ARCH_JMP = 0xe9 };

/* Change the site, whose bytes are at `copy`; what is no poll (a breakpoint) is left alone. */
static inline void arch_patch(char *copy, uint64_t site_va, uint64_t cold_va, int jumps)
{
	unsigned char *at = (unsigned char *)copy;

	(void)site_va;
	(void)cold_va;
	if (*at == (jumps ? ARCH_TEST_EAX : ARCH_JMP))
		*at = jumps ? ARCH_JMP : ARCH_TEST_EAX;
}

/* Code has been written there, or is seen there for the first time. */
static inline void arch_sync_code(const char *start, uint64_t bytes)
{
	(void)start;
	(void)bytes;
}

#endif
