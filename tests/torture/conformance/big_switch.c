/* C11 5.2.4.1, 6.8.4.2: limits: a switch of 512 cases with calls in them, 127 parameters and arguments, 60 levels of
 * nesting, a function of many calls, a long string, a table of 256 functions. */
#include "lib_conformance.h"

#define T4(F, n) F(n) F(n + 1) F(n + 2) F(n + 3)
#define T16(F, n) T4(F, n) T4(F, n + 4) T4(F, n + 8) T4(F, n + 12)
#define T64(F, n) T16(F, n) T16(F, n + 16) T16(F, n + 32) T16(F, n + 48)
#define T256(F, n) T64(F, n) T64(F, n + 64) T64(F, n + 128) T64(F, n + 192)
#define CASE(n) case n: h = h * 31 + (n); if ((n) % 7 == 3) h += slowly(n); if ((n) % 5) break; /* fall through */
#define SPARSE(n) case (n) * 1000003: h ^= (unsigned)(n); if ((n) % 3) tick(); break;
#define P(n) int n,
#define P10(n) P(n##0) P(n##1) P(n##2) P(n##3) P(n##4) P(n##5) P(n##6) P(n##7) P(n##8) P(n##9)
#define S10(n) + n##0 - n##1 + n##2 * 2 + n##3 - n##4 + n##5 * 3 + n##6 - n##7 + n##8 + n##9
#define A10 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
#define OPEN(n) if (OPAQUE(x) > (n)) { x -= slowly(1);
#define CLOSE(n) x += 3; }
#define STATEMENT(n) h = h * 3 + (unsigned)slowly((int)(h >> 5 & 3) + (n));
#define TEXT16 "sixteen of them." "sixteen of them." "sixteen of them." "sixteen of them."

static NOINLINE unsigned dense(int v, unsigned h)
{
	switch (v) {
	T256(CASE, 0)
	T256(CASE, 256)
	}
	return h;
}

static NOINLINE unsigned sparse(int v, unsigned h)
{
	switch (v) {
	T64(SPARSE, 0)
	default: h++;
	}
	return h;
}

static NOINLINE int parameters(P10(a) P10(b) P10(c) P10(d) P10(e) P10(f) P10(g) P10(h) P10(i) P10(j) P10(k) P10(l) int z)
{
	int sum = z S10(a) S10(b) S10(c);

	tick();
	sum = sum * 3 S10(d) S10(e) S10(f) S10(g);
	tick();
	return sum * 5 S10(h) S10(i) S10(j) S10(k) S10(l);
}

static NOINLINE int nested(int x)
{
	T16(OPEN, 0) T16(OPEN, 5) T16(OPEN, 9)
	tick();
	T16(CLOSE, 0) T16(CLOSE, 0) T16(CLOSE, 0)
	return x;
}

static NOINLINE unsigned long_body(unsigned h)
{
	T64(STATEMENT, 0)
	return h;
}

int main(void)
{
	static const char text[] = TEXT16 TEXT16 TEXT16 TEXT16 TEXT16 TEXT16 TEXT16 TEXT16 TEXT16 TEXT16 TEXT16 TEXT16;
	unsigned h = 1;

	for (int v = -1; v < 514; v += 3)
		h = dense(v, h);
	SHOW(h);
	for (int v = 0; v < 66; v++)
		h = sparse(v * 1000003, h);
	SHOW(h), SHOW(parameters(A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 slowly(5)));
	for (int i = 0; i < 80; i += 13)
		SHOW(nested(i));
	SHOW(long_body(h)), SHOW(sum_bytes(text, sizeof text));
	return 0;
}
