/* levels: -O2 */
/* Files without a name, status flags, directories, memfds: contents, positions, sharing. */
#include "moved.h"
#include <dirent.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define BYTES 200000

static char text[BYTES];

static void fill(char *to, unsigned seed)
{
	for (int i = 0; i < BYTES; i++)
		to[i] = (char)(seed = (seed * 1103515245 + 12345) >> 3 & 0xffffff);
}

/* How many entries a directory has from where it stands. */
static int count_entries(DIR *dir)
{
	int n = 0;

	while (readdir(dir))
		n++;
	return n;
}

int main(void)
{
	char name[64], got[BYTES];
	struct stat st;
	int gone, gone_again, gone_copy, append, sealed, memory, path, never;
	DIR *dir;

	gone = open("gone", O_RDWR | O_CREAT | O_TRUNC, 0640);
	gone_again = open("gone", O_WRONLY | O_APPEND);
	gone_copy = dup(gone);
	unlink("gone");
	fill(text, 1);
	CHECK(pwrite(gone, text, BYTES, 0) == BYTES);
	CHECK(pwrite(gone, "far", 3, 5000000) == 3);
	lseek(gone, 100, SEEK_SET);
	append = open("append", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
	CHECK(write(append, "one\n", 4) == 4);
	memory = memfd_create("some memory", MFD_ALLOW_SEALING);
	CHECK(write(memory, text, BYTES) == BYTES);
	sealed = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	CHECK(write(sealed, "sealed", 6) == 6);
	CHECK(fcntl(sealed, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE) == 0);
	mkdir("folder", 0755);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "folder/%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0644));
	}
	dir = opendir("folder");
	for (int i = 0; i < 50; i++)
		CHECK(readdir(dir) != NULL);
	path = open("folder/7", O_PATH);
	never = open(".", O_TMPFILE | O_RDWR, 0600);
	CHECK(write(never, "never had a name", 16) == 16);
	wait_for_move();

	CHECK(read(gone_copy, got, 10) == 10 && memcmp(got, text + 100, 10) == 0);
	CHECK(lseek(gone, 0, SEEK_CUR) == 110);
	CHECK(pread(gone, got, BYTES, 0) == BYTES && memcmp(got, text, BYTES) == 0);
	CHECK(pread(gone, got, 10, 4999995) == 8 && memcmp(got, "\0\0\0\0\0far", 8) == 0);
	CHECK(write(gone_again, "end", 3) == 3);
	CHECK(pread(gone, got, 10, 5000003) == 3 && memcmp(got, "end", 3) == 0);
	CHECK(fstat(gone, &st) == 0 && st.st_nlink == 0 && (st.st_mode & 0777) == 0640);
	CHECK(access("gone", F_OK) == -1);
	CHECK(fcntl(append, F_GETFL) & O_APPEND && fcntl(append, F_GETFD) == FD_CLOEXEC);
	CHECK(lseek(append, 0, SEEK_SET) == 0 && write(append, "two\n", 4) == 4);
	CHECK(fstat(append, &st) == 0 && st.st_size == 8);
	CHECK(pread(memory, got, BYTES, 0) == BYTES && memcmp(got, text, BYTES) == 0);
	CHECK(lseek(memory, 0, SEEK_CUR) == BYTES && fcntl(memory, F_GET_SEALS) == 0);
	CHECK(fcntl(sealed, F_GET_SEALS) == (F_SEAL_SHRINK | F_SEAL_WRITE));
	CHECK(write(sealed, "x", 1) == -1 && pread(sealed, got, 9, 0) == 6);
	CHECK(fcntl(sealed, F_GETFD) == FD_CLOEXEC && fcntl(memory, F_GETFD) == 0);
	CHECK(count_entries(dir) == 52);
	rewinddir(dir);
	CHECK(count_entries(dir) == 102);
	CHECK(pread(never, got, 100, 0) == 16 && lseek(never, 0, SEEK_CUR) == 16);
	CHECK(fcntl(path, F_GETFL) & O_PATH && fstat(path, &st) == 0 && S_ISREG(st.st_mode));
	return done();
}
