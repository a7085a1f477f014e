/* Atomic operations on objects that no ISA's portable code can do without a lock: 16 bytes, and sizes
 * that are no power of two. What a libatomic would do; -latomic is an empty library.
 *
 * A lock is held for some instructions and never at a migration point, so locks are the process's own
 * and stay behind when it moves. They are not for signal handlers, as libatomic's are not. Every ISA
 * locks, also where it has an instruction: the answer of atomic_is_lock_free() must not change with a
 * move. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migrate.h"

typedef unsigned __int128 u128;

/* Names that the compiler believes to be its own. */
#define NAMED(name) __asm__(name)

static unsigned char locks[64];

/* By the address: of one object there is one lock. */
static unsigned char *lock(const void *object)
{
	unsigned char *l = &locks[(uintptr_t)object / 16 % sizeof locks];

	while (__atomic_test_and_set(l, __ATOMIC_ACQUIRE))
		;
	return l;
}

static void unlock(unsigned char *l)
{
	__atomic_clear(l, __ATOMIC_RELEASE);
}

static bool is_same(const unsigned char *a, const unsigned char *b, size_t bytes)
{
	while (bytes--)
		if (*a++ != *b++)
			return false;
	return true;
}

/* ---- Of any size ----------------------------------------------------------------------------- */

void atomic_load_any(size_t bytes, const void *object, void *result, int order)
	NAMED("__atomic_load");
void atomic_store_any(size_t bytes, void *object, const void *value, int order)
	NAMED("__atomic_store");
void atomic_exchange_any(size_t bytes, void *object, const void *value, void *result, int order)
	NAMED("__atomic_exchange");
bool atomic_compare_any(size_t bytes, void *object, void *expected, const void *desired, int success,
	int failure) NAMED("__atomic_compare_exchange");
bool atomic_lock_free(size_t bytes, const void *object) NAMED("__atomic_is_lock_free");

void atomic_load_any(size_t bytes, const void *object, void *result, int order)
{
	unsigned char *l = lock(object);

	(void)order;
	hcc_copy(result, object, bytes);
	unlock(l);
}

void atomic_store_any(size_t bytes, void *object, const void *value, int order)
{
	unsigned char *l = lock(object);

	(void)order;
	hcc_copy(object, value, bytes);
	unlock(l);
}

void atomic_exchange_any(size_t bytes, void *object, const void *value, void *result, int order)
{
	unsigned char *l = lock(object);

	(void)order;
	for (size_t i = 0; i < bytes; i++) {
		/* The value and the result may be one object. */
		unsigned char old = ((unsigned char *)object)[i];

		((unsigned char *)object)[i] = ((const unsigned char *)value)[i];
		((unsigned char *)result)[i] = old;
	}
	unlock(l);
}

bool atomic_compare_any(size_t bytes, void *object, void *expected, const void *desired, int success,
	int failure)
{
	unsigned char *l = lock(object);
	bool same = is_same(object, expected, bytes);

	(void)success, (void)failure;
	if (same)
		hcc_copy(object, desired, bytes);
	else
		hcc_copy(expected, object, bytes);
	unlock(l);
	return same;
}

bool atomic_lock_free(size_t bytes, const void *object)
{
	return bytes && bytes <= 8 && !(bytes & (bytes - 1)) && (uintptr_t)object % bytes == 0;
}

/* ---- Of 16 bytes ----------------------------------------------------------------------------- */

u128 atomic_load_16(const u128 *object, int order) NAMED("__atomic_load_16");
void atomic_store_16(u128 *object, u128 value, int order) NAMED("__atomic_store_16");
u128 atomic_exchange_16(u128 *object, u128 value, int order) NAMED("__atomic_exchange_16");
bool atomic_compare_16(u128 *object, u128 *expected, u128 desired, int success, int failure)
	NAMED("__atomic_compare_exchange_16");

u128 atomic_load_16(const u128 *object, int order)
{
	u128 result;

	atomic_load_any(16, object, &result, order);
	return result;
}

void atomic_store_16(u128 *object, u128 value, int order)
{
	atomic_store_any(16, object, &value, order);
}

u128 atomic_exchange_16(u128 *object, u128 value, int order)
{
	atomic_exchange_any(16, object, &value, &value, order);
	return value;
}

bool atomic_compare_16(u128 *object, u128 *expected, u128 desired, int success, int failure)
{
	return atomic_compare_any(16, object, expected, &desired, success, failure);
}

#define FETCH(name, expression) \
	u128 atomic_fetch_##name##_16(u128 *object, u128 value, int order) \
		NAMED("__atomic_fetch_" #name "_16"); \
	u128 atomic_fetch_##name##_16(u128 *object, u128 value, int order) \
	{ \
		unsigned char *l = lock(object); \
		u128 old = *object; \
		(void)order; \
		*object = expression; \
		unlock(l); \
		return old; \
	}

FETCH(add, old + value)
FETCH(sub, old - value)
FETCH(and, old & value)
FETCH(or, old | value)
FETCH(xor, old ^ value)
FETCH(nand, ~(old & value))
