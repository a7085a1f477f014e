/* levels: -O2 */
/* What the process has asked of the kernel about itself: limits, prctl states, personality, privileges,
 * session. A machine (or its emulator) may not know some of them: then they are there on the next. */
#include "moved.h"
#include <errno.h>
#include <signal.h>
#include <grp.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { CAP_NET_RAW = 13, CAP_SYSLOG = 34, CAP_VERSION_3 = 0x20080522 };

static void set_limit(int resource, rlim_t soft)
{
	struct rlimit l;

	CHECK(getrlimit(resource, &l) == 0);
	l.rlim_cur = soft;
	CHECK(setrlimit(resource, &l) == 0);
}

static rlim_t limit(int resource)
{
	struct rlimit l = {0, 0};

	CHECK(getrlimit(resource, &l) == 0);
	return l.rlim_cur;
}

/* Whether an option has this value, where it is known. */
static int has(int option, long value)
{
	int out = -1;
	long result = option == PR_GET_CHILD_SUBREAPER ? prctl(option, &out, 0, 0, 0)
		: prctl(option, 0, 0, 0, 0);

	if (result == -1 && errno == EINVAL)
		return 1;
	return (option == PR_GET_CHILD_SUBREAPER ? out : result) == value;
}

static uint32_t header[2] = {CAP_VERSION_3, 0};

static int has_capability(int n)
{
	uint32_t sets[2][3] = {{0}};

	CHECK(syscall(SYS_capget, header, sets) == 0);
	return (sets[n / 32][1] | sets[n / 32][0]) >> n % 32 & 1;
}

/* Of which some are given up. */
static void change_privileges(void)
{
	const gid_t groups[] = {65533, 65500};
	uint32_t sets[2][3];

	CHECK(setgroups(2, groups) == 0);
	CHECK(prctl(PR_CAPBSET_DROP, CAP_SYSLOG, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0);
	CHECK(syscall(SYS_capget, header, sets) == 0);
	for (int set = 0; set < 3; set++)
		sets[CAP_NET_RAW / 32][set] &= ~(1u << CAP_NET_RAW % 32);
	CHECK(syscall(SYS_capset, header, sets) == 0);
}

static void check_privileges(void)
{
	gid_t groups[8] = {0};

	CHECK(getgroups(8, groups) == 2 && groups[0] + groups[1] == 65533 + 65500);
	CHECK(prctl(PR_CAPBSET_READ, CAP_SYSLOG, 0, 0, 0) == 0);
	CHECK(prctl(PR_CAPBSET_READ, 0, 0, 0, 0) == 1);
	CHECK(has(PR_GET_KEEPCAPS, 1));
	CHECK(!has_capability(CAP_NET_RAW) && has_capability(0));
}

static int reaps, no_huge;

static void check(void)
{
	CHECK(limit(RLIMIT_NOFILE) == 333 && limit(RLIMIT_CORE) == 4096);
	CHECK(limit(RLIMIT_MEMLOCK) == 65536 && limit(RLIMIT_NPROC) == 1000);
	CHECK(has(PR_GET_CHILD_SUBREAPER, reaps) && has(PR_GET_NO_NEW_PRIVS, 1));
	CHECK(has(PR_GET_THP_DISABLE, no_huge) && has(PR_GET_TIMERSLACK, 123456));
	CHECK(personality(0xffffffff) == ADDR_NO_RANDOMIZE);
	CHECK(syscall(SYS_membarrier, 8, 0) == 0); /* MEMBARRIER_CMD_PRIVATE_EXPEDITED */
	if (geteuid() == 0)
		check_privileges();
}

int main(void)
{
	char text[100] = "123456789";
	int fd, is_leader = getpid() == getpgrp();
	ssize_t n;

	set_limit(RLIMIT_NOFILE, 333);
	set_limit(RLIMIT_CORE, 4096);
	set_limit(RLIMIT_MEMLOCK, 65536);
	set_limit(RLIMIT_NPROC, 1000);
	set_limit(RLIMIT_FSIZE, 1000);
	signal(SIGXFSZ, SIG_IGN);
	reaps = !prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	no_huge = !prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	CHECK(prctl(PR_SET_TIMERSLACK, 123456, 0, 0, 0) == 0);
	CHECK(personality(ADDR_NO_RANDOMIZE) == 0);
	CHECK(syscall(SYS_membarrier, 16, 0) == 0); /* ..._REGISTER_PRIVATE_EXPEDITED */
	if (geteuid() == 0)
		change_privileges();
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	if (!is_leader)
		CHECK(setsid() == getpid());
	check();
	wait_for_move();
	check();
	if (!is_leader)
		CHECK(getsid(0) == getpid() || getpgrp() == getpid());
	fd = open("limited", O_RDWR | O_CREAT | O_TRUNC, 0600);
	n = pwrite(fd, text, sizeof text, 950);
	CHECK(n == 50 && pwrite(fd, text, 1, 1000) == -1 && errno == EFBIG);
	return done();
}
