/* Locks held across the move: a stream by flockfile, recursive and error-checking mutexes. Their
 * words hold the thread's number, which the kernel gives anew. */
#include "../../programs/c/moved.h"
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t normal = PTHREAD_MUTEX_INITIALIZER, recursive, checking;

static pthread_mutex_t *init(pthread_mutex_t *m, int type)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, type);
	pthread_mutex_init(m, &a);
	return m;
}

int main(void)
{
	FILE *f = fopen("locked", "w+");

	pthread_mutex_lock(&normal);
	pthread_mutex_lock(init(&recursive, PTHREAD_MUTEX_RECURSIVE));
	pthread_mutex_lock(&recursive);
	pthread_mutex_lock(init(&checking, PTHREAD_MUTEX_ERRORCHECK));
	flockfile(f);
	flockfile(stdout);
	putc_unlocked('a', f);
	wait_for_move();
	fputs("bc", f);
	funlockfile(f);
	fputs("de", f);
	rewind(f);
	CHECK(getc(f) == 'a');
	puts("stdout is still mine");
	funlockfile(stdout);
	CHECK(pthread_mutex_trylock(&normal) == EBUSY);
	CHECK(pthread_mutex_unlock(&normal) == 0);
	CHECK(pthread_mutex_lock(&recursive) == 0);
	CHECK(pthread_mutex_lock(&checking) == EDEADLK);
	for (int i = 0; i < 3; i++)
		CHECK(pthread_mutex_unlock(&recursive) == 0);
	CHECK(pthread_mutex_unlock(&recursive) == EPERM);
	CHECK(pthread_mutex_unlock(&checking) == 0);
	CHECK(pthread_equal(pthread_self(), pthread_self()));
	return done();
}
