/* C11 6.7.2.4, 6.5.16.2, 7.17: _Atomic of each size and kind: operators, functions, orders, flags, fences, structs,
 * pointers, compare and exchange loops with calls in them. */
#include <stdatomic.h>
#include <stdbool.h>
#include "lib_conformance.h"

#define TEST(name, T, format, P) \
	static _Atomic(T) shared_##name = 3; \
	static NOINLINE void test_##name(int n) \
	{ \
		_Atomic T local; \
		T expected = (T)n, old; \
		int tries = 0; \
		atomic_init(&local, (T)n); \
		tick(); \
		old = atomic_fetch_add(&local, (T)5); \
		tick(); \
		shared_##name += old; \
		shared_##name++, --local, local ^= (T)0x55, shared_##name -= local, local |= 2; \
		tick(); \
		while (!atomic_compare_exchange_weak(&local, &expected, (T)(expected * 3)) && tries++ < 3) \
			tick(); \
		old = atomic_exchange_explicit(&shared_##name, (T)(shared_##name * 2), memory_order_acq_rel); \
		bool same = atomic_compare_exchange_strong(&local, &old, (T)1); \
		tick(); \
		atomic_store_explicit(&local, atomic_load_explicit(&shared_##name, memory_order_relaxed) + local, \
			memory_order_release); \
		printf(#name " %d: " format " " format " " format " %d %d\n", n, (P)local, (P)shared_##name, \
			(P)atomic_fetch_and(&local, (T)0x7f), same, tries < 9); \
	}

TEST(char, signed char, "%d", int) TEST(uchar, unsigned char, "%d", int) TEST(short, short, "%d", int)
TEST(ushort, unsigned short, "%d", int) TEST(int, int, "%d", int) TEST(uint, unsigned, "%u", unsigned)
TEST(long, long, "%ld", long) TEST(ulong, unsigned long, "%lu", unsigned long)

struct pair { int a, b; };
struct list { struct list *next; int value; };

static _Atomic struct pair pair;
static _Atomic(struct list *) head;
static _Atomic double real = 1.5;
static _Atomic float small = .5f;
static atomic_bool flag;
static atomic_flag lock = ATOMIC_FLAG_INIT;
static int *_Atomic pointer;

static NOINLINE void push(struct list *l, int value)
{
	l->value = value;
	l->next = atomic_load(&head);
	do
		tick();
	while (!atomic_compare_exchange_weak(&head, &l->next, l));
}

int main(void)
{
	struct list nodes[4];
	int array[4] = {1, 2, 3, 4}, sum = 0;

	for (int n = 0; n < 3; n++) {
		test_char(n), test_uchar(n), test_short(n), test_ushort(n), test_int(n), test_uint(n), test_long(n);
		test_ulong(n);
		struct pair p = atomic_load(&pair);
		tick();
		p.a++, p.b -= n;
		atomic_store(&pair, p);
		struct pair q = {7, 8}, other = atomic_exchange(&pair, q);
		SHOW(other.a), SHOW(other.b), SHOW(atomic_compare_exchange_strong(&pair, &q, p)), SHOW(((struct pair)pair).b);
		real += VIA(n), real *= 2, small -= .25f;
		SHOW((double)real), SHOW((float)small), SHOW(flag = !flag), SHOW(atomic_flag_test_and_set(&lock));
		if (n == 1)
			atomic_flag_clear(&lock);
		push(&nodes[n], n * 10);
		pointer = array + 1;
		SHOW(*atomic_fetch_add(&pointer, 1)), SHOW(*pointer++), SHOW(*pointer);
		atomic_thread_fence(memory_order_seq_cst), atomic_signal_fence(memory_order_acquire);
	}
	for (struct list *l = head; l; l = l->next, tick())
		sum = sum * 100 + l->value;
	SHOW(sum), SHOW(atomic_is_lock_free(&real)), SHOW(sizeof(_Atomic char)), SHOW(sizeof(_Atomic struct pair));
	SHOW(__atomic_add_fetch(array, VIA(5), __ATOMIC_SEQ_CST)), SHOW(__sync_fetch_and_or(array + 1, VIA(8)));
	SHOW(__sync_bool_compare_and_swap(array + 2, 3, VIA(33))), SHOW(__sync_lock_test_and_set(array + 3, 9)), SHOW(array[3]);
	SHOW(__atomic_fetch_nand(array, VIA(3), __ATOMIC_RELAXED)), SHOW(array[0]), SHOW(array[1] + array[2]);
	return 0;
}
