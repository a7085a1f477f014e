/* C11 6.5.2.2, 6.5.16.1: large structs by value: up to 5000 bytes, arrays in them, several in one call, returned members
 * used at once, assigned over themselves, through ternaries and comma, in recursion. */
#include "lib_conformance.h"

struct kilo { int n; char bytes[1000]; double tail; };
struct page { struct kilo parts[5]; long sum; };
struct matrix { double m[4][4]; };

static NOINLINE struct kilo kilo(int n)
{
	struct kilo k;

	k.n = n, k.tail = n / 8.;
	for (int i = 0; i < 1000; i++)
		k.bytes[i] = (char)(i * n);
	tick();
	return k;
}

static NOINLINE long check(struct kilo a, int n, struct kilo b, const struct kilo *c)
{
	long h = 0;

	for (int i = 0; i < 1000; i += 37, tick())
		h = h * 5 + a.bytes[i] - b.bytes[i] + c->bytes[n];
	a.bytes[0]++, b.n--;
	return h + a.n + b.n + (long)(a.tail * 8);
}

static NOINLINE struct page page(int depth, struct page from)
{
	from.parts[depth % 5] = kilo(depth);
	from.sum += from.parts[depth % 5].bytes[999];
	tick();
	if (depth > 0) {
		struct page inner = page(depth - 1, from);
		from.sum += inner.sum * 2 + inner.parts[0].n;
	}
	return from;
}

static NOINLINE struct matrix multiply(struct matrix a, struct matrix b)
{
	struct matrix c = {{{0}}};

	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 4; k++) {
			for (int n = 0; n < 4; n++)
				c.m[i][k] += a.m[i][n] * b.m[n][k];
			tick();
		}
	return c;
}

int main(void)
{
	struct kilo a = kilo(3), b = kilo(7);
	struct page p = {.sum = 1};
	struct matrix m = {{{1, .5, 0, 0}, {0, 1, .25, 0}, {0, 0, 1, 2}, {.125, 0, 0, 1}}}, r = m;

	for (int i = 0; i < 3; i++) {
		SHOW(check(a, i, b, &a)), SHOW(check(kilo(i), 5, i & 1 ? a : b, &b)), SHOW(kilo(i + 9).bytes[VIA(11)]);
		p = page(i + 2, p);
		SHOW(p.sum), SHOW(sum_bytes(p.parts[1].bytes, 1000)), SHOW((tick(), a = b, a).tail);
		a = a, p.parts[0] = p.parts[VIA(2)], b = (struct kilo){.n = i, .bytes[9] = 4};
		r = multiply(multiply(r, m), r);
		SHOW(r.m[0][1]), SHOW(r.m[3][2]), SHOW(multiply(m, r).m[2][3]);
	}
	return 0;
}
