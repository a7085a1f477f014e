/* Headers: spawn.h sys/wait.h wait.h unistd.h err.h assert.h sysexits.h stdnoreturn.h ulimit.h
 * Headers: sys/types.h
 * Starting programs in every way, waiting for them; identities, configuration, messages on
 * stderr. */
#include <assert.h>
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <ulimit.h>
#include <unistd.h>
#include <wait.h>
#include "lib_log.h"

extern char **environ;

static void ended(pid_t pid)
{
	int status = 0;

	CHECK(waitpid(pid, &status, 0) == pid);
	SAY("ended: %d %d", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		WIFSIGNALED(status) ? WTERMSIG(status) : -1);
}

#define IN_CHILD(e) \
	do { \
		pid_t pid_; \
		puts(#e); \
		fflush(stdout); \
		pid_ = fork(); \
		if (pid_ == 0) { \
			e; \
			_exit(99); \
		} \
		ended(pid_); \
	} while (0)

static void execs(void)
{
	char *const args[] = {"sh", "-c", "echo \"$0 $1 $V\"; exit 4", "zero", "one", NULL},
		    *const env[] = {"V=own", "PATH=/none", NULL};
	int fd = open("/bin/sh", O_RDONLY | O_CLOEXEC);

	IN_CHILD(execl("/bin/sh", "sh", "-c", "echo l", (char *)NULL));
	IN_CHILD(execle("/bin/sh", "sh", "-c", "echo le $V", (char *)NULL, env));
	IN_CHILD(execlp("sh", "sh", "-c", "echo lp; exit 2", (char *)NULL));
	IN_CHILD(execv("/bin/sh", args));
	IN_CHILD(execve("/bin/sh", args, env));
	IN_CHILD(execvp("sh", args));
	IN_CHILD(execvpe("sh", args, env));
	HOST_SHOW(fd >= 0);
	IN_CHILD(execvp("no such program", args));
	SHOW(execv("/none", args));
	SHOW(execv("/etc", args));
	SHOW(execvp("", args));
	close(fd);
}

static void spawns(void)
{
	char *const args[] = {"sh", "-c",
		"read a < in; echo $a $V; pwd | sed 's,.*/,,' ; echo err >&2; exit 6", NULL},
		    *const env[] = {"V=spawned", NULL};
	char *const kill_self[] = {"sh", "-c", "kill -TERM $$; echo alive", NULL}, line[100];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	struct sched_param param;
	sigset_t set;
	short flags;
	pid_t pid, group;
	int value, fd;
	FILE *f = fopen("in", "w");

	fputs("input\n", f);
	fclose(f);
	SHOW(posix_spawn_file_actions_init(&actions));
	SHOW(posix_spawn_file_actions_addopen(
		&actions, 5, "out", O_CREAT | O_WRONLY | O_TRUNC, 0600));
	SHOW(posix_spawn_file_actions_adddup2(&actions, 5, 1));
	SHOW(posix_spawn_file_actions_addclose(&actions, 5));
	SHOW(posix_spawn_file_actions_adddup2(&actions, 1, 2));
	SHOW(posix_spawn_file_actions_addopen(&actions, -1, "x", 0, 0));
	SHOW(posix_spawn(&pid, "/bin/sh", &actions, NULL, args, env));
	ended(pid);
	SHOW(posix_spawn_file_actions_addchdir_np(&actions, "/"));
	fd = open("/", O_RDONLY | O_DIRECTORY);
	SHOW(posix_spawn_file_actions_addfchdir_np(&actions, fd));
	SHOW(posix_spawn_file_actions_destroy(&actions));
	close(fd);
	f = fopen("out", "r");
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, "on-", 3) != 0)
			SHOW((const char *)line);
	fclose(f);
	SHOW(posix_spawnattr_init(&attr));
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	SHOW(posix_spawnattr_setsigmask(&attr, &set));
	SHOW(posix_spawnattr_getsigmask(&attr, &set));
	SHOW(sigismember(&set, SIGTERM));
	SHOW(posix_spawnattr_setsigdefault(&attr, &set));
	SHOW(posix_spawnattr_getsigdefault(&attr, &set));
	SHOW(posix_spawnattr_setpgroup(&attr, 0));
	SHOW(posix_spawnattr_getpgroup(&attr, &group));
	SHOW(posix_spawnattr_setflags(
		&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_RESETIDS));
	SHOW(posix_spawnattr_getflags(&attr, &flags));
	SHOW(flags);
	SHOW(posix_spawnattr_setflags(&attr, 0x7fff));
	SHOW(posix_spawnattr_setschedparam(&attr, &param));
	SHOW(posix_spawnattr_getschedparam(&attr, &param));
	SHOW(posix_spawnattr_setschedpolicy(&attr, 0));
	SHOW(posix_spawnattr_getschedpolicy(&attr, &value));
	signal(SIGTERM, SIG_IGN);
	SHOW(posix_spawnp(&pid, "sh", NULL, &attr, kill_self, environ));
	ended(pid);
	CHECK(posix_spawnp(&pid, "sh", NULL, NULL, kill_self, environ) == 0);
	ended(pid);
	signal(SIGTERM, SIG_DFL);
	SHOW(posix_spawnattr_destroy(&attr));
	SHOW(posix_spawn(&pid, "/no/such", NULL, NULL, args, environ));
	SHOW(posix_spawnp(&pid, "no such program", NULL, NULL, args, environ));
	unlink("in");
	unlink("out");
}

