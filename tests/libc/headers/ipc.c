/* Headers: sys/ipc.h sys/msg.h sys/sem.h sys/shm.h mqueue.h aio.h
 * System V's and POSIX's queues, semaphores and shared memory; asynchronous reads and writes. */
#include <aio.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "lib_log.h"

static void show_perm(const struct ipc_perm *p)
{
	SAY("  %o %d %d %d %d", p->mode & 07777, p->uid == geteuid(), p->gid == getegid(),
		p->cuid == geteuid(), p->cgid == getegid());
}

static void messages(void)
{
	struct {
		long kind;
		char text[20];
	} m = {5, "five"};
	struct msqid_ds state;
	struct msginfo limits;
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0640);

	SHOW(id >= 0);
	SHOW(msgsnd(id, &m, 5, 0));
	m.kind = 2;
	strcpy(m.text, "second");
	SHOW(msgsnd(id, &m, 7, 0));
	m.kind = 0;
	SHOW(msgsnd(id, &m, 7, 0));
	SHOW(msgctl(id, IPC_STAT, &state));
	show_perm(&state.msg_perm);
	SAY("%lu %lu %d %d %d %d", (unsigned long)state.msg_qnum, state.msg_cbytes,
		state.msg_lspid == getpid(), state.msg_lrpid, state.msg_stime > 1600000000,
		(int)state.msg_rtime);
	CHECK(state.msg_qbytes > 100 && state.msg_ctime > 1600000000);
	SHOW(msgrcv(id, &m, 20, 2, 0));
	SHOW(m.text);
	SHOW(msgrcv(id, &m, 2, 0, 0));
	SHOW(msgrcv(id, &m, 2, 0, MSG_NOERROR));
	SHOW(m.kind);
	SHOW(msgrcv(id, &m, 20, 0, IPC_NOWAIT));
	state.msg_perm.mode = 0600;
	SHOW(msgctl(id, IPC_SET, &state));
	SHOW(msgctl(id, IPC_STAT, &state));
	show_perm(&state.msg_perm);
	HOST_SHOW(state.msg_lrpid == getpid());
	SHOW(state.msg_rtime > 1600000000);
	SHOW(msgctl(id, MSG_INFO, (struct msqid_ds *)&limits) >= 0);
	SHOW(msgctl(id, IPC_RMID, NULL));
	SHOW(msgctl(id, IPC_STAT, &state));
	SHOW(msgget(0x12345, 0));
}

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static void semaphores(void)
{
	int id = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600), status;
	unsigned short values[3] = {1, 2, 3};
	struct sembuf ops[2] = {{0, -1, 0}, {1, 5, 0}};
	struct timespec t = {0, 1000000};
	struct semid_ds state;
	union semun arg;

	arg.array = values;
	SHOW(semctl(id, 0, SETALL, arg));
	SHOW(semop(id, ops, 2));
	SHOW(semctl(id, 0, GETVAL));
	SHOW(semctl(id, 1, GETVAL));
	arg.val = 7;
	SHOW(semctl(id, 2, SETVAL, arg));
	memset(values, 0, sizeof(values));
	arg.array = values;
	SHOW(semctl(id, 0, GETALL, arg));
	SAY("%d %d %d", values[0], values[1], values[2]);
	ops[0].sem_flg = IPC_NOWAIT;
	SHOW(semop(id, ops, 1));
	ops[0].sem_flg = 0;
	SHOW(semtimedop(id, ops, 1, &t));
	SHOW(semctl(id, 1, GETPID) == getpid());
	SHOW(semctl(id, 0, GETNCNT));
	SHOW(semctl(id, 0, GETZCNT));
	memset(&state, 0x55, sizeof(state));
	arg.buf = &state;
	SHOW(semctl(id, 0, IPC_STAT, arg));
	show_perm(&state.sem_perm);
	SAY("%d %d %d", (int)state.sem_nsems, state.sem_otime > 1600000000,
		state.sem_ctime > 1600000000);
	state.sem_perm.mode = 0644;
	SHOW(semctl(id, 0, IPC_SET, arg));
	SHOW(semctl(id, 0, IPC_STAT, arg));
	show_perm(&state.sem_perm);
	fflush(stdout);
	if (fork() == 0) {
		struct sembuf undone = {2, -3, SEM_UNDO};

		_exit(semop(id, &undone, 1) != 0);
	}
	wait(&status);
	SHOW(status);
	SHOW(semctl(id, 2, GETVAL));
	SHOW(semctl(id, 9, GETVAL));
	SHOW(semctl(id, 0, IPC_RMID));
	SHOW(semctl(id, 0, GETVAL));
}

