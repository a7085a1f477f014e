/* Atomic objects and operations around the move. */
#include "moved.h"
#include <stdatomic.h>

static _Atomic int a = 5;
static _Atomic long b;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static _Atomic(char *) p;
static _Atomic unsigned char c = 250;
static _Atomic unsigned short d = 65530;

int main(void)
{
	_Atomic int local = 3;
	int expected = 8;
	char text[] = "atomic";

	atomic_store(&p, text);
	CHECK(!atomic_flag_test_and_set(&flag));
	for (int i = 0; i < 100; i++) {
		atomic_fetch_add(&a, i);
		atomic_fetch_xor(&b, (long)i << i % 40);
		atomic_fetch_sub(&local, 2);
		c++;
		d += 3;
		if (i == 50)
			wait_for_move();
	}
	CHECK(atomic_flag_test_and_set(&flag));
	CHECK(!atomic_compare_exchange_strong(&a, &expected, 1));
	CHECK(expected == a);
	CHECK(atomic_compare_exchange_strong(&a, &expected, 77));
	CHECK(atomic_fetch_or(&b, 1) <= b);
	printf("%d %ld %d %s %d %d %d\n", a, b, local, atomic_exchange(&p, NULL), c, d,
		atomic_load(&p) == NULL);
	return done();
}
