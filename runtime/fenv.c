/* <fenv.h>'s functions that touch the machine; the others are libc's own C. The program may take
 * their addresses, so each has a section that the link gives one address on every ISA. */
#include "fenv.h"

#define SHARED(name) __attribute__((section(".text.hcc." #name), aligned(16)))
#define ROUNDING_SHIFT 5
#define DEFAULT_ENVIRONMENT ((const uint32_t *)-1)

int feclearexcept(int mask);
int feraiseexcept(int mask);
int fetestexcept(int mask);
int fegetround(void);
int __fesetround(int rounding);
int fegetenv(uint32_t *environment);
int fesetenv(const uint32_t *environment);

uint32_t hcc_fenv_get(void)
{
	return arch_fenv_exceptions() | arch_fenv_rounding() << ROUNDING_SHIFT;
}

void hcc_fenv_set(uint32_t state)
{
	arch_fenv_set_exceptions(state & FE_ALL_EXCEPT);
	arch_fenv_set_rounding(state >> ROUNDING_SHIFT & 3);
}

SHARED(feclearexcept) int feclearexcept(int mask)
{
	arch_fenv_set_exceptions(arch_fenv_exceptions() & ~(uint32_t)mask);
	return 0;
}

SHARED(feraiseexcept) int feraiseexcept(int mask)
{
	arch_fenv_set_exceptions(arch_fenv_exceptions() | ((uint32_t)mask & FE_ALL_EXCEPT));
	return 0;
}

SHARED(fetestexcept) int fetestexcept(int mask)
{
	return (int)(arch_fenv_exceptions() & (uint32_t)mask);
}

SHARED(fegetround) int fegetround(void)
{
	return (int)arch_fenv_rounding();
}

SHARED(__fesetround) int __fesetround(int rounding)
{
	arch_fenv_set_rounding((uint32_t)rounding);
	return 0;
}

SHARED(fegetenv) int fegetenv(uint32_t *environment)
{
	*environment = hcc_fenv_get();
	return 0;
}

SHARED(fesetenv) int fesetenv(const uint32_t *environment)
{
	hcc_fenv_set(environment == DEFAULT_ENVIRONMENT ? 0 : *environment);
	return 0;
}