static void waits(void)
{
	struct rusage usage;
	siginfo_t info;
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(200);
	memset(&info, 0x55, sizeof(info));
	SHOW(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	SAY("%d %d %d %d %d", info.si_signo == SIGCHLD, info.si_code == CLD_EXITED, info.si_status,
		info.si_pid == pid, info.si_uid == getuid());
	SHOW(wait4(pid, &status, 0, &usage) == pid);
	SHOW(status);
	SHOW(wait(&status));
	SHOW(waitpid(-1, &status, WNOHANG));
	SHOW(waitid(P_ALL, 0, &info, 77));
	pid = fork();
	if (pid == 0) {
		raise(SIGSTOP);
		pause();
		_exit(1);
	}
	SHOW(waitpid(pid, &status, WUNTRACED) == pid);
	SAY("%d %d", WIFSTOPPED(status), WSTOPSIG(status) == SIGSTOP);
	SHOW(waitpid(pid, &status, WNOHANG));
	kill(pid, SIGCONT);
	SHOW(waitpid(pid, &status, WCONTINUED) == pid);
	SHOW(WIFCONTINUED(status));
	kill(pid, SIGTERM);
	SHOW(wait3(&status, 0, &usage) == pid);
	SHOW(WTERMSIG(status) == SIGTERM);
	pid = vfork();
	if (pid == 0)
		_exit(9);
	ended(pid);
	IN_CHILD(abort());
	IN_CHILD(raise(SIGKILL));
	{
		posix_spawn_file_actions_t none;

		posix_spawn_file_actions_init(&none);
		posix_spawn_file_actions_destroy(&none);
	}
}

static void identities(void)
{
	uid_t r, e, s;
	gid_t groups[100], list[100];
	int n = 100;

	SHOW(getresuid(&r, &e, &s));
	SHOW(r == getuid() && e == geteuid());
	SHOW(getresgid(&r, &e, &s));
	SHOW(r == getgid() && e == getegid());
	SHOW(getgroups(100, groups) >= 0);
	SHOW(getgrouplist("root", 0, list, &n) > 0);
	SHOW(setuid(getuid()) + setgid(getgid()) + seteuid(geteuid()) + setegid(getegid()));
	SHOW(setreuid(-1, -1) + setregid(-1, -1) + setresuid(-1, -1, -1) + setresgid(-1, -1, -1));
	SHOW(getppid() > 0);
	SHOW(getpgid(0) == getpgrp());
	SHOW(getsid(0) > 0);
	IN_CHILD(_exit(setsid() == getpid() && setpgid(0, 0) == -1 ? 0 : 1));
	IN_CHILD(_exit(setpgid(0, 0) == 0 && getpgrp() == getpid() ? 0 : 1));
	IN_CHILD(_exit(setpgrp() == getpid() ? 0 : 1));
	/* As root for a moment: another user, with its own groups, cannot come back. */
	if (geteuid() == 0) {
		IN_CHILD(_exit(setgroups(1, &(gid_t){77}) + getgroups(0, NULL)));
		IN_CHILD(_exit(setresgid(78, 78, 78) == 0 && setresuid(78, 78, 78) == 0 &&
					       getuid() == 78 && setuid(0) == -1
				       ? 0
				       : 1));
		IN_CHILD(_exit(initgroups("nobody", 5)));
	}
	SHOW(issetugid());
	SHOW(strlen(getlogin() ? getlogin() : "") < 100);
	SHOW(cuserid(NULL) != NULL);
	SHOW(getlogin_r((char[5]){0}, 0));
}

static void configuration(void)
{
	static const int names[] = {
		_SC_ARG_MAX,
		_SC_CHILD_MAX,
		_SC_CLK_TCK,
		_SC_NGROUPS_MAX,
		_SC_STREAM_MAX,
		_SC_TZNAME_MAX,
		_SC_JOB_CONTROL,
		_SC_SAVED_IDS,
		_SC_VERSION,
		_SC_PAGESIZE,
		_SC_RTSIG_MAX,
		_SC_SEM_VALUE_MAX,
		_SC_IOV_MAX,
		_SC_LINE_MAX,
		_SC_RE_DUP_MAX,
		_SC_THREADS,
		_SC_THREAD_STACK_MIN,
		_SC_THREAD_KEYS_MAX,
		_SC_HOST_NAME_MAX,
		_SC_LOGIN_NAME_MAX,
		_SC_ATEXIT_MAX,
		_SC_XOPEN_VERSION,
		_SC_MONOTONIC_CLOCK,
		_SC_BARRIERS,
		_SC_IPV6,
		-5,
		9999,
	};
	char text[300];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i] != _SC_CHILD_MAX)
			SAY("%zu: %ld", i, sysconf(names[i]));
	SHOW(pathconf(".", _PC_NAME_MAX));
	SHOW(fpathconf(0, _PC_PIPE_BUF));
	SHOW(pathconf(".", 999));
	SHOW(confstr(_CS_PATH, text, sizeof(text)));
	SHOW(text);
	SHOW(confstr(9999, text, sizeof(text)));
	SHOW(gethostname(text, sizeof(text)));
	SHOW(getdomainname(text, sizeof(text)));
	SHOW(gethostid());
	SHOW(getcwd(text, sizeof(text)) == text);
	SHOW(getcwd(text, 2));
	SHOW(strcmp(get_current_dir_name(), getcwd(NULL, 0)));
	SHOW(chdir("/"));
	SHOW(getcwd(text, sizeof(text)));
	SHOW(fchdir(open("/usr", O_RDONLY)));
	SHOW(getcwd(text, sizeof(text)));
	SHOW(chdir("/none"));
	SHOW(chroot("/none"));
	SHOW(ulimit(UL_GETFSIZE) > 0);
	SHOW(ulimit(UL_SETFSIZE, -1L) * 0);
	SHOW(brk(NULL));
	SHOW(sbrk(100) == (void *)-1);
	sync();
	SHOW(swab != NULL);
	SHOW(EX_OK + EX_USAGE * 100 + EX_CONFIG);
	SHOW(crypt("password", "$1$salt") != NULL);
	SHOW(getpass == NULL);
	SHOW(getdtablesize() > 10);
	setusershell();
	CHECK(getusershell() != NULL || 1);
	endusershell();
}

