/* Bit-fields of every kind, read and written around the move. */
#include "moved.h"

struct fields {
	unsigned a : 1, b : 3;
	int c : 5;
	unsigned : 0;
	unsigned long d : 37;
	signed char e : 4;
	_Bool f : 1;
	long g : 60;
	unsigned short h : 9;
} __attribute__((packed));

struct plain { unsigned a : 7, b : 9, c : 16; int d : 17; long e : 33; };

static struct fields global = { 1, 5, -9, 0x1234567890, -3, 1, -12345678901, 300 };

static NOINLINE void work(struct fields *p, struct plain v)
{
	struct plain w = { v.c, v.b, v.a, v.d * 2, -v.e };

	p->c += 3;
	p->d++;
	wait_for_move();
	p->e = p->e + 9;
	p->g *= 3;
	p->f ^= 1;
	printf("%u %u %d %lu %d %d %ld %u\n", p->a, p->b, p->c, (unsigned long)p->d, p->e, p->f,
		(long)p->g, p->h);
	printf("%u %u %u %d %ld\n", w.a, w.b, w.c, w.d, (long)w.e);
}

int main(void)
{
	struct fields local = global;
	struct plain v = { 100, 500, 65535, -60000, -4000000000 };

	work(&global, v);
	work(&local, v);
	printf("%d %d\n", (int)sizeof global, memcmp(&global, &local, sizeof local));
	return done();
}
