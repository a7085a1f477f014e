/* C11 6.4.4: integer, floating, enumeration and character constants: types and values. */
#include "lib_conformance.h"
#include <uchar.h>
#include <wchar.h>

int main(void)
{
	SHOW_TYPE(2147483647), SHOW_TYPE(2147483648), SHOW_TYPE(0x7fffffff), SHOW_TYPE(0x80000000);
	SHOW_TYPE(0xffffffff), SHOW_TYPE(0x100000000), SHOW_TYPE(017777777777), SHOW_TYPE(037777777777);
	SHOW_TYPE(0x8000000000000000), SHOW_TYPE(1u), SHOW_TYPE(1L), SHOW_TYPE(1Ul), SHOW_TYPE(1LL);
	SHOW_TYPE(1llu), SHOW_TYPE(4294967296u), SHOW_TYPE(0b1011), SHOW_TYPE(1.), SHOW_TYPE(1.f);
	SHOW_TYPE(1.l), SHOW_TYPE(0x1p3f), SHOW_TYPE('a'), SHOW_TYPE(L'a'), SHOW_TYPE(u'a'), SHOW_TYPE(U'a');
	for (int i = 0; i < 2; i++) {
		SHOW(VIA(0b1011)), SHOW(VIA(0777)), SHOW(VIA(0xDeadBeef)), SHOW(VIA(18446744073709551615u));
		SHOW(VIA(1e3)), SHOW(VIA(.5e-1)), SHOW(VIA(0x1.8p+1)), SHOW(VIA(0x.4p0f)), SHOW(VIA(0x1P-1074));
		SHOW(VIA(1.7976931348623157e308)), SHOW(VIA(4.9406564584124654e-324)), SHOW(VIA(3.4e38f));
		SHOW(VIA('\a')), SHOW(VIA('\b')), SHOW(VIA('\f')), SHOW(VIA('\n')), SHOW(VIA('\r')), SHOW(VIA('\t'));
		SHOW(VIA('\v')), SHOW(VIA('\'')), SHOW('\"'), SHOW('\?'), SHOW('\\'), SHOW('\0'), SHOW('\377');
		SHOW(VIA('\x7f')), SHOW(VIA('\xff')), SHOW('\12'), SHOW(VIA('ab')), SHOW(VIA('\e'));
		SHOW((long)VIA(L'\x1234')), SHOW((int)VIA(u'\u20ac')), SHOW((unsigned)VIA(U'\U0001F600'));
	}
	SHOW(sizeof 'a'), SHOW(sizeof u'a'), SHOW(sizeof L'a'), SHOW(sizeof 1.l), SHOW(0.1f == 0.1);
	return 0;
}
