/* C11 6.5.2.2p6, 6.8.6.4, 6.3.1: arguments and results converted: narrow types returned and passed, upper bits never to be
 * seen, through pointers, without prototypes, comparisons after calls, all alive in one loop. */
#include "lib_conformance.h"

#define NARROW(name, T) \
	static NOINLINE T name(long v) { tick(); return (T)v; } \
	static NOINLINE long take_##name(T a, T b) { T c = a; tick(); c += b; tick(); return c; } \
	static NOINLINE int compare_##name(T a, T b) { T low = a < b ? a : b; tick(); return (low == a) * 4 + (a > b) * 2 + (low == b); }

NARROW(sc, signed char) NARROW(uc, unsigned char) NARROW(ss, short) NARROW(us, unsigned short) NARROW(si, int)
NARROW(ui, unsigned) NARROW(bl, _Bool) NARROW(pc, char)

static NOINLINE float narrowed(double d) { tick(); return d; }
static NOINLINE int truncated(double d) { tick(); return d; }
static NOINLINE double widened(float f) { tick(); return f; }
static NOINLINE _Bool is_set(unsigned long v, unsigned long bit) { tick(); return v & bit; }

int main(void)
{
	static const long values[] = {0, 127, 128, 255, 256, 32767, 32768, 65535, 65536, -1, -129, -32769, 0x7fffffff,
		0x80000000, 0xffffffff, 0x100000001};
	long (*volatile f)(signed char, signed char) = take_sc;

	for (int i = 0; i < 16; i++) {
		long v = values[i], w = values[(i + 5) % 16];
		signed char a = sc(v);
		unsigned char b = uc(v);
		short c = ss(v);
		unsigned short d = us(v);
		_Bool e = bl(v);
		printf("%d %d %d %d %d %d %u %d\n", a, b, c, d, e, si(v), ui(v), pc(v));
		printf("%ld %ld %ld %ld %ld %ld %ld\n", take_sc(a, sc(w)), take_uc(b, uc(w)), take_ss(c, ss(w)), take_us(d, us(w)),
			take_si(si(v), 3), take_ui(ui(v), ui(w)), take_bl(e, bl(w)));
		printf("%d %d %d %d %d %d\n", compare_sc(a, sc(w)), compare_uc(b, uc(w)), compare_ss(c, ss(w)), compare_us(d, us(w)),
			compare_pc(pc(v), pc(w)), compare_bl(e, 1));
		SHOW(f((signed char)v, (signed char)w)), SHOW(narrowed((double)v / 3)), SHOW(truncated((double)(v / 3) + .5));
		SHOW(widened((float)v)), SHOW(is_set((unsigned long)v, 0x100000000)), SHOW(a == (signed char)b), SHOW(a + d + c);
	}
	return 0;
}
