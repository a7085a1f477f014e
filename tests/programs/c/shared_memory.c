/* levels: -O2 */
/* Shared memory stays shared: with children that come after the move, and with its file. Locked memory stays
 * locked; what children get of a mapping stays what was asked for. */
#include "moved.h"
#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { PAGE = 65536 };

/* A child writes what its parent then has, or not. */
static int from_child(char *p)
{
	int status = 0;
	pid_t child;

	*p = 'p';
	child = fork();
	if (child == 0) {
		*p = 'c';
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	return *p == 'c';
}

/* Whether a child has the mapping at all, and what is there. */
static int in_child(const char *p)
{
	int status = 0, ends[2];
	pid_t child;

	CHECK(pipe(ends) == 0);
	child = fork();
	if (child == 0) /* EFAULT */
		_exit(write(ends[1], p, 1) == 1 ? *p : 255);
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
	close(ends[0]);
	close(ends[1]);
	return WEXITSTATUS(status);
}

/* KiB that the kernel says are locked; under an emulator it knows of more. */
static long locked_kib(void)
{
	char line[256];
	long n = -1;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "VmLck:", 6))
			n = atol(line + 6);
	if (f)
		fclose(f);
	return n;
}

static char *map(int flags, int fd, off_t off)
{
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, flags, fd, off);

	CHECK(p != MAP_FAILED);
	return p;
}

int main(void)
{
	int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600), gone, memory;
	char *all, *half, *file, *view, *nameless, *sealed, *wiped, *kept_away, *locked, *fresh, text[8];

	CHECK(ftruncate(fd, 4 * PAGE) == 0);
	gone = open("gone", O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(ftruncate(gone, 2 * PAGE) == 0 && unlink("gone") == 0);
	memory = memfd_create("memory", 0);
	CHECK(ftruncate(memory, 2 * PAGE) == 0);
	all = map(MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	half = map(MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(all, "anonymous");
	strcpy(half + PAGE, "forbidden");
	CHECK(mprotect(half + PAGE, PAGE, PROT_NONE) == 0);
	file = map(MAP_SHARED, fd, 2 * PAGE);
	view = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 2 * PAGE);
	strcpy(file, "file");
	nameless = map(MAP_SHARED, gone, 0);
	strcpy(nameless, "gone");
	sealed = map(MAP_SHARED, memory, 0);
	strcpy(sealed, "memfd");
	wiped = map(MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	kept_away = map(MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	locked = map(MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*wiped = *kept_away = *locked = 'x';
	CHECK(madvise(wiped, 2 * PAGE, MADV_WIPEONFORK) == 0);
	CHECK(madvise(kept_away, PAGE, MADV_DONTFORK) == 0);
	CHECK(mlock(locked, PAGE) == 0);
	CHECK(locked_kib() >= PAGE / 1024);
	wait_for_move();

	CHECK(!strcmp(all, "anonymous") && from_child(all) && from_child(all + PAGE));
	CHECK(from_child(half) && mprotect(half + PAGE, PAGE, PROT_READ) == 0);
	CHECK(!strcmp(half + PAGE, "forbidden"));
	CHECK(!strcmp(file, "file") && !strcmp(view, "file"));
	strcpy(file, "FILE");
	CHECK(!strcmp(view, "FILE") && pread(fd, text, 5, 2 * PAGE) == 5 && !strcmp(text, "FILE"));
	CHECK(pwrite(fd, "back", 5, 2 * PAGE) == 5 && !strcmp(view, "back") && from_child(file));
	CHECK(!strcmp(nameless, "gone") && pwrite(gone, "came", 5, 0) == 5);
	CHECK(!strcmp(nameless, "came") && from_child(nameless));
	CHECK(!strcmp(sealed, "memfd") && pwrite(memory, "MEMFD", 6, 0) == 6);
	CHECK(!strcmp(sealed, "MEMFD"));
	CHECK(locked_kib() >= PAGE / 1024 && *locked == 'x');
	CHECK(*wiped == 'x' && *kept_away == 'x' && kept_away[PAGE] == 0);
	wait_for_move();
	CHECK(!strcmp(view, "cack") && !strcmp(sealed, "MEMFD"));
	/* An emulator may not know it. */
	fresh = map(MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*fresh = 'x';
	CHECK(madvise(fresh, PAGE, MADV_WIPEONFORK) == 0);
	CHECK(in_child(wiped) == in_child(fresh));
	CHECK(madvise(fresh + PAGE, PAGE, MADV_DONTFORK) == 0);
	CHECK(in_child(kept_away) == (in_child(fresh + PAGE) == 255 ? 255 : 'x'));
	CHECK(in_child(kept_away + PAGE) == 0);
	CHECK(munlock(locked, PAGE) == 0 && munmap(all, 2 * PAGE) == 0);
	return done();
}
