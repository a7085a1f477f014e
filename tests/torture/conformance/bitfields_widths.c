/* C11 6.7.2.1p4-p12: bit-fields of every width, signed and unsigned, of int, long and short. */
#include "lib_conformance.h"

#define FIELD(T, n) \
	{ \
		struct { unsigned T before : 1; signed T s : n; unsigned T u : n; signed T after : 2; } f = {0}; \
		for (int i = 0; i < 4; i++) { \
			f.s = (signed T)(seed >> i), f.u = (unsigned T)(seed >> (i + 1)); \
			f.before = VIA(i), f.after = i; \
			f.s += 1, f.u -= 2; \
			tick(); \
			h = h * 31 + (unsigned long)f.s * 7 + f.u * 5 + f.before * 3 + (unsigned long)f.after; \
			seed = seed * 6364136223846793005u + 1442695040888963407u; \
		} \
		printf(#T " %d: %lx %ld %lu %zu\n", n, h, (long)f.s, (unsigned long)f.u, sizeof f); \
	}

static unsigned long seed = 0x9e3779b97f4a7c15, h;

static NOINLINE void chars_and_shorts(void)
{
	FIELD(char, 1) FIELD(char, 2) FIELD(char, 3) FIELD(char, 4) FIELD(char, 5) FIELD(char, 6) FIELD(char, 7)
	FIELD(char, 8) FIELD(short, 1) FIELD(short, 5) FIELD(short, 9) FIELD(short, 11) FIELD(short, 13)
	FIELD(short, 15) FIELD(short, 16)
}

static NOINLINE void ints(void)
{
	FIELD(int, 1) FIELD(int, 2) FIELD(int, 3) FIELD(int, 6) FIELD(int, 7) FIELD(int, 8) FIELD(int, 9)
	FIELD(int, 10) FIELD(int, 12) FIELD(int, 14) FIELD(int, 15) FIELD(int, 16) FIELD(int, 17) FIELD(int, 18)
	FIELD(int, 20) FIELD(int, 21) FIELD(int, 22) FIELD(int, 23) FIELD(int, 24) FIELD(int, 25) FIELD(int, 26)
	FIELD(int, 27) FIELD(int, 28) FIELD(int, 29) FIELD(int, 30) FIELD(int, 31) FIELD(int, 32)
}

static NOINLINE void longs(void)
{
	FIELD(long, 1) FIELD(long, 7) FIELD(long, 19) FIELD(long, 31) FIELD(long, 32) FIELD(long, 33)
	FIELD(long, 34) FIELD(long, 37) FIELD(long, 39) FIELD(long, 40) FIELD(long, 41) FIELD(long, 45)
	FIELD(long, 47) FIELD(long, 48) FIELD(long, 49) FIELD(long, 53) FIELD(long, 55) FIELD(long, 56)
	FIELD(long, 57) FIELD(long, 59) FIELD(long, 60) FIELD(long, 61) FIELD(long, 62) FIELD(long, 63)
	FIELD(long, 64)
}

int main(void)
{
	chars_and_shorts();
	ints();
	longs();
	return 0;
}
