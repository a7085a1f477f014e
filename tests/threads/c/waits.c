/* levels: -O2 */
/* Threads that wait in every way there is for another one: condition variables, rwlocks, barriers,
 * semaphores, once, join; with a limit and without. */
#include "lib_threads.h"
#include <threads.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER, monotonic;
static pthread_rwlock_t readers = PTHREAD_RWLOCK_INITIALIZER, writers = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sem_t ready, limited, in_once;
static int stage, n_once;
static volatile int may_spin;
static mtx_t c11_lock;
static cnd_t c11_changed;
static FILE *stream;

static void *on_condition(void *arg)
{
	pthread_mutex_lock(&lock);
	arrive();
	while (stage < 1)
		CHECK(pthread_cond_wait(&changed, &lock) == 0);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *on_monotonic(void *arg)
{
	struct timespec limit = in_seconds(CLOCK_MONOTONIC, 3600);

	pthread_mutex_lock(&lock);
	arrive();
	while (stage < 1)
		CHECK(pthread_cond_timedwait(&monotonic, &lock, &limit) == 0);
	pthread_mutex_unlock(&lock);
	return arg;
}

/* Its time runs out on the other side. */
static void *to_the_limit(void *arg)
{
	struct timespec limit = in_seconds(CLOCK_REALTIME, 2);
	pthread_cond_t own = PTHREAD_COND_INITIALIZER;

	pthread_mutex_lock(&lock);
	arrive();
	CHECK(pthread_cond_timedwait(&own, &lock, &limit) == ETIMEDOUT);
	pthread_mutex_unlock(&lock);
	CHECK(in_seconds(CLOCK_REALTIME, 0).tv_sec >= limit.tv_sec);
	return arg;
}

static void *reader(void *arg)
{
	arrive();
	CHECK(pthread_rwlock_rdlock(&readers) == 0);
	CHECK(stage == 1);
	pthread_rwlock_unlock(&readers);
	return arg;
}

static void *writer(void *arg)
{
	struct timespec limit = in_seconds(CLOCK_REALTIME, 3600);

	arrive();
	CHECK(pthread_rwlock_timedwrlock(&writers, &limit) == 0);
	CHECK(stage == 1);
	pthread_rwlock_unlock(&writers);
	return arg;
}

static void *on_barrier(void *arg)
{
	int result;

	arrive();
	result = pthread_barrier_wait(&barrier);
	CHECK(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
	return (void *)((long)arg + (result == PTHREAD_BARRIER_SERIAL_THREAD));
}

static void *on_semaphore(void *arg)
{
	arrive();
	while (sem_wait(&ready))
		CHECK(errno == EINTR);
	return arg;
}

static void *on_limited(void *arg)
{
	struct timespec limit = in_seconds(CLOCK_REALTIME, 3600);

	arrive();
	CHECK(sem_timedwait(&limited, &limit) == 0);
	return arg;
}

static void init_once(void)
{
	arrive();
	CHECK(sem_wait(&in_once) == 0);
	n_once++;
}

static void *in_init(void *arg)
{
	CHECK(pthread_once(&once, init_once) == 0);
	CHECK(n_once == 1);
	return arg;
}

static void *on_once(void *arg)
{
	arrive();
	return in_init(arg);
}

static void *joiner(void *arg)
{
	arrive();
	return (void *)(join(*(pthread_t *)arg) + 1);
}

static void *spinner(void *arg)
{
	arrive();
	pthread_spin_lock(&spin);
	CHECK(may_spin);
	pthread_spin_unlock(&spin);
	return arg;
}

static int c11(void *arg)
{
	mtx_lock(&c11_lock);
	arrive();
	while (stage < 1)
		CHECK(cnd_wait(&c11_changed, &c11_lock) == thrd_success);
	mtx_unlock(&c11_lock);
	return *(int *)arg;
}

static void *detached(void *arg)
{
	CHECK(pthread_detach(pthread_self()) == 0);
	arrive();
	while (sem_wait(&ready))
		;
	sem_post(arg);
	return NULL;
}

static void *on_stream(void *arg)
{
	arrive();
	CHECK(fputs("x", stream) >= 0);
	return arg;
}

static void *sleeper(void *arg)
{
	struct timespec time = {1, 500000000};

	arrive();
	CHECK(nanosleep(&time, NULL) == 0);
	return arg;
}

int main(void)
{
	void *(*const functions[])(void *) = {
		on_condition, on_condition, on_monotonic, to_the_limit, reader, reader, writer, writer,
		on_barrier, on_barrier, on_barrier, on_semaphore, on_semaphore, on_limited, in_init,
		on_once, spinner, sleeper, sleeper,
		on_stream,
	};
	enum { N = sizeof functions / sizeof *functions };
	pthread_t t[N], joined[2];
	pthread_condattr_t attr;
	pthread_attr_t small;
	int c11_arg = 4711, c11_result = 0;
	sem_t over;
	thrd_t c;
	long sum = 0;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&monotonic, &attr);
	pthread_barrier_init(&barrier, NULL, 4);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	sem_init(&ready, 0, 0);
	sem_init(&limited, 0, 0);
	sem_init(&in_once, 0, 0);
	sem_init(&over, 0, 0);
	mtx_init(&c11_lock, mtx_plain);
	cnd_init(&c11_changed);
	pthread_rwlock_wrlock(&readers);
	pthread_rwlock_rdlock(&writers);
	pthread_spin_lock(&spin);
	stream = tmpfile();
	flockfile(stream);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (long i = 0; i < N; i++) {
		CHECK(pthread_create(&t[i], i % 2 ? &small : NULL, functions[i], (void *)(i * 10)) == 0);
		if (functions[i] == in_init)
			wait_arrived((int)i + 1);
	}
	joined[0] = t[0];
	joined[1] = start(joiner, &joined[0]);
	start(detached, &over);
	CHECK(thrd_create(&c, c11, &c11_arg) == thrd_success);
	wait_arrived(N + 3);

	wait_for_move();

	CHECK(n_once == 0 && pthread_spin_trylock(&spin) == EBUSY);
	stage = 1;
	pthread_mutex_lock(&lock);
	pthread_cond_broadcast(&changed);
	pthread_cond_signal(&monotonic);
	pthread_mutex_unlock(&lock);
	mtx_lock(&c11_lock);
	cnd_signal(&c11_changed);
	mtx_unlock(&c11_lock);
	pthread_rwlock_unlock(&readers);
	pthread_rwlock_unlock(&writers);
	for (int i = 0; i < 3; i++)
		sem_post(&ready);
	sem_post(&limited);
	sem_post(&in_once);
	may_spin = 1;
	pthread_spin_unlock(&spin);
	CHECK(ftell(stream) == 0);
	funlockfile(stream);
	sum += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
	CHECK(join(joined[1]) == 1);
	for (int i = 1; i < N; i++)
		sum += join(t[i]);
	CHECK(sum == N * (N - 1) / 2 * 10 + 1);
	while (sem_wait(&over))
		;
	CHECK(thrd_join(c, &c11_result) == thrd_success && c11_result == 4711);
	CHECK(n_once == 1);
	printf("%ld\n", sum);
	return done();
}
