/* Floating-point environment of aarch64: FPSR's cumulative exceptions, FPCR's rounding mode. Values
 * of the neutral <fenv.h>: exceptions NX 1, UF 2, OF 4, DZ 8, NV 16; rounding RNE 0, RTZ 1, RDN 2,
 * RUP 3 (RISC-V's). */
#include "fenv.h"

enum {
	FPSR_INVALID = 1, FPSR_DIVIDE = 2, FPSR_OVERFLOW = 4, FPSR_UNDERFLOW = 8,
	FPSR_INEXACT = 16, FPSR_EXCEPTIONS = 31, FPCR_ROUNDING_SHIFT = 22,
};

static uint64_t get_fpsr(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, fpsr" : "=r"(value));
	return value;
}

static uint64_t get_fpcr(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, fpcr" : "=r"(value));
	return value;
}

uint32_t arch_fenv_exceptions(void)
{
	uint64_t s = get_fpsr();

	return (s & FPSR_INEXACT ? FE_INEXACT : 0) | (s & FPSR_UNDERFLOW ? FE_UNDERFLOW : 0) |
	       (s & FPSR_OVERFLOW ? FE_OVERFLOW : 0) | (s & FPSR_DIVIDE ? FE_DIVBYZERO : 0) |
	       (s & FPSR_INVALID ? FE_INVALID : 0);
}

void arch_fenv_set_exceptions(uint32_t e)
{
	uint64_t value = (get_fpsr() & ~(uint64_t)FPSR_EXCEPTIONS) |
		(e & FE_INEXACT ? FPSR_INEXACT : 0) | (e & FE_UNDERFLOW ? FPSR_UNDERFLOW : 0) |
		(e & FE_OVERFLOW ? FPSR_OVERFLOW : 0) | (e & FE_DIVBYZERO ? FPSR_DIVIDE : 0) |
		(e & FE_INVALID ? FPSR_INVALID : 0);

	__asm__ volatile("msr fpsr, %0" : : "r"(value) : "memory");
}

/* FPCR.RMode: nearest 0, up 1, down 2, zero 3. */
static const uint8_t to_neutral[4] = { 0, 3, 2, 1 };
static const uint8_t to_native[4] = { 0, 3, 2, 1 };

uint32_t arch_fenv_rounding(void)
{
	return to_neutral[get_fpcr() >> FPCR_ROUNDING_SHIFT & 3];
}

void arch_fenv_set_rounding(uint32_t r)
{
	uint64_t value = (get_fpcr() & ~(3ULL << FPCR_ROUNDING_SHIFT)) |
		(uint64_t)to_native[r & 3] << FPCR_ROUNDING_SHIFT;

	__asm__ volatile("msr fpcr, %0" : : "r"(value) : "memory");
}
