/* C11 6.3.1.4, F.4: conversions between floating types and integers, in range, of every pair. */
#include "lib_conformance.h"

#define SHOW_AS(T, x) printf(#T " of " #x " = %lld\n", (long long)(T)VIA(OPAQUE(x)))
#define INTO(F, x) printf(#F " of " #x " = %.17g\n", (double)(F)VIA(OPAQUE(x)))

int main(void)
{
	static const double edges[] = {0., -0., .5, -.5, .999999999, -0.999999999, 1.5, 2.5, -2.5, 127.9,
		-128.9, 2147483647.5, -2147483648.5, 4294967295.9};

	for (unsigned i = 0; i < sizeof edges / sizeof *edges; i++) {
		double x = edges[i];
		long l = (long)VIA(x);
		float f = (float)x;
		printf("%u: %ld %lld %lld\n", i, l, (long long)f, (long long)(__int128)VIA(x));
		if (x > -.9)
			printf("   %lu %llu\n", (unsigned long)x, (unsigned long long)(unsigned __int128)VIA(f));
	}
	SHOW_AS(signed char, -128.99);
	SHOW_AS(unsigned char, 255.99f);
	SHOW_AS(short, -32768.9);
	SHOW_AS(unsigned short, 65535.5);
	SHOW_AS(int, -2147483648.9);
	SHOW_AS(unsigned, 4294967295.0);
	SHOW_AS(long, -9223372036854775808.0);
	SHOW_AS(unsigned long, 18446744073709549568.0);
	SHOW_AS(unsigned long, 9223372036854775808.0f);
	SHOW_AS(_Bool, .1);
	INTO(float, 16777217);
	INTO(float, 16777219u);
	INTO(float, 9223372036854775807l);
	INTO(float, 18446744073709551615ul);
	INTO(double, 9007199254740993l);
	INTO(double, 9007199254740995ul);
	INTO(double, 18446744073709551615ul);
	INTO(double, (signed char)-128);
	INTO(double, (unsigned short)65535);
	INTO(float, -2147483648l);
	INTO(double, (__int128)1 << 100);
	INTO(double, -((__int128)1 << 126) - 1);
	INTO(float, ((unsigned __int128)1 << 127) + ((unsigned __int128)1 << 103));
	INTO(double, ~(unsigned __int128)0 >> 1);
	return 0;
}
