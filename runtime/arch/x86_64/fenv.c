/* Floating-point environment of x86_64: MXCSR alone, as long double is software here. Values of the
 * neutral <fenv.h>: exceptions NX 1, UF 2, OF 4, DZ 8, NV 16; rounding RNE 0, RTZ 1, RDN 2, RUP 3
 * (RISC-V's). */
#include "fenv.h"

enum {
	CSR_INVALID = 1, CSR_DIVIDE = 4, CSR_OVERFLOW = 8, CSR_UNDERFLOW = 16, CSR_INEXACT = 32,
	CSR_EXCEPTIONS = 61, CSR_ROUNDING_SHIFT = 13,
};

static uint32_t get_csr(void)
{
	uint32_t csr;

	__asm__ volatile("stmxcsr %0" : "=m"(csr));
	return csr;
}

static void set_csr(uint32_t csr)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(csr));
}

uint32_t arch_fenv_exceptions(void)
{
	uint32_t csr = get_csr();

	return (csr & CSR_INEXACT ? FE_INEXACT : 0) | (csr & CSR_UNDERFLOW ? FE_UNDERFLOW : 0) |
	       (csr & CSR_OVERFLOW ? FE_OVERFLOW : 0) | (csr & CSR_DIVIDE ? FE_DIVBYZERO : 0) |
	       (csr & CSR_INVALID ? FE_INVALID : 0);
}

void arch_fenv_set_exceptions(uint32_t e)
{
	set_csr((get_csr() & ~(uint32_t)CSR_EXCEPTIONS) | (e & FE_INEXACT ? CSR_INEXACT : 0) |
		(e & FE_UNDERFLOW ? CSR_UNDERFLOW : 0) | (e & FE_OVERFLOW ? CSR_OVERFLOW : 0) |
		(e & FE_DIVBYZERO ? CSR_DIVIDE : 0) | (e & FE_INVALID ? CSR_INVALID : 0));
}

/* MXCSR.RC: nearest 0, down 1, up 2, zero 3. */
static const uint8_t to_neutral[4] = { 0, 2, 3, 1 };
static const uint8_t to_native[4] = { 0, 3, 1, 2 };

uint32_t arch_fenv_rounding(void)
{
	return to_neutral[get_csr() >> CSR_ROUNDING_SHIFT & 3];
}

void arch_fenv_set_rounding(uint32_t r)
{
	set_csr((get_csr() & ~(3U << CSR_ROUNDING_SHIFT)) |
		(uint32_t)to_native[r & 3] << CSR_ROUNDING_SHIFT);
}
