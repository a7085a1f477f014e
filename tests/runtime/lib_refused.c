/* refused WHAT: brings itself into a state that cannot be moved, prints `ready` (or `unknown`, where this
 * machine does not have it), and `signal` for each SIGUSR1. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE 62
#endif

static volatile sig_atomic_t n_signals;

static void count(int signal)
{
	(void)signal;
	n_signals++;
}

/* It ends the process at what a request would need. */
static int filter(void)
{
	struct sock_filter strict[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 257, 0, 1), /* openat */
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {4, strict};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static int undo(void)
{
	struct sembuf up = {0, 1, SEM_UNDO};
	int id = semget(IPC_PRIVATE, 1, 0600), result = semop(id, &up, 1);

	semctl(id, 0, IPC_RMID);
	return result;
}

static int perf(void)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attr,
		.config = PERF_COUNT_SW_PAGE_FAULTS, .exclude_kernel = 1};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static int bpf_map(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof attr);
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = attr.value_size = 4;
	attr.max_entries = 1;
	return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr);
}

static int sysv_memory(void)
{
	int id = shmget(IPC_PRIVATE, 4096, 0600);
	void *p = shmat(id, NULL, 0);

	shmctl(id, IPC_RMID, NULL);
	return p == (void *)-1 ? -1 : 0;
}

/* Memory that is mapped twice, through the descriptor. */
static int twice(void)
{
	int fd = open("/dev/zero", O_RDWR);
	char *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	return mremap(p, 0, 65536, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0;
}

static int ended_child(void)
{
	pid_t child = fork();
	siginfo_t info;

	if (child == 0)
		_exit(0);
	return waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
}

static int shared_memory(void)
{
	void *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (fork() == 0) {
		if (fork() == 0) {
			alarm(20);
			pause();
		}
		_exit(0);
	}
	wait(NULL);
	return p == MAP_FAILED ? -1 : 0;
}

static int shared_memfd(void)
{
	int fd = memfd_create("common", 0);

	shared_memory();
	return fd;
}

static int message_queue(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	int fd = (int)mq_open("/hcc_refused", O_RDWR | O_CREAT, 0600, &attr);

	mq_unlink("/hcc_refused");
	return fd;
}

/* A connection to itself, of which one end is shut down. */
static int was_reset(void)
{
	struct linger at_once = {1, 0};
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server;

	if (bind(listener, (void *)&a, sizeof a) || listen(listener, 1)
			|| getsockname(listener, (void *)&a, &n) || connect(client, (void *)&a, n))
		return -1;
	server = accept(listener, NULL, NULL);
	close(listener);
	if (server < 0 || setsockopt(server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once))
		return -1;
	close(server);
	return usleep(20000);
}

/* By a peer that is gone. */
static int unread_packets(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) || write(ends[1], "one", 3) != 3)
		return -1;
	return close(ends[1]);
}

static int maps_past_end(void)
{
	int fd = open("past", O_RDWR | O_CREAT | O_TRUNC, 0600);

	return write(fd, "end", 3) == 3 && mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED
		? 0 : -1;
}

/* is_soft: the program could raise its limit, so the runtime can. */
static int take_all_numbers(int is_soft)
{
	struct rlimit limit = {20, is_soft ? 40 : 20};

	if (setrlimit(RLIMIT_NOFILE, &limit))
		return -1;
	while (open("/dev/null", O_RDONLY) >= 0)
		continue;
	return 0;
}

static int notified(void)
{
	struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 8};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	int fd;

	mq_unlink("/hcc_notified");
	fd = (int)mq_open("/hcc_notified", O_RDWR | O_CREAT, 0600, &attr);
	return mq_notify(fd, &event);
}

static int leased(void)
{
	int fd = open("leased", O_RDONLY | O_CREAT, 0600);

	return fcntl(fd, F_SETLEASE, F_RDLCK);
}

static int signals_group(void)
{
	int ends[2];

	return pipe(ends) || fcntl(ends[0], F_SETOWN, -getpgrp()) ? -1 : 0;
}

static int enter(const char *what)
{
	if (!strcmp(what, "filter"))
		return filter();
	if (!strcmp(what, "namespace"))
		return unshare(CLONE_NEWUTS);
	if (!strcmp(what, "root"))
		return chroot("/");
	if (!strcmp(what, "undo"))
		return undo();
	if (!strcmp(what, "parent"))
		return prctl(PR_SET_PDEATHSIG, SIGUSR2, 0, 0, 0);
	if (!strcmp(what, "file-group") && getegid() == 0) {
		setfsgid(65534);
		return setfsgid((gid_t)-1) == 65534 ? prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) : -1;
	}
	if (!strcmp(what, "core"))
		return prctl(PR_SCHED_CORE, 1, 0, 0, 0);
	if (!strcmp(what, "pty"))
		return open("/dev/ptmx", O_RDWR | O_NOCTTY);
	if (!strcmp(what, "perf"))
		return perf();
	if (!strcmp(what, "userfault"))
		return (int)syscall(SYS_userfaultfd, O_CLOEXEC | 1);
	if (!strcmp(what, "fanotify"))
		return fanotify_init(FAN_CLASS_NOTIF, O_RDONLY);
	if (!strcmp(what, "bpf"))
		return bpf_map();
	if (!strcmp(what, "io-uring"))
		return (int)syscall(425, 1, calloc(1, 120));
	if (!strcmp(what, "queue"))
		return message_queue();
	if (!strcmp(what, "error"))
		return was_reset();
	if (!strcmp(what, "notified"))
		return notified();
	if (!strcmp(what, "lease"))
		return leased();
	if (!strcmp(what, "packets"))
		return unread_packets();
	if (!strcmp(what, "past"))
		return maps_past_end();
	if (!strcmp(what, "full") || !strcmp(what, "nearly"))
		return take_all_numbers(!strcmp(what, "nearly"));
	if (!strcmp(what, "raw"))
		return socket(AF_INET, SOCK_RAW, 1);
	if (!strcmp(what, "group"))
		return signals_group();
	if (!strcmp(what, "sysv"))
		return sysv_memory();
	if (!strcmp(what, "twice"))
		return twice();
	if (!strcmp(what, "zombie"))
		return ended_child();
	if (!strcmp(what, "shared"))
		return shared_memory();
	if (!strcmp(what, "memfd"))
		return shared_memfd();
	return -1;
}

int main(int argc, char **argv)
{
	int n_seen = 0;

	if (argc > 1 && !strcmp(argv[1], "over"))
		return mq_unlink("/hcc_notified");
	signal(SIGUSR1, count);
	puts(enter(argc > 1 ? argv[1] : "") < 0 ? "unknown" : "ready");
	fflush(stdout);
	for (;;)
		if (n_signals != n_seen) {
			n_seen++;
			puts("signal");
			fflush(stdout);
		}
}