static void complain(int how, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	errno = EACCES;
	switch (how) {
	case 0: vwarn(format, args); break;
	case 1: vwarnx(format, args); break;
	case 2: verr(3, format, args);
	case 3: verrx(4, format, args);
	}
	va_end(args);
}

static noreturn void fail(void)
{
	assert(1 + 1 == 3);
	_exit(1);
}

/* The program's name is in these messages. */
static void messages(void)
{
	extern char *program_invocation_name, *program_invocation_short_name, *__progname;

	program_invocation_short_name = __progname = program_invocation_name = "name";
	fflush(stdout);
	errno = ENOENT;
	warn("warn %d", 1);
	warn(NULL);
	warnx("warnx %d", 2);
	complain(0, "vwarn %d", 3);
	complain(1, "vwarnx %d", 4);
	IN_CHILD((errno = EPERM, err(5, "err")));
	IN_CHILD(errx(6, "errx"));
	IN_CHILD(complain(2, "verr"));
	IN_CHILD(complain(3, "verrx"));
	IN_CHILD(fail());
	assert(1 + 1 == 2);
	static_assert(sizeof(pid_t) == 4, "pid_t");
}

int main(void)
{
	execs();
	spawns();
	waits();
	identities();
	messages();
	configuration();
	return 0;
}
