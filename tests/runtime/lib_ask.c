/* ask PID WHAT: sends a request with one thing wrong, stays until the process has had the time to look
 * at it, and goes. ask.dir/answer is where an answer would be seen that goes to a file. With nothing wrong
 * the answer is read, and put there; when this has gone the process must have removed its snapshot. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/snapshot.h"

static int dir_fd;

static void write_file(const char *name, const void *data, size_t bytes)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT, 0600);

	if (fd < 0 || write(fd, data, bytes) != (ssize_t)bytes || close(fd))
		exit(2);
}

int main(int argc, char **argv)
{
	const char *what = argc == 3 ? argv[2] : "";
	pid_t pid = argc == 3 ? atoi(argv[1]) : 0;
	struct hcc_request r = {.target_pid = (uint32_t)pid};
	siginfo_t info = {0};
	char line[HCC_STATUS_BYTES];
	int status_fd = -1;
	ssize_t n;

	memcpy(r.magic, HCC_REQUEST_MAGIC, sizeof r.magic);
	if (mkdir("ask.dir", 0700) || (dir_fd = open("ask.dir", O_RDONLY | O_DIRECTORY)) < 0)
		return 2;
	write_file("answer", "", 0);
	if (!strcmp(what, "magic"))
		r.magic[0] = 'x';
	if (!strcmp(what, "pid"))
		r.target_pid++;
	if (!strcmp(what, "fifo"))
		mkfifoat(dir_fd, HCC_REQUEST_FILE, 0600);
	else if (!strcmp(what, "empty"))
		write_file(HCC_REQUEST_FILE, "", 0);
	else
		write_file(!strcmp(what, "link") ? "linked" : HCC_REQUEST_FILE, &r, sizeof r);
	if (!strcmp(what, "link") && symlinkat("linked", dir_fd, HCC_REQUEST_FILE))
		return 2;
	if (!strcmp(what, "status-file") && symlinkat("answer", dir_fd, HCC_STATUS_FIFO))
		return 2;
	if (strcmp(what, "status-file") && strcmp(what, "no-status"))
		mkfifoat(dir_fd, HCC_STATUS_FIFO, 0600);
	if (!strcmp(what, "verdict-file"))
		write_file(HCC_VERDICT_FIFO, "c", 1);
	else
		mkfifoat(dir_fd, HCC_VERDICT_FIFO, 0600);
	if (!strcmp(what, "mode"))
		fchmod(dir_fd, 0750);
	if (!strcmp(what, "owner") && fchown(dir_fd, 65534, -1))
		return 2;
	if (!strcmp(what, "right"))
		status_fd = openat(dir_fd, HCC_STATUS_FIFO, O_RDWR | O_NONBLOCK);
	info.si_signo = HCC_MIGRATE_SIGNAL;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_value.sival_int = dir_fd;
	if (syscall(SYS_rt_sigqueueinfo, pid, HCC_MIGRATE_SIGNAL, &info))
		return 2;
	usleep(200000);
	n = status_fd < 0 ? 0 : read(status_fd, line, sizeof line);
	if (n > 0)
		write_file("answer", line, (size_t)n);
	return 0;
}
