/* crowd N: N threads compute, lock, wait for each other, sleep and signal each other, until the file
 * `stop` is there; then all sums are checked. Prints `ready`, then `ok`. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MOST 256
#define N_GROUPS 8

static struct worker {
	pthread_t thread;
	pid_t number;
	uint64_t n, sum, n_sent;
	atomic_ulong n_got;
	sem_t turn;
} workers[MOST];

/* Each group has a lock and a condition, and a number that goes up under the lock. */
static struct group {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t n, n_waits;
} groups[N_GROUPS];

static int n_workers, n_wrong;
static atomic_int is_over, n_over;
static _Thread_local struct worker *self;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static uint64_t shared[2];
static sigset_t usr1;

#define CHECK(c) ((c) ? (void)0 : (void)(printf("%d: %s: wrong\n", __LINE__, #c), n_wrong++))

static void on_signal(int signal)
{
	(void)signal;
	atomic_fetch_add(&self->n_got, 1);
}

static uint64_t compute(uint64_t seed, int n)
{
	char text[64];

	for (int i = 0; i < n; i++)
		seed = seed * 6364136223846793005u + 1442695040888963407u;
	snprintf(text, sizeof text, "%llu", (unsigned long long)seed);
	return strtoull(text, NULL, 10) ^ (uint64_t)n;
}

static void in_group(struct worker *w, struct group *g)
{
	struct timespec limit;

	pthread_mutex_lock(&g->lock);
	g->n++;
	pthread_cond_broadcast(&g->changed);
	if (w->n % 3 == 0) {
		clock_gettime(CLOCK_REALTIME, &limit);
		limit.tv_nsec += 2000000;
		limit.tv_sec += limit.tv_nsec / 1000000000;
		limit.tv_nsec %= 1000000000;
		g->n_waits++;
		pthread_cond_timedwait(&g->changed, &g->lock, &limit);
	}
	pthread_mutex_unlock(&g->lock);
}

static void *work(void *arg)
{
	struct worker *w = self = arg;
	long i = w - workers;

	pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
	w->number = (pid_t)syscall(SYS_gettid);
	while (!atomic_load(&is_over)) {
		struct worker *next = &workers[(i + 1 + (long)(w->n % 7)) % n_workers];

		w->sum += compute((uint64_t)i + w->n, 50 + (int)(w->n % 50));
		in_group(w, &groups[(i + (long)w->n) % N_GROUPS]);
		if (w->n % 5 == 0) {
			pthread_rwlock_wrlock(&table);
			shared[0]++;
			shared[1] += 2;
			pthread_rwlock_unlock(&table);
		} else {
			pthread_rwlock_rdlock(&table);
			CHECK(shared[1] == 2 * shared[0]);
			pthread_rwlock_unlock(&table);
		}
		if (w->n % 4 == 0 && next->thread) {
			CHECK(pthread_kill(next->thread, SIGUSR1) == 0);
			w->n_sent++;
		}
		if (w->n % 6 == 0)
			usleep(500);
		sem_post(&next->turn);
		sem_trywait(&w->turn);
		CHECK(w->number == (pid_t)syscall(SYS_gettid));
		w->n++;
	}
	/* Nobody is signalled that has ended. */
	atomic_fetch_add(&n_over, 1);
	while (atomic_load(&n_over) < n_workers)
		usleep(1000);
	return w;
}

static void check_sums(void)
{
	uint64_t n = 0, n_groups = 0, n_writes = 0, n_sent = 0, n_got = 0;

	for (int i = 0; i < n_workers; i++) {
		struct worker *w = &workers[i];
		uint64_t sum = 0;

		for (uint64_t k = 0; k < w->n; k++)
			sum += compute((uint64_t)i + k, 50 + (int)(k % 50));
		CHECK(sum == w->sum);
		CHECK(w->n > 0);
		n += w->n;
		n_writes += (w->n + 4) / 5;
		n_sent += w->n_sent;
		n_got += w->n_got;
	}
	for (int i = 0; i < N_GROUPS; i++)
		n_groups += groups[i].n;
	CHECK(n_groups == n);
	CHECK(shared[0] == n_writes && shared[1] == 2 * n_writes);
	CHECK(n_got > 0 && n_got <= n_sent);
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	n_workers = argc > 1 ? atoi(argv[1]) : 4;
	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	self = &workers[MOST - 1];
	for (int i = 0; i < N_GROUPS; i++) {
		pthread_mutexattr_t a;

		pthread_mutexattr_init(&a);
		pthread_mutexattr_settype(&a, i % 2 ? PTHREAD_MUTEX_NORMAL : PTHREAD_MUTEX_ERRORCHECK);
		pthread_mutex_init(&groups[i].lock, &a);
		pthread_cond_init(&groups[i].changed, NULL);
	}
	for (int i = 0; i < n_workers; i++)
		sem_init(&workers[i].turn, 0, 0);
	for (int i = 0; i < n_workers; i++)
		CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
	puts("ready");
	fflush(stdout);
	while (access("stop", F_OK))
		usleep(20000);
	atomic_store(&is_over, 1);
	for (int i = 0; i < n_workers; i++) {
		void *result;

		CHECK(pthread_join(workers[i].thread, &result) == 0 && result == &workers[i]);
	}
	check_sums();
	puts(n_wrong ? "FAILED" : "ok");
	return n_wrong != 0;
}
