/* Headers: stdio.h stdio_ext.h
 * Streams: buffering, positions, pushing back, memory and cookie streams, pipes, temporary
 * files. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib_log.h"

static long size_of(const char *name)
{
	struct stat s;

	return stat(name, &s) == 0 ? (long)s.st_size : -1;
}

static void buffering(void)
{
	static char own[64];
	FILE *f = fopen("file", "w");

	SHOW(setvbuf(f, own, _IOFBF, sizeof(own)));
	SHOW(__fbufsize(f));
	fputs("0123456789", f);
	SHOW(size_of("file"));
	SHOW(__fpending(f));
	SHOW(fflush(f));
	SHOW(size_of("file"));
	fputs("a line\n", f);
	SHOW(size_of("file"));
	for (int i = 0; i < 100; i++)
		fputc('x', f);
	SHOW(size_of("file") % 10 * 0 + (size_of("file") > 17));
	SHOW(fclose(f));
	SHOW(size_of("file"));
	f = fopen("file", "a");
	SHOW(setvbuf(f, NULL, _IOLBF, 100));
	fputs("part", f);
	SHOW(size_of("file"));
	fputs(" end\n", f);
	SHOW(size_of("file"));
	SHOW(__flbf(f));
	SHOW(fclose(f));
	f = fopen("file", "r+");
	setbuf(f, NULL);
	SHOW(fputc('Z', f));
	SHOW(size_of("file"));
	SHOW(__fwritable(f) && __freadable(f));
	SHOW(__fwriting(f));
	SHOW(fseek(f, 0, SEEK_CUR));
	SHOW(fgetc(f));
	SHOW(__freading(f) != 0);
	SHOW(fclose(f));
	f = fopen("file", "r");
	SHOW(__freadable(f) && !__fwritable(f));
	SHOW(fputc('x', f));
	SHOW(ferror(f));
	clearerr(f);
	SHOW(ferror(f));
	setlinebuf(f);
	setbuffer(f, own, sizeof(own));
	SHOW(fclose(f));
	SHOW(__fsetlocking(stdout, FSETLOCKING_QUERY));
}

static void positions(void)
{
	FILE *f = fopen("file", "w+");
	fpos_t place;
	char buffer[100];
	int i;

	for (i = 0; i < 5000; i++)
		fprintf(f, "%04d\n", i);
	SHOW(ftell(f));
	SHOW(fseek(f, 100, SEEK_SET));
	SHOW(fgets(buffer, sizeof(buffer), f));
	SHOW(ftell(f));
	SHOW(ungetc('U', f));
	SHOW(ungetc('V', f));
	SHOW(ftell(f));
	SHOW(fgetc(f));
	SHOW(fgets(buffer, sizeof(buffer), f));
	SHOW(fgetpos(f, &place));
	SHOW(fseek(f, -10, SEEK_END));
	SHOW(fread(buffer, 3, 10, f));
	SHOW(feof(f) != 0);
	SHOW(fgetc(f));
	SHOW(ungetc('E', f));
	SHOW(feof(f));
	SHOW(fsetpos(f, &place));
	SHOW(getc(f));
	SHOW(fseek(f, 5, SEEK_CUR));
	SHOW(fputs("WRITE", f));
	SHOW(fseeko(f, 110, SEEK_SET));
	SHOW(fgets(buffer, 14, f));
	SHOW(ftello(f));
	SHOW(fseek(f, -1, SEEK_SET));
	SHOW(fseek(f, 0, 9));
	SHOW(fseek(f, 100000, SEEK_SET));
	SHOW(fgetc(f));
	SHOW(fputc('!', f));
	SHOW(fflush(f));
	SHOW(size_of("file"));
	rewind(f);
	SHOW(fwrite("12345678", 3, 2, f));
	SHOW(fwrite("", 0, 5, f));
	rewind(f);
	SHOW(getw(f) == ('1' | '2' << 8 | '3' << 16 | '4' << 24));
	SHOW(__fpurge(f));
	SHOW(putw(0x41424344, f));
	SHOW(fileno(f) > 2);
	SHOW(fclose(f));
}

static void opening(void)
{
	FILE *f;
	char buffer[20];

	SHOW(fopen("file", "q"));
	SHOW(fopen("no such", "r"));
	SHOW(fopen("file", "wx"));
	f = fopen("new", "wxe");
	SHOW(fcntl(fileno(f), F_GETFD) & FD_CLOEXEC);
	SHOW(fprintf(f, "one\n"));
	f = freopen("new2", "w", f);
	SHOW(fprintf(f, "two\n"));
	f = freopen(NULL, "a+", f);
	SHOW(f);
	SHOW(fprintf(f, "three\n"));
	SHOW(freopen("no/such", "r", f));
	SHOW(size_of("new"));
	SHOW(size_of("new2"));
	f = fdopen(open("new2", O_RDONLY), "r");
	SHOW(fgets(buffer, sizeof(buffer), f));
	SHOW(fdopen(-1, "r"));
	SHOW(fclose(f));
	SHOW(rename("new", "new3"));
	SHOW(rename("new", "new4"));
	SHOW(remove("new2"));
	SHOW(remove("new2"));
	SHOW(remove("new3"));
	f = tmpfile();
	SHOW(fputs("temporary", f));
	rewind(f);
	SHOW(fgets(buffer, 5, f));
	SHOW(fclose(f));
	SHOW(tmpnam(NULL) != NULL);
	SHOW(strlen(tmpnam(buffer)) < sizeof(buffer));
	{
		char *name = tempnam(".", "pre");

		SHOW(strncmp(name, "/tmp/temp", 5) == 0 || strstr(name, "pre") != NULL);
		free(name);
	}
	SHOW(ctermid(NULL));
}

static void lines(void)
{
	FILE *f = fopen("file", "w+");
	char *line = NULL, small[4];
	size_t size = 0;

	fputs("first\n\nlonger than the buffer was\nlast", f);
	rewind(f);
	SHOW(getline(&line, &size, f));
	SHOW(line);
	SHOW(getline(&line, &size, f));
	SHOW(getline(&line, &size, f));
	SHOW(line);
	SHOW(getline(&line, &size, f));
	SHOW(line);
	SHOW(getline(&line, &size, f));
	rewind(f);
	SHOW(getdelim(&line, &size, 't', f));
	SHOW(line);
	SHOW(fgets(small, sizeof(small), f));
	SHOW(fgets(small, sizeof(small), f));
	SHOW(fgets(small, 1, f));
	{
		size_t n = 0;
		char *p = fgetln(f, &n);

		SAY("%zu %.*s", n, (int)n, p ? p : "");
	}
	free(line);
	fclose(f);
}

static void memory(void)
{
	char fixed[20] = "initial", *made = NULL, back[20];
	size_t size = 0;
	FILE *f = fmemopen(fixed, sizeof(fixed), "r+");

	SHOW(fgets(back, 4, f));
	SHOW(fseek(f, 0, SEEK_END));
	SHOW(ftell(f));
	SHOW(fputs(" and more than fits in it", f));
	SHOW(fflush(f));
	SHOW(ftell(f));
	SHOW(fclose(f));
	fixed[19] = 0;
	SHOW(fixed);
	f = fmemopen(fixed, 5, "w");
	SHOW(fputs("ab", f));
	SHOW(fclose(f));
	SHOW(fixed);
	SHOW(fmemopen(fixed, 5, "bad"));
	f = fmemopen(NULL, 10, "w+");
	SHOW(fputs("own", f));
	rewind(f);
	SHOW(fgets(back, 10, f));
	fclose(f);
	f = open_memstream(&made, &size);
	SHOW(fprintf(f, "%s %d", "text", 5));
	SHOW(fflush(f));
	SHOW(made);
	SHOW(size);
	SHOW(fseek(f, 10, SEEK_SET));
	SHOW(fputc('!', f));
	SHOW(fclose(f));
	SHOW(size);
	SHOW(made + 7);
	SHOW(made + 10);
	free(made);
}

static ssize_t cookie_read(void *cookie, char *to, size_t n)
{
	int *left = cookie;
	size_t k = *left < (int)n ? *left : n;

	memset(to, 'a' + *left % 26, k);
	*left -= k;
	return k;
}

static ssize_t cookie_write(void *cookie, const char *from, size_t n)
{
	(void)cookie;
	printf("cookie gets %.*s\n", (int)n, from);
	return n;
}

static int cookie_seek(void *cookie, off_t *to, int whence)
{
	(void)cookie;
	printf("cookie seeks %ld %d\n", (long)*to, whence);
	*to = 77;
	return 0;
}

static int cookie_close(void *cookie)
{
	printf("cookie closes with %d\n", *(int *)cookie);
	return 0;
}

static void cookies(void)
{
	int left = 30;
	char text[40];
	FILE *f = fopencookie(&left, "r+",
		(cookie_io_functions_t){cookie_read, cookie_write, cookie_seek, cookie_close});

	SHOW(fgets(text, 12, f));
	SHOW(fseek(f, 5, SEEK_SET));
	SHOW(fputs("out", f));
	SHOW(fflush(f));
	SHOW(ftell(f));
	SHOW(fclose(f));
	f = fopencookie(&left, "r", (cookie_io_functions_t){NULL, NULL, NULL, NULL});
	SHOW(fgetc(f));
	SHOW(fclose(f));
}

static void pipes(void)
{
	char text[50];
	FILE *f = popen("echo from; exit 3", "r");

	SHOW(fgets(text, sizeof(text), f));
	SHOW(fgets(text, sizeof(text), f));
	SHOW(WEXITSTATUS(pclose(f)));
	fflush(stdout);
	f = popen("read a; echo \"child read $a\"", "w");
	SHOW(fputs("word\n", f));
	SHOW(pclose(f));
	SHOW(popen("x", "bad"));
	f = popen("kill -TERM $$", "re");
	SHOW(pclose(f));
}

static void characters(void)
{
	FILE *f = fopen("file", "w+");
	char text[20];

	flockfile(f);
	SHOW(putc_unlocked('a', f));
	SHOW(fputc_unlocked('b', f));
	SHOW(fputs_unlocked("cde", f));
	SHOW(fwrite_unlocked("fg", 1, 2, f));
	SHOW(fflush_unlocked(f));
	rewind(f);
	SHOW(getc_unlocked(f));
	SHOW(fgetc_unlocked(f));
	SHOW(fgets_unlocked(text, 3, f));
	SHOW(fread_unlocked(text, 1, 10, f));
	SHOW(feof_unlocked(f) != 0);
	SHOW(ferror_unlocked(f));
	clearerr_unlocked(f);
	SHOW(fileno_unlocked(f) > 2);
	funlockfile(f);
	SHOW(ftrylockfile(f));
	funlockfile(f);
	SHOW(putc('x', f));
	fclose(f);
	SHOW(putchar('\n'));
	SHOW(putchar_unlocked('\n'));
	SHOW(fputc('\n', stdout));
	SHOW(puts("puts"));
	SHOW(getchar());
	SHOW(getchar_unlocked());
	SHOW(feof(stdin) != 0);
	clearerr(stdin);
	SHOW(fgetc(stdin));
	fflush(stdout);
	errno = ENOENT;
	perror("perror");
	errno = EINTR;
	perror(NULL);
	psignal(SIGTERM, "psignal");
	psiginfo(&(siginfo_t){.si_signo = SIGHUP}, "psiginfo");
	fputs("to stderr\n", stderr);
}

static void *print_some(void *f)
{
	int i;

	for (i = 0; i < 500; i++)
		fprintf(f, "%d %s\n", i, "a line of a thread");
	return NULL;
}

/* Lines of several threads are whole. */
static void threads(void)
{
	FILE *f = fopen("file", "w+");
	pthread_t t[3];
	char text[100];
	int i, n = 0, sum = 0, value;

	for (i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, print_some, f);
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	rewind(f);
	while (fgets(text, sizeof(text), f)) {
		n += sscanf(text, "%d a line of a thread", &value) == 1 && strlen(text) >= 21;
		sum += value;
	}
	SHOW(n);
	SHOW(sum);
	fclose(f);
}

int main(void)
{
	buffering();
	positions();
	opening();
	lines();
	memory();
	cookies();
	pipes();
	characters();
	threads();
	remove("file");
	SHOW(BUFSIZ + EOF + FILENAME_MAX + FOPEN_MAX + L_tmpnam + TMP_MAX);
	return 0;
}
