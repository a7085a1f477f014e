/* every: 5003 */
/* Threads: two stacks each, thread-locals, synchronisation, cancellation, and reuse. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include "lib_check.h"

#define N 8

static _Thread_local int local = 5;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static pthread_barrier_t barrier;
static int total, n_once, n_destroyed, n_cleaned, turn;
static atomic_int n_detached;
static sem_t done;

static void run_once(void)
{
	n_once++;
}

static void destroy(void *value)
{
	(void)value;
	__atomic_fetch_add(&n_destroyed, 1, __ATOMIC_SEQ_CST);
}

static int depth(int n)
{
	volatile char frame[100];

	frame[n % 100] = (char)n;
	return n == 0 ? frame[0] : depth(n - 1) + 1;
}

static void *work(void *arg)
{
	long n = (long)arg;
	char text[50];
	int i;

	CHECK(local == 5);
	local = (int)n;
	pthread_once(&once, run_once);
	pthread_setspecific(key, text);
	pthread_barrier_wait(&barrier);
	for (i = 0; i < 10000; i++) {
		pthread_mutex_lock(&lock);
		total++;
		pthread_mutex_unlock(&lock);
	}
	snprintf(text, sizeof(text), "%ld %Lf", n, (long double)n);
	CHECK(atoi(text) == n && local == n && depth(500) == 500);
	errno = (int)n;
	CHECK_LONG(errno, n);
	pthread_mutex_lock(&lock);
	while (turn != n)
		pthread_cond_wait(&changed, &lock);
	turn++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return (void *)(n * n);
}

static void *detached(void *arg)
{
	(void)arg;
	if (atomic_fetch_add(&n_detached, 1) == 99)
		sem_post(&done);
	return NULL;
}

static void cleanup(void *arg)
{
	*(int *)arg += 1;
}

static void *wait_for_ever(void *arg)
{
	char c;

	pthread_cleanup_push(cleanup, &n_cleaned);
	sem_post(&done);
	CHECK(read((int)(long)arg, &c, 1) == -1);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *spin(void *arg)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	sem_post(&done);
	for (;;)
		++*(volatile unsigned *)arg;
	return NULL;
}

static void *forward(void *arg)
{
	pthread_exit((char *)arg + 1);
}

static int c11(void *arg)
{
	return *(int *)arg + 1;
}

static void *deep(void *arg)
{
	(void)arg;
	return (void *)(long)depth(100000);
}

static void groups(void)
{
	pthread_t threads[N];
	void *result = NULL;
	long i;

	CHECK(pthread_key_create(&key, destroy) == 0);
	pthread_barrier_init(&barrier, NULL, N);
	for (i = 0; i < N; i++)
		CHECK(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
	for (i = 0; i < N; i++) {
		CHECK(pthread_join(threads[i], &result) == 0);
		CHECK_LONG(result, i * i);
	}
	CHECK(total == N * 10000 && n_once == 1 && n_destroyed == N && turn == N && local == 5);
}

static void reuse(void)
{
	pthread_attr_t attr;
	pthread_t t;
	void *result = NULL;
	int i;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (i = 0; i < 100; i++)
		while (pthread_create(&t, &attr, detached, NULL) == EAGAIN)
			sched_yield();
	sem_wait(&done);
	CHECK(n_detached == 100);
	pthread_attr_init(&attr);
	size_t bytes = 1 << 20;
	char *stack = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_setstack(&attr, stack, bytes);
	CHECK(pthread_create(&t, &attr, forward, stack) == 0);
	CHECK(pthread_join(t, &result) == 0 && result == stack + 1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 << 20);
	CHECK(pthread_create(&t, &attr, deep, NULL) == 0 && pthread_join(t, &result) == 0);
	CHECK_LONG(result, 100000);
	thrd_t c;
	int value = 41;
	CHECK(thrd_create(&c, c11, &value) == thrd_success);
	CHECK(thrd_join(c, &value) == thrd_success && value == 42);
}

static void cancel(void)
{
	pthread_t t;
	void *result = NULL;
	int ends[2];
	unsigned counter = 0;

	CHECK(pipe(ends) == 0);
	CHECK(pthread_create(&t, NULL, wait_for_ever, (void *)(long)ends[0]) == 0);
	sem_wait(&done);
	CHECK(pthread_cancel(t) == 0 && pthread_join(t, &result) == 0);
	CHECK(result == PTHREAD_CANCELED && n_cleaned == 1);
	CHECK(pthread_create(&t, NULL, spin, &counter) == 0);
	sem_wait(&done);
	CHECK(pthread_cancel(t) == 0 && pthread_join(t, &result) == 0);
	CHECK(result == PTHREAD_CANCELED);
}

static void *wait_done(void *arg)
{
	sem_wait(arg);
	return NULL;
}

/* setuid in a process with threads makes every thread do it, by a signal that is also ours. */
static void all_threads(void)
{
	pthread_t t;
	sem_t stop;
	struct timespec soon;

	sem_init(&stop, 0, 0);
	CHECK(pthread_create(&t, NULL, wait_done, &stop) == 0);
	CHECK(setuid(getuid()) == 0 && setgid(getgid()) == 0);
	sem_post(&stop);
	CHECK(pthread_join(t, NULL) == 0);
	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec = (soon.tv_nsec + 1000000) % 1000000000;
	soon.tv_sec += soon.tv_nsec < 1000000;
	CHECK(sem_timedwait(&stop, &soon) == -1 && errno == ETIMEDOUT);
}

int main(void)
{
	sem_init(&done, 0, 0);
	groups();
	reuse();
	cancel();
	all_threads();
	return check_failures();
}
