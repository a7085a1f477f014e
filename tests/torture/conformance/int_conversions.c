/* C11 6.3.1.3: conversions between integer types of every width and signedness, implicit and cast. */
#include "lib_conformance.h"

#define ALL(T) \
	static NOINLINE void to_##T(void) \
	{ \
		for (int i = 0; i < N_VALUES; i++) { \
			T v = (T)values[i], w = v; \
			tick(); \
			w++; \
			printf(#T " %lld %llu %d\n", (long long)v, (unsigned long long)w, v < w); \
		} \
	}

static const unsigned long long values[] = {
	0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff,
	0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0x123456789abcdef0,
};
enum { N_VALUES = sizeof values / sizeof *values };

typedef signed char schar;
typedef unsigned char uchar;
typedef unsigned short ushort_;
typedef unsigned uint_;
typedef unsigned long ulong_;

ALL(schar)
ALL(uchar)
ALL(short)
ALL(ushort_)
ALL(int)
ALL(uint_)
ALL(long)
ALL(ulong_)

int main(void)
{
	schar a = -1;
	uchar b = 255;

	to_schar(), to_uchar(), to_short(), to_ushort_(), to_int(), to_uint_(), to_long(), to_ulong_();
	for (int i = 0; i < 4; i++, tick()) {
		unsigned short from_a = a, from_b = b;
		unsigned from_a32 = a;
		unsigned long from_a64 = a, from_c = from_a;
		SHOW(from_a), SHOW(from_b), SHOW(from_a32), SHOW(from_a64), SHOW(from_c);
		a -= 40, b -= 70;
	}
	return 0;
}
