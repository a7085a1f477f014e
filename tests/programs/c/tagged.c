/* Pointers that are tagged, XORed, cut in halves and kept as differences. */
#include "moved.h"

struct xor_node { uintptr_t link; int value; };

static NOINLINE int walk(struct xor_node *from)
{
	struct xor_node *p = from, *previous = NULL;
	int s = 0, n = 0;

	while (p) {
		struct xor_node *next = (void *)(p->link ^ (uintptr_t)previous);
		s = s * 3 + p->value;
		if (++n == 7)
			wait_for_move();
		previous = p;
		p = next;
	}
	return s;
}

int main(void)
{
	struct xor_node nodes[12];
	uintptr_t tagged = (uintptr_t)&nodes[3] | 5;
	unsigned low = (unsigned)(uintptr_t)&nodes[5], high = (uintptr_t)&nodes[5] >> 32;
	ptrdiff_t away = (char *)&nodes[9] - (char *)&nodes[2];
	double as_double = (double)(uintptr_t)&nodes[1];
	int forward, backward;

	for (int i = 0; i < 12; i++) {
		uintptr_t before = i ? (uintptr_t)&nodes[i - 1] : 0;
		uintptr_t after = i < 11 ? (uintptr_t)&nodes[i + 1] : 0;
		nodes[i] = (struct xor_node){ before ^ after, i };
	}
	forward = walk(&nodes[0]);
	backward = walk(&nodes[11]);
	CHECK(((struct xor_node *)(tagged & ~7ul))->value == 3);
	CHECK(((struct xor_node *)((uintptr_t)high << 32 | low))->value == 5);
	CHECK(((struct xor_node *)((char *)&nodes[2] + away))->value == 9);
	CHECK(((struct xor_node *)(uintptr_t)as_double)->value == 1);
	printf("%d %d\n", forward, backward);
	return done();
}
