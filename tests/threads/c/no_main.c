/* levels: -O2 */
/* The main thread has ended, with pthread_exit; another one ends the process. And threads that come and
 * go all the time, while it is moved. */
#include "lib_threads.h"

static atomic_int is_over;
static atomic_long n_made;
static pthread_t main_thread;

static void *brief(void *arg)
{
	char text[32];

	snprintf(text, sizeof text, "%ld", (long)arg);
	return (void *)atol(text);
}

static void *maker(void *arg)
{
	while (!atomic_load(&is_over)) {
		long n = atomic_fetch_add(&n_made, 1);
		pthread_t t;

		if (pthread_create(&t, NULL, brief, (void *)n) == 0)
			CHECK(join(t) == n);
		if (pthread_create(&t, NULL, brief, NULL) == 0)
			pthread_detach(t);
	}
	return arg;
}

static void *last(void *arg)
{
	pthread_t makers[3];

	CHECK(join(main_thread) == 42);
	for (int i = 0; i < 3; i++)
		makers[i] = start(maker, NULL);
	while (atomic_load(&n_made) < 20)
		usleep(1000);
	wait_for_move();
	n_made = 0;
	while (atomic_load(&n_made) < 20)
		usleep(1000);
	atomic_store(&is_over, 1);
	for (int i = 0; i < 3; i++)
		join(makers[i]);
	exit(done());
	return arg;
}

int main(void)
{
	main_thread = pthread_self();
	start(last, NULL);
	pthread_exit((void *)42);
}
