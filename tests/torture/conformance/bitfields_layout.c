/* C11 6.7.2.1p11-p17: layout of bit-fields: units, zero widths, mixes of types, packed, unions; their
 * assignment, increments, comparison, and passing by value. */
#include "lib_conformance.h"

struct a { int x : 3, y : 30; unsigned z : 1; };
struct b { char c; int x : 12; short s : 9; long l : 40; };
struct c { unsigned x : 5; unsigned : 0; unsigned y : 5; unsigned : 7; unsigned z : 2; };
struct d { long a : 33; char b : 3; _Bool f : 1; unsigned char c : 8; } __attribute__((packed));
struct e { enum { RED, GREEN = 2, BLUE = 7 } color : 4; unsigned on : 1; long : 20; int last : 11; };
union u { struct { unsigned low : 4, mid : 8, high : 20; } f; unsigned all; };
struct n { struct a a; int k : 5; struct c c; };

#define STEP(s, member, v) (s).member = (v); printf("%s.%s = %ld, %lx\n", #s, #member, \
	(long)(s).member, sum_bytes(&s, sizeof s)); tick()

static NOINLINE struct b change(struct b v, int by)
{
	v.x += by;
	tick();
	v.l <<= by;
	v.s--;
	return v;
}

static NOINLINE long read(const struct d *d, struct e e)
{
	tick();
	return d->a + d->b + d->f + d->c + e.color + (long)e.on * 2 + e.last;
}

int main(void)
{
	struct a a; struct b b; struct c c; struct d d; struct e e; struct n n; union u u = {.all = 0};

	memset(&a, 0, sizeof a), memset(&b, 0, sizeof b), memset(&c, 0xff, sizeof c);
	memset(&d, 0, sizeof d), memset(&e, 0, sizeof e), memset(&n, 0, sizeof n);
	SHOW(sizeof a), SHOW(sizeof b), SHOW(sizeof c), SHOW(sizeof d), SHOW(sizeof e), SHOW(sizeof n);
	SHOW(_Alignof(struct d)), SHOW(_Alignof(struct b));
	for (int i = 1; i < 4; i++) {
		STEP(a, x, -i); STEP(a, y, i << 20); STEP(a, z, VIA(i)); STEP(b, c, i); STEP(b, x, -2048 + i);
		STEP(b, s, 255 * i); STEP(b, l, -1l << (30 + i)); STEP(c, x, i); STEP(c, y, 31 - i); STEP(c, z, i);
		STEP(d, a, (1l << 32) - i); STEP(d, b, i); STEP(d, f, 4); STEP(d, c, 200 + i);
		STEP(e, color, BLUE); STEP(e, on, i); STEP(e, last, -1000 + i); STEP(n, k, i * 5); STEP(n, c.z, i);
		STEP(u, f.low, i * 5); STEP(u, f.mid, i * 99); STEP(u, f.high, 0xfffff - i); SHOW(u.all);
		b = change(b, i);
		STEP(b, s, b.s);
		SHOW(read(&d, e)), SHOW(a.x++ + ++a.y), SHOW(a.x-- == -i), SHOW(e.color == BLUE), SHOW(b.l < 0);
		SHOW((b.x ^= 0x555, b.x)), SHOW(a.y += VIA(i)), SHOW(c.y * c.z - c.x), SHOW((a.x = i + 3));
		n.a = a;
		SHOW(n.a.y);
	}
	return 0;
}
