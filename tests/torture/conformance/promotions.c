/* C11 6.3.1.1, 6.5.3.3: integer promotions, of every narrow type and of bit-fields. */
#include "lib_conformance.h"

struct bits { unsigned u7 : 7; unsigned u31 : 31; int s5 : 5; unsigned u32 : 32; };

int main(void)
{
	signed char sc = (signed char)OPAQUE(-128);
	unsigned char uc = (unsigned char)OPAQUE(255);
	short s = (short)OPAQUE(-32768);
	unsigned short us = (unsigned short)OPAQUE(65535);
	_Bool b = OPAQUE(1);
	struct bits f = {127, 0x7fffffff, -16, 0xffffffff};

	SHOW_TYPE(+sc);
	SHOW_TYPE(-uc);
	SHOW_TYPE(~us);
	SHOW_TYPE(+b);
	SHOW_TYPE('a');
	SHOW_TYPE(sc + s);
	SHOW_TYPE(+f.u7);
	SHOW_TYPE(f.u7 - f.s5);
	for (int i = 0; i < 3; i++) {
		SHOW(VIA(-sc));
		SHOW(VIA(~uc));
		SHOW(VIA(us * 2) + i);
		SHOW(VIA(s - 1));
		SHOW(~VIA(b));
		SHOW(VIA(uc << 8) + sc);
		SHOW(-VIA(+f.u7));
		SHOW(VIA(+f.u31) - 1 < 0 ? -1 : 1);
		SHOW(f.s5 * VIA(+f.s5));
		SHOW(f.u32 + 1 + (unsigned)VIA(i));
		sc++, uc++, us++, f.s5++, f.u7++, f.u32 += 3;
		b = !b;
	}
	SHOW(sc == (signed char)255);
	SHOW((signed char)-1 < (unsigned char)1);
	SHOW((unsigned char)VIA(200) + (unsigned char)100);
	return 0;
}
