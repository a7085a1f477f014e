/* levels: -O2 */
/* A wait for a span of time, moved in its midst, ends when it would have ended. */
#include "moved.h"
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <time.h>

#define SPAN_MS 4000

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(void)
{
	struct timespec span = { SPAN_MS / 1000, 0 };
	struct timeval tv = { SPAN_MS / 1000, 0 };
	sigset_t set;
	int64_t began, took;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	for (int i = 0; i < 4; i++) {
		char name[32];

		began = now_ms();
		snprintf(name, sizeof name, "ready.%d", i + 1);
		if (access("stay", F_OK)) {
			fd = open(name, O_WRONLY | O_CREAT, 0666);
			close(fd);
		}
		switch (i) {
		case 0: CHECK(!nanosleep(&span, NULL)); break;
		case 1: CHECK(!poll(NULL, 0, SPAN_MS)); break;
		case 2: CHECK(!select(0, NULL, NULL, NULL, &tv)); break;
		case 3: CHECK(sigtimedwait(&set, NULL, &span) == -1); break;
		}
		took = now_ms() - began;
		CHECK(took >= SPAN_MS - 5);
		/* As long as the moves have not taken longer. */
		if (took >= 2 * SPAN_MS)
			printf("wait %d took %d ms\n", i, (int)took);
	}
	printf("%d\n", n_failed_checks);
	return n_failed_checks != 0;
}
