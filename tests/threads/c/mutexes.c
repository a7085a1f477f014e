/* levels: -O2 */
/* Mutexes of every kind, held by one thread while others wait for them: all of them are moved. */
#include "lib_threads.h"

#define N_KINDS 7
#define N_WAITERS 2

static const struct {
	const char *name;
	int type, robust, protocol;
} kinds[N_KINDS] = {
	{"normal", PTHREAD_MUTEX_NORMAL, 0, 0},
	{"recursive", PTHREAD_MUTEX_RECURSIVE, 0, 0},
	{"checking", PTHREAD_MUTEX_ERRORCHECK, 0, 0},
	{"robust", PTHREAD_MUTEX_NORMAL, 1, 0},
	{"robust recursive", PTHREAD_MUTEX_RECURSIVE, 1, 0},
	{"inheriting", PTHREAD_MUTEX_NORMAL, 0, 1},
	{"inheriting, checking, robust", PTHREAD_MUTEX_ERRORCHECK, 1, 1},
};

static struct lock {
	pthread_mutex_t m;
	int count;
	int owner_leaves;
} locks[N_KINDS], left[N_KINDS];
static sem_t go;

static void init(struct lock *l, int i)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	CHECK(pthread_mutexattr_settype(&a, kinds[i].type) == 0);
	if (kinds[i].robust)
		CHECK(pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST) == 0);
	if (kinds[i].protocol)
		CHECK(pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT) == 0);
	CHECK(pthread_mutex_init(&l->m, &a) == 0);
}

/* Holds all, and the robust ones still when it ends. */
static void *holder(void *arg)
{
	for (int i = 0; i < N_KINDS; i++) {
		CHECK(pthread_mutex_lock(&locks[i].m) == 0);
		if (kinds[i].type == PTHREAD_MUTEX_RECURSIVE)
			CHECK(pthread_mutex_lock(&locks[i].m) == 0);
		if (kinds[i].robust)
			CHECK(pthread_mutex_lock(&left[i].m) == 0);
	}
	arrive();
	while (sem_wait(&go))
		;
	for (int i = 0; i < N_KINDS; i++) {
		if (kinds[i].type == PTHREAD_MUTEX_ERRORCHECK)
			CHECK(pthread_mutex_lock(&locks[i].m) == EDEADLK);
		if (kinds[i].type == PTHREAD_MUTEX_RECURSIVE)
			CHECK(pthread_mutex_unlock(&locks[i].m) == 0);
		CHECK(locks[i].count == 0);
		CHECK(pthread_mutex_unlock(&locks[i].m) == 0);
	}
	return arg;
}

static void *waiter(void *arg)
{
	struct lock *l = arg;

	arrive();
	CHECK(pthread_mutex_lock(&l->m) == 0);
	l->count++;
	CHECK(pthread_mutex_unlock(&l->m) == 0);
	return NULL;
}

/* Waits with a limit, for a lock whose owner ends. */
static void *heir(void *arg)
{
	struct timespec limit = in_seconds(CLOCK_REALTIME, 3600);
	struct lock *l = arg;

	arrive();
	CHECK(pthread_mutex_timedlock(&l->m, &limit) == EOWNERDEAD);
	CHECK(pthread_mutex_consistent(&l->m) == 0);
	l->count++;
	CHECK(pthread_mutex_unlock(&l->m) == 0);
	return NULL;
}

int main(void)
{
	pthread_t own, waiters[N_KINDS][N_WAITERS], heirs[N_KINDS];
	int n = 1;

	sem_init(&go, 0, 0);
	for (int i = 0; i < N_KINDS; i++) {
		init(&locks[i], i);
		init(&left[i], i);
	}
	own = start(holder, &n);
	wait_arrived(1);
	for (int i = 0; i < N_KINDS; i++) {
		for (int k = 0; k < N_WAITERS; k++, n++)
			waiters[i][k] = start(waiter, &locks[i]);
		if (kinds[i].robust) {
			heirs[i] = start(heir, &left[i]);
			n++;
		}
	}
	wait_arrived(n);
	wait_for_move();
	for (int i = 0; i < N_KINDS; i++) {
		CHECK(pthread_mutex_trylock(&locks[i].m) == EBUSY);
		if (kinds[i].type != PTHREAD_MUTEX_NORMAL)
			CHECK(pthread_mutex_unlock(&locks[i].m) == EPERM);
	}
	sem_post(&go);
	CHECK(join(own) == (long)&n);
	for (int i = 0; i < N_KINDS; i++) {
		for (int k = 0; k < N_WAITERS; k++)
			join(waiters[i][k]);
		if (kinds[i].robust)
			join(heirs[i]);
		printf("%s: %d %d\n", kinds[i].name, locks[i].count, left[i].count);
	}
	/* And once more, with threads and locks that are new. */
	for (int i = 0; i < N_KINDS; i++) {
		locks[i].count = 0;
		CHECK(pthread_mutex_lock(&locks[i].m) == 0);
		for (int k = 0; k < N_WAITERS; k++)
			waiters[i][k] = start(waiter, &locks[i]);
	}
	wait_arrived(n + N_KINDS * N_WAITERS);
	wait_for_move();
	for (int i = 0; i < N_KINDS; i++) {
		CHECK(pthread_mutex_unlock(&locks[i].m) == 0);
		for (int k = 0; k < N_WAITERS; k++)
			join(waiters[i][k]);
		printf("%s: %d\n", kinds[i].name, locks[i].count);
	}
	return done();
}
