/* A victim for each seeded fault: what it keeps, and where, is what the fault spoils. */
#include <stdint.h>
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

/* Values of one type, of several widths, across calls that poll. */
static NOINLINE uint64_t step(uint64_t x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		x = (x << 7 | x >> 57) * 0x9e3779b97f4a7c15u + i;
	return x;
}

NOINLINE uint64_t v_values(uint64_t a, uint64_t b, uint32_t c, double d)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < 40; i++) {
		uint64_t x = step(a + i, 3), y = step(b ^ i, 2);

		sum += x * 3 + y * 5 + (uint64_t)(d * i) + c;
		c = c * 1664525u + 1013904223u;
		a += b;
		d += 0.5;
	}
	return sum + a * 7 + b * 11 + c;
}

/* A local whose address others see. */
static NOINLINE void touch(uint64_t *at, uint64_t by)
{
	*at += step(by, 2);
}

NOINLINE uint64_t v_local(uint64_t seed)
{
	uint64_t cell = seed, *volatile known = &cell;

	for (unsigned i = 0; i < 40; i++)
		touch(known, i);
	return cell;
}

/* Label addresses in data and in variables that live across calls. */
NOINLINE uint64_t v_labels(uint64_t x)
{
	static const void *const ways[] = { &&add, &&rotate, &&flip, &&out };
	unsigned i = 0;

	goto *ways[x % 3];
add:
	x += step(x, 2);
	goto next;
rotate:
	x = x << 9 | x >> 55;
	goto next;
flip:
	x = ~step(x, 1);
next:
	i++;
	goto *ways[i < 60 ? (x >> 11) % 3 : 3];
out:
	return x;
}

/* A callee that comes in a pair. */
struct pair {
	uint64_t (*first)(uint64_t);
	uint64_t (*second)(uint64_t);
};

static NOINLINE uint64_t left(uint64_t x) { return step(x, 2) + 1; }
static NOINLINE uint64_t right(uint64_t x) { return step(x, 3) + 2; }

NOINLINE struct pair v_pair(uint64_t x)
{
	return x & 1 ? (struct pair){ left, right } : (struct pair){ right, left };
}

NOINLINE uint64_t v_callee(uint64_t x)
{
	for (unsigned i = 0; i < 40; i++)
		x = v_pair(x >> 5).second(x) ^ i;
	return x;
}

/* Code that is there several times, for the outliner. */
#define SAME(x) \
	x = step(x ^ 0x1234567890abcdefu, 1) + (x >> 3) * 77u; \
	x = step(x + 0x0fedcba987654321u, 2) ^ (x << 5) * 99u; \
	x = step(x ^ 0x1111222233334444u, 1) - (x >> 9) * 55u

NOINLINE uint64_t v_twice(uint64_t x) { SAME(x); SAME(x); return x; }
NOINLINE uint64_t v_thrice(uint64_t x) { SAME(x); SAME(x); SAME(x); return x ^ 1; }

uint64_t v_datum[4] = { 1, 2, 3, 4 };

int main(void)
{
	printf("values %llx\n", (unsigned long long)v_values(1, 2, 3, 4.5));
	printf("local %llx\n", (unsigned long long)v_local(5));
	printf("labels %llx\n", (unsigned long long)v_labels(6));
	printf("callee %llx\n", (unsigned long long)v_callee(7));
	printf("same %llx\n", (unsigned long long)(v_twice(8) ^ v_thrice(9)));
	printf("datum %llx\n", (unsigned long long)step(v_datum[1], (unsigned)v_datum[3]));
	return 0;
}
