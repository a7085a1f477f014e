/* What the cases of threads share, besides moved.h. */
#ifndef LIB_THREADS_H
#define LIB_THREADS_H
#include "../../programs/c/moved.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

static atomic_int n_arrived;

/* The calling thread is about to wait for something. */
static __attribute__((unused)) void arrive(void)
{
	atomic_fetch_add(&n_arrived, 1);
}

/* Until n threads have said so; and then some time, so that they do. */
static __attribute__((unused)) void wait_arrived(int n)
{
	while (atomic_load(&n_arrived) < n)
		usleep(1000);
	usleep(20000);
}

static __attribute__((unused)) pthread_t start(void *(*function)(void *), void *arg)
{
	pthread_t t;

	CHECK(pthread_create(&t, NULL, function, arg) == 0);
	return t;
}

static __attribute__((unused)) long join(pthread_t t)
{
	void *result = NULL;

	CHECK(pthread_join(t, &result) == 0);
	return (long)result;
}

static __attribute__((unused)) struct timespec in_seconds(clockid_t clock, int n)
{
	struct timespec t;

	clock_gettime(clock, &t);
	t.tv_sec += n;
	return t;
}

#endif
