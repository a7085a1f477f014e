/* Headers: dirent.h sys/dir.h ftw.h glob.h wordexp.h libgen.h sys/stat.h fcntl.h sys/fcntl.h
 * Headers: sys/file.h unistd.h
 * Folders, walks, patterns over files, links, modes and every field of stat that a test can
 * know. */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/dir.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>
#include "lib_log.h"

static void make(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	fputs(text, f);
	fclose(f);
}

static void show_stat(const char *what, const struct stat *s)
{
	SAY("%s: mode %o links %ld uid %d gid %d size %ld blocks %d blksize %d times %d rdev %d",
		what, s->st_mode, (long)s->st_nlink, s->st_uid == geteuid(), s->st_gid == getegid(),
		S_ISDIR(s->st_mode) ? -1L : (long)s->st_size, s->st_blocks > 0,
		s->st_blksize >= 512,
		s->st_mtim.tv_sec > 1600000000 && s->st_ctim.tv_nsec < 1000000000,
		S_ISCHR(s->st_mode) ? (int)(major(s->st_rdev) * 1000 + minor(s->st_rdev)) : 0);
}

static void tree(void)
{
	struct stat s, t;
	char target[PATH_MAX];
	int fd, dir;

	umask(022);
	SHOW(mkdir("tree", 0777));
	SHOW(mkdir("tree", 0777));
	SHOW(mkdir("tree/sub", 0700));
	make("tree/a.c", "int a;\n");
	make("tree/b.c", "");
	make("tree/.hidden", "h");
	make("tree/sub/deep.txt", "0123456789");
	SHOW(symlink("a.c", "tree/link"));
	SHOW(symlink("none", "tree/dangling"));
	SHOW(link("tree/a.c", "tree/hard"));
	SHOW(mkfifo("tree/fifo", 0640));
	SHOW(stat("tree", &s));
	show_stat("tree", &s);
	SHOW(stat("tree/a.c", &s));
	show_stat("a.c", &s);
	SHOW(lstat("tree/link", &t));
	show_stat("link", &t);
	SHOW(s.st_dev == t.st_dev && s.st_ino != t.st_ino);
	SHOW(stat("tree/link", &t));
	SHOW(s.st_ino == t.st_ino);
	SHOW(lstat("tree/fifo", &t));
	show_stat("fifo", &t);
	SHOW(stat("/dev/null", &t));
	SAY("%u %u", major(t.st_rdev), minor(t.st_rdev));
	SHOW(stat("tree/dangling", &t));
	SHOW(stat("tree/a.c/x", &t));
	SHOW(fstatat(AT_FDCWD, "tree/link", &t, AT_SYMLINK_NOFOLLOW));
	SHOW(S_ISLNK(t.st_mode));
	SHOW(readlink("tree/link", target, 2));
	SHOW(readlink("tree/a.c", target, 9));
	dir = open("tree", O_RDONLY | O_DIRECTORY);
	SHOW(fstatat(dir, "a.c", &t, 0));
	SHOW(fstatat(dir, "", &t, AT_EMPTY_PATH));
	SHOW(S_ISDIR(t.st_mode));
	SHOW(mkdirat(dir, "at", 0755));
	SHOW(symlinkat("x", dir, "atlink"));
	SHOW(readlinkat(dir, "atlink", target, 10));
	SHOW(linkat(dir, "a.c", dir, "athard", 0));
	SHOW(renameat(dir, "athard", dir, "athard2"));
	SHOW(faccessat(dir, "athard2", R_OK, 0));
	SHOW(faccessat(dir, "athard", F_OK, 0));
	SHOW(unlinkat(dir, "athard2", 0));
	SHOW(unlinkat(dir, "at", 0));
	SHOW(unlinkat(dir, "at", AT_REMOVEDIR));
	SHOW(unlinkat(dir, "atlink", 0));
	SHOW(mkfifoat(dir, "f2", 0600));
	SHOW(mknodat(dir, "f3", S_IFIFO | 0600, 0));
	SHOW(mknod("tree/f4", S_IFREG | 0600, 0));
	SHOW(unlinkat(dir, "f2", 0) + unlinkat(dir, "f3", 0) + unlinkat(dir, "f4", 0));
	SHOW(fchmodat(dir, "b.c", 0604, 0));
	SHOW(fstatat(dir, "b.c", &t, 0));
	SHOW(t.st_mode & 07777);
	SHOW(chmod("tree/b.c", 0644));
	SHOW(lchmod("tree/link", 0600));
	fd = openat(dir, "b.c", O_RDWR);
	SHOW(fchmod(fd, 0666));
	SHOW(fstat(fd, &t));
	SHOW(t.st_mode & 07777);
	SHOW(fchown(fd, -1, -1) + chown("tree/b.c", getuid(), getgid()) +
		lchown("tree/link", -1, -1) + fchownat(dir, "b.c", -1, -1, 0));
	SHOW(close(fd));
	SHOW(fstat(fd, &t));
	SHOW(close(dir));
	SHOW(access("tree/a.c", R_OK | W_OK));
	SHOW(eaccess("tree/none", F_OK));
	SHOW(euidaccess("tree", X_OK));
	SHOW(umask(077));
	SHOW(umask(022));
	SHOW(open("tree/link", O_RDONLY | O_NOFOLLOW));
	SHOW(open("tree/a.c", O_RDONLY | O_DIRECTORY));
	SHOW(open("tree/a.c", O_CREAT | O_EXCL | O_RDWR, 0600));
	fd = open("tree", O_PATH | O_CLOEXEC);
	SHOW(fd >= 0);
	SHOW(read(fd, target, 1));
	close(fd);
	fd = creat("tree/created", 0640);
	SHOW(write(fd, "x", 1));
	SHOW(close(fd) + unlink("tree/created"));
}

