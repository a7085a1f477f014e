/* Headers: pthread.h sched.h semaphore.h threads.h
 * Threads and all that they wait for. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include "lib_log.h"

enum { N = 4 };

static struct timespec in_ms(int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += ms * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void *run(void *(*f)(void *), void *arg)
{
	pthread_t t;
	void *result = NULL;

	CHECK(pthread_create(&t, NULL, f, arg) == 0);
	CHECK(pthread_join(t, &result) == 0);
	return result;
}

#define IN_THREAD(f, arg) ((long)run(f, (void *)(arg)))

/* ---- mutexes ---- */

static void *try_lock(void *m)
{
	int r = pthread_mutex_trylock(m);

	if (r == 0)
		pthread_mutex_unlock(m);
	return (void *)(long)r;
}

static void *timed_lock(void *m)
{
	struct timespec t = in_ms(3);

	return (void *)(long)pthread_mutex_timedlock(m, &t);
}

static void *unlock(void *m)
{
	return (void *)(long)pthread_mutex_unlock(m);
}

static void *lock_and_die(void *m)
{
	return (void *)(long)pthread_mutex_lock(m);
}

/* qemu-user has no robust lists. */
static void robust(pthread_mutexattr_t *attr)
{
	pthread_mutex_t m;
	int value;

	HOST_SHOW(pthread_mutexattr_getrobust(attr, &value));
	HOST_SHOW(value);
	HOST_SHOW(pthread_mutex_init(&m, attr));
	HOST_SHOW(IN_THREAD(lock_and_die, &m));
	HOST_SHOW(pthread_mutex_lock(&m));
	HOST_SHOW(pthread_mutex_consistent(&m));
	HOST_SHOW(pthread_mutex_unlock(&m));
	HOST_SHOW(IN_THREAD(lock_and_die, &m));
	HOST_SHOW(pthread_mutex_lock(&m));
	HOST_SHOW(pthread_mutex_unlock(&m));
	HOST_SHOW(pthread_mutex_lock(&m));
}

