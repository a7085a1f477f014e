/* Mappings: read-only, forbidden and unmapped pages, private ones of a file, a grown heap. */
#include "moved.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#define PAGE 65536

static sigjmp_buf out;

static void on_fault(int signal)
{
	siglongjmp(out, signal);
}

static NOINLINE int faults(volatile char *p, int write)
{
	int r = sigsetjmp(out, 1);

	if (r == 0) {
		if (write)
			*p = 1;
		else
			(void)*p;
		return 0;
	}
	return r == SIGSEGV;
}

int main(void)
{
	int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p, *file, *removed, *nameless, *remapped;
	int gone = open("gone", O_RDWR | O_CREAT | O_TRUNC, 0600), memfd = memfd_create("m", 0);

	signal(SIGSEGV, on_fault);
	p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 'p', 8 * PAGE);
	mprotect(p + PAGE, PAGE, PROT_READ);
	mprotect(p + 3 * PAGE, PAGE, PROT_NONE);
	CHECK(write(fd, "text of a file", 15) == 15);
	file = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	file[0] = 'T';
	CHECK(write(gone, p, 20000) == 20000 && write(memfd, "private", 8) == 8);
	removed = mmap(NULL, 20000, PROT_READ | PROT_WRITE, MAP_PRIVATE, gone, 0);
	removed[1] = 'R';
	nameless = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, memfd, 0);
	unlink("gone");
	close(gone);
	remapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strcpy(remapped, "grown");
	remapped = mremap(remapped, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
	munmap(p + 5 * PAGE, PAGE);
	wait_for_move();
	CHECK(p[0] == 'p' && p[2 * PAGE - 1] == 'p' && p[8 * PAGE - 1] == 'p');
	CHECK(!faults(p, 1) && faults(p + PAGE, 1) && !faults(p + PAGE, 0));
	CHECK(faults(p + 3 * PAGE, 0) && faults(p + 5 * PAGE, 0) && !faults(p + 6 * PAGE, 1));
	CHECK(mprotect(p + 3 * PAGE, PAGE, PROT_READ) == 0 && p[3 * PAGE + 7] == 'p');
	CHECK(strcmp(file, "Text of a file") == 0);
	CHECK(!memcmp(removed, "pRp", 3) && removed[19999] == 'p' && !removed[20000]);
	CHECK(!strcmp(nameless, "private"));
	CHECK(strcmp(remapped, "grown") == 0 && remapped[3 * PAGE - 1] == 0);
	remapped = mremap(remapped, 3 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
	CHECK(remapped != MAP_FAILED && strcmp(remapped, "grown") == 0);
	CHECK(munmap(p, 8 * PAGE) == 0);
	CHECK(faults(p, 0));
	return done();
}
