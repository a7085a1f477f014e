/* Headers: stdlib.h malloc.h alloca.h memory.h
 * Sorting and searching, random numbers, environment, exit functions, temporary names. */
#include <alloca.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <memory.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib_log.h"

static uint64_t calls;

static int compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	HASH_LONG(calls, x * 1000003L + y);
	return (x / 4 > y / 4) - (x / 4 < y / 4);
}

static int compare_r(const void *a, const void *b, void *arg)
{
	++*(int *)arg;
	return compare(a, b);
}

struct wide {
	char bytes[37];
};

static int compare_wide(const void *a, const void *b)
{
	return memcmp(a, b, 3);
}

static void sorting(void)
{
	static int numbers[2000];
	static struct wide wides[300];
	int i, n, n_calls = 0, key = 77;
	unsigned seed = 1;

	for (n = 0; n < 60; n++) {
		uint64_t h = HASH_START;

		calls = HASH_START;
		for (i = 0; i < n * 7; i++)
			numbers[i] = (int)((seed = seed * 1103515245 + 12345) >> 20);
		qsort(numbers, n * 7, sizeof(int), compare);
		for (i = 0; i < n * 7; i++)
			HASH_LONG(h, numbers[i]);
		SAY("%d: %llx by %llx", n, (unsigned long long)h, (unsigned long long)calls);
	}
	for (i = 0; i < 2000; i++)
		numbers[i] = 2000 - i;
	qsort_r(numbers, 2000, sizeof(int), compare_r, &n_calls);
	SHOW(n_calls);
	for (i = 0; i < 300; i++)
		snprintf(wides[i].bytes, sizeof(wides[i].bytes), "%03d and more", i * 7 % 100);
	qsort(wides, 300, sizeof(*wides), compare_wide);
	{
		uint64_t h = HASH_START;

		for (i = 0; i < 300; i++)
			HASH_STRING(h, wides[i].bytes);
		SHOW(h);
	}
	qsort(numbers, 2000, sizeof(int), compare);
	SHOW((int *)bsearch(&key, numbers, 2000, sizeof(int), compare) - numbers);
	key = 5000;
	SHOW(bsearch(&key, numbers, 2000, sizeof(int), compare));
	SHOW(bsearch(&key, numbers, 0, sizeof(int), compare));
}

static void randoms(void)
{
	unsigned seed = 42;
	unsigned short state[3] = {1, 2, 3}, *old, parameters[7] = {1, 2, 3, 4, 5, 6, 7};
	char table[64], other[128];
	uint64_t h = HASH_START;
	int i;

	SHOW(rand());
	srand(7);
	for (i = 0; i < 1000; i++)
		HASH_LONG(h, rand());
	SHOW(h);
	SHOW(rand_r(&seed));
	SHOW(seed);
	SHOW(random());
	srandom(5);
	for (i = 0; i < 1000; i++)
		HASH_LONG(h, random());
	SHOW(h);
	SHOW(initstate(9, table, sizeof(table)));
	SHOW(random());
	SHOW(initstate(9, other, sizeof(other)) == table);
	SHOW(random());
	SHOW(setstate(table) == other);
	SHOW(random());
	SHOW(initstate(1, table, 7));
	srand48(3);
	SHOW(drand48());
	SHOW(lrand48());
	SHOW(mrand48());
	SHOW(erand48(state));
	SHOW(nrand48(state));
	SHOW(jrand48(state));
	SAY("%d %d %d", state[0], state[1], state[2]);
	old = seed48(state);
	SAY("%d %d %d", old[0], old[1], old[2]);
	SHOW(lrand48());
	lcong48(parameters);
	SHOW(lrand48());
}

extern char **environ;

static void environment(void)
{
	char own[] = "OWN=1";
	int i;

	SHOW(getenv("TEST_WORD"));
	SHOW(secure_getenv("TEST_WORD"));
	SHOW(getenv("NO_SUCH"));
	SHOW(setenv("NEW", "one", 0));
	SHOW(setenv("NEW", "two", 0));
	SHOW(getenv("NEW"));
	SHOW(setenv("NEW", "three", 1));
	SHOW(getenv("NEW"));
	SHOW(setenv("", "x", 1));
	SHOW(setenv("A=B", "x", 1));
	SHOW(putenv(own));
	own[4] = '2';
	SHOW(getenv("OWN"));
	SHOW(unsetenv("OWN"));
	SHOW(getenv("OWN"));
	SHOW(putenv("NEW"));
	SHOW(getenv("NEW"));
	SHOW(clearenv());
	SHOW(getenv("HOME"));
	for (i = 0; i < 500; i++) {
		char name[20];

		snprintf(name, sizeof(name), "V%d", i);
		CHECK(setenv(name, name + 1, 1) == 0);
	}
	for (i = 0; environ[i] != NULL; i++)
		;
	SHOW(i);
	SHOW(getenv("V499"));
}

static void last(void)
{
	puts("last");
}

static void first(void)
{
	puts("first");
}

