/* kill ROLE N [-a] [-w] [-p PID] COMMAND...: runs a command, and kills one of the processes that
 * take part before its N-th step. A step is a system call that others can see something of (-a:
 * any system call).
 *
 *   ROLE  0: the command; 1, 2, ...: its first, second, ... descendant; p: process PID, which
 *         runs already; b: the command, and the process PID at once
 *
 * -w: at every system call of all of them, look for memory that is writable and executable, and
 * print it.
 *
 * Prints what has been killed at which call, and waits until all but the restored process have
 * ended. Exit status 3: there was no such step, and nobody was killed; else 0.
 *
 * The restored process (a descendant that runs a program other than hcc-migrate and sh) has
 * steps until it lives: until it removes the snapshot, or tells that it goes on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 32
#define LIMIT_S 40

static struct process {
	pid_t pid;
	int has_ended, is_restored, is_living, is_parked;
	long n_steps;
} processes[MOST];

static int n_processes, n_others; /* others: those before the command */
static int is_any, is_killed, looks_at_maps;
static long wanted;
static char role;
static pid_t first_pid;

static const long steps[] = {
	SYS_write, SYS_pwrite64, SYS_sendto, SYS_sendmsg, SYS_renameat, SYS_renameat2, SYS_unlinkat,
	SYS_mkdirat, SYS_mknodat, SYS_ftruncate, SYS_kill, SYS_pidfd_send_signal, SYS_clone,
	SYS_execve, SYS_exit_group, SYS_ppoll, SYS_wait4, SYS_symlinkat, SYS_rt_sigqueueinfo,
#ifdef SYS_rename
	SYS_rename, SYS_unlink, SYS_rmdir, SYS_mkdir, SYS_mknod, SYS_fork, SYS_vfork, SYS_poll,
#endif
};

static int is_step(const struct __ptrace_syscall_info *info)
{
	if (is_any)
		return 1;
	if (info->entry.nr == SYS_openat)
		return (info->entry.args[2] & O_ACCMODE) != O_RDONLY;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if ((long)info->entry.nr == steps[i])
			return 1;
	return 0;
}

static struct process *find(pid_t pid)
{
	for (int i = 0; i < n_processes; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (n_processes == MOST)
		exit(2);
	processes[n_processes] = (struct process){.pid = pid};
	return &processes[n_processes++];
}

static int has_role(const struct process *p)
{
	int i = (int)(p - processes);

	if (role == 'p')
		return p->pid == first_pid;
	return role == 'b' ? i == n_others : i == n_others + role - '0';
}

static void look_at_program(struct process *p)
{
	char link[64], path[4096] = "";
	const char *name;

	snprintf(link, sizeof link, "/proc/%d/exe", (int)p->pid);
	if (readlink(link, path, sizeof path - 1) < 0)
		return;
	name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	p->is_restored = strcmp(name, "hcc-migrate") && strcmp(name, "sh") && strcmp(name, "dash")
		&& strcmp(name, "bash") && strcmp(name, "busybox");
}

static void kill_one(struct process *p, long nr)
{
	is_killed = 1;
	kill(p->pid, SIGKILL);
	if (role == 'b')
		kill(first_pid, SIGKILL);
	fprintf(stderr, "killed at call %ld%s\n", nr,
		p->is_parked ? ", its snapshot is there" : "");
}

static void look_at_call(struct process *p)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof info, &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		return;
	}
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || is_killed || !has_role(p) || p->is_living)
		return;
	/* The process names its snapshot by renameat2: at the next call it has been done. */
	if (is_step(&info) && ++p->n_steps == wanted) {
		kill_one(p, (long)info.entry.nr);
		return;
	}
	if (p->pid == first_pid && role == 'p' && info.entry.nr == SYS_renameat2)
		p->is_parked = 1;
	if (p->is_restored && (info.entry.nr == SYS_unlinkat
			|| (info.entry.nr == SYS_write && info.entry.args[2] == 4)))
		p->is_living = 1;
}

static void look_at_maps(pid_t pid)
{
	char path[64], line[4096];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		const char *prot = strchr(line, ' ');

		if (prot && prot[2] == 'w' && prot[3] == 'x')
			fprintf(stderr, "writable and executable: %s", line);
	}
	if (f)
		fclose(f);
}

static void go_on(pid_t pid, int signal)
{
	ptrace(PTRACE_SYSCALL, pid, 0, signal);
}

static const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
	| PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

static void look_at_stop(struct process *p, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	if (signal == (SIGTRAP | 0x80)) {
		if (looks_at_maps)
			look_at_maps(p->pid);
		look_at_call(p);
		signal = 0;
	} else if (event) {
		unsigned long child;

		if (event == PTRACE_EVENT_EXEC)
			look_at_program(p);
		else if ((event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK
				|| event == PTRACE_EVENT_CLONE)
				&& !ptrace(PTRACE_GETEVENTMSG, p->pid, 0, &child))
			find((pid_t)child)->is_restored = event == PTRACE_EVENT_CLONE
				&& p->is_restored;
		signal = 0;
	} else if (signal == SIGSTOP || signal == SIGTRAP) {
		signal = 0;
	}
	go_on(p->pid, signal);
}

static int all_over(void)
{
	for (int i = n_others; i < n_processes; i++)
		if (!processes[i].has_ended && !processes[i].is_restored)
			return 0;
	return 1;
}

static void late(int signal)
{
	static const char text[] = "too late\n";

	(void)signal;
	if (write(2, text, sizeof text - 1) < 0)
		_exit(2);
	for (int i = n_others; i < n_processes; i++)
		if (!processes[i].has_ended)
			kill(processes[i].pid, SIGKILL);
	_exit(2);
}

int main(int argc, char **argv)
{
	int at = 3, status;
	pid_t pid;

	if (argc < 4)
		return 2;
	role = argv[1][0];
	wanted = atol(argv[2]);
	if (!strcmp(argv[at], "-a")) {
		is_any = 1;
		at++;
	}
	if (!strcmp(argv[at], "-w")) {
		looks_at_maps = 1;
		at++;
	}
	if (at + 1 < argc && !strcmp(argv[at], "-p")) {
		first_pid = atoi(argv[at + 1]);
		at += 2;
	}
	if (role == 'p') {
		if (ptrace(PTRACE_SEIZE, first_pid, 0, options)
				|| ptrace(PTRACE_INTERRUPT, first_pid, 0, 0)) {
			perror("ptrace");
			return 77;
		}
		find(first_pid);
		n_others = 1;
	}
	pid = fork();
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(77);
		raise(SIGSTOP);
		execv(argv[at], argv + at);
		_exit(127);
	}
	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		return 77;
	find(pid);
	if (ptrace(PTRACE_SETOPTIONS, pid, 0, options))
		return 77;
	go_on(pid, 0);
	signal(SIGALRM, late);
	alarm(LIMIT_S);
	while (!all_over() && (pid = waitpid(-1, &status, __WALL)) > 0) {
		struct process *p = find(pid);

		if (WIFSTOPPED(status))
			look_at_stop(p, status);
		else
			p->has_ended = 1;
	}
	return is_killed ? 0 : 3;
}
