/* C11 7.26, 5.1.2.4: threads, mutexes, conditions, thread-specific values, call_once; moved before and after, when there is
 * one thread. */
/* declines: with other threads */
#include <stdatomic.h>
#include <threads.h>
#include "lib_conformance.h"

static mtx_t lock;
static cnd_t changed;
static tss_t key;
static once_flag once = ONCE_FLAG_INIT;
static int total, ready, n_once, n_destroyed;
static atomic_int arrived;
static _Thread_local int mine = 5;

static void init(void)
{
	n_once++;
	tick();
}

static void destroy(void *p)
{
	mtx_lock(&lock);
	n_destroyed += *(int *)p;
	mtx_unlock(&lock);
	free(p);
}

static int work(void *data)
{
	int n = *(int *)data, *kept = malloc(sizeof *kept);

	*kept = n;
	tss_set(key, kept);
	call_once(&once, init);
	for (int i = 0; i < 50; i++) {
		mtx_lock(&lock);
		total += n, mine += n;
		mtx_unlock(&lock);
		if (i % 10 == 0)
			thrd_yield();
	}
	atomic_fetch_add(&arrived, 1);
	mtx_lock(&lock);
	while (!ready)
		cnd_wait(&changed, &lock);
	mtx_unlock(&lock);
	return mine + *(int *)tss_get(key);
}

int main(void)
{
	thrd_t threads[3];
	int numbers[3] = {1, 2, 3}, result;

	mtx_init(&lock, mtx_plain), cnd_init(&changed), tss_create(&key, destroy);
	for (int round = 0; round < 3; round++) {
		ready = 0, arrived = 0;
		for (int i = 0; i < 3; i++)
			thrd_create(&threads[i], work, &numbers[i]);
		while (atomic_load(&arrived) < 3)
			thrd_yield();
		mtx_lock(&lock);
		ready = 1;
		cnd_broadcast(&changed);
		mtx_unlock(&lock);
		for (int i = 0; i < 3; i++) {
			thrd_join(threads[i], &result);
			SHOW(result);
		}
		tick();
		SHOW(total), SHOW(mine++), SHOW(n_once), SHOW(n_destroyed);
	}
	return 0;
}
