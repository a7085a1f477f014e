/* Floating-point environment of x86_64: MXCSR. Nothing computes on the x87, but compiler-rt's quad long
 * double takes the rounding mode from its control word and raises "inexact" in its status
 * (builtins/i386/fp_mode.c), so both are kept in step. Values of the neutral <fenv.h>:
 * exceptions NX 1, UF 2, OF 4, DZ 8, NV 16; rounding RNE 0, RTZ 1, RDN 2, RUP 3 (RISC-V's). */
#include "fenv.h"

enum {
	CSR_INVALID = 1, CSR_DIVIDE = 4, CSR_OVERFLOW = 8, CSR_UNDERFLOW = 16, CSR_INEXACT = 32,
	CSR_EXCEPTIONS = 61, CSR_ROUNDING_SHIFT = 13, X87_ROUNDING_SHIFT = 10,
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

/* The x87's status word has the exceptions where MXCSR has them. */
static uint16_t get_x87_status(void)
{
	uint16_t status;

	__asm__ volatile("fnstsw %0" : "=a"(status));
	return status;
}

uint32_t arch_fenv_exceptions(void)
{
	uint32_t csr = get_csr() | get_x87_status();

	return (csr & CSR_INEXACT ? FE_INEXACT : 0) | (csr & CSR_UNDERFLOW ? FE_UNDERFLOW : 0) |
	       (csr & CSR_OVERFLOW ? FE_OVERFLOW : 0) | (csr & CSR_DIVIDE ? FE_DIVBYZERO : 0) |
	       (csr & CSR_INVALID ? FE_INVALID : 0);
}

void arch_fenv_set_exceptions(uint32_t e)
{
	if (get_x87_status() & CSR_EXCEPTIONS)
		__asm__ volatile("fnclex");
	set_csr((get_csr() & ~(uint32_t)CSR_EXCEPTIONS) | (e & FE_INEXACT ? CSR_INEXACT : 0) |
		(e & FE_UNDERFLOW ? CSR_UNDERFLOW : 0) | (e & FE_OVERFLOW ? CSR_OVERFLOW : 0) |
		(e & FE_DIVBYZERO ? CSR_DIVIDE : 0) | (e & FE_INVALID ? CSR_INVALID : 0));
}

/* MXCSR.RC, and RC of the x87's control word: nearest 0, down 1, up 2, zero 3. */
static const uint8_t to_neutral[4] = { 0, 2, 3, 1 };
static const uint8_t to_native[4] = { 0, 3, 1, 2 };

uint32_t arch_fenv_rounding(void)
{
	return to_neutral[get_csr() >> CSR_ROUNDING_SHIFT & 3];
}

void arch_fenv_set_rounding(uint32_t r)
{
	uint32_t native = to_native[r & 3];
	uint16_t control;

	__asm__ volatile("fnstcw %0" : "=m"(control));
	control = (uint16_t)((control & ~(3U << X87_ROUNDING_SHIFT)) | native << X87_ROUNDING_SHIFT);
	__asm__ volatile("fldcw %0" : : "m"(control));
	set_csr((get_csr() & ~(3U << CSR_ROUNDING_SHIFT)) | native << CSR_ROUNDING_SHIFT);
}
