/* What the kernels share. Each takes the number of its rounds as argument, or has a default that runs for
 * some tenths of a second, and prints one line that depends on all it has computed; then, where
 * KERNEL_SECONDS is set, the processor seconds that it took, to standard error. They are of the kinds that the NAS Parallel Benchmarks have (Bailey et al., RNR-91-002), written anew and small. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* xorshift64*, Vigna 2016. */
static inline uint64_t random_bits(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1du;
}

/* In [0, 1). */
static inline double random_real(uint64_t *state)
{
	return (double)(random_bits(state) >> 11) * 0x1p-53;
}

static inline void print_seconds(void)
{
	fprintf(stderr, "%.4f\n", (double)clock() / CLOCKS_PER_SEC);
}

static inline int rounds(int argc, char **argv, int usual)
{
	if (getenv("KERNEL_SECONDS"))
		atexit(print_seconds);
	return argc > 1 ? atoi(argv[1]) : usual;
}

#endif
