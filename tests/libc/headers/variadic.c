/* Headers: stdio.h wchar.h stdarg.h unistd.h sys/time.h
 * The forms that take a va_list, those that read and write the standard streams, and what no
 * other test calls. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <mqueue.h>
#include <nl_types.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include "lib_log.h"

static FILE *file;
static wchar_t wide[50];
static char text[50];

static void with_list(int which, const void *format, ...)
{
	va_list args;
	long r = -2;

	va_start(args, format);
	switch (which) {
	case 0: r = vprintf(format, args); break;
	case 1: r = vfprintf(file, format, args); break;
	case 2: r = vdprintf(fileno(file), format, args); break;
	case 3: r = vsprintf(text, format, args); break;
	case 4: r = vfscanf(file, format, args); break;
	case 5: r = vscanf(format, args); break;
	case 6: r = vfwprintf(file, format, args); break;
	case 7: r = vswprintf(wide, 50, format, args); break;
	case 8: r = vfwscanf(file, format, args); break;
	case 9: r = vswscanf(wide, format, args); break;
	case 10: r = vwscanf(format, args); break;
	}
	va_end(args);
	printf("%d: %ld\n", which, r);
}

static void narrow(void)
{
	int a = 0;
	double d = 0;

	with_list(0, "%d %s %g|", 1, "two", 3.5);
	file = fopen("file", "w+");
	with_list(1, "%c%5.1f%%\n", 'x', 2.25);
	fflush(file);
	with_list(2, "%lld\n", 123456789012LL);
	with_list(3, "%08.3f", 3.14159);
	SHOW((const char *)text);
	rewind(file);
	with_list(4, "x %lf%%", &d);
	SHOW(d);
	SHOW(freopen("file", "r", stdin) == stdin);
	with_list(5, "x%lf", &d);
	SHOW(scanf("%%%d", &a));
	SHOW(a);
	SHOW(fclose(file));
}

static void wide_out(const wchar_t *format, ...)
{
	va_list args;

	va_start(args, format);
	vwprintf(format, args);
	va_end(args);
}

/* A stream is bytes or characters for good: these have a stream, or a process, of their own. */
static void characters(void)
{
	int a = 0, status;

	file = fopen("wide", "w+");
	with_list(6, L"%d %ls\n", 7, L"sieben");
	SHOW(fputwc_unlocked(L'\x20ac', file));
	SHOW(putwc_unlocked(L'y', file));
	SHOW(fputws_unlocked(L" line\n", file));
	rewind(file);
	with_list(8, L"%d", &a);
	SHOW(a);
	SHOW(fgetwc_unlocked(file));
	SHOW(getwc_unlocked(file));
	SHOW(fgetws_unlocked(wide, 50, file));
	SHOW(wide);
	with_list(7, L"%d-%s", 5, "five");
	SHOW(wide);
	with_list(9, L"%d-%*s", &a);
	SHOW(a);
	fclose(file);
	SHOW(freopen("wide", "r", stdin) == stdin);
	SHOW(getwchar());
	SHOW(getwchar_unlocked());
	SHOW(wscanf(L"%ls", wide));
	SHOW(wide);
	with_list(10, L" %l[^ ]", wide);
	SHOW(wide);
	fflush(stdout);
	if (fork() == 0) {
		freopen("out", "w", stdout);
		wprintf(L"%d %lc", 5, (wint_t)0xe9);
		wide_out(L"<%s>", "v");
		putwchar(L'a');
		putwchar_unlocked(L'b');
		exit(0);
	}
	wait(&status);
	file = fopen("out", "r");
	SHOW(fgets(text, sizeof(text), file));
	fclose(file);
	unlink("file");
	unlink("wide");
	unlink("out");
}

static volatile int n_notified;

static void notified(union sigval value)
{
	n_notified = value.sival_int;
}

static void notify(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD,
		.sigev_notify_function = notified,
		.sigev_value.sival_int = 5};
	mqd_t q;

	mq_unlink("/hcc-libc-notify");
	q = mq_open("/hcc-libc-notify", O_CREAT | O_RDWR | O_EXCL, 0600, NULL);
	if (q < 0)
		return;
	if (mq_notify(q, &event) == 0) {
		mq_send(q, "x", 1, 0);
		while (n_notified == 0)
			usleep(100);
		HOST_SHOW(n_notified);
	}
	mq_close(q);
	mq_unlink("/hcc-libc-notify");
}

static int child(void *arg)
{
	return *(int *)arg + 1;
}

/* Without sharing of memory: a fork by another name. */
static void cloned(void)
{
	char *stack = malloc(65536);
	int seven = 7, status = 0, pid = clone(child, stack + 65536, SIGCHLD, &seven);

	SHOW(pid > 0);
	if (pid > 0) {
		waitpid(pid, &status, 0);
		SHOW(WEXITSTATUS(status));
	}
	free(stack);
}

/* As gencat writes them: big-endian words. */
static void catalogue(void)
{
	static const unsigned char bytes[] =
		"\xff\x88\xff\x89" "\0\0\0\1" "\0\0\0\x24" "\0\0\0\x0c" "\0\0\0\x18"
		"\0\0\0\1" "\0\0\0\1" "\0\0\0\0"
		"\0\0\0\2" "\0\0\0\x0c" "\0\0\0\0"
		"from a file";
	FILE *f = fopen("name.cat", "w");
	nl_catd c;

	fwrite(bytes, 1, sizeof(bytes), f);
	fclose(f);
	setenv("NLSPATH", "/none/%N:./%N.cat", 1);
	c = catopen("name", 0);
	SHOW(c != (nl_catd)-1);
	SHOW(catgets(c, 1, 2, "default"));
	SHOW(catgets(c, 1, 1, "default"));
	SHOW(catclose(c));
	unlink("name.cat");
}

static void rest(void)
{
	struct timeval none = {0, 0}, left;
	time_t when = 1000000000;
	char entries[2000];
	struct tm tm;
	int fd = open("/", O_RDONLY | O_DIRECTORY), copy = dup(fd), status;
	char *const args[] = {"sh", "-c", "exit 3", NULL}, *const env[] = {NULL};

	SHOW(copy > fd);
	SHOW(getdents(fd, (struct dirent *)entries, sizeof(entries)) > 0);
	SHOW(close(copy) + close(fd));
	SHOW(gmtime_r(&when, &tm)->tm_year);
	SHOW(localtime(&when)->tm_mday);
	SHOW(adjtime(NULL, &left));
	(void)none;
	SHOW((isascii)(200) + (isascii)(65) * 2);
	SHOW((pthread_equal)(pthread_self(), pthread_self()));
	SHOW((thrd_equal)(thrd_current(), thrd_current()));
	SHOW(mlock2(entries, 10, 0));
	SHOW(mlockall(MCL_CURRENT) * 0 + munlockall());
	SHOW(fanotify_init(0xffffffff, 0) == -1);
	SHOW(tcsetpgrp(0, getpgrp()));
	SHOW(open_by_handle_at(-1, NULL, 0) == -1);
	catalogue();
	fflush(stdout);
	if (fork() == 0) {
		fexecve(open("/bin/sh", O_RDONLY | O_CLOEXEC), args, env);
		_exit(4);
	}
	wait(&status);
	HOST_SHOW(WEXITSTATUS(status));
	fflush(stdout);
	if (fork() == 0) {
		pid_t group = getpgrp();

		_exit(daemon(1, 1) != 0 || getpgrp() == group);
	}
	wait(&status);
	SHOW(status);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	narrow();
	characters();
	notify();
	cloned();
	rest();
	return 0;
}