static void shared(void)
{
	int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600), status, fd;
	struct shmid_ds state;
	char *a, *b;

	a = shmat(id, NULL, 0);
	SHOW(a != (void *)-1);
	strcpy(a, "parent");
	fflush(stdout);
	if (fork() == 0) {
		strcat(a, " child");
		_exit(0);
	}
	wait(&status);
	SHOW(a);
	b = shmat(id, NULL, SHM_RDONLY);
	SHOW(b);
	memset(&state, 0x55, sizeof(state));
	SHOW(shmctl(id, IPC_STAT, &state));
	show_perm(&state.shm_perm);
	SAY("%zu %lu %d %d %d", state.shm_segsz, (unsigned long)state.shm_nattch,
		state.shm_cpid == getpid(), state.shm_lpid != 0,
		state.shm_atime > 1600000000 && state.shm_ctime > 1600000000);
	SHOW(shmdt(b));
	SHOW(shmdt(b + 1));
	SHOW(shmctl(id, IPC_RMID, NULL));
	SHOW(a);
	SHOW(shmdt(a));
	SHOW(shmat(id, NULL, 0) == (void *)-1);
	SHOW(ftok("/", 5) == ftok("/", 5));
	SHOW(ftok("/none", 5));
	fd = shm_open("/hcc-libc-test", O_CREAT | O_EXCL | O_RDWR, 0600);
	SHOW(fd >= 0);
	SHOW(ftruncate(fd, 100));
	a = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	strcpy(a, "named");
	b = mmap(NULL, 100, PROT_READ, MAP_SHARED, fd, 0);
	SHOW(b);
	SHOW(munmap(a, 100) + munmap(b, 100));
	SHOW(shm_unlink("/hcc-libc-test"));
	SHOW(shm_open("/hcc-libc-test", O_RDWR, 0));
	SHOW(shm_open("a/b", O_RDWR, 0));
	close(fd);
}

static void show_attr(const struct mq_attr *a)
{
	SAY("  %d %ld %ld %ld", (a->mq_flags & O_NONBLOCK) != 0, a->mq_maxmsg, a->mq_msgsize,
		a->mq_curmsgs);
}

static void queues(void)
{
	struct mq_attr attr = {.mq_maxmsg = 3, .mq_msgsize = 20}, old;
	struct timespec past = {1, 0};
	char text[20] = "";
	unsigned priority = 0;
	mqd_t q;

	mq_unlink("/hcc-libc-test");
	q = mq_open("/hcc-libc-test", O_CREAT | O_EXCL | O_RDWR, 0600, &attr);
	if (q < 0) {
		SAY("no queues: %s", strerror(errno));
		return;
	}
	SHOW(mq_send(q, "low", 4, 1));
	SHOW(mq_send(q, "high", 5, 9));
	SHOW(mq_send(q, "low again", 10, 1));
	SHOW(mq_timedsend(q, "full", 5, 1, &past));
	SHOW(mq_getattr(q, &attr));
	show_attr(&attr);
	SHOW(mq_receive(q, text, 20, &priority));
	SAY("%s %u", text, priority);
	SHOW(mq_receive(q, text, 5, NULL));
	SHOW(mq_timedreceive(q, text, 20, &priority, &past));
	SHOW(text);
	SHOW(mq_receive(q, text, 20, &priority));
	SHOW(text);
	attr.mq_flags = O_NONBLOCK;
	SHOW(mq_setattr(q, &attr, &old));
	show_attr(&old);
	SHOW(mq_receive(q, text, 20, &priority));
	SHOW(mq_send(q, "123456789012345678901", 21, 0));
	SHOW(mq_close(q));
	SHOW(mq_unlink("/hcc-libc-test"));
	SHOW(mq_open("/hcc-libc-test", O_RDWR));
}

static void asynchronous(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0600), i;
	char text[30] = "";
	struct aiocb w = {
		.aio_fildes = fd, .aio_buf = "asynchronous", .aio_nbytes = 12, .aio_offset = 3};
	struct aiocb r = {.aio_fildes = fd, .aio_buf = text, .aio_nbytes = 29};
	struct aiocb s = {.aio_fildes = fd};
	const struct aiocb *list[1] = {&w};
	struct aiocb *both[2] = {&w, &r};

	SHOW(aio_write(&w));
	while (aio_error(&w) == EINPROGRESS)
		CHECK(aio_suspend(list, 1, NULL) == 0);
	SHOW(aio_error(&w));
	SHOW(aio_return(&w));
	SHOW(aio_read(&r));
	list[0] = &r;
	while (aio_error(&r) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	SHOW(aio_return(&r));
	SHOW(text + 3);
	SHOW(aio_fsync(O_SYNC, &s));
	while (aio_error(&s) == EINPROGRESS)
		usleep(100);
	SHOW(aio_return(&s));
	w.aio_lio_opcode = LIO_WRITE;
	r.aio_lio_opcode = LIO_READ;
	SHOW(lio_listio(LIO_WAIT, both, 2, NULL));
	for (i = 0; i < 2; i++)
		SHOW(aio_return(both[i]) >= 12);
	SHOW(aio_cancel(fd, NULL));
	SHOW(aio_cancel(-1, NULL));
	w.aio_fildes = 999;
	SHOW(aio_write(&w));
	while (aio_error(&w) == EINPROGRESS)
		usleep(100);
	SHOW(aio_error(&w));
	close(fd);
	unlink("file");
}

int main(void)
{
	messages();
	semaphores();
	shared();
	queues();
	asynchronous();
	return 0;
}
