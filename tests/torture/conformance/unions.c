/* C11 6.5.2.3, 6.7.2.1: unions: punning, common initial sequences, as arguments and results, of arrays, structs and
 * floats, pointers into them, nested, arrays of them, bit-fields. */
#include "lib_conformance.h"

union word { unsigned u; float f; unsigned char b[4]; struct { unsigned short low, high; }; };
union wide { long double q; unsigned long l[2]; double d[2]; char c; };
union either { struct { int tag; int i; } a; struct { int tag; double d; } b; struct { int tag; char s[24]; } c; };
struct holder { union { int *p; long n; }; union word words[3]; };
union small { char c; short s; };
union empty_first { struct { } e; int i; };

static NOINLINE union word turn(union word w, int by)
{
	w.u = w.u << by | w.u >> (32 - by);
	tick();
	w.b[1] ^= (unsigned char)by;
	return w;
}

static NOINLINE union wide widen(union wide w, double d)
{
	tick();
	w.d[1] = d;
	return w;
}

static NOINLINE double read(const union either *e)
{
	tick();
	switch (e->a.tag) {
	case 0: return e->a.i;
	case 1: return e->b.d;
	default: return e->c.s[2];
	}
}

static NOINLINE union small tiny(union small a, union small b)
{
	union small r = {.s = (short)(a.s + b.c)};

	tick();
	return r;
}

int main(void)
{
	union word w = {0x3f800001}, list[2];
	union wide q = {.l = {1, 2}};
	union either e[3] = {{.a = {0, 5}}, {.b = {1, 2.5}}, {.c = {2, "text"}}};
	struct holder h = {{.n = 7}, {{1}, {.f = 2}, {.b = {1, 2, 3, 4}}}};
	union small s = {.s = 0x1234};
	union empty_first f = {{}};

	f.i = 3;
	for (int i = 1; i < 5; i++) {
		w = turn(w, i * 3), list[i & 1] = w;
		SHOW(w.u), SHOW(w.high), SHOW(w.b[2]), SHOW(list[0].low ^ list[1].low);
		q = widen(q, i * .5);
		SHOW(q.l[1]), SHOW(q.d[1]), SHOW(read(&e[i % 3])), SHOW(VIA(h.words[i % 3]).u), SHOW(h.n++);
		e[i % 3].b.d *= 2;
		s = tiny(s, (union small){(char)i});
		SHOW(s.s), SHOW(s.c), SHOW(f.i += VIA(i)), SHOW((union word){.f = i}.u), SHOW(turn((union word){.u = 1}, i).b[0]);
	}
	SHOW(sizeof(union word)), SHOW(sizeof(union wide)), SHOW(sizeof(union either)), SHOW(sizeof h), SHOW(sizeof f);
	return 0;
}
