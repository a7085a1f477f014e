/* Locks with priority inheritance in a process whose threads have moved. The kernel would take the
 * numbers in their words for its own, so the protocol of linux/futex.h is followed here with ordinary
 * waits: whoever waits sets the waiters' bit, whoever unlocks wakes one, who takes the lock and leaves
 * the bit set. The owner does not inherit its waiters' priority. */
#include "process.h"

enum {
	FUTEX_WAKE = 1, FUTEX_LOCK_PI = 6, FUTEX_UNLOCK_PI = 7, FUTEX_TRYLOCK_PI = 8,
	FUTEX_WAIT_BITSET = 9, FUTEX_WAIT_REQUEUE_PI = 11, FUTEX_CMP_REQUEUE_PI = 12,
	FUTEX_LOCK_PI2 = 13, FUTEX_PRIVATE = 128, FUTEX_CLOCK_REALTIME = 256,
	FUTEX_COMMAND_MASK = 127,
};

#define WAITERS 0x80000000u
#define OWNER_DIED 0x40000000u
#define NUMBER_MASK 0x3fffffffu
#define ANY_BIT 0xffffffffu

extern _Thread_local struct hcc_thread __hcc_thread __attribute__((tls_model("local-exec")));

int hcc_futex_is_ours(long operation)
{
	long command = operation & FUTEX_COMMAND_MASK;

	return __hcc_process.next_thread_number != 0 &&
	       ((command >= FUTEX_LOCK_PI && command <= FUTEX_TRYLOCK_PI) ||
		(command >= FUTEX_WAIT_REQUEUE_PI && command <= FUTEX_LOCK_PI2));
}

/* Returns 1; 0 when another thread has it, and then *word has the waiters' bit, if that was asked for;
 * or -errno. */
static long take(uint32_t *word, int will_wait)
{
	uint32_t own = __hcc_thread.number, value = __atomic_load_n(word, __ATOMIC_SEQ_CST);

	for (;;) {
		uint32_t next;
		int is_free = !(value & NUMBER_MASK);

		if ((value & NUMBER_MASK) == own)
			return -SYS_EDEADLK;
		if (is_free)
			next = own | (value & (WAITERS | OWNER_DIED));
		else if (will_wait)
			next = value | WAITERS;
		else
			return 0;
		if (next == value || __atomic_compare_exchange_n(word, &value, next, 0,
			__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return is_free;
	}
}

static long lock(const struct hcc_point *point, uint32_t *word, long operation, long until)
{
	long wait = FUTEX_WAIT_BITSET | (operation & FUTEX_PRIVATE), result;

	if ((operation & FUTEX_COMMAND_MASK) == FUTEX_LOCK_PI)
		wait |= FUTEX_CLOCK_REALTIME;
	else
		wait |= operation & FUTEX_CLOCK_REALTIME;
	while ((result = take(word, 1)) == 0) {
		long args[6] = { (long)word, wait, __atomic_load_n(word, __ATOMIC_RELAXED), until, 0,
			ANY_BIT };

		if (!(args[2] & NUMBER_MASK) || !(args[2] & WAITERS))
			continue;
		args[2] = (int32_t)args[2];
		result = point != NULL ? hcc_syscall_at(point, NEUTRAL_futex, args)
			: __hcc_syscall(NEUTRAL_futex, args[0], args[1], args[2], args[3], 0, ANY_BIT);
		/* The kernel's own goes on after a signal's handler. */
		if (result != 0 && result != -SYS_EAGAIN && result != -SYS_EINTR)
			return result;
	}
	/* Others may wait still: who has waited leaves the bit. */
	if (result == 1)
		__atomic_fetch_or(word, WAITERS, __ATOMIC_SEQ_CST);
	return result < 0 ? result : 0;
}

static long unlock(uint32_t *word, long operation)
{
	uint32_t value = __atomic_load_n(word, __ATOMIC_SEQ_CST);

	if ((value & NUMBER_MASK) != __hcc_thread.number)
		return -SYS_EPERM;
	while (!__atomic_compare_exchange_n(word, &value, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	hcc_sys(SYS_futex, word, FUTEX_WAKE | (operation & FUTEX_PRIVATE), 1);
	return 0;
}

long hcc_futex_pi(const struct hcc_point *point, uint32_t *word, long operation, long until)
{
	long result;

	switch (operation & FUTEX_COMMAND_MASK) {
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return lock(point, word, operation, until);
	case FUTEX_TRYLOCK_PI:
		result = take(word, 0);
		return result == 1 ? 0 : result == 0 ? -SYS_EAGAIN : result;
	case FUTEX_UNLOCK_PI:
		return unlock(word, operation);
	}
	return -SYS_ENOSYS;
}
