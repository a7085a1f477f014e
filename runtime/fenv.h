/* Floating-point environment: what arch/<isa>/fenv.c gives to fenv.c, and the neutral constants. */
#ifndef HCC_FENV_H
#define HCC_FENV_H

#include <stdint.h>

enum {
	FE_INEXACT = 1, FE_UNDERFLOW = 2, FE_OVERFLOW = 4, FE_DIVBYZERO = 8, FE_INVALID = 16,
	FE_ALL_EXCEPT = 31,
};

uint32_t arch_fenv_exceptions(void);
void arch_fenv_set_exceptions(uint32_t exceptions);
uint32_t arch_fenv_rounding(void);
void arch_fenv_set_rounding(uint32_t rounding);

/* The running thread's state as one neutral word (fenv_t): exceptions in bits 0 to 4, rounding in
 * bits 5 to 7. It travels with a thread: native control registers do not. */
uint32_t hcc_fenv_get(void);
void hcc_fenv_set(uint32_t state);

#endif
