/* System V objects: semid_ds differs between the ISAs' kernels. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>
#include "lib_check.h"

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

int main(void)
{
	struct semid_ds status;
	struct shmid_ds segment;
	struct sembuf up = { 1, 5, 0 };
	struct { long type; char text[20]; } message = { 3, "message" }, got;
	int sem = semget(IPC_PRIVATE, 3, 0600), shm, queue;
	char *p;

	if (sem == -1 && errno == ENOSYS)
		return 0;
	CHECK(sem != -1 && semop(sem, &up, 1) == 0 && semctl(sem, 1, GETVAL) == 5);
	memset(&status, 0xff, sizeof(status));
	CHECK(semctl(sem, 0, IPC_STAT, (union semun){ .buf = &status }) == 0);
	CHECK_LONG(status.sem_nsems, 3);
	CHECK(status.sem_perm.uid == geteuid() && (status.sem_perm.mode & 0777) == 0600);
	CHECK(labs(status.sem_otime - time(NULL)) < 10 && labs(status.sem_ctime - time(NULL)) < 10);
	CHECK(semctl(sem, 0, IPC_RMID) == 0);

	shm = shmget(IPC_PRIVATE, 10000, 0600);
	p = shmat(shm, NULL, 0);
	CHECK(p != (void *)-1 && (uintptr_t)p >= 0x1000000000 && (uintptr_t)p < 0x4000000000);
	CHECK(shmctl(shm, IPC_STAT, &segment) == 0 && segment.shm_segsz == 10000);
	CHECK(segment.shm_nattch == 1 && shmctl(shm, IPC_RMID, NULL) == 0);
	if (p != (void *)-1) {
		strcpy(p, "text");
		CHECK(shmdt(p) == 0);
	}

	queue = msgget(IPC_PRIVATE, 0600);
	CHECK(msgsnd(queue, &message, sizeof(message.text), 0) == 0);
	CHECK(msgrcv(queue, &got, sizeof(got.text), 3, 0) == sizeof(got.text));
	CHECK_STRING(got.text, "message");
	CHECK(msgctl(queue, IPC_RMID, NULL) == 0);
	return check_failures();
}
