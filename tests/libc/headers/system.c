/* Headers: sys/mman.h sys/resource.h sys/sysinfo.h sys/utsname.h sys/times.h sys/timex.h
 * Headers: sys/random.h sys/statfs.h sys/statvfs.h sys/vfs.h sys/xattr.h sys/prctl.h
 * Headers: sys/personality.h sys/auxv.h sys/membarrier.h sys/syscall.h syscall.h sys/fsuid.h
 * Headers: sys/cachectl.h sys/klog.h sys/mount.h sys/swap.h sys/quota.h sys/reboot.h
 * Headers: sys/ptrace.h sys/fanotify.h sys/acct.h sys/io.h
 * What the kernel says of the system and the process, each structure's fields where a test can
 * know them. */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/acct.h>
#include <sys/auxv.h>
#include <sys/cachectl.h>
#include <sys/fanotify.h>
#include <sys/fsuid.h>
#include <sys/io.h>
#include <sys/klog.h>
#include <sys/membarrier.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/quota.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <syscall.h>
#include <unistd.h>
#include "lib_log.h"

/* In no header of musl. */
int capget(void *, void *);
int capset(void *, void *);
int pivot_root(const char *, const char *);
int init_module(void *, unsigned long, const char *);
int delete_module(const char *, unsigned);

