/* The run-time header that csmith's programs include, in place of csmith's own, whose checked
 * arithmetic it takes (package libcsmith-dev). The checksum has no loops: all the polls of a program
 * are in what csmith wrote, and a value goes in whole. */
#ifndef TORTURE_CSMITH_H
#define TORTURE_CSMITH_H

#include <float.h>
#include <math.h>
#include <string.h>
#ifdef TORTURE_LIMIT_US
#include <sys/time.h>
#endif
#include "random_inc.h"

static uint32_t crc32_context = 0x9e3779b9u;

/* csmith believes that every compiler has this one of x86's. */
#define __builtin_ia32_crc32qi(crc, byte) (((crc) ^ (uint8_t)(byte)) * 0x82f63b78u + 1)

/* Called first. The native program ends itself after so much processor time: one in five never ends. */
static inline void crc32_gentab(void)
{
#ifdef TORTURE_LIMIT_US
	static const struct itimerval limit = {.it_value.tv_usec = TORTURE_LIMIT_US};

	setitimer(ITIMER_PROF, &limit, NULL);
#endif
}

static inline void transparent_crc(uint64_t value, const char *name, int is_shown)
{
	uint64_t mixed = (crc32_context ^ value) * 0xff51afd7ed558ccdu;

	mixed = (mixed ^ mixed >> 32) * 0xc4ceb9fe1a85ec53u;
	crc32_context = (uint32_t)(mixed ^ mixed >> 29);
	if (is_shown)
		printf("after %s: %X, which is %llX\n", name, crc32_context,
			(unsigned long long)value);
}

/* Of a float or a double. */
static inline void transparent_crc_bytes(const void *bytes, int n_bytes, const char *name,
	int is_shown)
{
	uint64_t value = 0;
	uint32_t half;

	switch (n_bytes) {
	case 4:
		memcpy(&half, bytes, 4);
		value = half;
		break;
	case 8:
		memcpy(&value, bytes, 8);
		break;
	default:
		assert(!"a float or a double");
	}
	transparent_crc(value, name, is_shown);
}

#endif