static int by_name_back(const struct dirent **a, const struct dirent **b)
{
	return -strcmp((*a)->d_name, (*b)->d_name);
}

static int is_source(const struct dirent *e)
{
	return strstr(e->d_name, ".c") != NULL;
}

static void folders(void)
{
	DIR *d = opendir("tree");
	struct dirent *e, **list, entry;
	long place = -1;
	char name[300] = "";
	int n = 0, types = 0, i;

	while ((e = readdir(d)) != NULL) {
		if (n == 2)
			strcpy(name, e->d_name);
		if (n++ == 1)
			place = telldir(d);
		types += e->d_type == DT_DIR    ? 1
			 : e->d_type == DT_REG  ? 10
			 : e->d_type == DT_LNK  ? 100
			 : e->d_type == DT_FIFO ? 1000
						: 0;
		CHECK(e->d_ino != 0 && e->d_reclen >= 20);
	}
	SHOW(n);
	SHOW(types);
	seekdir(d, place);
	SHOW(strcmp(readdir(d)->d_name, name));
	rewinddir(d);
	SHOW(readdir_r(d, &entry, &e));
	SHOW(e == &entry);
	SHOW(dirfd(d) > 2);
	SHOW(closedir(d));
	SHOW(opendir("none"));
	SHOW(fdopendir(-1));
	d = fdopendir(open("tree/sub", O_RDONLY | O_DIRECTORY));
	for (n = 0; readdir(d) != NULL; n++)
		;
	SHOW(n);
	SHOW(closedir(d));
	SHOW(n = scandir("tree", &list, NULL, alphasort));
	for (i = 0; i < n; i++) {
		SHOW(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	SHOW(n = scandir("tree", &list, is_source, by_name_back));
	for (i = 0; i < n; i++) {
		SHOW(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	make("tree/v10", "");
	make("tree/v9", "");
	SHOW(n = scandir("tree", &list, NULL, versionsort));
	SHOW(list[n - 2]->d_name);
	while (n-- > 0)
		free(list[n]);
	free(list);
	unlink("tree/v10");
	unlink("tree/v9");
	SHOW(scandir("none", &list, NULL, NULL));
}

static int n_walked;
static uint64_t walked;

static int old_visit(const char *path, const struct stat *s, int kind)
{
	n_walked++;
	walked += hash_bytes(kind, path, strlen(path)) + (kind == FTW_F ? s->st_size : 0);
	return 0;
}

static int visit(const char *path, const struct stat *s, int kind, struct FTW *where)
{
	(void)s;
	walked += hash_bytes(kind * 100 + where->level, path, strlen(path)) + where->base;
	return ++n_walked == 1000;
}

static int stop(const char *path, const struct stat *s, int kind, struct FTW *where)
{
	(void)path;
	(void)s;
	(void)where;
	return kind == FTW_F ? 42 : 0;
}

static int delete(const char *path, const struct stat *s, int kind, struct FTW *where)
{
	(void)s;
	(void)kind;
	(void)where;
	return remove(path);
}

static void walks(void)
{
	SHOW(ftw("tree", old_visit, 5));
	SAY("%d %llx", n_walked, (unsigned long long)walked);
	SHOW(nftw("tree", visit, 5, FTW_PHYS));
	SHOW(nftw("tree", visit, 5, FTW_PHYS | FTW_DEPTH | FTW_MOUNT));
	SHOW(nftw("tree", visit, 5, FTW_PHYS | FTW_CHDIR));
	SAY("%d %llx", n_walked, (unsigned long long)walked);
	SHOW(nftw("tree", stop, 5, 0));
	SHOW(nftw("none", visit, 5, 0));
}

static int on_error(const char *path, int error)
{
	SAY("error %s %d", path, error);
	return 0;
}

static void globs(void)
{
	static const char *const patterns[] = {
		"tree/*.c",
		"tree/*",
		"tree/.*",
		"tree/[ab].c",
		"*/sub/*",
		"tree/none*",
		"tree/\\*",
		"none/*",
		"tree/sub",
		"tree/*/",
		"~/*none*",
		"tree/{a,b}.c",
	};
	glob_t g = {0};
	size_t i, k;

	for (i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		SHOW(glob(patterns[i], GLOB_MARK | (i % 3 == 2 ? GLOB_NOCHECK : 0), on_error, &g));
		for (k = 0; k < g.gl_pathc; k++)
			SHOW(g.gl_pathv[k]);
		globfree(&g);
	}
	g.gl_offs = 2;
	SHOW(glob("tree/a*", GLOB_DOOFFS, NULL, &g));
	SHOW(glob("tree/b*", GLOB_DOOFFS | GLOB_APPEND, NULL, &g));
	SHOW(g.gl_pathc);
	SHOW(g.gl_pathv[0]);
	SHOW(g.gl_pathv[3]);
	globfree(&g);
}

static void words(void)
{
	static const char *const texts[] = {
		"plain words",
		"'single quoted' \"double $TEST_WORD\"",
		"$TEST_WORD ${none:-default}",
		"tree/*.c",
		"$((2 + 3))",
		"a\\ b",
		"a | b",
		"$(echo sub)",
		"'open",
		"${TEST_WORD",
		"~",
		"#comment",
	};
	wordexp_t w;
	size_t i, k;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		int r = wordexp(texts[i], &w, i == 7 ? WRDE_NOCMD : 0);

		SAY("%s: %d", texts[i], r);
		if (r != 0)
			continue;
		for (k = 0; k < w.we_wordc; k++)
			SHOW(w.we_wordv[k]);
		wordfree(&w);
	}
}

static void paths(void)
{
	static const char *const names[] = {
		"/usr/lib", "/usr/", "usr", "/", ".", "..", "", "a//b//", "///", "/a"};
	char text[50];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		strcpy(text, names[i]);
		SHOW(dirname(text));
		strcpy(text, names[i]);
		SHOW(basename(text));
	}
	SHOW(dirname(NULL));
	SHOW(basename(NULL));
}

static void locks(void)
{
	int fd = open("lock", O_CREAT | O_RDWR, 0600), other = open("lock", O_RDWR), status = 0;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20};

	SHOW(flock(fd, LOCK_EX | LOCK_NB));
	SHOW(flock(other, LOCK_SH | LOCK_NB));
	SHOW(flock(fd, LOCK_UN));
	SHOW(fcntl(fd, F_SETLK, &lock));
	fflush(stdout);
	if (fork() == 0) {
		struct flock test = {
			.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};

		SHOW(fcntl(other, F_GETLK, &test));
		SAY("%d %ld %ld %d", test.l_type == F_WRLCK, (long)test.l_start, (long)test.l_len,
			test.l_pid == getppid());
		test.l_type = F_WRLCK;
		test.l_len = 11;
		SHOW(fcntl(other, F_SETLK, &test));
		test.l_len = 10;
		SHOW(fcntl(other, F_SETLK, &test));
		SHOW(lseek(other, 15, SEEK_SET));
		SHOW(lockf(other, F_TEST, 1));
		SHOW(lockf(other, F_TLOCK, 100));
		exit(0);
	}
	wait(&status);
	SHOW(status);
	lock.l_type = F_UNLCK;
	SHOW(fcntl(fd, F_SETLKW, &lock));
	SHOW(lockf(fd, F_LOCK, 5));
	SHOW(lockf(fd, F_ULOCK, 5));
	lock = (struct flock){.l_type = F_RDLCK, .l_whence = SEEK_SET};
	SHOW(fcntl(fd, F_OFD_SETLK, &lock));
	lock.l_type = F_WRLCK;
	SHOW(fcntl(other, F_OFD_GETLK, &lock));
	SHOW(lock.l_type == F_RDLCK);
	SHOW(lock.l_pid);
	close(fd);
	close(other);
	unlink("lock");
}

static void descriptors(void)
{
	int fd = open("file", O_CREAT | O_RDWR | O_APPEND | O_NONBLOCK, 0600), copy;
	char text[20] = "";

	SHOW((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) ==
		(O_RDWR | O_APPEND | O_NONBLOCK));
	SHOW(fcntl(fd, F_SETFL, 0));
	SHOW((fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK)));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, F_SETFD, FD_CLOEXEC));
	SHOW(fcntl(fd, F_GETFD));
	copy = fcntl(fd, F_DUPFD, 50);
	SHOW(copy);
	SHOW(fcntl(copy, F_GETFD));
	SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 60));
	SHOW(fcntl(60, F_GETFD));
	SHOW(dup2(fd, 61));
	SHOW(dup3(fd, 62, O_CLOEXEC));
	SHOW(dup3(fd, fd, 0));
	SHOW(dup2(fd, fd) == fd);
	SHOW(dup2(-1, 5));
	SHOW(write(fd, "0123456789", 10));
	SHOW(lseek(copy, 0, SEEK_CUR));
	SHOW(pwrite(fd, "AB", 2, 3));
	SHOW(pread(fd, text, 10, 0));
	SHOW(text);
	SHOW(lseek(fd, -2, SEEK_END));
	SHOW(lseek(fd, 5, SEEK_DATA));
	SHOW(lseek(fd, 5, SEEK_HOLE));
	SHOW(lseek(fd, -20, SEEK_CUR));
	SHOW(ftruncate(fd, 100));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(truncate("file", 5));
	SHOW(read(fd, text, 1));
	SHOW(posix_fallocate(fd, 0, 50));
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
	SHOW(posix_fadvise(fd, 0, 0, 99));
	SHOW(readahead(fd, 0, 10));
	SHOW(fsync(fd) + fdatasync(fd) + sync_file_range(fd, 0, 10, SYNC_FILE_RANGE_WRITE) +
		syncfs(fd));
	SHOW(fcntl(fd, F_SETOWN, getpid()));
	SHOW(fcntl(fd, F_GETOWN) == getpid());
	SHOW(fcntl(fd, F_SETSIG, 0));
	SHOW(fcntl(fd, 9999));
	SHOW(posix_close(62, 0));
	close(fd);
	close(copy);
	close(60);
	close(61);
	SHOW(fcntl(61, F_GETFD));
	unlink("file");
}

int main(void)
{
	tree();
	folders();
	walks();
	globs();
	words();
	paths();
	locks();
	descriptors();
	SHOW(nftw("tree", delete, 5, FTW_PHYS | FTW_DEPTH));
	return 0;
}
