/* Headers: time.h sys/time.h sys/timeb.h utime.h
 * Calendars in time zones given by TZ, formats and their scanning; clocks only by what they
 * promise. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timeb.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>
#include "lib_log.h"

static const char *const zones[] = {
	"UTC0",
	"",
	"CET-1CEST,M3.5.0,M10.5.0/3",
	"EST5EDT,M3.2.0,M11.1.0",
	"<+0530>-5:30",
	"NZST-12NZDT,M9.5.0,M4.1.0/3",
	"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
	"XXX3:04:05YYY,J60/1,J300",
	"AAA-1BBB,0,364/26",
	"XYZ24",
	"bad",
	":no/such",
	"/etc/passwd",
	"LHST-10:30LHDT-11,M10.1.0,M4.1.0",
	"IST-1GMT0,M10.5.0,M3.5.0/1",
};

static const time_t moments[] = {
	0,
	-1,
	1,
	951782400,
	951868799,
	1000000000,
	1234567890,
	1711846799,
	1711846800,
	1729990799,
	1729990800,
	1729994400,
	2147483647,
	2147483648,
	-2147483649,
	4102444800,
	253402300799,
	253402300800,
	-62135596800,
	-62167219201,
	67767976233532799,
};

static void show_tm(const struct tm *tm)
{
	if (tm == NULL) {
		puts("  none");
		return;
	}
	SAY("  %d-%d-%d %d:%d:%d %d %d dst %d %ld %s", tm->tm_year, tm->tm_mon, tm->tm_mday,
		tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_wday, tm->tm_yday, tm->tm_isdst,
		tm->tm_gmtoff, tm->tm_zone);
}

static void calendars(void)
{
	size_t i, k;

	for (i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		setenv("TZ", zones[i], 1);
		tzset();
		SAY("%s: %s %s %ld %d", zones[i], tzname[0], tzname[1], timezone, daylight);
		for (k = 0; k < sizeof(moments) / sizeof(*moments); k++) {
			struct tm tm, *p = localtime_r(&moments[k], &tm);

			show_tm(p);
			if (p != NULL) {
				SAY("  %lld", (long long)mktime(&tm) - (long long)moments[k]);
				tm.tm_isdst = -1;
				SAY("  %lld", (long long)mktime(&tm) - (long long)moments[k]);
			}
		}
	}
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	for (i = 0; i < 40; i++) {
		struct tm tm = {
			.tm_year = 124 + (int)i % 5 - 2,
			.tm_mon = (int)i * 7 - 100,
			.tm_mday = (int)i * 13 - 200,
			.tm_hour = (int)i * 5 - 60,
			.tm_min = 30 - (int)i * 9,
			.tm_sec = (int)i * 1000 - 7,
			.tm_isdst = (int)i % 3 - 1,
		};

		SHOW(mktime(&tm));
		show_tm(&tm);
		SHOW(timegm(&tm));
		show_tm(&tm);
	}
	SHOW(mktime(&(struct tm){.tm_year = 2147483647, .tm_mon = 2147483647}));
	SHOW(gmtime(&(time_t){9223372036854775807}));
}

static void formats(void)
{
	static const char all[] = "aAbBcCdDeFgGhHIjmMnprRsStTuUVwWxXyYzZ%";
	char text[200], format[30];
	struct tm tm;
	size_t i, k;

	for (k = 0; k < sizeof(moments) / sizeof(*moments); k++) {
		if (localtime_r(&moments[k], &tm) == NULL)
			continue;
		for (i = 0; all[i] != '\0'; i++) {
			snprintf(format, sizeof(format), "[%%%c]", all[i]);
			strftime(text, sizeof(text), format, &tm);
			printf("%s", text);
		}
		puts("");
	}
	localtime_r(&moments[6], &tm);
	strftime(text, sizeof(text),
		"%Ec %EC %Ex %EX %Ey %EY %Od %Oe %OH %OI %Om %OM %OS %Ou %OU %OV %Ow %OW %Oy", &tm);
	SHOW(text);
	strftime(text, sizeof(text), "%-d %_H %010Y %+6Y %5C %-m %03d %+10F %q", &tm);
	SHOW(text);
	SHOW(strftime(text, 5, "%Y-%m", &tm));
	SHOW(asctime(&tm));
	SHOW(asctime_r(&tm, text));
	SHOW(ctime(&moments[6]));
	SHOW(ctime_r(&moments[5], text));
	SHOW(difftime(moments[6], moments[5]));
}

static void scans(void)
{
	static const char *const pairs[][2] = {
		{"2024-02-29 13:14:15", "%Y-%m-%d %H:%M:%S"},
		{"02/29/24", "%D"},
		{"Thu, 29 February 2024", "%a, %d %B %Y"},
		{"thursday feb", "%A %b"},
		{"11:59:59 PM", "%r"},
		{"12:00:00 AM", "%I:%M:%S %p"},
		{"23:59", "%R"},
		{"366 2024", "%j %Y"},
		{"19 99", "%C %y"},
		{"69", "%y"},
		{"68", "%y"},
		{"Sun Sep  9 01:46:40 2001", "%c"},
		{"  5x", "%ex"},
		{"5%", "%d%%"},
		{"1000000000", "%s"},
		{"+0130", "%z"},
		{"32", "%d"},
		{"13", "%m"},
		{"25:00", "%H:%M"},
		{"Nonday", "%A"},
		{"6", "%w"},
		{"53", "%U"},
		{"09:08", "%T"},
		{"\n 7", "%n%d"},
		{"2024-W09", "%G-W%V"},
		{"12:34:60", "%T"},
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct tm tm = {0};
		const char *end = strptime(pairs[i][0], pairs[i][1], &tm);

		SAY("%s %s: %d", pairs[i][0], pairs[i][1], end ? (int)(end - pairs[i][0]) : -1);
		if (end != NULL)
			SAY("  %d-%d-%d %d:%d:%d %d %d", tm.tm_year, tm.tm_mon, tm.tm_mday,
				tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday, tm.tm_yday);
	}
	SHOW(getdate("x"));
	SHOW(getdate_err);
}

static volatile int n_alarms;

static void count(int signal)
{
	(void)signal;
	n_alarms++;
}

static void clocks(void)
{
	static const clockid_t ids[] = {
		CLOCK_REALTIME,
		CLOCK_MONOTONIC,
		CLOCK_PROCESS_CPUTIME_ID,
		CLOCK_THREAD_CPUTIME_ID,
		CLOCK_MONOTONIC_RAW,
		CLOCK_REALTIME_COARSE,
		CLOCK_MONOTONIC_COARSE,
		CLOCK_BOOTTIME,
	};
	struct timespec a, b;
	struct timeval tv;
	struct timeb tb;
	struct itimerval timer = {{0, 2000}, {0, 1000}}, old;
	clockid_t own;
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		SHOW(clock_getres(ids[i], &a));
		CHECK(a.tv_sec == 0 && a.tv_nsec > 0 && a.tv_nsec <= 20000000);
		SHOW(clock_gettime(ids[i], &a));
		SHOW(clock_gettime(ids[i], &b));
		CHECK(b.tv_sec > a.tv_sec || (b.tv_sec == a.tv_sec && b.tv_nsec >= a.tv_nsec));
	}
	SHOW(clock_gettime(77, &a));
	SHOW(clock_settime(CLOCK_MONOTONIC, &a));
	SHOW(clock_getcpuclockid(0, &own));
	SHOW(clock_gettime(own, &a));
	SHOW(timespec_get(&a, TIME_UTC));
	SHOW(timespec_get(&a, 0));
	SHOW(gettimeofday(&tv, NULL));
	CHECK(labs(tv.tv_sec - time(NULL)) < 5);
	SHOW(ftime(&tb));
	CHECK(labs(tb.time - time(NULL)) < 5 && tb.millitm < 1000);
	SHOW(nanosleep(&(struct timespec){0, 1000000000}, NULL));
	SHOW(nanosleep(&(struct timespec){0, 1000}, NULL));
	SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){0, 0}, NULL));
	SHOW(clock_nanosleep(CLOCK_REALTIME, 0, &(struct timespec){0, -1}, NULL));
	SHOW(usleep(10));
	signal(SIGALRM, count);
	SHOW(setitimer(ITIMER_REAL, &timer, NULL));
	while (n_alarms < 3)
		usleep(500);
	timer.it_value.tv_usec = timer.it_interval.tv_usec = 0;
	SHOW(setitimer(ITIMER_REAL, &timer, &old));
	SHOW(old.it_interval.tv_usec);
	SHOW(getitimer(ITIMER_REAL, &old));
	SHOW(old.it_value.tv_sec + old.it_value.tv_usec);
	SHOW(alarm(100));
	SHOW(alarm(0) > 90);
	SHOW(ualarm(100000, 0));
	CHECK(ualarm(0, 0) <= 100000);
	CHECK(clock() != -1);
}

static void timers(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_NONE};
	struct itimerspec set = {{1000, 5}, {2000, 6}}, got;
	timer_t timer;

	SHOW(timer_create(CLOCK_REALTIME, &event, &timer));
	SHOW(timer_settime(timer, 0, &set, NULL));
	SHOW(timer_gettime(timer, &got));
	SHOW(got.it_interval.tv_sec * 10 + got.it_interval.tv_nsec);
	CHECK(got.it_value.tv_sec <= 2000 && got.it_value.tv_sec > 1900);
	SHOW(timer_getoverrun(timer));
	SHOW(timer_delete(timer));
	SHOW(timer_create(1234, &event, &timer));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGALRM;
	n_alarms = 0;
	SHOW(timer_create(CLOCK_MONOTONIC, &event, &timer));
	set = (struct itimerspec){{0, 0}, {0, 1}};
	SHOW(timer_settime(timer, TIMER_ABSTIME, &set, NULL));
	while (n_alarms == 0)
		usleep(500);
	SHOW(n_alarms);
	SHOW(timer_delete(timer));
}

static void file_times(void)
{
	struct timespec ts[2] = {{1000000000, 123456789}, {1100000000, 987654321}};
	struct timeval tv[2] = {{900000000, 5}, {950000000, 6}};
	struct utimbuf ut = {800000000, 850000000};
	struct stat s;
	int fd = open("file", O_CREAT | O_RDWR, 0600);

	SHOW(futimens(fd, ts));
	SHOW(fstat(fd, &s));
	SAY("%ld %ld %ld %ld", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec,
		s.st_mtim.tv_nsec);
	ts[0].tv_nsec = UTIME_OMIT;
	ts[1].tv_nsec = 7;
	SHOW(utimensat(AT_FDCWD, "file", ts, 0));
	SHOW(stat("file", &s));
	SAY("%ld %ld %ld %ld", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec,
		s.st_mtim.tv_nsec);
	SHOW(utimes("file", tv));
	SHOW(stat("file", &s));
	SAY("%ld %ld %ld %ld", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec,
		s.st_mtim.tv_nsec);
	SHOW(futimes(fd, tv));
	SHOW(lutimes("file", tv));
	SHOW(futimesat(AT_FDCWD, "file", tv));
	SHOW(utime("file", &ut));
	SHOW(stat("file", &s));
	SAY("%ld %ld", s.st_atime, s.st_mtime);
	SHOW(utime("no such", NULL));
	close(fd);
	unlink("file");
}

int main(void)
{
	calendars();
	formats();
	scans();
	clocks();
	timers();
	file_times();
	return 0;
}