static void mutexes(void)
{
	static const int kinds[] = {
		PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
	pthread_mutexattr_t attr;
	pthread_mutex_t m, fixed = PTHREAD_MUTEX_INITIALIZER;
	int i, value;

	SHOW(pthread_mutex_lock(&fixed));
	SHOW(IN_THREAD(try_lock, &fixed));
	SHOW(pthread_mutex_unlock(&fixed));
	for (i = 0; i < 3; i++) {
		SHOW(pthread_mutexattr_init(&attr));
		SHOW(pthread_mutexattr_settype(&attr, kinds[i]));
		SHOW(pthread_mutexattr_gettype(&attr, &value));
		SHOW(value == kinds[i]);
		SHOW(pthread_mutex_init(&m, &attr));
		SHOW(pthread_mutex_lock(&m));
		SHOW(pthread_mutex_trylock(&m));
		if (kinds[i] != PTHREAD_MUTEX_NORMAL)
			SHOW(pthread_mutex_lock(&m));
		SHOW(IN_THREAD(try_lock, &m));
		SHOW(IN_THREAD(timed_lock, &m));
		if (kinds[i] != PTHREAD_MUTEX_NORMAL)
			SHOW(IN_THREAD(unlock, &m));
		SHOW(pthread_mutex_unlock(&m));
		if (kinds[i] == PTHREAD_MUTEX_RECURSIVE) {
			SHOW(pthread_mutex_unlock(&m));
			SHOW(pthread_mutex_unlock(&m));
		}
		SHOW(IN_THREAD(try_lock, &m));
		SHOW(pthread_mutex_destroy(&m));
		SHOW(pthread_mutexattr_destroy(&attr));
	}
	pthread_mutexattr_init(&attr);
	if (pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0)
		robust(&attr);
	SHOW(pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
	SHOW(pthread_mutexattr_getpshared(&attr, &value));
	SHOW(value);
	SHOW(pthread_mutexattr_setprotocol(&attr, 77));
	SHOW(pthread_mutexattr_getprotocol(&attr, &value));
	SHOW(value);
	SHOW(pthread_mutexattr_settype(&attr, 77));
	SHOW(pthread_mutex_getprioceiling(&m, &value));
	SHOW(pthread_mutex_setprioceiling(&m, 1, &value));
}

/* ---- a queue by condition variables ---- */

static struct {
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	long value;
	int is_full;
} slot = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static void *produce(void *n)
{
	long i;

	for (i = 1; i <= (long)n; i++) {
		pthread_mutex_lock(&slot.lock);
		while (slot.is_full)
			pthread_cond_wait(&slot.emptied, &slot.lock);
		slot.value = i;
		slot.is_full = 1;
		pthread_cond_signal(&slot.filled);
		pthread_mutex_unlock(&slot.lock);
	}
	return NULL;
}

static void conditions(void)
{
	pthread_condattr_t attr;
	pthread_cond_t c;
	struct timespec t = in_ms(2);
	pthread_t threads[N];
	clockid_t clock;
	long sum = 0;
	int i, value;

	for (i = 0; i < N; i++)
		pthread_create(&threads[i], NULL, produce, (void *)100L);
	for (i = 0; i < N * 100; i++) {
		pthread_mutex_lock(&slot.lock);
		while (!slot.is_full)
			pthread_cond_wait(&slot.filled, &slot.lock);
		sum += slot.value;
		slot.is_full = 0;
		pthread_cond_broadcast(&slot.emptied);
		pthread_mutex_unlock(&slot.lock);
	}
	for (i = 0; i < N; i++)
		pthread_join(threads[i], NULL);
	SHOW(sum);
	pthread_mutex_lock(&slot.lock);
	SHOW(pthread_cond_timedwait(&slot.filled, &slot.lock, &t));
	SHOW(pthread_condattr_init(&attr));
	SHOW(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
	SHOW(pthread_condattr_getclock(&attr, &clock));
	SHOW(clock);
	SHOW(pthread_condattr_setclock(&attr, CLOCK_PROCESS_CPUTIME_ID));
	SHOW(pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_PRIVATE));
	SHOW(pthread_condattr_getpshared(&attr, &value));
	SHOW(pthread_cond_init(&c, &attr));
	SHOW(pthread_condattr_destroy(&attr));
	clock_gettime(CLOCK_MONOTONIC, &t);
	SHOW(pthread_cond_timedwait(&c, &slot.lock, &t));
	SHOW(pthread_cond_destroy(&c));
	pthread_mutex_unlock(&slot.lock);
}

/* ---- read-write locks, barriers, spin locks ---- */

static void *try_read(void *l)
{
	struct timespec t = in_ms(2);
	int r = pthread_rwlock_tryrdlock(l), s;

	if (r == 0)
		pthread_rwlock_unlock(l);
	s = pthread_rwlock_timedrdlock(l, &t);
	if (s == 0)
		pthread_rwlock_unlock(l);
	return (void *)(long)(r * 1000 + s);
}

static void *try_write(void *l)
{
	struct timespec t = in_ms(2);
	int r = pthread_rwlock_trywrlock(l), s;

	if (r == 0)
		pthread_rwlock_unlock(l);
	s = pthread_rwlock_timedwrlock(l, &t);
	if (s == 0)
		pthread_rwlock_unlock(l);
	return (void *)(long)(r * 1000 + s);
}

static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static long counter, atomic_sum;

static void *meet(void *arg)
{
	long n_serial = 0, i;

	(void)arg;
	for (i = 0; i < 50; i++) {
		n_serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
		pthread_spin_lock(&spin);
		counter++;
		pthread_spin_unlock(&spin);
		atomic_fetch_add((_Atomic long *)&atomic_sum, i);
	}
	return (void *)n_serial;
}

static void other_locks(void)
{
	pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
	pthread_rwlockattr_t attr;
	pthread_barrierattr_t battr;
	pthread_t threads[N];
	void *result;
	long n_serial = 0;
	int i, value;

	SHOW(pthread_rwlock_rdlock(&l));
	SHOW(IN_THREAD(try_read, &l));
	SHOW(IN_THREAD(try_write, &l));
	SHOW(pthread_rwlock_unlock(&l));
	SHOW(pthread_rwlock_wrlock(&l));
	SHOW(IN_THREAD(try_read, &l));
	SHOW(IN_THREAD(try_write, &l));
	SHOW(pthread_rwlock_unlock(&l));
	SHOW(IN_THREAD(try_write, &l));
	SHOW(pthread_rwlock_destroy(&l));
	SHOW(pthread_rwlockattr_init(&attr));
	SHOW(pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
	SHOW(pthread_rwlockattr_getpshared(&attr, &value));
	SHOW(value);
	SHOW(pthread_rwlock_init(&l, &attr));
	SHOW(pthread_rwlockattr_destroy(&attr));
	SHOW(pthread_barrierattr_init(&battr));
	SHOW(pthread_barrierattr_setpshared(&battr, PTHREAD_PROCESS_PRIVATE));
	SHOW(pthread_barrierattr_getpshared(&battr, &value));
	SHOW(pthread_barrier_init(&barrier, &battr, 0));
	SHOW(pthread_barrier_init(&barrier, &battr, N));
	SHOW(pthread_barrierattr_destroy(&battr));
	SHOW(pthread_spin_init(&spin, 0));
	for (i = 0; i < N; i++)
		pthread_create(&threads[i], NULL, meet, NULL);
	for (i = 0; i < N; i++) {
		pthread_join(threads[i], &result);
		n_serial += (long)result;
	}
	SAY("%ld %ld %ld", n_serial, counter, atomic_sum);
	SHOW(pthread_barrier_destroy(&barrier));
	SHOW(pthread_spin_trylock(&spin));
	SHOW(pthread_spin_trylock(&spin));
	SHOW(pthread_spin_unlock(&spin));
	SHOW(pthread_spin_destroy(&spin));
}

/* ---- once, keys, cancellation ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key, other;
static int n_once, n_destroyed, n_cleaned;

static void do_once(void)
{
	n_once++;
}

static void destroy(void *value)
{
	n_destroyed += (int)(long)value;
	if ((long)value == 1)
		pthread_setspecific(other, (void *)10L);
}

static void clean(void *arg)
{
	n_cleaned += (int)(long)arg;
}

static void *use_key(void *arg)
{
	pthread_once(&once, do_once);
	pthread_once(&once, do_once);
	SHOW(pthread_getspecific(key));
	pthread_setspecific(key, arg);
	return pthread_getspecific(key);
}

static void *cancel_me(void *arg)
{
	int old;

	pthread_cleanup_push(clean, (void *)1L);
	pthread_cleanup_push(clean, (void *)10L);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	CHECK(old == PTHREAD_CANCEL_ENABLE);
	pthread_testcancel();
	usleep(1000);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	if (arg != NULL)
		pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	while (arg != NULL)
		;
	for (;;)
		sleep(1000);
	pthread_cleanup_pop(1);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *exits(void *arg)
{
	pthread_cleanup_push(clean, (void *)100L);
	pthread_cleanup_push(clean, (void *)1000L);
	pthread_cleanup_pop(0);
	pthread_exit(arg);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *read_pipe(void *fd)
{
	char byte;

	return (void *)(long)read((int)(long)fd, &byte, 1);
}

static void lives(void)
{
	pthread_t t;
	void *result;
	int ends[2];

	SHOW(pthread_key_create(&key, destroy));
	SHOW(pthread_key_create(&other, destroy));
	SHOW(IN_THREAD(use_key, 1L));
	SHOW(IN_THREAD(use_key, 5L));
	SAY("%d %d", n_once, n_destroyed);
	SHOW(pthread_key_delete(key));
	SHOW(pthread_create(&t, NULL, cancel_me, NULL));
	SHOW(pthread_cancel(t));
	SHOW(pthread_join(t, &result));
	SHOW(result == PTHREAD_CANCELED);
	SHOW(n_cleaned);
	SHOW(pthread_create(&t, NULL, cancel_me, (void *)1L));
	SHOW(pthread_cancel(t));
	SHOW(pthread_join(t, &result));
	SHOW(result == PTHREAD_CANCELED);
	SHOW(n_cleaned);
	SHOW(pipe(ends));
	pthread_create(&t, NULL, read_pipe, (void *)(long)ends[0]);
	usleep(2000);
	SHOW(pthread_cancel(t));
	SHOW(pthread_join(t, &result));
	SHOW(result == PTHREAD_CANCELED);
	SHOW(IN_THREAD(exits, 77L));
	SHOW(n_cleaned);
	SHOW(pthread_equal(pthread_self(), pthread_self()));
	close(ends[0]);
	close(ends[1]);
}

static sem_t done;

static void *detached(void *arg)
{
	(void)arg;
	pthread_detach(pthread_self());
	sem_post(&done);
	return NULL;
}

static sem_t may_end;

static void *quiet(void *arg)
{
	sem_wait(&may_end);
	return arg;
}

static void *room(void *arg)
{
	volatile char bytes[600000];
	long i;

	(void)arg;
	for (i = 0; i < 600000; i += 1000)
		bytes[i] = 1;
	return (void *)(long)bytes[599000];
}

static void attributes(void)
{
	pthread_attr_t attr;
	struct sched_param param;
	struct timespec t;
	pthread_t thread;
	size_t size;
	void *where, *result;
	char name[20];
	int value;
	cpu_set_t set;
	clockid_t clock;

	sem_init(&done, 0, 0);
	SHOW(pthread_attr_init(&attr));
	SHOW(pthread_attr_getdetachstate(&attr, &value));
	SHOW(value);
	SHOW(pthread_attr_setstacksize(&attr, 100));
	SHOW(pthread_attr_setstacksize(&attr, 1 << 20));
	SHOW(pthread_attr_getstacksize(&attr, &size));
	SHOW(size);
	SHOW(pthread_attr_setguardsize(&attr, 8192));
	SHOW(pthread_attr_getguardsize(&attr, &size));
	SHOW(size);
	SHOW(pthread_create(&thread, &attr, room, NULL));
	SHOW(pthread_join(thread, &result));
	SHOW((long)result);
	SHOW(pthread_attr_getschedparam(&attr, &param));
	SHOW(pthread_attr_setschedparam(&attr, &param));
	SHOW(pthread_attr_getschedpolicy(&attr, &value));
	SHOW(pthread_attr_setschedpolicy(&attr, SCHED_OTHER));
	SHOW(pthread_attr_getinheritsched(&attr, &value));
	SHOW(pthread_attr_setinheritsched(&attr, PTHREAD_INHERIT_SCHED));
	SHOW(pthread_attr_getscope(&attr, &value));
	SHOW(pthread_attr_setscope(&attr, PTHREAD_SCOPE_SYSTEM));
	SHOW(pthread_attr_setdetachstate(&attr, 9));
	SHOW(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED));
	SHOW(pthread_create(&thread, NULL, detached, NULL));
	SHOW(sem_wait(&done));
	sem_init(&may_end, 0, 0);
	SHOW(pthread_create(&thread, NULL, quiet, (void *)5L));
	SHOW(pthread_tryjoin_np(thread, &result));
	t = in_ms(0);
	SHOW(pthread_timedjoin_np(thread, &result, &t));
	SHOW(pthread_setname_np(thread, "a name too long for it"));
	SHOW(pthread_setname_np(thread, "named"));
	SHOW(pthread_getname_np(thread, name, sizeof(name)));
	SHOW(name);
	sem_post(&may_end);
	SHOW(pthread_join(thread, &result));
	SHOW(pthread_getattr_np(pthread_self(), &attr));
	SHOW(pthread_attr_getstack(&attr, &where, &size));
	CHECK((char *)&attr >= (char *)where && (char *)&attr < (char *)where + size);
	where = malloc(1 << 20);
	pthread_attr_init(&attr);
	SHOW(pthread_attr_setstack(&attr, where, 1 << 20));
	SHOW(pthread_create(&thread, &attr, room, NULL));
	SHOW(pthread_join(thread, &result));
	free(where);
	SHOW(pthread_attr_destroy(&attr));
	SHOW(pthread_getattr_default_np(&attr));
	SHOW(pthread_setattr_default_np(&attr));
	SHOW(pthread_getconcurrency());
	SHOW(pthread_setconcurrency(1));
	SHOW(pthread_getschedparam(pthread_self(), &value, &param));
	SAY("%d %d", value, param.sched_priority);
	SHOW(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param));
	SHOW(pthread_setschedprio(pthread_self(), 0));
	SHOW(pthread_getaffinity_np(pthread_self(), sizeof(set), &set));
	CHECK(CPU_COUNT(&set) >= 1);
	SHOW(pthread_setaffinity_np(pthread_self(), sizeof(set), &set));
	SHOW(pthread_getcpuclockid(pthread_self(), &clock));
	SHOW(clock_gettime(clock, &t));
}

static int n_atfork;

static void before_fork(void)
{
	n_atfork += 1;
}

static void in_parent(void)
{
	n_atfork += 10;
}

static void in_child(void)
{
	n_atfork += 100;
}

static void processes(void)
{
	struct {
		pthread_mutex_t m;
		sem_t s;
		int n;
	} *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attr;
	struct sched_param param = {0};
	struct timespec t;
	int i, status;
	cpu_set_t set;

	SHOW(pthread_atfork(before_fork, in_parent, in_child));
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->m, &attr);
	sem_init(&shared->s, 1, 0);
	fflush(stdout);
	for (i = 0; i < 3; i++)
		if (fork() == 0) {
			int k;

			for (k = 0; k < 200; k++) {
				pthread_mutex_lock(&shared->m);
				shared->n++;
				pthread_mutex_unlock(&shared->m);
			}
			sem_post(&shared->s);
			_exit(n_atfork % 11);
		}
	for (i = 0; i < 3; i++) {
		SHOW(sem_wait(&shared->s));
		wait(&status);
	}
	SAY("%d %d", shared->n, n_atfork);
	SHOW(sched_yield());
	SHOW(sched_get_priority_max(SCHED_FIFO));
	SHOW(sched_get_priority_min(SCHED_RR));
	SHOW(sched_get_priority_max(77));
	SHOW(sched_getaffinity(0, sizeof(set), &set));
	CHECK(CPU_COUNT(&set) >= 1 && sched_getcpu() >= 0);
	SHOW(sched_setaffinity(0, sizeof(set), &set));
	SHOW(sched_getscheduler(0));
	SHOW(sched_setscheduler(0, SCHED_OTHER, &param));
	SHOW(sched_getparam(0, &param));
	SHOW(sched_setparam(0, &param));
	SHOW(sched_rr_get_interval(0, &t));
	CPU_ZERO(&set);
	CPU_SET(3, &set);
	SHOW(CPU_ISSET(3, &set) + CPU_COUNT(&set));
}

static void semaphores(void)
{
	struct timespec t = in_ms(2);
	sem_t s, *named;
	int value;

	SHOW(sem_init(&s, 0, SEM_VALUE_MAX));
	SHOW(sem_post(&s));
	SHOW(sem_init(&s, 0, -1));
	SHOW(sem_init(&s, 0, 1));
	SHOW(sem_getvalue(&s, &value));
	SHOW(value);
	SHOW(sem_trywait(&s));
	SHOW(sem_trywait(&s));
	SHOW(sem_timedwait(&s, &t));
	SHOW(sem_destroy(&s));
	SHOW(sem_unlink("/hcc-libc-test"));
	named = sem_open("/hcc-libc-test", O_CREAT | O_EXCL, 0600, 2);
	SHOW(named != SEM_FAILED);
	SHOW(sem_open("/hcc-libc-test", 0) == named);
	SHOW(sem_wait(named));
	SHOW(sem_getvalue(named, &value));
	SHOW(value);
	SHOW(sem_close(named));
	SHOW(sem_close(named));
	SHOW(sem_unlink("/hcc-libc-test"));
	SHOW(sem_open("/hcc-libc-test", 0) == SEM_FAILED);
}

/* ---- <threads.h> ---- */

static once_flag flag = ONCE_FLAG_INIT;
static mtx_t mutex;
static cnd_t condition;
static tss_t store;
static int stage;
static thread_local int own = 5;

static int c_thread(void *arg)
{
	call_once(&flag, do_once);
	tss_set(store, arg);
	own += (int)(long)arg;
	mtx_lock(&mutex);
	while (stage != 1)
		cnd_wait(&condition, &mutex);
	stage = 2;
	cnd_broadcast(&condition);
	mtx_unlock(&mutex);
	if (own == 8)
		thrd_exit(own);
	return own + (int)(long)tss_get(store);
}

static void c_threads(void)
{
	struct timespec t = in_ms(2);
	thrd_t thread;
	int result;

	SHOW(mtx_init(&mutex, mtx_plain | mtx_recursive));
	SHOW(mtx_lock(&mutex) + mtx_lock(&mutex) + mtx_unlock(&mutex) + mtx_unlock(&mutex));
	mtx_destroy(&mutex);
	SHOW(mtx_init(&mutex, mtx_timed));
	SHOW(cnd_init(&condition));
	SHOW(tss_create(&store, NULL));
	SHOW(thrd_create(&thread, c_thread, (void *)2L));
	mtx_lock(&mutex);
	stage = 1;
	SHOW(cnd_signal(&condition));
	while (stage != 2)
		cnd_wait(&condition, &mutex);
	SHOW(mtx_trylock(&mutex) == thrd_busy);
	SHOW(mtx_timedlock(&mutex, &t) == thrd_timedout);
	t = in_ms(1);
	SHOW(cnd_timedwait(&condition, &mutex, &t) == thrd_timedout);
	mtx_unlock(&mutex);
	SHOW(thrd_join(thread, &result));
	SHOW(result);
	stage = 1;
	SHOW(thrd_create(&thread, c_thread, (void *)3L));
	SHOW(thrd_join(thread, &result));
	SHOW(result);
	stage = 1;
	SHOW(thrd_create(&thread, c_thread, (void *)1L));
	SHOW(thrd_detach(thread));
	while (stage != 2)
		thrd_yield();
	SHOW(thrd_sleep(&(struct timespec){0, 1000}, NULL));
	SHOW(thrd_equal(thrd_current(), thrd_current()));
	cnd_destroy(&condition);
	tss_delete(store);
	SHOW(own);
	SHOW(n_once);
}

int main(void)
{
	mutexes();
	conditions();
	other_locks();
	lives();
	attributes();
	processes();
	semaphores();
	c_threads();
	return 0;
}
