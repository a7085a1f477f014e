/* A poll: `nop`, which becomes `b`: two of the instructions that may be changed into each other while
 * another thread runs them (Arm ARM DDI 0487, B2.2.5). */
#ifndef HCC_PATCH_ARCH_H
#define HCC_PATCH_ARCH_H

#include <stdint.h>

#define ARCH_PATCH_BYTES 4 /* at most 4 */

#define ARCH_NOP 0xd503201fu
#define ARCH_B 0x14000000u
#define ARCH_B_MASK 0xfc000000u
#define ARCH_B_REACH (1 << 27)

/* Change the site, whose bytes are at `copy`; what is no poll (a breakpoint) is left alone. */
static inline void arch_patch(char *copy, uint64_t site_va, uint64_t cold_va, int jumps)
{
	int64_t off = (int64_t)(cold_va - site_va);
	uint32_t *at = (uint32_t *)copy;

	if (off < -ARCH_B_REACH || off >= ARCH_B_REACH)
		return;
	if (jumps ? *at == ARCH_NOP : (*at & ARCH_B_MASK) == ARCH_B)
		*at = jumps ? ARCH_B | ((uint32_t)(off / 4) & ~ARCH_B_MASK) : ARCH_NOP;
}

/* Code has been written there, or is seen there for the first time: Arm ARM B2.4.4. */
static inline void arch_sync_code(const char *start, uint64_t bytes)
{
	uint64_t type, line, va;

	__asm__("mrs %0, ctr_el0" : "=r"(type));
	line = 4u << (type >> 16 & 15);
	for (va = (uint64_t)start & -line; va < (uint64_t)start + bytes; va += line)
		__asm__ volatile("dc cvau, %0" : : "r"(va) : "memory");
	__asm__ volatile("dsb ish" : : : "memory");
	line = 4u << (type & 15);
	for (va = (uint64_t)start & -line; va < (uint64_t)start + bytes; va += line)
		__asm__ volatile("ic ivau, %0" : : "r"(va) : "memory");
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

#endif