static void in_child(int how)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		atexit(last);
		atexit(first);
		at_quick_exit(last);
		at_quick_exit(first);
		printf("not yet written %d", how);
		switch (how) {
		case 0: puts(""); exit(300);
		case 1: fflush(stdout); _Exit(7);
		case 2: fflush(stdout); quick_exit(8);
		case 3: fflush(stdout); _exit(9);
		default: puts(""); abort();
		}
	}
	waitpid(pid, &status, 0);
	puts("");
	SAY("%d: %d %d %d", how, WIFEXITED(status), WEXITSTATUS(status),
		WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static void children(void)
{
	int i;

	for (i = 0; i < 5; i++)
		in_child(i);
	SHOW(system(NULL));
	SHOW(WEXITSTATUS(system("exit 5")));
	SHOW(system("kill -9 $$") & 127);
	SHOW(system("echo from the shell"));
}

static void names(void)
{
	char name[] = "fileXXXXXX", dir[] = "dirXXXXXX", bad[] = "fileXXXXX",
	     suffix[] = "fXXXXXX.c", path[PATH_MAX];
	char options[] = "ro,size=5,,bad=x", *option = options, *value;
	char *const tokens[] = {"ro", "rw", "size", NULL};
	struct stat status;
	int fd;

	SHOW((fd = mkstemp(name)) >= 0);
	SHOW(fstat(fd, &status));
	SHOW(status.st_mode & 07777);
	SHOW(close(fd));
	SHOW(unlink(name));
	SHOW(mkdtemp(dir) == dir);
	SHOW(stat(dir, &status));
	SHOW(status.st_mode & 07777);
	SHOW(realpath(dir, path) == path);
	SHOW(rmdir(dir));
	SHOW(mkstemp(bad));
	SHOW((fd = mkostemps(suffix, 2, O_CLOEXEC)) >= 0);
	SHOW(fcntl(fd, F_GETFD));
	SHOW(suffix + strlen(suffix) - 2);
	SHOW(close(fd));
	SHOW(unlink(suffix));
	strcpy(suffix, "gXXXXXX.c");
	SHOW((fd = mkstemps(suffix, 2)) >= 0);
	SHOW(close(fd) + unlink(suffix));
	strcpy(name, "fileXXXXXX");
	SHOW((fd = mkostemp(name, O_APPEND)) >= 0);
	SHOW(close(fd) + unlink(name));
	strcpy(name, "fileXXXXXX");
	SHOW(mktemp(name)[0]);
	SHOW(realpath("/..///usr/./", NULL));
	SHOW(realpath("no/such", NULL));
	SHOW(realpath("", NULL));
	while (*option != '\0') {
		int token = getsubopt(&option, tokens, &value);

		SAY("%d %s", token, value ? value : "(null)");
	}
	SHOW(getloadavg(&(double){0}, 1));
}

static void multibyte(void)
{
	wchar_t w[20];
	char s[20];

	SHOW(mblen("a", 1));
	SHOW(mbtowc(w, "b", 1));
	SHOW(mbstowcs(w, "text", 20));
	SHOW(w);
	SHOW(wcstombs(s, L"back", 20));
	SHOW(s);
	SHOW(wctomb(s, L'x'));
	SHOW((int)MB_CUR_MAX);
}

static void allocation(void)
{
	char *p = malloc(100), *q;
	void *aligned = NULL;
	uint64_t h = HASH_START;
	int i;

	memset(p, 'x', 100);
	CHECK(malloc_usable_size(p) >= 100);
	SHOW(malloc_usable_size(NULL));
	q = realloc(p, 100000);
	HASH_BYTES(h, q, 100);
	SHOW(h);
	q = realloc(q, 10);
	HASH_BYTES(h, q, 10);
	SHOW(h);
	free(q);
	free(NULL);
	q = calloc(1000, 1000);
	for (i = 0; i < 1000000 && q[i] == 0; i++)
		;
	SHOW(i);
	free(q);
	SHOW(malloc(SIZE_MAX));
	SHOW(calloc(SIZE_MAX / 2, 3));
	SHOW(realloc(NULL, PTRDIFF_MAX));
	SHOW(reallocarray(NULL, SIZE_MAX / 2, 3));
	q = reallocarray(NULL, 10, 10);
	SHOW(q);
	free(q);
	for (i = 8; i <= 1 << 20; i *= 2) {
		CHECK(posix_memalign(&aligned, i, 100) == 0 && (uintptr_t)aligned % i == 0);
		free(aligned);
		CHECK((uintptr_t)(aligned = aligned_alloc(i, i * 2)) % i == 0 && aligned != NULL);
		free(aligned);
		CHECK((uintptr_t)(aligned = memalign(i, 5)) % i == 0 && aligned != NULL);
		free(aligned);
	}
	SHOW(posix_memalign(&aligned, 3, 100));
	SHOW(aligned_alloc(3, 100));
	SHOW(valloc(5));
	p = alloca(100);
	memset(p, 1, 100);
	SHOW(memchr(p, 2, 100));
	SHOW(getpagesize() >= 4096);
}

int main(void)
{
	sorting();
	randoms();
	environment();
	children();
	names();
	multibyte();
	allocation();
	return 0;
}