static void mappings(void)
{
	long page = sysconf(_SC_PAGESIZE);
	unsigned char resident[10];
	char *p = mmap(NULL, 10 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	     *q;
	int fd, i, n = 0;

	for (i = 0; i < 10; i++)
		p[i * page] = i;
	SHOW(mprotect(p + page, page, PROT_READ));
	SHOW(mprotect(p + 1, page, PROT_READ));
	SHOW(msync(p, page, MS_SYNC));
	SHOW(msync(p, page, 77));
	SHOW(mincore(p, 10 * page, resident));
	for (i = 0; i < 10; i++)
		n += resident[i] & 1;
	SHOW(n);
	SHOW(madvise(p + 2 * page, page, MADV_DONTNEED));
	SHOW(p[2 * page]);
	SHOW(p[3 * page]);
	HOST_SHOW(madvise(p, page, 9999));
	SHOW(posix_madvise(p, page, POSIX_MADV_WILLNEED));
	SHOW(mlock(p, page) + munlock(p, page));
	SHOW(munmap(p + 4 * page, page));
	SHOW(msync(p + 4 * page, page, MS_ASYNC));
	q = mremap(p + 5 * page, 2 * page, 20 * page, MREMAP_MAYMOVE);
	SHOW(q != MAP_FAILED);
	SAY("%d %d %d", q[0], q[page], q[2 * page]);
	SHOW(mremap(q, 20 * page, page, 0) == q);
	SHOW(munmap(q, page));
	SHOW(mmap(p, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	SHOW(p[0]);
	SHOW(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	SHOW(errno);
	SHOW(mmap(NULL, page, PROT_READ, MAP_PRIVATE, 999, 0) == MAP_FAILED);
	SHOW(errno);
	SHOW(munmap(p, 10 * page));
	fd = memfd_create("name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	SHOW(ftruncate(fd, 2 * page));
	p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	strcpy(p + page, "shared");
	q = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, page);
	SHOW(q);
	q[0] = 'S';
	SHOW(p + page);
	SHOW(pread(fd, q, 3, page));
	SHOW(munmap(p, 2 * page) + munmap(q, page));
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(ftruncate(fd, 0));
	close(fd);
}

static void resources(void)
{
	struct rlimit limit = {100, 200}, old;
	struct rusage usage;
	struct tms spent;
	volatile long i;

	SHOW(getrlimit(RLIMIT_NOFILE, &old));
	limit = old;
	limit.rlim_cur = 64;
	SHOW(setrlimit(RLIMIT_NOFILE, &limit));
	SHOW(dup2(0, 64));
	SHOW(getdtablesize());
	SHOW(sysconf(_SC_OPEN_MAX));
	SHOW(prlimit(0, RLIMIT_NOFILE, &old, &limit));
	SHOW(limit.rlim_cur);
	limit.rlim_cur = 5;
	limit.rlim_max = 4;
	SHOW(setrlimit(RLIMIT_CORE, &limit));
	SHOW(getrlimit(99, &limit));
	SHOW(RLIM_INFINITY);
	for (i = 0; i < 3000000; i++)
		;
	memset(&usage, 0x55, sizeof(usage));
	SHOW(getrusage(RUSAGE_SELF, &usage));
	CHECK(usage.ru_utime.tv_sec < 100 && usage.ru_utime.tv_usec < 1000000 &&
		usage.ru_stime.tv_sec < 100);
	CHECK(usage.ru_maxrss > 100 && usage.ru_maxrss < 10000000 && usage.ru_minflt > 0 &&
		usage.ru_nswap == 0);
	memset(&usage, 0x55, sizeof(usage));
	SHOW(getrusage(RUSAGE_CHILDREN, &usage));
	SAY("%ld %ld", (long)usage.ru_utime.tv_sec, usage.ru_nsignals);
	SHOW(getrusage(77, &usage));
	CHECK(times(&spent) != -1 && spent.tms_utime >= 0 && spent.tms_utime < 100000 &&
		spent.tms_cutime >= 0);
	errno = 0;
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, 3));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(nice(2));
	SHOW(getpriority(77, 0));
}

static void about(void)
{
	struct utsname name;
	struct sysinfo info;
	struct timex timex = {0};
	struct statfs fs;
	struct statvfs vfs;

	SHOW(uname(&name));
	SHOW(name.sysname);
	CHECK(name.release[0] >= '1' && name.version[0] != 0 && name.machine[0] != 0 &&
		name.nodename[0] != 0);
	memset(&info, 0x55, sizeof(info));
	SHOW(sysinfo(&info));
	CHECK(info.uptime > 0 && info.totalram > info.freeram && info.mem_unit >= 1 &&
		info.procs > 0 && info.totalswap >= info.freeswap);
	CHECK(get_nprocs() >= 1 && get_nprocs_conf() >= get_nprocs() &&
		get_phys_pages() > get_avphys_pages());
	CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1 && sysconf(_SC_PHYS_PAGES) > 1000);
	SHOW(adjtimex(&timex) >= 0);
	CHECK(timex.tick > 5000 && timex.tick < 15000 && timex.time.tv_sec > 1600000000);
	memset(&timex, 0, sizeof(timex));
	HOST_SHOW(clock_adjtime(CLOCK_REALTIME, &timex) >= 0);
	SHOW(statfs("/proc", &fs));
	SAY("%lx %ld %d", (unsigned long)fs.f_type, (long)fs.f_namelen, fs.f_bsize > 0);
	SHOW(statfs(".", &fs));
	CHECK(fs.f_blocks > fs.f_bfree && fs.f_bfree >= fs.f_bavail && fs.f_files >= fs.f_ffree &&
		fs.f_namelen == 255);
	SHOW(statvfs(".", &vfs));
	CHECK(vfs.f_blocks == fs.f_blocks && vfs.f_bsize == (unsigned long)fs.f_bsize &&
		vfs.f_namemax == 255 && vfs.f_frsize > 0);
	SHOW(fstatfs(0, &fs) + fstatvfs(0, &vfs));
	SHOW(statvfs("/none", &vfs));
	SHOW(getauxval(AT_PAGESZ) == (unsigned long)getpagesize());
	SHOW(getauxval(AT_UID) == getuid());
	SHOW(getauxval(AT_SECURE));
	SHOW(getauxval(12345));
	SHOW(getauxval(AT_RANDOM) != 0);
}

static void random_bytes(void)
{
	char a[300] = {0}, b[300] = {0};
	int i, n = 0;

	SHOW(getrandom(a, 300, 0));
	SHOW(getrandom(b, 10, GRND_NONBLOCK));
	SHOW(getentropy(b, 256));
	SHOW(getentropy(b, 257));
	for (i = 0; i < 256; i++)
		n += a[i] == b[i];
	CHECK(n < 30);
}

static void attributes(void)
{
	char value[30] = "", list[100];
	int fd = open("file", O_CREAT | O_RDWR, 0600);
	ssize_t n;

	SHOW(setxattr("file", "user.one", "first", 5, XATTR_CREATE));
	SHOW(setxattr("file", "user.one", "first", 5, XATTR_CREATE));
	SHOW(fsetxattr(fd, "user.two", "2", 1, 0));
	SHOW(lsetxattr("file", "user.two", "22", 2, XATTR_REPLACE));
	SHOW(getxattr("file", "user.one", value, 30));
	SHOW(value);
	SHOW(fgetxattr(fd, "user.two", value, 1));
	SHOW(lgetxattr("file", "user.none", value, 30));
	SHOW(n = listxattr("file", list, 100));
	SHOW(flistxattr(fd, list, 100) == n);
	SHOW(llistxattr("file", list, 2));
	SHOW(removexattr("file", "user.one"));
	SHOW(fremovexattr(fd, "user.two"));
	SHOW(lremovexattr("file", "user.two"));
	close(fd);
	unlink("file");
}

static void processes(void)
{
	char name[20] = "";
	int value = -1;

	SHOW(prctl(PR_SET_NAME, "a name that is long", 0, 0, 0));
	SHOW(prctl(PR_GET_NAME, name, 0, 0, 0));
	SHOW(name);
	SHOW(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	SHOW(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	SHOW(prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0));
	HOST_SHOW(prctl(PR_GET_PDEATHSIG, &value, 0, 0, 0));
	HOST_SHOW(value);
	SHOW(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(99999, 0, 0, 0, 0));
	HOST_SHOW(personality(0xffffffff));
	HOST_SHOW(membarrier(MEMBARRIER_CMD_QUERY, 0) > 0);
	SHOW(syscall(SYS_getpid) == getpid());
	SHOW(syscall(SYS_gettid) == gettid());
	SHOW(syscall(99999));
	SHOW(syscall(SYS_write, 1, "by number\n", 10));
	SHOW(setfsuid(-1) == (int)geteuid());
	SHOW(setfsgid(-1) == (int)getegid());
	SHOW(setns(-1, 0));
	SHOW(unshare(0));
	SHOW(klogctl(99, NULL, 0));
	SHOW(mount("none", "/none", "none", 0, NULL));
	SHOW(umount("/none"));
	SHOW(umount2("/none", MNT_DETACH));
	SHOW(swapon("/none", 0));
	SHOW(swapoff("/none"));
	SHOW(acct("/none"));
	HOST_SHOW(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "/none", 0, NULL));
	SHOW(RB_AUTOBOOT);
	SHOW(sizeof(struct dqblk) + sizeof(struct acct));
	SHOW(pivot_root("/none", "/none"));
	SHOW(init_module(NULL, 0, ""));
	SHOW(delete_module("", 0) == -1);
	HOST_SHOW(remap_file_pages(NULL, 1, 0, 0, 0));
	HOST_SHOW(name_to_handle_at(AT_FDCWD, "/none", NULL, NULL, 0));
	HOST_SHOW(fanotify_mark(-1, 0, FAN_OPEN, AT_FDCWD, "/none"));
	SHOW(FAN_EVENT_METADATA_LEN);
	SHOW(sethostname("x", -1));
	SHOW(setdomainname("x", -1));
}

/* A child that stops itself for its parent, as debuggers have it. */
static void traced(void)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(6);
		raise(SIGSTOP);
		_exit(5);
	}
	if (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		HOST_SHOW(WSTOPSIG(status) == SIGSTOP);
		HOST_SHOW(ptrace(PTRACE_CONT, pid, NULL, NULL));
		waitpid(pid, &status, 0);
		HOST_SHOW(WEXITSTATUS(status));
	} else if (WIFSTOPPED(status)) {
		kill(pid, SIGKILL);
	}
}

static void capabilities(void)
{
	struct {
		uint32_t version;
		int pid;
	} header = {0x20080522, 0};
	uint32_t data[6];
	

	SHOW(capget(&header, data));
	SHOW(capset(&header, data));
	header.version = 1;
	SHOW(capget(&header, data));
	SHOW(header.version == 0x20080522);
}

int main(void)
{
	mappings();
	resources();
	about();
	random_bytes();
	attributes();
	processes();
	if (getenv("HCC_MOVE_EVERY") == NULL)
		traced();
	capabilities();
	return 0;
}
