/* levels: -O2 */
/* signal: USR1 */
/* every: 1 */
/* Moved while a stream waits: each function of stdio is on the stack with what it has read or written
 * so far, and goes on with it. A handler of signals is the other end: it writes to the pipe that
 * is read, once a wait, or reads from the one that is full. */
#include "moved.h"
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <wchar.h>

static const char *volatile reply;
static volatile int drained, n_drained;
static int in[2], out[2];

static void set_timer(long us)
{
	struct itimerval timer = { { 0, us }, { 0, us } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void serve(int signal)
{
	static char bytes[4096];
	const char *text = reply;
	ssize_t n;

	(void)signal;
	if (text && write(in[1], text, strlen(text)) > 0)
		reply = NULL;
	while (drained && (n = read(out[0], bytes, sizeof bytes)) > 0)
		n_drained += (int)n;
	set_timer(20000);
}

/* Tell the driver that the process waits from now on, for TEXT. */
static void begin(const char *text)
{
	static int n_waits;
	char name[32];

	reply = text;
	if (!access("stay", F_OK)) {
		set_timer(20000);
		return;
	}
	snprintf(name, sizeof name, "ready.%d", ++n_waits);
	close(open(name, O_WRONLY | O_CREAT, 0666));
}

static void end(void)
{
	set_timer(0);
}

/* A stream of the program's own: each read takes a nap before it gives one byte of a text. */
static ssize_t slow_read(void *cookie, char *buffer, size_t n)
{
	const char **text = cookie;
	struct timespec nap = { 0, 200000 };

	for (int i = 0; i < 3; i++)
		nanosleep(&nap, NULL);
	if (!n || !**text)
		return 0;
	*buffer = *(*text)++;
	return 1;
}

static NOINLINE int formatted(FILE *stream, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vfprintf(stream, format, args);
	va_end(args);
	return n;
}

static void read_all(FILE *stream)
{
	char line[64], *grown = NULL;
	size_t size = 0;
	wchar_t wide[16];
	double d;
	int i;

	begin("one line\n");
	printf("fgets: %s", fgets(line, sizeof line, stream));
	end();
	begin("a line of any length\n");
	printf("getline: %zd", getline(&grown, &size, stream));
	printf(" %s", grown);
	free(grown);
	end();
	/* The first digit is there, the rest comes after the move. */
	ungetc('4', stream);
	begin("2 -1.5e3 word\n");
	printf("fscanf: %d", fscanf(stream, "%d %lf %63s", &i, &d, line));
	printf(" %d %g %s\n", i, d, line);
	end();
	CHECK(getc(stream) == '\n');
	begin("x");
	printf("getc: %c\n", getc(stream));
	end();
	begin("0123456789");
	printf("fread: %zu", fread(line, 5, 2, stream));
	printf(" %.10s\n", line);
	end();
	begin("last ");
	printf("getdelim: %zd\n", getdelim((grown = NULL, &grown), (size = 0, &size), ' ', stream));
	free(grown);
	end();
	stream = fdopen(dup(in[0]), "r");
	begin("wide\n");
	printf("fgetws: %ls", fgetws(wide, 16, stream));
	end();
	fclose(stream);
}

static void fill(void)
{
	static const char zeros[512];
	int flags = fcntl(out[1], F_GETFL);

	drained = 0;
	n_drained = 0;
	fcntl(out[1], F_SETFL, flags | O_NONBLOCK);
	while (write(out[1], zeros, sizeof zeros) > 0)
		n_drained -= (int)sizeof zeros;
	fcntl(out[1], F_SETFL, flags);
	drained = 1;
}

/* What came out at the other end, behind what the pipe was full of. */
static int written(void)
{
	end();
	serve(0);
	end();
	drained = 0;
	return n_drained;
}

static void write_all(FILE *stream)
{
	char text[3000];

	memset(text, 'a', sizeof text);
	fill();
	begin(NULL);
	CHECK(fwrite(text, 1, sizeof text, stream) == sizeof text && !fflush(stream));
	printf("fwrite: %d\n", written());
	fill();
	begin(NULL);
	printf("fprintf: %d", formatted(stream, "%s %d %.*s %g", "text", 42, 2500, text, 0.1));
	CHECK(!fflush(stream));
	printf(" %d\n", written());
	setvbuf(stream, NULL, _IONBF, 0);
	fill();
	begin(NULL);
	CHECK(fputs("unbuffered\n", stream) >= 0);
	printf("fputs: %d\n", written());
	fill();
	begin(NULL);
	CHECK(putc('c', stream) == 'c');
	printf("putc: %d\n", written());
	fill();
	begin(NULL);
	printf("fwprintf: %d", fwprintf(fdopen(dup(out[1]), "w"), L"%ls %d\n", L"wide", 7));
	fflush(NULL);
	printf(" %d\n", written());
}

int main(void)
{
	struct sigaction action = { .sa_handler = serve, .sa_flags = SA_RESTART };
	const char *text = "17 slow\n";
	char word[16];
	FILE *stream;
	int i;

	setvbuf(stdout, NULL, _IOFBF, 4096);
	CHECK(!pipe2(in, 0) && !pipe(out));
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	stream = fdopen(in[0], "r");
	read_all(stream);
	write_all(fdopen(out[1], "w"));
	stream = fopencookie(&text, "r", (cookie_io_functions_t){ .read = slow_read });
	CHECK(fscanf(stream, "%d %15s", &i, word) == 2);
	printf("fopencookie: %d %s\n", i, word);
	fclose(stream);
	return done();
}
