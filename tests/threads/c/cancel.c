/* levels: -O2 */
/* Cancellation across a move: asked for before it and acted upon after it, and the other way round;
 * threads that wait in each kind of cancellation point; handlers that run, and values of keys. */
#include "lib_threads.h"
#include <poll.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, cleanup_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static sem_t never, go;
static int ends[2];
static int n_cleaned, n_destroyed, n_mutex_was_held;
static atomic_int may_end;

static void cleanup(void *arg)
{
	(void)arg;
	atomic_fetch_add((atomic_int *)&n_cleaned, 1);
}

static void unlock(void *arg)
{
	n_mutex_was_held += pthread_mutex_trylock(arg) == EBUSY;
	CHECK(pthread_mutex_unlock(arg) == 0);
	cleanup(NULL);
}

static void destroy(void *value)
{
	CHECK(value == (void *)0x1234);
	atomic_fetch_add((atomic_int *)&n_destroyed, 1);
}

/* One for each; the case is a number from here on. */
static void wait_in(int i)
{
	struct timespec hour = {3600, 0};
	char c;

	switch (i) {
	case 0:
		read(ends[0], &c, 1);
		break;
	case 1:
		while (sem_wait(&never))
			;
		break;
	case 2:
		pthread_mutex_lock(&lock);
		pthread_cleanup_push(unlock, &lock);
		for (;;)
			pthread_cond_wait(&changed, &lock);
		pthread_cleanup_pop(0);
		break;
	case 3:
		nanosleep(&hour, NULL);
		break;
	case 4:
		poll(NULL, 0, -1);
		break;
	case 5:
		pause();
		break;
	case 6:
		for (;;)
			pthread_testcancel();
	case 7:
		pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
		for (;;)
			__asm__ volatile("");
	}
}
#define N_WAYS 8

static void *waiter(void *arg)
{
	pthread_setspecific(key, (void *)0x1234);
	pthread_cleanup_push(cleanup, NULL);
	arrive();
	wait_in((int)(long)arg);
	pthread_cleanup_pop(0);
	return arg;
}

/* It may not be cancelled yet when it is asked to be. */
static void *disabled(void *arg)
{
	int state;

	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL) == 0);
	pthread_cleanup_push(cleanup, NULL);
	arrive();
	while (sem_wait(&go))
		CHECK(errno == EINTR);
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state) == 0);
	CHECK(state == PTHREAD_CANCEL_DISABLE);
	usleep(1);
	CHECK(!"cancelled");
	pthread_cleanup_pop(0);
	return arg;
}

/* Its handler of the cancellation waits while the process moves. */
static void slow_cleanup(void *arg)
{
	arrive();
	CHECK(pthread_mutex_lock(&cleanup_lock) == 0);
	CHECK(pthread_mutex_unlock(&cleanup_lock) == 0);
	while (!atomic_load(&may_end))
		;
	cleanup(arg);
}

static void *slowly_cancelled(void *arg)
{
	pthread_cleanup_push(slow_cleanup, NULL);
	arrive();
	while (sem_wait(&never))
		;
	pthread_cleanup_pop(0);
	return arg;
}

int main(void)
{
	pthread_t before[N_WAYS], after[N_WAYS], d, slow[2];
	struct timespec hour = {3600, 0};

	CHECK(pipe(ends) == 0);
	sem_init(&never, 0, 0);
	sem_init(&go, 0, 0);
	CHECK(pthread_key_create(&key, destroy) == 0);
	pthread_mutex_lock(&cleanup_lock);
	for (long i = 0; i < N_WAYS; i++) {
		before[i] = start(waiter, (void *)i);
		after[i] = start(waiter, (void *)i);
	}
	d = start(disabled, NULL);
	slow[0] = start(slowly_cancelled, NULL);
	slow[1] = start(slowly_cancelled, NULL);
	wait_arrived(2 * N_WAYS + 3);
	for (int i = 0; i < N_WAYS; i++)
		CHECK(pthread_cancel(before[i]) == 0);
	CHECK(pthread_cancel(d) == 0 && pthread_cancel(slow[0]) == 0 && pthread_cancel(slow[1]) == 0);
	wait_arrived(2 * N_WAYS + 5);

	wait_for_move();

	for (int i = 0; i < N_WAYS; i++)
		CHECK(pthread_cancel(after[i]) == 0);
	sem_post(&go);
	pthread_mutex_unlock(&cleanup_lock);
	may_end = 1;
	for (int i = 0; i < N_WAYS; i++) {
		CHECK(join(before[i]) == (long)PTHREAD_CANCELED);
		CHECK(join(after[i]) == (long)PTHREAD_CANCELED);
	}
	CHECK(join(d) == (long)PTHREAD_CANCELED);
	CHECK(join(slow[0]) == (long)PTHREAD_CANCELED && join(slow[1]) == (long)PTHREAD_CANCELED);
	CHECK(pthread_mutex_trylock(&lock) == 0);
	/* The main thread asks for its own, which is not acted upon. */
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL) == 0);
	CHECK(pthread_cancel(pthread_self()) == 0);
	hour.tv_sec = 0;
	CHECK(nanosleep(&hour, NULL) == 0);
	printf("%d %d %d\n", n_cleaned, n_destroyed, n_mutex_was_held);
	return done();
}
