/* C11 6.7.2.2, 6.4.4.3: enumerations: values, sizes, compatible types, as switch and array index, negative
 * and large ones, scopes, bit-fields, packed. */
#include "lib_conformance.h"

enum plain { ZERO, ONE, FIVE = 5, SIX, AGAIN = 5, MINUS = -3, MINUS_TWO };
enum large { LARGE = 0x7fffffff, SMALL = -0x7fffffff - 1 };
enum wide { WIDE = 0x123456789a, WIDER };
enum __attribute__((packed)) tiny { T0, T255 = 255 };
enum chars { CA = 'a', CB = sizeof(long), CC = CA * CB + (CA > CB) };

static NOINLINE const char *name(enum plain p)
{
	tick();
	switch (p) {
	case ZERO: return "zero";
	case ONE: return "one";
	case FIVE: return "five";
	case SIX: return "six";
	case MINUS: return "minus three";
	case MINUS_TWO: return "minus two";
	}
	return "?";
}

static NOINLINE enum plain next(enum plain p)
{
	enum plain q = p;

	for (int i = 0; i < 2; i++)
		tick();
	return q + 1;
}

int main(void)
{
	static const char *const table[] = {[ONE] = "1", [SIX] = "6", [ZERO] = "0"};
	enum plain p = OPAQUE(MINUS);
	enum tiny t = T255;

	for (int i = 0; i < 10; i++, p = next(p))
		printf("%d %s %s\n", p, name(p), p >= 0 && p <= SIX ? table[p] ? table[p] : "none" : "out");
	SHOW(sizeof(enum plain)), SHOW(sizeof(enum large)), SHOW(sizeof(enum wide)), SHOW(sizeof(enum tiny));
	SHOW((long)VIA(WIDE)), SHOW((long)VIA(WIDER)), SHOW((int)VIA(LARGE)), SHOW((int)VIA(SMALL));
	SHOW((int)CC), SHOW(t + 1), SHOW((int)++t), SHOW(AGAIN == FIVE), SHOW(MINUS < ZERO), SHOW_TYPE(ZERO);
	{
		enum plain { ZERO = 77, HERE };
		enum plain q = VIA(HERE);
		SHOW((int)ZERO), SHOW((int)q);
	}
	SHOW((int)ZERO);
	enum { LOCAL = 3 } local[LOCAL] = {LOCAL, LOCAL + 1};
	SHOW(sizeof local / sizeof *local), SHOW((int)VIA(local[1]));
	p = VIA(SIX), p = p | 8, p ^= ONE;
	SHOW((int)p);
	return 0;
}
