/* Clocks and calendars. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
#include "lib_check.h"

static volatile int n_fired;

static void fired(union sigval value)
{
	n_fired += value.sival_int;
}

int main(void)
{
	struct timespec a, b, wait = { 0, 2000000 };
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 3,
		.sigev_notify_function = fired,
	};
	struct itimerspec soon = { .it_value.tv_nsec = 1000000 };
	struct timeval now;
	struct rusage usage;
	struct tm tm;
	struct tms spent;
	char text[100];
	time_t t = 1700000000;
	timer_t timer;
	int i;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &a) == 0 && nanosleep(&wait, NULL) == 0);
	CHECK(clock_gettime(CLOCK_MONOTONIC, &b) == 0);
	CHECK((b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec >= 2000000);
	b.tv_nsec += 1000000;
	if (b.tv_nsec >= 1000000000) {
		b.tv_nsec -= 1000000000;
		b.tv_sec++;
	}
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &b, NULL) == 0);
	CHECK(gettimeofday(&now, NULL) == 0 && labs(now.tv_sec - time(NULL)) <= 1);
	CHECK(clock_gettime(12345, &a) == -1 && errno == EINVAL);
	CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss > 0);
	CHECK(times(&spent) != (clock_t)-1 && clock() != (clock_t)-1);
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	CHECK(localtime_r(&t, &tm) != NULL);
	CHECK(strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %Z %j %A", &tm) > 0);
	CHECK_STRING(text, "2023-11-14 23:13:20 CET 318 Tuesday");
	CHECK(mktime(&tm) == t && timegm(gmtime(&t)) == t);
	CHECK(strptime("2001-02-03 04:05:06", "%Y-%m-%d %H:%M:%S", &tm) != NULL && tm.tm_mon == 1);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &soon, NULL) == 0);
	for (i = 0; i < 1000 && n_fired == 0; i++)
		nanosleep(&wait, NULL);
	CHECK_LONG(n_fired, 3);
	CHECK(timer_delete(timer) == 0);
	return check_failures();
}
